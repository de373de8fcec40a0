//! Images that install from their lock: their lists of packages become files with checksums, one for each step and index, of conda's for
//! each step and platform, and the steps read them. What no index has, a repository of git or a file of the project, is installed by a step
//! of its own.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::rc::Rc;

use super::body::unique;
use super::draft::{Draft, is_file, names_of, words};
use super::explicit;
use super::names::{file_name, folder};
use crate::check::locked::{Unit, step_of, unlisted};
use crate::ir::{
    Cell, CellId, Image, Install, InstallItem, Lockable, LockedList, LockedWords, Mount, MountSource, PackageSource, Platform, Program,
    Recipe, Segment, Segments, ShellPart, ShellText, Step, StepKind,
};

/// The program with the steps as they are built.
pub(super) fn installed(program: &Program) -> Cow<'_, Program> {
    if !program.images.iter().any(|image| image.locked) {
        return Cow::Borrowed(program);
    }
    let mut built = program.clone();
    for image in program.images.iter().filter(|image| image.locked) {
        let drafts: Vec<(CellId, Vec<Draft>)> = image.cells.iter().map(|id| (*id, drafts(program, *id))).collect();
        let mut known: Vec<(*const Recipe, Vec<Step>, Rc<Recipe>)> = Vec::new();
        for (id, own) in &drafts {
            let cell = &program[*id];
            let lists: Vec<_> = own.iter().map(|draft| Rc::new(draft.list(program, image, *id, &drafts))).collect();
            let steps = steps(program, cell, own, &lists);
            let ptr = Rc::as_ptr(&cell.recipe);
            let same = known.iter().find(|(recipe, known, _)| *recipe == ptr && *known == steps).map(|(.., made)| Rc::clone(made));
            let recipe = same.unwrap_or_else(|| {
                let made = Rc::new(Recipe { steps: steps.clone(), ..(*cell.recipe).clone() });
                known.push((ptr, steps, Rc::clone(&made)));
                made
            });
            if let Some(cell) = built.cells.get_mut(id.0 as usize) {
                cell.recipe = recipe;
            }
        }
    }
    Cow::Owned(built)
}

/// One package of a list: why it is there, on which platforms, and the checksums of its files.
#[derive(Default)]
struct Line {
    reason: Option<String>,
    platforms: Vec<Platform>,
    sums: BTreeSet<String>,
}

/// The lists of a cell, in the order of its steps.
fn drafts(program: &Program, id: CellId) -> Vec<Draft> {
    let cell = &program[id];
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut all = explicit::drafts(program, id, &mut taken);
    for ((step, index), packages) in packages(program, id) {
        let Some(words) = words(cell, step) else { continue };
        let wanted = match &index {
            Some(index) => format!("requirements-{}", file_name(index)),
            None => "requirements".to_owned(),
        };
        let stem = unique(&wanted, |name| taken.contains(name));
        taken.insert(stem.clone());
        let only = cell.steps.get(step).and_then(|step| step.only.as_deref());
        let platforms = cell.platforms.iter().filter(|platform| only.is_none_or(|only| only.contains(platform))).count();
        let index = index.is_some() || words.besides;
        all.push(Draft { step, target: format!("/tmp/{stem}"), stem, index, platform: None, lines: lines(&packages, platforms) });
    }
    all
}

/// The packages of each step and index: `numpy==2.2.6`, with their checksums.
type Packages = BTreeMap<(usize, Option<String>), BTreeMap<String, Line>>;

fn packages(program: &Program, id: CellId) -> Packages {
    let cell = &program[id];
    let mut all = Packages::new();
    for platform in &cell.platforms {
        let unit = Unit::of(program, id, *platform, Lockable::Pypi);
        let Some(section) = unit.section(program, &program.locks) else { continue };
        let steps: BTreeSet<usize> = unit.roots.iter().filter_map(|root| step_of(cell, root)).collect();
        let mut done: BTreeSet<String> = BTreeSet::new();
        for step in &steps {
            let names = names_of(&unit, cell, section, *step, steps.last());
            let besides = words(cell, *step).is_some_and(|words| words.besides);
            for name in names.into_iter().filter(|name| done.insert(name.clone())) {
                let Some(pin) = section.pins.get(&name) else { continue };
                let roots = || unit.roots.iter().filter(|root| root.normal == name);
                let address = roots().find_map(|root| match &root.source {
                    PackageSource::Url { url, .. } => Some(url.split('#').next().unwrap_or(url)),
                    _ => None,
                });
                let word = address.map_or_else(|| format!("{name}=={}", pin.version), |address| format!("{name} @ {address}"));
                let index = pin.index.clone().filter(|_| !besides);
                let line = all.entry((*step, index)).or_default().entry(word).or_default();
                line.reason = line.reason.take().or_else(|| roots().find_map(|root| root.because.clone()));
                line.platforms.push(*platform);
                line.sums.insert(pin.sha256.clone());
            }
        }
    }
    all
}

/// The lines of a list for a number of platforms.
fn lines(packages: &BTreeMap<String, Line>, platforms: usize) -> String {
    let mut text = String::new();
    for (word, line) in packages {
        for reason in line.reason.iter().flat_map(|reason| reason.lines()) {
            let _ = writeln!(text, "# {}", reason.trim());
        }
        text.push_str(word);
        if line.platforms.len() < platforms {
            let machines: Vec<_> =
                line.platforms.iter().map(|platform| format!("platform_machine == \"{}\"", platform.machine())).collect();
            let _ = write!(text, " ; {}", machines.join(" or "));
        }
        for sum in &line.sums {
            let _ = write!(text, " \\\n    --hash=sha256:{sum}");
        }
        text.push('\n');
    }
    text
}

impl Draft {
    /// The list with its path. It is named after the axes that its lines depend on.
    fn list(&self, program: &Program, image: &Image, id: CellId, all: &[(CellId, Vec<Self>)]) -> LockedList {
        let same = |draft: &&Self| draft.stem == self.stem;
        let alike: Vec<(CellId, &str)> =
            all.iter().filter_map(|(id, drafts)| Some((*id, drafts.iter().find(same)?.lines.as_str()))).collect();
        let mut axes: Vec<&str> = program[id].axes.iter().map(|point| &*point.axis).collect();
        let tells = |axes: &[&str]| {
            let mut known = BTreeMap::new();
            let point = |id: CellId| axes.iter().map(|axis| program[id].axis(axis)).collect::<Vec<_>>();
            alike.iter().all(|(id, lines)| known.insert(point(*id), *lines).is_none_or(|known| known == *lines))
        };
        for axis in axes.clone().into_iter().rev() {
            let fewer: Vec<&str> = axes.iter().copied().filter(|one| *one != axis).collect();
            if tells(&fewer) {
                axes = fewer;
            }
        }
        let mut path = vec![Segment::Literal(format!("{}/{}", folder(program, image), self.stem))];
        for axis in axes {
            let Some(value) = program[id].axis(axis) else { continue };
            path.push(Segment::Literal("-".to_owned()));
            let name = file_name(value);
            path.push(if name == value { Segment::Axis { name: axis.to_owned(), value: name } } else { Segment::Literal(name) });
        }
        path.push(Segment::Literal(".txt".to_owned()));
        LockedList { path: Segments(path), lines: self.lines.clone() }
    }
}

/// The steps of a cell, those that install from the lock in their new form.
fn steps(program: &Program, cell: &Cell, drafts: &[Draft], lists: &[Rc<LockedList>]) -> Vec<Step> {
    let mut all = Vec::with_capacity(cell.steps.len());
    for (at, step) in cell.steps.iter().enumerate() {
        let StepKind::Install(install) = &step.kind else {
            all.push(step.clone());
            continue;
        };
        let Some(words) = install.locked.as_ref().filter(|words| is_installed(program, words.lockable)) else {
            all.push(step.clone());
            continue;
        };
        let own: Vec<_> = drafts.iter().zip(lists).filter(|(draft, _)| draft.step == at).collect();
        let mut parts: Vec<Install> = match words.lockable {
            Lockable::Conda => explicit::install(install, words, &own).into_iter().collect(),
            Lockable::Pypi => own.into_iter().map(|(draft, list)| from_list(install, words, draft, list)).collect(),
        };
        let only = explicit::only(cell, step, drafts.iter().filter(|draft| draft.step == at));
        parts.extend(alone(cell, at, install, words));
        finish(&mut parts, install);
        let count = parts.len();
        let only = only.filter(|_| count == 1);
        for (place, part) in parts.into_iter().enumerate() {
            let comment = step.comment.clone().filter(|_| place == 0 || count == 1);
            let only = only.clone().or_else(|| step.only.clone());
            all.push(Step { kind: StepKind::Install(part), comment, only, ..step.clone() });
        }
    }
    all
}

/// Whether packages of an ecosystem are installed from the lock: those of conda where they are in it.
fn is_installed(program: &Program, lockable: Lockable) -> bool {
    lockable == Lockable::Pypi || program.locks.has(lockable)
}

/// The command that reads a list.
fn from_list(install: &Install, words: &LockedWords, draft: &Draft, list: &Rc<LockedList>) -> Install {
    let target = format!("{}.txt", draft.target);
    let mut flags: Vec<ShellText> = words.flags.iter().chain(words.index.iter().filter(|_| draft.index)).cloned().collect();
    let mut read = words.list.clone();
    read.0.push(ShellPart::Raw(" ".to_owned()));
    read.0.push(ShellPart::Word(Segments(vec![Segment::Literal(target.clone())])));
    flags.push(read);
    let mut mounts: Vec<Mount> = install.mounts.iter().filter(|mount| !is_file(mount)).cloned().collect();
    mounts.push(Mount { name: draft.stem.clone(), source: MountSource::List(Rc::clone(list)), target });
    Install { mounts, flags, before: Vec::new(), items: Vec::new(), after: Vec::new(), ..install.clone() }
}

/// The command for what no index has.
fn alone(cell: &Cell, at: usize, install: &Install, words: &LockedWords) -> Option<Install> {
    let is_there = |item: &&InstallItem| {
        let mut own = cell.packages.iter().filter(|package| package.origin == item.origin && step_of(cell, package) == Some(at)).peekable();
        own.peek().is_none() || own.any(|package| unlisted(package).is_some())
    };
    let items: Vec<InstallItem> = install.items.iter().filter(is_there).cloned().collect();
    let is_named = |mount: &&Mount| !is_file(mount) || items.iter().any(|item| item.word.plain().starts_with(&mount.target));
    let mounts = install.mounts.iter().filter(is_named).cloned().collect();
    let flags = words.flags.iter().chain(&words.alone).cloned().collect();
    (!items.is_empty()).then(|| Install { mounts, flags, items, before: Vec::new(), after: Vec::new(), ..install.clone() })
}

/// What comes before the first command and behind the last one; clean-up follows each. Commands behind a list of which everything is there
/// already are kept.
fn finish(parts: &mut Vec<Install>, install: &Install) {
    let extra = install.after.len().saturating_sub(install.clean);
    let mut own = install.after.iter().take(extra).cloned();
    if parts.is_empty() {
        let Some(command) = own.next() else { return };
        parts.push(Install { command, mounts: Vec::new(), before: Vec::new(), items: Vec::new(), flags: Vec::new(), ..install.clone() });
    }
    let last = parts.len() - 1;
    for (place, part) in parts.iter_mut().enumerate() {
        if place == 0 {
            part.before.clone_from(&install.before);
        }
        part.after = if place == last { own.by_ref().collect() } else { Vec::new() };
        part.after.extend(install.after.iter().skip(extra).cloned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_a_marker_where_other_platforms_have_another_version() {
        let line = |platforms: &[Platform], sums: &[&str]| Line {
            reason: None,
            platforms: platforms.to_vec(),
            sums: sums.iter().map(|sum| (*sum).to_owned()).collect(),
        };
        let both = [Platform::Amd64, Platform::Arm64];
        let packages =
            BTreeMap::from([("flow==2.9".to_owned(), line(&both[..1], &["aa"])), ("numpy==2.2.6".to_owned(), line(&both, &["bb", "cc"]))]);
        assert_eq!(
            lines(&packages, 2),
            "flow==2.9 ; platform_machine == \"x86_64\" \\\n    --hash=sha256:aa\nnumpy==2.2.6 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"
        );
    }
}
