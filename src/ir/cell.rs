//! Images that are built, and their cells: one point of the matrix of one definition, exactly one image, one tag.

use std::ops::Deref;
use std::rc::Rc;

use super::ids::{CellId, ImageId};
use super::{Account, BaseId, Package, Platform, Requirement, Step};
use crate::base::Place;

/// One image of the program: a definition (a layer with `from`, an environment with steps, a shared prefix of
/// open layers, or a layer on another root), with all its cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Unique in the program and fit for a file, a job and a bake target: `scipy-notebook`, `minimal-notebook-itwinai`.
    pub name: String,
    /// The label `org.opencontainers.image.title`.
    pub title: String,
    /// The label `org.opencontainers.image.description`; only what the program says by `description = "…"`.
    pub description: Option<String>,
    /// The `##` lines above the definition: for catalogue and editor, never in the image.
    pub doc: Option<String>,
    /// Its cells, in the order of the axes' values; never empty.
    pub cells: Vec<CellId>,
    /// The cell of the default values.
    pub default_cell: CellId,
    /// The name of the root that `onto` put under it. It is a part of each cell's name, and no further tag of such an image
    /// is bare: the bare ones belong to the image on its own root.
    pub root: Option<String>,
    /// How CI treats it.
    pub ci: CiPolicy,
    /// Whether it is pushed under its own name for others to use; `internal` says no. Where images are built on it, it is pushed
    /// all the same, since their builds need it there, but gets no further tags.
    pub publish: bool,
    /// Whether it is a stage in the Dockerfiles of those that take files from it, and nothing else: internal, and neither on a
    /// menu nor below an image that is pushed.
    pub stage: bool,
    /// Whether its packages of `PyPI` are installed from its lock.
    pub locked: bool,
    /// Where the definition stands.
    pub origin: Place,
}

impl Image {
    /// What stands before the further tags of a cell: nothing for the default one, else its readable name and a hyphen.
    #[must_use]
    pub fn tag_prefix(&self, id: CellId, cell: &Cell) -> String {
        if cell.name.is_empty() || (id == self.default_cell && self.root.is_none()) { String::new() } else { format!("{}-", cell.name) }
    }
}

/// How CI treats an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CiPolicy {
    /// Minutes until a build job is given up.
    pub timeout_minutes: Option<u32>,
    /// The runner label in place of the platform's own.
    pub runner: Option<String>,
    /// Whether the runner's disk is to be freed first.
    pub free_disk: bool,
    /// Why CI does not build it.
    pub skip: Option<String>,
}

/// A point on an axis.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AxisPoint {
    /// The axis: `python`, `variant`.
    pub axis: Rc<str>,
    /// Its value: `3.12`, `cuda12`.
    pub value: Rc<str>,
    /// How it stands in names and tags: `py3.12`, `cuda12`; empty where a linked axis says it already.
    pub short: Rc<str>,
}

/// What a cell stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parent {
    /// An image that exists already.
    Base(BaseId),
    /// A cell of the program; always an earlier one.
    Cell(CellId),
}

/// One image with one tag: a recipe at a point of the axes, on one parent. What its recipe says is read as its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The image it belongs to.
    pub image: ImageId,
    /// The readable name of the point: `py3.12-cuda12`; empty where the image has one cell without axes.
    pub name: String,
    /// All axes, inherited ones first.
    pub axes: Rc<Vec<AxisPoint>>,
    /// What it stands on.
    pub parent: Parent,
    /// How it is made.
    pub recipe: Rc<Recipe>,
}

/// What the bodies of an image do on one parent stack, for given platforms and given values of the axes that they read. Cells of
/// one recipe have the same stack of recipes below them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// Registry and repository: `ghcr.io/vre-hub/vre-singleuser-ml`.
    pub repository: String,
    /// The platforms it is built for: the image's less excluded ones; never empty.
    pub platforms: Vec<Platform>,
    /// Its own steps, in order, everything unfolded.
    pub steps: Vec<Step>,
    /// What its own steps ask for, in order (what is underneath is with the parent).
    pub packages: Vec<Package>,
    /// Bounds of what its own steps may bring besides: entries of pip's constraint files that no list asks for.
    pub bounds: Vec<Package>,
    /// What its own steps require from underneath.
    pub requirements: Vec<Requirement>,
    /// The layers and fragments that come into the stack with it, in order.
    pub members: Vec<Member>,
    /// Who the image runs as before its first step: the parent's account.
    pub account_before: Account,
    /// Who the image runs as at its end.
    pub account: Account,
    /// Extra tags, inherited ones first.
    pub tags: Rc<Vec<Tag>>,
    /// Tests, inherited ones first.
    pub tests: Rc<Vec<Test>>,
    /// The rebuild slot (`2026-W48`), where the definition says `rebuild`: when it moves, the image is built anew.
    pub rebuild: Option<String>,
}

#[cfg(test)]
impl Recipe {
    /// Without steps, of the superuser: what tests begin with.
    pub(crate) fn bare(repository: impl Into<String>, platforms: &[Platform]) -> Self {
        Self {
            repository: repository.into(),
            platforms: platforms.to_vec(),
            steps: Vec::new(),
            packages: Vec::new(),
            bounds: Vec::new(),
            requirements: Vec::new(),
            members: Vec::new(),
            account_before: Account::root(),
            account: Account::root(),
            tags: Rc::default(),
            tests: Rc::default(),
            rebuild: None,
        }
    }
}

impl Deref for Cell {
    type Target = Recipe;
    fn deref(&self) -> &Recipe {
        &self.recipe
    }
}

/// A layer or a fragment that is in a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// The statement that brings it: an `include`, or the definition itself.
    pub origin: Place,
}

/// A further tag of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// `latest`, `python-3.12`: behind the readable name of a cell that is not the default one.
    Text(String),
    /// The text as it is, whatever the cell.
    Exact(String),
    /// The date of the build, UTC: `2026-11-24`.
    Date,
    /// Twelve digits of the commit.
    Sha,
    /// What a command prints in the built image.
    Probe(Probe),
}

/// A tag whose text is read from the built image: `lab-4.5.1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The part before the hyphen: `lab`.
    pub name: String,
    /// The shell command: `jupyter-lab --version`.
    pub command: String,
    /// A POSIX extended regular expression for the part of the output that is meant; the whole first line where absent.
    pub matching: Option<String>,
}

/// A test of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The image that defines it.
    pub from: String,
    /// How it runs.
    pub kind: TestKind,
    /// Where it is written.
    pub origin: Place,
}

/// How a test runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestKind {
    /// Through the entrypoint of the built image.
    Container {
        /// A shell script.
        script: String,
        /// Whether it runs as root.
        as_root: bool,
        /// Environment variables.
        env: Vec<(String, String)>,
        /// Texts that must all stand in what it prints.
        expect: Vec<String>,
    },
    /// On the runner, with `$IMAGE` set to the reference of the image.
    Host {
        /// A shell script.
        script: String,
        /// Environment variables.
        env: Vec<(String, String)>,
    },
}

impl Cell {
    /// The value of an axis.
    #[must_use]
    pub fn axis(&self, name: &str) -> Option<&str> {
        self.axes.iter().find(|point| &*point.axis == name).map(|point| &*point.value)
    }

    /// What it is called in a lock: `py3.11`, `default`.
    #[must_use]
    pub fn lock_name(&self) -> &str {
        if self.name.is_empty() { "default" } else { &self.name }
    }

    /// Its name as a file, job or target part: `py3-12-cuda12`; `default` where it has none.
    #[must_use]
    pub fn slug(&self) -> String {
        if self.name.is_empty() { "default".to_owned() } else { self.name.replace(['.', '+', '_'], "-") }
    }
}
