//! The words of the language: what a row of the tables holds.

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
    /// `file`
    File,
    /// `folder`
    Folder,
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
pub(super) const ROOMS: &[(Room, &str, &str)] = &[
    (Room::Top, "top", "the top of a file"),
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
    (Room::File, "file", "`file`"),
    (Room::Folder, "folder", "`folder`"),
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
    pub(super) const fn new(name: &'static str, form: Form, takes: &'static str, about: &'static str, example: &'static str) -> Self {
        Self { name, form, takes, default: "", makes: "", about, example, inner: None }
    }

    pub(super) const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    pub(super) const fn makes(self, makes: &'static str) -> Self {
        Self { makes, ..self }
    }

    pub(super) const fn holds(self, room: Room) -> Self {
        Self { inner: Some(room), ..self }
    }
}

pub(super) const fn definition(name: &'static str, takes: &'static str, about: &'static str, example: &'static str) -> Word {
    Word::new(name, Form::Definition, takes, about, example)
}

pub(super) const fn statement(name: &'static str, takes: &'static str, about: &'static str, example: &'static str) -> Word {
    Word::new(name, Form::Statement, takes, about, example)
}

pub(super) const fn field(name: &'static str, takes: &'static str, about: &'static str, example: &'static str) -> Word {
    Word::new(name, Form::Field, takes, about, example)
}

pub(super) const fn behind(name: &'static str, takes: &'static str, about: &'static str, example: &'static str) -> Word {
    Word::new(name, Form::Behind, takes, about, example)
}

pub(super) const fn list(name: &'static str, takes: &'static str, about: &'static str, example: &'static str) -> Word {
    Word::new(name, Form::List, takes, about, example)
}
