//! The steps of one cell in order: users, platforms, arguments, and what stands beside what.

use super::body::{Body, Shell, Slot, Values};
use super::kinds::{axes, common, kind, name, sets_shell, unpinned};
use super::platforms::Applies;
use super::run::{RunWriter, is_conditional};
use super::settings::{Environment, Labels, setting};
use super::{files, labels, quote, steps};
use crate::ir::{Account, CellId, CopySource, Fetch, ImageRef, Parent, Platform, Program, RunAs, Step, StepKind, Via};

/// Renders a cell, behind the stages that it takes files from.
pub(super) fn render(program: &Program, id: CellId) -> Body<'_> {
    let shell = |id: CellId| if program[program.base_of(id)].has_bash() { Shell::Bash } else { Shell::Ash };
    let mut body = Body { text: String::with_capacity(2048), ..Body::default() };
    for stage in program.stages(id) {
        let name = body.free(&program[program[stage].image].name);
        // An argument has one value in the whole file: that of the cell.
        let differs = program[stage].axes.iter().any(|point| program[id].axis(&point.axis) != Some(&*point.value));
        body.values = if differs { Values::Literal } else { Values::Arguments };
        let parent = program[stage].parent;
        let from = match parent {
            _ if parent == program[id].parent => "${BASE}".to_owned(),
            Parent::Base(base) => body.stage(&ImageRef::Base(base), &program[base].name),
            Parent::Cell(cell) => body.stage(&ImageRef::Cell(cell), &program[program[cell].image].name),
        };
        body.shell = shell(stage);
        body = write(program, stage, &program[id].platforms, body, &from, Some(name.clone()));
        body.stages.push((stage, name));
        body.blank();
    }
    body.values = Values::Arguments;
    body.shell = shell(id);
    write(program, id, &program[id].platforms, body, "${BASE}", None)
}

/// Writes a cell on what `from` names: an image, or, with a name, a stage of another one.
fn write<'a>(program: &'a Program, id: CellId, platforms: &'a [Platform], body: Body<'a>, from: &str, stage: Option<String>) -> Body<'a> {
    let cell = &program[id];
    let steps: Vec<(usize, &Step, Applies<'_>)> = cell
        .steps
        .iter()
        .enumerate()
        .map(|(at, step)| (at, step, Applies::of(step.only.as_deref(), platforms)))
        .filter(|(_, _, applies)| *applies != Applies::Never)
        .collect();
    let mut writer = Writer {
        program,
        cell: id,
        platforms,
        body: Body { user: beneath(&cell.account_before), ..body },
        stage,
        account: &cell.account_before,
        declared: Vec::new(),
        target: false,
        via: None,
        pending: Vec::new(),
    };
    let parts = split(&steps);
    writer.open(from, (parts.len() > 1).then_some(1));
    let root = matches!(cell.parent, Parent::Base(_));
    if !sets_shell(program, id) {
        let shell = writer.body.shell;
        writer.body.slot(Slot::Shell { root, shell });
    }
    if writer.stage.is_none() {
        labels::write(program, id, &mut writer.body);
    }
    if let Some(slot) = &cell.rebuild {
        // What follows is built anew when it moves; else a layer cache would give old packages back.
        writer.body.blank();
        setting(&mut writer.body.text, &StepKind::Arg { name: "REBUILD".to_owned(), value: Some(slot.clone()), env: false });
    }
    for (at, (staged, part)) in parts.iter().enumerate() {
        if *staged {
            writer.stages(part, at / 2 + 1, at + 2 < parts.len());
        } else {
            writer.steps(part);
        }
    }
    if writer.stage.is_none() && !steps.iter().any(is_user_of_one_platform) {
        writer.finish(&cell.account);
    }
    writer.body
}

/// Whom a step inherits from what is before it; `None` is the superuser.
fn beneath(account: &Account) -> Option<&Account> {
    Some(account).filter(|account| account.assumed || !account.is_root())
}

type Steps<'a> = [(usize, &'a Step, Applies<'a>)];

/// Parts in turn: steps for all platforms, then steps that need a stage for each platform, and so on; begins with the former.
fn split<'s, 'a>(steps: &'s Steps<'a>) -> Vec<(bool, &'s Steps<'a>)> {
    // Where a platform has a user of its own, all that follows has a stage for each platform.
    let (shared, apart) = steps.split_at(steps.iter().position(is_user_of_one_platform).unwrap_or(steps.len()));
    let mut parts: Vec<(bool, &Steps<'a>)> = shared
        .chunk_by(|one, two| needs_stage(one) == needs_stage(two))
        .map(|chunk| (chunk.first().is_some_and(needs_stage), chunk))
        .collect();
    if !apart.is_empty() {
        if parts.last().is_some_and(|(staged, _)| *staged) {
            parts.push((false, &[]));
        }
        parts.push((true, apart));
    }
    if parts.first().is_none_or(|(staged, _)| *staged) {
        parts.insert(0, (false, &[]));
    }
    parts
}

/// Whether a step is for some platforms and can't say so in the shell.
fn needs_stage((_, step, applies): &(usize, &Step, Applies<'_>)) -> bool {
    (!step.kind.runs() || matches!(step.kind, StepKind::Folders(_) | StepKind::Copy(_))) && *applies != Applies::Always
}

fn is_user_of_one_platform((_, step, applies): &(usize, &Step, Applies<'_>)) -> bool {
    matches!(step.kind, StepKind::User(_)) && *applies != Applies::Always
}

/// Writes steps, and knows what holds at each of them.
struct Writer<'a> {
    program: &'a Program,
    cell: CellId,
    platforms: &'a [Platform],
    body: Body<'a>,
    /// What it is called where it is a stage of another image.
    stage: Option<String>,
    /// Who the image runs as, as far as its definition goes.
    account: &'a Account,
    /// Axes that have their `ARG` in this stage.
    declared: Vec<&'a str>,
    /// Whether `TARGETARCH` is declared in this stage.
    target: bool,
    /// What brought the step before.
    via: Option<&'a Via>,
    /// Downloads whose check is still to come.
    pending: Vec<&'a Fetch>,
}

impl<'a> Writer<'a> {
    /// A `FROM` line: a new stage starts here, declarations do not carry over. `count` is given where platforms part below it.
    fn open(&mut self, from: &str, count: Option<usize>) {
        let name = count.map(|count| self.common(count)).or_else(|| self.stage.clone());
        self.from(&name.map_or_else(|| from.to_owned(), |name| format!("{from} AS {name}")));
    }

    fn from(&mut self, line: &str) {
        self.body.text.push_str("FROM ");
        self.body.text.push_str(line);
        self.body.text.push('\n');
        self.declared.clear();
        self.target = false;
        self.via = None;
    }

    /// The name of the stage before platforms part for the `count`th time.
    fn common(&self, count: usize) -> String {
        self.stage.as_ref().map_or_else(|| common(count), |stage| format!("{stage}-{}", common(count)))
    }

    /// A stage for each platform, and one that goes on with the right one.
    fn stages(&mut self, part: &Steps<'a>, count: usize, more: bool) {
        self.reset_user();
        self.body.parted = true;
        let from = self.common(count);
        let (account, user) = (self.account, self.body.user);
        for platform in self.platforms {
            (self.account, self.body.user) = (account, user);
            self.body.blank();
            self.from(&format!("{from} AS {from}-{}", platform.arch()));
            let here: Vec<_> = part
                .iter()
                .filter(|(_, _, applies)| applies.includes(*platform))
                .map(|(at, step, _)| (*at, *step, Applies::Always))
                .collect();
            self.steps(&here);
            self.reset_user();
        }
        self.body.blank();
        // hadolint wants a tag; the name is that of a stage above.
        self.body.lint.insert("DL3006");
        self.open(&format!("{from}-${{TARGETARCH}}"), more.then_some(count + 1));
        if !sets_shell(self.program, self.cell) {
            self.body.slot(Slot::Shell { root: false, shell: self.body.shell });
        }
    }

    fn steps(&mut self, part: &Steps<'a>) {
        let mut environment = Environment::default();
        let mut labels = Labels::default();
        for (place, (at, step, applies)) in part.iter().enumerate() {
            let previous = place.checked_sub(1).and_then(|before| part.get(before)).map(|(_, step, _)| *step);
            let only = applies.some();
            let joins = previous.is_some_and(|previous| self.joins(previous, step));
            if !(joins
                && (environment.add(self.program, self.cell, *at, &step.kind)
                    || matches!(step.kind, StepKind::Label { .. } | StepKind::Fetch(_))))
            {
                environment.write(&mut self.body);
                labels.write(&mut self.body);
                self.verify();
                self.above(step, previous);
                environment.add(self.program, self.cell, *at, &step.kind);
            }
            if let StepKind::Label { key, value } = &step.kind {
                labels.add(key, value);
            }
            self.step(step, only);
        }
        environment.write(&mut self.body);
        labels.write(&mut self.body);
        self.verify();
    }

    /// Whether a step goes into the instruction of the one before, or right below it.
    fn joins(&self, previous: &Step, step: &Step) -> bool {
        let kinds = match (&previous.kind, &step.kind) {
            (StepKind::Env(_) | StepKind::Path { .. }, StepKind::Env(_) | StepKind::Path { .. })
            | (StepKind::Label { .. }, StepKind::Label { .. }) => true,
            (StepKind::Fetch(one), StepKind::Fetch(two)) => one.unpack.is_none() && two.unpack.is_none(),
            _ => false,
        };
        kinds && step.comment.is_none() && self.same_via(step)
    }

    fn same_via(&self, step: &Step) -> bool {
        self.via.map(|via| &via.text) == step.via.as_ref().map(|via| &via.text)
    }

    /// The blank line and the comments above a step, and who runs it.
    fn above(&mut self, step: &'a Step, previous: Option<&Step>) {
        let neighbours = previous.is_some_and(|previous| kind(&previous.kind).is_some_and(|one| kind(&step.kind) == Some(one)));
        if !neighbours || step.comment.is_some() || !self.same_via(step) {
            self.body.blank();
        }
        if step.kind.runs() {
            self.become_user(step.run_as);
            self.declare(step);
        } else if matches!(step.kind, StepKind::Workdir(_)) {
            // A folder that it makes belongs to whoever is the user there.
            self.reset_user();
        }
        if !self.same_via(step) {
            if let Some(via) = &step.via {
                self.body.comment(0, &via.text);
            }
            self.via = step.via.as_deref();
        }
        if let Some(comment) = &step.comment {
            self.body.comment(0, comment);
        }
    }

    fn step(&mut self, step: &'a Step, only: Option<&'a [Platform]>) {
        match &step.kind {
            StepKind::Install(install) => {
                self.body.lint.extend(unpinned(install));
                let mut run = RunWriter::begin(&mut self.body, &install.mounts);
                run.when(only, |run| run.install(install, self.platforms));
                run.end();
            }
            StepKind::Run(run) => steps::run(&mut self.body, run, only),
            StepKind::Build(build) => steps::build(&mut self.body, build, only),
            StepKind::Folders(folders) => {
                let owner = self.owner(folders.owned);
                steps::folders(&mut self.body, folders, owner.as_deref());
            }
            StepKind::Copy(copy) if copy.tree => {
                let owner = self.owner(copy.owned);
                let stage = if let CopySource::Image { image, .. } = &copy.source {
                    Some(self.body.stage(image, files::name_of(self.program, image)))
                } else {
                    None
                };
                steps::tree(&mut self.body, copy, stage.as_deref(), owner.as_deref());
            }
            StepKind::Copy(copy) => {
                let owner = self.owner(copy.owned);
                match &copy.source {
                    CopySource::Text(text) => steps::text(&mut self.body, copy, text, owner.as_deref()),
                    _ => files::copy(self.program, &mut self.body, copy, owner.as_deref()),
                }
            }
            StepKind::Fetch(fetch) => {
                let owner = self.owner(fetch.owned);
                if let Some(strip) = fetch.unpack {
                    let owner = owner.filter(|_| self.body.user.is_none());
                    steps::unpack(&mut self.body, fetch, strip, owner.as_deref(), only);
                } else {
                    steps::add(&mut self.body, fetch, owner.as_deref());
                    if fetch.sha256.is_some() {
                        self.pending.push(fetch);
                    }
                }
            }
            StepKind::User(account) => self.account = account,
            StepKind::Env(_) | StepKind::Path { .. } | StepKind::Label { .. } => {}
            _ => setting(&mut self.body.text, &step.kind),
        }
    }

    /// Checks the sums of what `ADD` has brought.
    fn verify(&mut self) {
        let fetches = std::mem::take(&mut self.pending);
        if fetches.is_empty() {
            return;
        }
        // Whoever runs the check must be able to read the file.
        let readable = fetches
            .iter()
            .all(|fetch| (fetch.owned || fetch.mode.is_none_or(|mode| mode & 0o004 != 0)) && !fetch.to.written().starts_with("/root"));
        if !readable {
            self.become_user(RunAs::Root);
        }
        steps::verify(&mut self.body, &fetches);
    }

    /// `1000:100`, for files that belong to the account.
    fn owner(&self, owned: bool) -> Option<String> {
        (owned && !self.account.is_root()).then(|| {
            let user = name(self.account);
            match self.account.gid {
                Some(gid) => format!("{user}:{gid}"),
                None => user,
            }
        })
    }

    /// The right `USER` for a step.
    fn become_user(&mut self, who: RunAs) {
        match who {
            // Of an image that does not say whom it runs as nobody can come back to its account.
            RunAs::Root if self.body.user.is_some_and(|user| !(user.assumed && self.account.assumed)) => {
                self.body.text.push_str("USER root\n");
                // hadolint wants a number; this one has no other, and the image does not end as it.
                self.body.lint.insert("DL3066");
                self.body.user = None;
            }
            RunAs::User => self.reset_user(),
            RunAs::Root => {}
        }
    }

    /// The account that the image runs as at this point.
    fn reset_user(&mut self) {
        if !self.is_account() {
            self.body.text.push_str("USER ");
            quote::literal_path(&mut self.body.text, &name(self.account));
            self.body.text.push('\n');
            self.body.user = beneath(self.account);
        }
    }

    fn is_account(&self) -> bool {
        match self.body.user {
            None => self.account.is_root(),
            Some(user) if user.assumed => self.account.assumed,
            Some(user) => !self.account.is_root() && name(user) == name(self.account),
        }
    }

    /// The `ARG`s that a step needs.
    fn declare(&mut self, step: &'a Step) {
        let StepKind::Install(install) = &step.kind else {
            return self.declare_target(step, false);
        };
        self.declare_target(step, is_conditional(install, self.platforms));
        for axis in axes(install) {
            if self.body.values == Values::Arguments && !self.declared.contains(&axis) {
                self.declared.push(axis);
                self.body.slot(Slot::Argument(axis));
            }
        }
    }

    fn declare_target(&mut self, step: &Step, items: bool) {
        let conditional = items || Applies::of(step.only.as_deref(), self.platforms).some().is_some();
        if conditional && !std::mem::replace(&mut self.target, true) {
            self.body.text.push_str("ARG TARGETARCH\n");
        }
    }

    /// The image ends as its account.
    fn finish(&mut self, account: &'a Account) {
        self.account = account;
        if !self.is_account() {
            self.body.blank();
            self.reset_user();
        }
    }
}
