//! What a page says, in plain texts: whoever writes it escapes them.

/// The whole page.
#[derive(Debug)]
pub(super) struct Page {
    /// The comment that says where the page comes from.
    pub(super) mark: String,
    /// Its heading.
    pub(super) title: String,
    /// Where the program is kept: a web address.
    pub(super) source: Option<String>,
    /// The cards, in the order of the menus.
    pub(super) sections: Vec<Section>,
    /// What stands on what: existing images, and everything above them.
    pub(super) tree: Vec<Node>,
    /// Every image of the tree with what it adds, parents first; only where the page has them apart from its cards.
    pub(super) levels: Vec<Level>,
}

/// Cards under one heading.
#[derive(Debug)]
pub(super) struct Section {
    /// Its anchor.
    pub(super) id: &'static str,
    /// Its heading.
    pub(super) title: &'static str,
    /// What the cards are, where the heading does not say it.
    pub(super) note: &'static str,
    /// What one of them is called: `environment`.
    pub(super) noun: &'static str,
    /// The cards.
    pub(super) cards: Vec<Card>,
}

/// An environment, or an image that is on no menu.
#[derive(Debug)]
pub(super) struct Card {
    /// Its anchor.
    pub(super) id: String,
    /// What people call it.
    pub(super) title: String,
    /// What the program calls it.
    pub(super) name: String,
    /// What it is for, one text for each paragraph.
    pub(super) about: Vec<String>,
    /// How the menus offer it; hubs that do it alike share one.
    pub(super) offers: Vec<Offer>,
    /// The values of its axes: `Python` and `3.12, 3.13`.
    pub(super) axes: Vec<Axis>,
    /// Its images.
    pub(super) images: Vec<ImageRow>,
    /// What is inside, from its own layer down to the existing image.
    pub(super) levels: Vec<Level>,
    /// How many packages the levels name, each counted once.
    pub(super) packages: usize,
    /// Where it wants something else than what it stands on.
    pub(super) overrides: Vec<Replaced>,
}

/// How a menu offers an environment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Offer {
    /// The hubs, where the program has several.
    pub(super) hubs: Vec<String>,
    /// Whether it starts where nobody chooses.
    pub(super) default: bool,
    /// `2 to 4 cores`, `1 GPU`.
    pub(super) resources: Vec<String>,
    /// Whose members see it; everybody where empty.
    pub(super) groups: Vec<String>,
    /// The drop-downs.
    pub(super) options: Vec<Choices>,
}

/// A drop-down.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choices {
    /// What the menu calls it.
    pub(super) title: String,
    /// Its lines.
    pub(super) choices: Vec<OneChoice>,
}

/// A line of a drop-down.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OneChoice {
    /// What the menu calls it.
    pub(super) title: String,
    /// What it means, where there is more to say.
    pub(super) notes: Vec<String>,
    /// Whether it is taken where nobody chooses.
    pub(super) default: bool,
}

/// An axis with the values that an environment has.
#[derive(Debug)]
pub(super) struct Axis {
    /// `Python`
    pub(super) name: String,
    /// `3.12`, `3.13`
    pub(super) values: Vec<String>,
}

/// An image that can be pulled.
#[derive(Debug)]
pub(super) struct ImageRow {
    /// Which of several: `py3.12-cuda12`; empty for the only one.
    pub(super) name: String,
    /// Repository; of an image that is not built here, with its tag. The tag that is computed is left out: it would change in every card
    /// with each package of a layer below.
    pub(super) reference: String,
    /// `linux/amd64`
    pub(super) platforms: Vec<String>,
    /// Tags that the program names; what only the build knows stands in `<…>`.
    pub(super) tags: Vec<String>,
}

/// One image of a stack and what it adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// The part of its anchor that is its own.
    pub(super) id: String,
    /// Its name in the program.
    pub(super) name: String,
    /// Whether it existed before: what is inside is what is known of it.
    pub(super) existing: bool,
    /// What it is for, one text for each paragraph.
    pub(super) about: Vec<String>,
    /// Of an existing image: what `FROM` names, by the points of its axes.
    pub(super) references: Vec<Reference>,
    /// The operating system, where known.
    pub(super) os: Option<String>,
    /// The images of a card that it is in, where that is not all of them.
    pub(super) only: String,
    /// What it stands on; empty for an existing image.
    pub(super) below: Vec<Link>,
    /// What it installs.
    pub(super) groups: Vec<Group>,
    /// The card before that has the same level with the same contents: a page of cards shows them there.
    pub(super) same: Option<Link>,
}

/// The reference of an existing image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    /// Repository and tag.
    pub(super) name: String,
    /// `sha256:…`, where the program knows it.
    pub(super) digest: Option<String>,
    /// The point of its axes, where there are several.
    pub(super) only: String,
}

/// The packages of one list, or of several that say the same of all their packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// `conda`
    pub(super) manager: String,
    /// The channel or index, the environment, the fragment that brings it.
    pub(super) notes: Vec<String>,
    /// For which images and platforms all of it is there, where not for all.
    pub(super) only: String,
    /// The packages.
    pub(super) rows: Vec<Row>,
}

/// A package.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Row {
    /// `torch[cuda]`
    pub(super) name: String,
    /// What is known of its version; empty where nothing is.
    pub(super) version: String,
    /// For which images and platforms it is there, where not for all.
    pub(super) only: String,
    /// Marks: `pinned`.
    pub(super) marks: Vec<String>,
    /// Why.
    pub(super) because: Option<String>,
    /// What other managers call it: a search finds it by those names, too.
    pub(super) also: Vec<&'static str>,
    /// Whether a layer above overrides it.
    pub(super) replaced: bool,
    /// Whether there is so much to say that it wants a line of its own.
    pub(super) long: bool,
}

/// A package that replaces what is underneath.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Replaced {
    /// The package.
    pub(super) name: String,
    /// What is wanted of it.
    pub(super) version: String,
    /// The layer that says so.
    pub(super) by: String,
    /// What was there.
    pub(super) before: Vec<Before>,
    /// Why.
    pub(super) because: Option<String>,
    /// In how many of the card's stacks it does.
    pub(super) stacks: usize,
}

/// What a lower layer says of a package.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Before {
    /// The package, as that layer writes it.
    pub(super) name: String,
    /// What is wanted of it.
    pub(super) version: String,
    /// The layer that says so.
    pub(super) by: String,
}

/// A place on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// What it is called.
    pub(super) text: String,
    /// Its anchor; `None` where it has no place of its own.
    pub(super) id: Option<String>,
}

/// An image in the tree. The nodes stand in the order of the page: each before what stands on it.
#[derive(Debug)]
pub(super) struct Node {
    /// Its name in the program.
    pub(super) name: String,
    /// The anchor of what it adds.
    pub(super) id: String,
    /// Whether it existed before.
    pub(super) existing: bool,
    /// The references of an existing image, the cells of one that is built.
    pub(super) notes: Vec<String>,
    /// The cards that offer it.
    pub(super) cards: Vec<Link>,
    /// How many images are underneath.
    pub(super) depth: usize,
    /// Whether the next node stands on it.
    pub(super) opens: bool,
    /// How many of those underneath, and of the roots, have nothing more to come after it.
    pub(super) closes: usize,
}
