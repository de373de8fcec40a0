//! Programs made by hand, for the tests of the emitters.

use std::rc::Rc;

use crate::base::{Place, Source, Sources};
use crate::ir::{
    Account, AxisPoint, Base, BaseId, Cell, CellId, CiPolicy, Image, ImageId, Install, InstallItem, Locks, Outputs, Parent, Platform,
    Program, Project, Recipe, Run, RunAs, Script, Segment, Segments, ShellText, Step, StepKind,
};

/// A program that grows image by image.
pub(in crate::emit) struct Fixture {
    /// What there is so far.
    pub(in crate::emit) program: Program,
}

/// A cell to be: its axes with value and short name, what it stands on, its steps.
pub(in crate::emit) type Points<'a> = (Vec<(&'a str, &'a str, &'a str)>, Parent, Vec<Step>);

/// The account of the fixture's images.
pub(in crate::emit) fn jovyan() -> Account {
    Account { name: "jovyan".to_owned(), uid: Some(1000), gid: Some(100), home: Some("/home/jovyan".to_owned()), assumed: false }
}

/// A step of all platforms without comment.
pub(in crate::emit) fn step(kind: StepKind, run_as: RunAs) -> Step {
    Step { kind, run_as, only: None, origin: Place::default(), via: None, comment: None }
}

/// A shell step of the user.
pub(in crate::emit) fn shell(script: &str) -> Step {
    step(StepKind::Run(run(script)), RunAs::User)
}

/// A shell step, bare.
pub(in crate::emit) fn run(script: &str) -> Run {
    Run { script: Script::new(script), directory: None, mounts: Vec::new(), after: Vec::new() }
}

/// A word of a list.
pub(in crate::emit) fn item(word: Vec<Segment>, reason: Option<&str>, only: Option<Vec<Platform>>) -> InstallItem {
    InstallItem { word: Rc::new(Segments(word)), reason: reason.map(str::to_owned), only, origin: Place::default() }
}

/// A word without axes.
pub(in crate::emit) fn word(text: &str) -> InstallItem {
    item(vec![Segment::Literal(text.to_owned())], None, None)
}

/// The value of an axis in a word.
pub(in crate::emit) fn axis(name: &str, value: &str) -> Segment {
    Segment::Axis { name: name.to_owned(), value: value.to_owned() }
}

/// A list of a manager with a command and what comes before and after it.
pub(in crate::emit) fn install(before: &[&str], command: &str, items: Vec<InstallItem>, after: &[&str]) -> Install {
    let texts = |texts: &[&str]| texts.iter().map(|text| ShellText::raw(*text)).collect();
    Install {
        manager: "apt".to_owned(),
        mounts: Vec::new(),
        before: texts(before),
        command: ShellText::raw(command),
        flags: Vec::new(),
        items,
        after: texts(after),
        clean: 0,
        locked: None,
    }
}

/// A list of apt.
pub(in crate::emit) fn apt(items: Vec<InstallItem>) -> Step {
    let list = install(
        &["apt-get update --yes"],
        "DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends",
        items,
        &["apt-get clean", "rm -rf /var/lib/apt/lists/*"],
    );
    step(StepKind::Install(list), RunAs::Root)
}

/// A list of conda.
pub(in crate::emit) fn conda(items: Vec<InstallItem>) -> Step {
    step(StepKind::Install(install(&[], "echo mamba install --yes", items, &["echo mamba clean"])), RunAs::User)
}

/// The sources of the fixture: one file.
pub(in crate::emit) fn sources() -> Sources {
    let mut sources = Sources::default();
    sources.add(Source::new("main.jenv", ""));
    sources
}

impl Fixture {
    /// A project with one existing image.
    pub(in crate::emit) fn new() -> Self {
        let project = Project {
            name: "vre".to_owned(),
            registry: "ghcr.io/vre-hub".to_owned(),
            source: Some("https://github.com/vre-hub/environments".to_owned()),
            maintainer: Some("VRE Team".to_owned()),
            license: None,
            platforms: Platform::ALL.to_vec(),
            branch: "main".to_owned(),
            same: Vec::new(),
            locked: false,
            distinct: Vec::new(),
            origin: Place::default(),
        };
        let program = Program {
            environments: Vec::new(),
            project,
            main_file: "main.jenv".to_owned(),
            bases: Vec::new(),
            images: Vec::new(),
            cells: Vec::new(),
            hubs: Vec::new(),
            rebuilds: Vec::new(),
            outputs: Outputs::default(),
            locks: Locks::default(),
            allows: Vec::new(),
            definitions: Vec::new(),
        };
        Self { program }
    }

    /// An existing image.
    pub(in crate::emit) fn base(&mut self, name: &str, repository: &str, tag: &str, account: Account) -> BaseId {
        self.program.bases.push(Base {
            name: name.to_owned(),
            axes: Vec::new(),
            repository: repository.to_owned(),
            tag: Some(tag.to_owned()),
            digest: None,
            locked: false,
            account,
            prefix: None,
            os: None,
            platforms: Vec::new(),
            provides: Rc::default(),
            env: Vec::new(),
            origin: Place::default(),
            standard: false,
        });
        BaseId(u32::try_from(self.program.bases.len()).unwrap() - 1)
    }

    /// An image with a cell for each point; the first is the default.
    pub(in crate::emit) fn image(&mut self, name: &str, account: &Account, cells: Vec<Points<'_>>) -> Vec<CellId> {
        let image = ImageId(u32::try_from(self.program.images.len()).unwrap());
        let mut ids = Vec::new();
        for (axes, parent, steps) in cells {
            let id = CellId(u32::try_from(self.program.cells.len()).unwrap());
            let axes: Vec<AxisPoint> = axes
                .into_iter()
                .map(|(axis, value, short)| AxisPoint { axis: axis.into(), value: value.into(), short: short.into() })
                .collect();
            let account_before = match parent {
                Parent::Base(base) => self.program[base].account.clone(),
                Parent::Cell(cell) => self.program[cell].account.clone(),
            };
            let recipe = Recipe::bare(format!("ghcr.io/vre-hub/{name}"), &Platform::ALL);
            self.program.cells.push(Cell {
                image,
                name: axes.iter().map(|point| &*point.short).collect::<Vec<_>>().join("-"),
                axes: Rc::new(axes),
                parent,
                recipe: Rc::new(Recipe { steps, account_before, account: account.clone(), ..recipe }),
            });
            ids.push(id);
        }
        self.program.images.push(Image {
            root: None,
            name: name.to_owned(),
            title: name.to_owned(),
            description: None,
            doc: None,
            default_cell: ids[0],
            cells: ids.clone(),
            ci: CiPolicy::default(),
            publish: true,
            locked: false,
            stage: false,
            origin: Place::default(),
        });
        ids
    }
}
