//! The words of the language: each statement, field, option and output once, with where it may be, what it takes, what it
//! compiles to and an example that compiles.
//!
//! The checks of words, the suggestions of messages, `jenvc explain WORD` and the pages under `docs/reference/` read this table.
//! The options of package lists that an `installer` defines are in `stdlib/installers.jenv` and are named here for their pages.

mod definitions;
mod habits;
mod hubs;
mod image;
mod layer;
mod lists;
mod menu;
mod outputs;
mod page;
mod steps;

pub use habits::{Habit, VERSIONS, habit};
pub use page::{Found, address, page, pages, room_page};

/// Whether a package manager is one of the standard library.
#[must_use]
pub fn is_standard_manager(name: &str) -> bool {
    lists::MANAGERS.iter().any(|word| word.name == name)
}

/// A kind of block, or what is behind a statement: it decides which words there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Room {
    /// The top of a file.
    Top,
    /// `project NAME { }`
    Project,
    /// `image NAME { }`
    Image,
    /// The top of `layer NAME { }` and `environment NAME { }`
    Layer,
    /// The inside of `variant` and `when`, and `fragment NAME { }`
    Steps,
    /// `matrix`
    Matrix,
    /// `exclude { }` and `only { }`
    Rule,
    /// `include`
    Include,
    /// `requires { }`
    Requires,
    /// `provides { }`
    Provides,
    /// `run`
    Run,
    /// `build from …  { }`
    Build,
    /// `copy`
    Copy,
    /// `fetch`
    Fetch,
    /// `path`
    Path,
    /// `arg`
    Arg,
    /// `user NAME { }`
    User,
    /// `healthcheck [ ] { }`
    Healthcheck,
    /// `tool`
    Tool,
    /// `credential`
    Credential,
    /// `tags { }`
    Tags,
    /// `test "…" { }`
    Test,
    /// `ci { }`
    Ci,
    /// The words before the braces of a package list
    List,
    /// The words behind a package
    Entry,
    /// `profile { }` of an environment
    Profile,
    /// `profile NAME { }` at the top of a file
    NamedProfile,
    /// `option NAME { }`
    MenuOption,
    /// `dynamic_image_building = { }`
    Building,
    /// A choice of an option
    Choice,
    /// `unlisted NAME { }`
    Unlisted,
    /// `gpu = { }`
    Gpu,
    /// `hub NAME { }`
    Hub,
    /// `defaults { }` of a hub
    Defaults,
    /// `output dockerfiles { }`
    OutputDockerfiles,
    /// `output bake { }`
    OutputBake,
    /// `output workflow { }`
    OutputWorkflow,
    /// `output configmap { }`, `output values { }`, `output helmrelease { }`
    OutputMenu,
    /// `output catalog { }`
    OutputCatalog,
    /// `output KIND { }`: the kinds
    Output,
    /// `installer NAME { }`
    Installer,
    /// `option NAME { }` of an installer
    InstallerOption,
    /// `repo NAME MANAGER { }`
    Repo,
}

/// How a room is called: the first part of the address of a word, and the words of a message.
const ROOMS: &[(Room, &str, &str)] = &[
    (Room::Top, "file", "the top of a file"),
    (Room::Project, "project", "a project"),
    (Room::Image, "image", "an image"),
    (Room::Layer, "layer", "a layer"),
    (Room::Steps, "steps", "a block of steps"),
    (Room::Matrix, "matrix", "`matrix`"),
    (Room::Rule, "exclude", "`exclude` and `only`"),
    (Room::Include, "include", "`include`"),
    (Room::Requires, "requires", "`requires`"),
    (Room::Provides, "provides", "`provides`"),
    (Room::Run, "run", "`run`"),
    (Room::Build, "build", "`build`"),
    (Room::Copy, "copy", "`copy`"),
    (Room::Fetch, "fetch", "`fetch`"),
    (Room::Path, "path", "`path`"),
    (Room::Arg, "arg", "`arg`"),
    (Room::User, "user", "`user`"),
    (Room::Healthcheck, "healthcheck", "`healthcheck`"),
    (Room::Tool, "tool", "`tool`"),
    (Room::Credential, "credential", "`credential`"),
    (Room::Tags, "tags", "`tags`"),
    (Room::Test, "test", "a test"),
    (Room::Ci, "ci", "`ci`"),
    (Room::List, "list", "a package list"),
    (Room::Entry, "package", "a package"),
    (Room::Profile, "profile", "a profile"),
    (Room::NamedProfile, "named-profile", "a profile"),
    (Room::MenuOption, "option", "an option"),
    (Room::Building, "dynamic_image_building", "`dynamic_image_building`"),
    (Room::Choice, "choice", "a choice"),
    (Room::Unlisted, "unlisted", "`unlisted`"),
    (Room::Gpu, "gpu", "`gpu`"),
    (Room::Hub, "hub", "a hub"),
    (Room::Defaults, "defaults", "`defaults`"),
    (Room::Output, "output", "an output"),
    (Room::OutputDockerfiles, "output-dockerfiles", "`output dockerfiles`"),
    (Room::OutputBake, "output-bake", "`output bake`"),
    (Room::OutputWorkflow, "output-workflow", "`output workflow`"),
    (Room::OutputMenu, "output-configmap", "the output of a menu"),
    (Room::OutputCatalog, "output-catalog", "`output catalog`"),
    (Room::Installer, "installer", "an installer"),
    (Room::InstallerOption, "installer-option", "an option of an installer"),
    (Room::Repo, "repo", "a package repository"),
];

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A word, a name and a block at the top of a file.
    Definition,
    /// A word and what belongs to it on its line.
    Statement,
    /// `KEY = value`.
    Field,
    /// A word behind a statement, in any order.
    Behind,
    /// A package manager and its list.
    List,
}

/// One word of the language.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// The word.
    pub name: &'static str,
    /// How it is written.
    pub form: Form,
    /// What it takes: type and unit.
    pub takes: &'static str,
    /// What holds where it is left out; empty where nothing does.
    pub default: &'static str,
    /// What it compiles to; empty where it only steers the compiler.
    pub makes: &'static str,
    /// What it does, in one sentence.
    pub about: &'static str,
    /// A use of it in its room; it compiles.
    pub example: &'static str,
    /// What its braces, or the words behind it, are.
    pub inner: Option<Room>,
}

impl Word {
    const fn new(name: &'static str, form: Form, takes: &'static str, about: &'static str, example: &'static str) -> Self {
        Self { name, form, takes, default: "", makes: "", about, example, inner: None }
    }

    const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    const fn makes(self, makes: &'static str) -> Self {
        Self { makes, ..self }
    }

    const fn holds(self, room: Room) -> Self {
        Self { inner: Some(room), ..self }
    }
}

const fn definition(name: &'static str, takes: &'static str, about: &'static str, example: &'static str) -> Word {
    Word::new(name, Form::Definition, takes, about, example)
}

const fn statement(name: &'static str, takes: &'static str, about: &'static str, example: &'static str) -> Word {
    Word::new(name, Form::Statement, takes, about, example)
}

const fn field(name: &'static str, takes: &'static str, about: &'static str, example: &'static str) -> Word {
    Word::new(name, Form::Field, takes, about, example)
}

const fn behind(name: &'static str, takes: &'static str, about: &'static str, example: &'static str) -> Word {
    Word::new(name, Form::Behind, takes, about, example)
}

const fn list(name: &'static str, takes: &'static str, about: &'static str, example: &'static str) -> Word {
    Word::new(name, Form::List, takes, about, example)
}

impl Room {
    /// All rooms, in the order of the reference.
    pub fn all() -> impl Iterator<Item = Self> {
        ROOMS.iter().map(|(room, ..)| *room)
    }

    /// The first part of the address of its words: `profile` of `profile.memory`.
    #[must_use]
    pub fn name(self) -> &'static str {
        ROOMS.iter().find(|(room, ..)| *room == self).map_or("", |(_, name, _)| name)
    }

    /// The room in a message: `a profile`.
    #[must_use]
    pub fn called(self) -> &'static str {
        ROOMS.iter().find(|(room, ..)| *room == self).map_or("", |(.., called)| called)
    }

    /// The tables of its words.
    fn tables(self) -> &'static [&'static [Word]] {
        match self {
            Self::Top => &[definitions::TOP],
            Self::Project => &[definitions::PROJECT, definitions::ALLOW],
            Self::Image => &[image::IMAGE, layer::CELLS, steps::STEPS, lists::MANAGERS, definitions::ALLOW],
            Self::Layer => {
                &[layer::LAYER, layer::CELLS, layer::REPOSITORY, layer::PREFIX, steps::STEPS, lists::MANAGERS, definitions::ALLOW]
            }
            Self::Steps => &[layer::REPOSITORY, layer::PREFIX, steps::STEPS, lists::MANAGERS],
            Self::Matrix => &[layer::MATRIX],
            Self::Rule => &[layer::RULE],
            Self::Include => &[steps::INCLUDE],
            Self::Requires => &[steps::REQUIRES, lists::MANAGERS],
            Self::Provides => &[steps::PROVIDES, lists::MANAGERS],
            Self::Run => &[steps::RUN],
            Self::Build => &[steps::BUILD],
            Self::Copy => &[steps::COPY, steps::FILE],
            Self::Fetch => &[steps::FETCH, steps::FILE],
            Self::Path => &[steps::PATH],
            Self::Arg => &[steps::ARG],
            Self::User => &[steps::USER],
            Self::Healthcheck => &[steps::HEALTHCHECK],
            Self::Tool => &[steps::TOOL],
            Self::Credential => &[steps::CREDENTIAL],
            Self::Tags => &[layer::TAGS],
            Self::Test => &[layer::TEST],
            Self::Ci => &[layer::CI],
            Self::List => &[lists::LIST],
            Self::Entry => &[lists::ENTRY],
            Self::Profile => &[menu::SHOWN, menu::PROFILE, menu::SETTINGS],
            Self::NamedProfile => &[menu::SHOWN, menu::PROFILE, menu::PICKED_IMAGE, menu::SETTINGS, definitions::ALLOW],
            Self::MenuOption => &[menu::OPTION],
            Self::Building => &[menu::BUILDING],
            Self::Choice => &[menu::SHOWN, menu::PICKED_IMAGE, menu::SETTINGS],
            Self::Unlisted => &[menu::UNLISTED, menu::SETTINGS],
            Self::Gpu => &[menu::GPU],
            Self::Hub => &[hubs::HUB, definitions::ALLOW],
            Self::Defaults => &[hubs::DEFAULTS, menu::SETTINGS],
            Self::Output => &[outputs::KINDS],
            Self::OutputDockerfiles => &[outputs::DOCKERFILES],
            Self::OutputBake => &[outputs::BAKE],
            Self::OutputWorkflow => &[outputs::WORKFLOW],
            Self::OutputMenu => &[outputs::MENU],
            Self::OutputCatalog => &[outputs::CATALOG],
            Self::Installer => &[definitions::INSTALLER],
            Self::InstallerOption => &[definitions::INSTALLER_OPTION],
            Self::Repo => &[definitions::REPO, definitions::ALLOW],
        }
    }

    /// Its words, in the order of the reference.
    pub fn words(self) -> impl Iterator<Item = &'static Word> + Clone {
        self.tables().iter().flat_map(|table| table.iter())
    }

    /// The field of this name.
    #[must_use]
    pub fn field(self, name: &str) -> Option<&'static Word> {
        self.words().find(|word| word.form == Form::Field && word.name == name)
    }

    /// The statement or list of this name.
    #[must_use]
    pub fn statement(self, name: &str) -> Option<&'static Word> {
        self.words().find(|word| matches!(word.form, Form::Statement | Form::List) && word.name == name)
    }

    /// The words of one form.
    pub fn names(self, form: Form) -> impl Iterator<Item = &'static str> + Clone {
        self.words().filter(move |word| word.form == form).map(|word| word.name)
    }

    /// The room of the words behind a statement of a layer, or of a package manager.
    #[must_use]
    pub fn behind(statement: &str) -> Option<Self> {
        let word = Self::Layer.statement(statement).or_else(|| Self::Tags.statement(statement))?;
        if word.form == Form::List { Some(Self::List) } else { word.inner }
    }

    /// The room of an output.
    #[must_use]
    pub fn of_output(kind: &str) -> Option<Self> {
        outputs::KINDS.iter().find(|word| word.name == kind).and_then(|word| word.inner)
    }
}
