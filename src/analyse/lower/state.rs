//! What a cell hands on to those that stand on it.

use std::rc::Rc;

use super::programs::Programs;
use crate::base::{IndexMap, IndexSet, Place};
use crate::ir::{Account, Base, ImageRef, Only, Package, Secret, Tag, Test};
use crate::versions::Constraint;

/// Appended to each step of some managers.
#[derive(Clone, Debug)]
pub(crate) struct Finish {
    /// The managers.
    pub(crate) managers: Vec<String>,
    /// The shell command.
    pub(crate) command: String,
    /// Where it is written.
    pub(crate) origin: Place,
}

/// Something that a `finish` needs and that was not known to be there where it ran first.
#[derive(Clone, Debug)]
pub(crate) struct Missing {
    /// A folder, or the name of a program.
    pub(crate) what: String,
    /// The `finish`.
    pub(crate) finish: Place,
    /// The step that it ran behind.
    pub(crate) step: Place,
}

/// A tool that steps may mount.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    /// The image that holds it.
    pub(crate) image: ImageRef,
    /// The file in it.
    pub(crate) bin: String,
    /// Where it is named.
    pub(crate) origin: Place,
}

/// A secret that steps may be given.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    /// The secret.
    pub(crate) secret: Secret,
    /// The file in which a step finds it.
    pub(crate) file: String,
    /// Where it is declared.
    pub(crate) origin: Place,
    /// Where it is named there.
    pub(crate) named: Place,
}

/// A variable that the stack sets.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    /// Its value as written; `None` for a path-like one and for an argument.
    pub(crate) value: Option<String>,
    /// Whether it holds at build time only.
    pub(crate) build_only: bool,
    /// The definition that sets it.
    pub(crate) body: String,
    /// Where.
    pub(crate) origin: Place,
}

/// What a stack has so far. Clones are cheap: what seldom changes is shared.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Where a platform is given a user of its own.
    pub(crate) user_of_one_platform: Option<Place>,
    /// Who the image runs as.
    pub(crate) account: Account,
    /// What is known of the interpreter of each environment; of the one without a name under the empty text.
    pub(crate) python: Rc<IndexMap<String, Constraint>>,
    /// The value of `HOME` that the base sets without saying so.
    pub(crate) base_home: Option<String>,
    /// An account that has no `HOME` of its own yet: where it is named, and the value in force.
    pub(crate) homeless: Option<(Place, String)>,
    /// What works on conda's environments.
    pub(crate) programs: Programs,
    /// Where its conda is, as the image says.
    pub(crate) prefix: Option<String>,
    /// Where its conda is, as a layer says that has put it there.
    pub(crate) own_prefix: Option<String>,
    /// The conda environment that is active.
    pub(crate) active: Option<String>,
    /// Conda environments that exist.
    pub(crate) conda_environments: Rc<IndexSet<String>>,
    /// Variables by name.
    pub(crate) variables: Rc<IndexMap<String, Variable>>,
    /// Whether the base says which variables it sets.
    pub(crate) variables_known: bool,
    /// Folders that are known to be there.
    pub(crate) folders: Rc<IndexSet<String>>,
    /// Hook folders by name.
    pub(crate) hooks: Rc<IndexMap<String, String>>,
    /// The scripts in these folders by platform and path, with where they are put there.
    pub(crate) hooked: Rc<IndexMap<String, Place>>,
    /// Commands appended to steps.
    pub(crate) finish: Rc<Vec<Finish>>,
    /// What these commands need and may have lacked.
    pub(crate) missing: Rc<Vec<Missing>>,
    /// Tools by name.
    pub(crate) tools: Rc<IndexMap<String, Tool>>,
    /// Secrets by name.
    pub(crate) credentials: Rc<IndexMap<String, Credential>>,
    /// Package repositories that are set up.
    pub(crate) repos: Rc<IndexSet<String>>,
    /// What pip is held to, by environment; of the one without a name under the empty text.
    pub(crate) pins: Rc<IndexMap<String, Pins>>,
    /// Packages that are there and that their manager would move or refuse where a list names them again, by manager and name.
    pub(crate) there: Rc<IndexMap<(String, String), There>>,
    /// Pinned packages of the image below that its manager has not been told to keep, with their managers.
    pub(crate) unheld: Rc<IndexSet<(String, String)>>,
    /// Pinned packages whose versions each list of their manager verifies: manager, name, and the versions in its words.
    pub(crate) verified: Rc<IndexSet<(String, String, String)>>,
    /// Fragments with their arguments, and layers: what is in the stack, each once.
    pub(crate) members: Rc<IndexSet<String>>,
    /// Extra tags.
    pub(crate) tags: Rc<Vec<Tag>>,
    /// Tests.
    pub(crate) tests: Rc<Vec<Test>>,
}

impl State {
    /// What there is before the statements of an existing image are read.
    pub(crate) fn empty(base: &Base) -> Self {
        Self {
            user_of_one_platform: None,
            account: base.account.clone(),
            base_home: Account::usual_home(&base.repository),
            homeless: None,
            programs: Programs::of(&base.repository),
            python: Rc::default(),
            prefix: base.prefix.clone(),
            own_prefix: None,
            active: None,
            conda_environments: Rc::default(),
            variables: Rc::default(),
            variables_known: false,
            folders: Rc::default(),
            hooks: Rc::default(),
            hooked: Rc::default(),
            finish: Rc::default(),
            missing: Rc::default(),
            tools: Rc::default(),
            credentials: Rc::default(),
            repos: Rc::default(),
            pins: Rc::default(),
            there: Rc::default(),
            unheld: Rc::default(),
            verified: Rc::default(),
            members: Rc::default(),
            tags: Rc::default(),
            tests: Rc::default(),
        }
    }

    /// What a stack has on an existing image whose statements have been read.
    pub(crate) fn on(mut self) -> Self {
        self.variables_known = !self.variables.is_empty();
        self
    }

    /// Notes which interpreter an environment gets.
    pub(crate) fn note_python(&mut self, package: &Package) {
        if package.normal == "python" && package.ecosystem.is_python() && !package.constraint.is_any() {
            let environment = package.environment.clone().unwrap_or_default();
            Rc::make_mut(&mut self.python).insert(environment, package.constraint.clone());
        }
    }

    /// Notes that a definition is in the stack; whether that is new.
    pub(crate) fn enter(&mut self, name: &str) -> bool {
        Rc::make_mut(&mut self.members).insert(name.to_owned())
    }
}

/// A package that is there.
#[derive(Clone, Debug)]
pub(crate) struct There {
    /// The versions that it may have.
    pub(super) versions: Constraint,
    /// Whether its manager keeps it as it is.
    pub(super) held: bool,
    /// Where it is not there on every platform.
    pub(super) only: Only,
}

/// The pins of one environment, in pip's words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pins {
    /// One requirement a line.
    pub(super) lines: IndexSet<String>,
    /// Where the last one is written in the program.
    pub(super) origin: Place,
    /// Whether the image has a file with all of them.
    pub(super) written: bool,
    /// Pins that are not in `conda-meta/pinned` yet.
    pub(super) untold: Vec<Untold>,
}

/// A pin of a `pip` list, for conda.
#[derive(Clone, Debug)]
pub(super) struct Untold {
    /// Where it is written in the program.
    pub(super) origin: Place,
    /// Its name there.
    pub(super) name: String,
    /// Lines of `conda-meta/pinned`; `None` where conda has no words for it.
    pub(super) lines: Option<Vec<String>>,
}
