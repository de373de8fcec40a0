//! The words of the language: each statement, field, option and output once, with where it may be, what it takes, what it
//! compiles to and an example that compiles.
//!
//! The checks of words, the suggestions of messages, `jenvc explain WORD` and the pages under `docs/reference/` read this table.
//! The options of package lists that an `installer` defines are in `stdlib/installers.jenv` and are named here for their pages.

mod definitions;
mod habit;
mod habits;
mod hubs;
mod image;
mod layer;
mod lists;
mod menu;
mod menu_habits;
mod outputs;
mod page;
mod steps;
mod word;

pub use habit::Habit;
pub use habits::{SILENT_FLAGS, VERSIONS, habit, habits};
pub use page::{Found, address, has_part, mentions, page, pages, room_page};
pub use word::{Form, Room, Word};

use word::ROOMS;

/// Whether a package manager is one of the standard library.
#[must_use]
pub fn is_standard_manager(name: &str) -> bool {
    lists::MANAGERS.iter().any(|word| word.name == name)
}

/// Whether a word of a list looks like a file with packages, as pip and conda read them. `ruamel.yaml` is a package of both.
#[must_use]
pub fn is_file_of_packages(word: &str) -> bool {
    [".txt", ".yml", ".yaml", ".toml"].iter().any(|end| word.ends_with(end)) && word != "ruamel.yaml"
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
            Self::Copy => &[steps::COPY, steps::TARGET, steps::OWNED],
            Self::File | Self::Folder => &[steps::OWNED],
            Self::Fetch => &[steps::FETCH, steps::TARGET, steps::OWNED],
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
