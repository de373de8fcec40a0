//! The entries of a menu, as the page shows them.

use super::{Located, Settings};
use crate::base::Place;
use crate::ir::{BaseId, CellId, Release};

/// One entry: what a person picks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The definition that it belongs to: `ml`.
    pub definition: String,
    /// What the page calls it.
    pub title: Located<String>,
    /// The text below the title.
    pub description: Option<Located<String>>,
    /// By what saved choices and links name it.
    pub slug: Slug,
    /// Where it says that it is the default.
    pub default: Option<Place>,
    /// The image; `None` where each choice of an option brings its own, or where the hub's own image is meant.
    pub image: Option<Located<MenuImage>>,
    /// What it sets.
    pub settings: Settings,
    /// The drop-downs, in the order of the page.
    pub options: Vec<MenuOption>,
    /// The groups whose members see it; everybody where empty.
    pub groups: Vec<Located<String>>,
    /// Slugs that it had before.
    pub renamed_from: Vec<Located<String>>,
    /// How many earlier releases stay on offer, and which there are.
    pub keep: Option<Keep>,
    /// Where it is written.
    pub origin: Place,
}

impl Profile {
    /// The images that it starts: its own, then those of its choices.
    pub fn images(&self) -> impl Iterator<Item = &Located<MenuImage>> {
        let choices = self.options.iter().flat_map(|option| &option.choices);
        self.image.iter().chain(choices.filter_map(|choice| choice.image.as_ref()))
    }
}

/// The public name of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slug {
    /// `data-science`.
    pub text: String,
    /// Where the program says it; `None` where it was made of the title.
    pub written: Option<Place>,
}

/// An image on a menu.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MenuImage {
    /// A cell of the program: its tag is known when artifacts are written.
    Cell(CellId),
    /// An image that exists.
    Base(BaseId),
    /// A reference as it is: `ghcr.io/rucio/dev@sha256:…`.
    Reference(String),
}

/// A drop-down of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuOption {
    /// By what saved choices name it, without a prefix that the emitter may put before it to keep the order.
    pub key: Located<String>,
    /// What the page calls it.
    pub title: Located<String>,
    /// How it came about.
    pub kind: OptionKind,
    /// Its choices, in the order of the page.
    pub choices: Vec<Choice>,
    /// The free text beside the choices.
    pub unlisted: Option<Unlisted>,
    /// Keys that it had before.
    pub renamed_from: Vec<Located<String>>,
    /// That people may build an image from a repository.
    pub builds: Option<Builds>,
    /// Where it is written.
    pub origin: Place,
}

impl MenuOption {
    /// The place of the default choice.
    #[must_use]
    pub fn default_index(&self) -> usize {
        self.choices.iter().position(|choice| choice.default.is_some()).unwrap_or(0)
    }

    /// What its choices and its free text set.
    pub fn settings(&self) -> impl Iterator<Item = &Settings> {
        self.choices.iter().map(|choice| &choice.settings).chain(self.unlisted.iter().map(|free| &free.settings))
    }

    /// Whether its choices bring images.
    #[must_use]
    pub fn brings_images(&self) -> bool {
        self.choices.iter().any(|choice| choice.image.is_some())
    }
}

impl Unlisted {
    /// What is typed is an image, beside choices that bring images, unless it is put to another use.
    pub fn take_image(&mut self) {
        self.image |= !self.settings.overrides.iter().any(|one| one.value.value.mentions("{value}"));
    }
}

/// People build an image from a repository (`dynamic_image_building` of fancy-profiles).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Builds {
    /// The image that theirs is to start from, if the program names one.
    pub on: Option<Located<MenuImage>>,
    /// Where it says so.
    pub place: Place,
}

/// How an option came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// `option size { … }`
    Written,
    /// `choose`: the axes whose points are its choices.
    Axes(Vec<String>),
    /// `unlisted image { … }` beside no other choice of an image.
    Unlisted,
    /// `keep`: today's image and earlier ones.
    Releases,
}

/// One choice of a drop-down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// By what saved choices name it, without a prefix that the emitter may put before it to keep the order.
    pub key: Located<String>,
    /// What the page calls it.
    pub title: Located<String>,
    /// The text below it; only `fancy` forms show one.
    pub description: Option<Located<String>>,
    /// Where it says that it is the default.
    pub default: Option<Place>,
    /// The image that it stands for.
    pub image: Option<Located<MenuImage>>,
    /// What it sets.
    pub settings: Settings,
    /// The groups whose members see it; everybody where empty.
    pub groups: Vec<Located<String>>,
    /// Keys that it had before.
    pub renamed_from: Vec<Located<String>>,
    /// Where it is written.
    pub origin: Place,
}

/// A free text beside the choices of a drop-down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlisted {
    /// The label of the text field.
    pub title: Located<String>,
    /// Its line in the drop-down: `Other…`.
    pub in_choices: Option<Located<String>>,
    /// A regular expression for the whole text, without anchors: they are the emitter's business.
    pub pattern: Option<Located<String>>,
    /// What the page says where the text does not match.
    pub message: Option<Located<String>>,
    /// Whether the text is an image.
    pub image: bool,
    /// What else it sets; `{value}` in a text stands for what was typed.
    pub settings: Settings,
    /// The groups whose members see it; everybody where empty.
    pub groups: Vec<Located<String>>,
    /// Where it is written.
    pub origin: Place,
}

/// What a committed artifact offers: the public names that people may have saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleasedMenu {
    /// The artifact: `deploy/jhub-profiles.yaml`.
    pub path: String,
    /// Its entries.
    pub entries: Vec<ReleasedEntry>,
    /// What it says is gone: `old-lab`, `lab/large`.
    pub retired: Vec<String>,
}

/// An entry of a committed artifact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleasedEntry {
    /// Its slug.
    pub slug: String,
    /// Its options.
    pub options: Vec<ReleasedOption>,
}

/// An option of a committed artifact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleasedOption {
    /// Its key.
    pub key: String,
    /// The keys of its choices.
    pub choices: Vec<String>,
}

/// What an entry keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    /// How many releases besides today's.
    pub count: u32,
    /// What the lock says of them, the newest first.
    pub releases: Vec<Kept>,
    /// Whether the entry says so itself; else its hub does, for all entries that can.
    pub own: bool,
    /// Where the program says so.
    pub place: Place,
}

/// An image that the entry named before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The key of the choice that named it; `None` where the entry itself did.
    pub choice: Option<String>,
    /// The image.
    pub release: Release,
}
