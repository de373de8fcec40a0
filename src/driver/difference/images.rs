//! Images that are built anew, and why.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::Kind;
use crate::emit::{CellPlan, Plan};
use crate::ir::{Cell, CellId, CopySource, ImageRef, Install, Parent, Program, Step, StepKind};

/// One cell whose image differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageChange {
    /// Whether it is new, gone or another one.
    pub kind: Kind,
    /// The image: `scipy-notebook`.
    pub image: String,
    /// The cell: `py3.12`; empty where the image has one.
    pub cell: String,
    /// Repository and tag before.
    pub before: Option<String>,
    /// Repository and tag after.
    pub after: Option<String>,
    /// Why it is another one.
    pub reasons: Vec<Reason>,
}

/// Why an image is another one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Its own steps say something else.
    Steps,
    /// A file that it copies holds something else, is new or gone.
    File(String),
    /// What it stands on is another one: the image, and its cell.
    Parent(String),
    /// The image that it stands on has another tag or digest: before and after.
    Base(String, String),
    /// It is built for other platforms.
    Platforms,
    /// Its rebuild slot has moved.
    Rebuild,
    /// It goes to another repository.
    Repository,
}

impl Reason {
    /// A word for scripts: `steps`, `file`, `parent`, `base`, `platforms`, `rebuild`, `repository`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::File(_) => "file",
            Self::Parent(_) => "parent",
            Self::Base(..) => "base",
            Self::Platforms => "platforms",
            Self::Rebuild => "rebuild",
            Self::Repository => "repository",
        }
    }

    /// The reason in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Steps => "its own steps".to_owned(),
            Self::File(path) => format!("`{path}`"),
            Self::Parent(name) => format!("it stands on `{name}`"),
            Self::Base(before, after) => format!("its base: `{before}` → `{after}`"),
            Self::Platforms => "its platforms".to_owned(),
            Self::Rebuild => "its rebuild slot".to_owned(),
            Self::Repository => "its repository".to_owned(),
        }
    }
}

type Named<'a> = BTreeMap<(&'a str, &'a str), CellId>;

fn named(program: &Program) -> Named<'_> {
    program.cells().map(|(id, cell)| ((program[cell.image].name.as_str(), cell.name.as_str()), id)).collect()
}

/// The cells that differ: those of the new program in its order, then those that are gone.
pub(super) fn compare(old: &Program, old_plan: &Plan, new: &Program, new_plan: &Plan) -> Vec<ImageChange> {
    let before = named(old);
    let after = named(new);
    let mut all = Vec::new();
    for (id, cell) in new.cells() {
        let key = (new[cell.image].name.as_str(), cell.name.as_str());
        let plan = &new_plan[id];
        let (kind, earlier, reasons) = match before.get(&key) {
            None => (Kind::Added, None, Vec::new()),
            Some(known) if old_plan[*known].reference == plan.reference => continue,
            Some(known) => (
                Kind::Changed,
                Some(&old_plan[*known]),
                reasons(Side { program: old, plan: old_plan, id: *known }, Side { program: new, plan: new_plan, id }),
            ),
        };
        all.push(change(kind, key, earlier, Some(plan), reasons));
    }
    for (key, id) in before.iter().filter(|(key, _)| !after.contains_key(*key)) {
        all.push(change(Kind::Removed, *key, Some(&old_plan[*id]), None, Vec::new()));
    }
    all
}

fn change(
    kind: Kind,
    (image, cell): (&str, &str),
    before: Option<&CellPlan>,
    after: Option<&CellPlan>,
    reasons: Vec<Reason>,
) -> ImageChange {
    let reference = |plan: &CellPlan| plan.reference.clone();
    ImageChange {
        kind,
        image: image.to_owned(),
        cell: cell.to_owned(),
        before: before.map(reference),
        after: after.map(reference),
        reasons,
    }
}

/// A cell on one side.
#[derive(Clone, Copy)]
struct Side<'a> {
    program: &'a Program,
    plan: &'a Plan,
    id: CellId,
}

impl<'a> Side<'a> {
    fn cell(self) -> &'a Cell {
        &self.program[self.id]
    }

    /// What the image stands on, and its reference.
    fn parent(self) -> (bool, String, String) {
        match self.cell().parent {
            Parent::Base(base) => (true, self.program[base].name.clone(), self.program[base].reference()),
            Parent::Cell(parent) => {
                let cell = &self.program[parent];
                let image = &self.program[cell.image].name;
                let name = if cell.name.is_empty() { image.clone() } else { format!("{image} {}", cell.name) };
                (false, name, self.plan[parent].reference.clone())
            }
        }
    }

    fn files(self) -> BTreeMap<&'a str, (&'a str, bool)> {
        let copied = self.cell().steps.iter().flat_map(Step::files);
        copied.map(|file| (file.path.as_str(), (file.sha256.as_str(), file.executable))).collect()
    }

    fn steps(self) -> Vec<String> {
        self.cell().steps.iter().map(|step| self.said(step)).collect()
    }

    /// What a step does, without where it is written and why: what goes into the tag.
    fn said(self, step: &Step) -> String {
        let kind = match &step.kind {
            StepKind::Install(install) => installed(install),
            StepKind::Copy(copy) => {
                let source = match &copy.source {
                    CopySource::Local { paths, optional, .. } => format!("{paths:?} {optional}"),
                    CopySource::Image { image, paths } => format!("{} {paths:?}", self.reference(image)),
                    CopySource::Text(text) => text.clone(),
                };
                format!("copy {source} {} {} {:?}", copy.to.written(), copy.owned, copy.mode)
            }
            StepKind::Run(run) => format!("run {} {:?} {:?}", run.script.text, run.directory, run.after),
            StepKind::Build(build) => {
                let scripts: Vec<&str> = build.scripts.iter().map(|script| script.text.as_str()).collect();
                format!("build {:?} {scripts:?} {:?}", build.source, build.mounts)
            }
            other => format!("{other:?}"),
        };
        format!("{:?} {:?} {kind}", step.run_as, step.only)
    }

    fn reference(self, image: &ImageRef) -> String {
        match image {
            ImageRef::Cell(cell) => self.plan[*cell].reference.clone(),
            ImageRef::Base(base) => self.program[*base].reference(),
            ImageRef::Reference(text) => text.clone(),
        }
    }
}

fn installed(install: &Install) -> String {
    let words: Vec<_> = install.items.iter().map(|item| (item.word.plain(), &item.only)).collect();
    format!("{:?} {:?} {:?} {words:?} {:?}", install.before, install.command, install.flags, install.after)
}

fn reasons(before: Side<'_>, after: Side<'_>) -> Vec<Reason> {
    let mut all = BTreeSet::new();
    if before.cell().repository != after.cell().repository {
        all.insert(Reason::Repository);
    }
    let ((old_base, _, old_reference), (new_base, name, new_reference)) = (before.parent(), after.parent());
    if old_reference != new_reference {
        all.insert(if old_base && new_base { Reason::Base(old_reference, new_reference) } else { Reason::Parent(name) });
    }
    let (old_files, new_files) = (before.files(), after.files());
    for path in old_files.keys().chain(new_files.keys()) {
        if old_files.get(path) != new_files.get(path) {
            all.insert(Reason::File((*path).to_owned()));
        }
    }
    if before.cell().platforms != after.cell().platforms {
        all.insert(Reason::Platforms);
    }
    if before.cell().rebuild != after.cell().rebuild {
        all.insert(Reason::Rebuild);
    }
    if before.steps() != after.steps() || all.is_empty() {
        all.insert(Reason::Steps);
    }
    all.into_iter().collect()
}
