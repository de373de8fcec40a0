//! What lists ask for, and what images are known to hold.

use std::ops::{Deref, DerefMut};
use std::rc::Rc;

use super::date::Date;
use crate::base::Place;
use crate::ir::{Ecosystem, Only, Via};
use crate::versions::{Constraint, Problem, Scheme, VersionSet};

/// One entry of one list, in one cell; it dereferences to what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// What it says: entries that are written alike share it.
    pub wanted: Rc<Wanted>,
    /// The platforms it is for.
    pub only: Only,
    /// The entry.
    pub origin: Place,
    /// The constraint within the entry; `None` where nothing is written, or where no edit can change it: a file of another format.
    pub bounds: Option<Place>,
    /// The statement that brought it, where that is not the definition itself: a fragment, a variant, an open layer.
    pub via: Option<Rc<Via>>,
    /// The list in a file that it is a line of; its entry is then in that file.
    pub listed: Option<Listed>,
}

/// What an entry says, wherever it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The word of the list: `pip`, `conda`, `apt`.
    pub manager: Rc<str>,
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// How versions compare there.
    pub scheme: Scheme,
    /// The name as written.
    pub name: String,
    /// The name as the ecosystem compares it: `foo-bar` for `Foo_bar` on `PyPI`.
    pub normal: String,
    /// `[and-cuda]`.
    pub extras: Vec<String>,
    /// What is allowed; any version where empty.
    pub constraint: Constraint,
    /// Known to be there rather than asked for: an entry of `provides`.
    pub provided: bool,
    /// What nothing above may leave: the constraint itself, or for a known version the one after `pin`.
    pub pin: Option<Constraint>,
    /// Whether it overrides what is underneath.
    pub overrides: bool,
    /// The reason given.
    pub because: Option<String>,
    /// The day on which the constraint is to be looked at again.
    pub until: Option<Date>,
    /// Where it comes from.
    pub source: PackageSource,
    /// The index, channel or repository, where the list names one.
    pub index: Option<String>,
    /// The indexes that are asked besides the default one, where the list names some.
    pub besides: Vec<String>,
    /// Where it is installed: `None` for the innermost environment of its kind, else `system` or the name of a conda
    /// environment.
    pub environment: Option<String>,
    /// Installed without its dependencies.
    pub no_deps: bool,
}

/// conda's packages whose releases end in letters, which conda sorts below the release without them: `2025b` of `tzdata` below `2025`,
/// `9e` of `jpeg` below `9`. As of 2026-11, of conda-forge and the defaults.
const WITH_LETTERS: [&str; 6] = ["jpeg", "openssh", "openssl", "tmux", "tzcode", "tzdata"];

impl Package {
    /// An entry of one line, for all platforms.
    #[must_use]
    pub fn new(wanted: Wanted, origin: Place) -> Self {
        Self { wanted: Rc::new(wanted), only: None, origin, bounds: None, via: None, listed: None }
    }

    /// The same in an environment, where one is named.
    #[must_use]
    pub fn within(mut self, environment: Option<&str>) -> Self {
        if let Some(name) = environment {
            self.environment = Some(name.to_owned());
        }
        self
    }
}

impl Deref for Package {
    type Target = Wanted;
    fn deref(&self) -> &Wanted {
        &self.wanted
    }
}

impl DerefMut for Package {
    /// A change of one entry is one of this entry alone.
    fn deref_mut(&mut self) -> &mut Wanted {
        Rc::make_mut(&mut self.wanted)
    }
}

/// Characters that are in no name of Debian's packages: apt takes a word that has one for a pattern of names.
#[must_use]
pub fn of_patterns(c: char) -> bool {
    "^$*?[|".contains(c)
}

impl Wanted {
    /// Whether it stands for all packages of apt that it fits: `^libgdal[0-9]+$`, `libglew2.*`.
    #[must_use]
    pub fn is_pattern(&self) -> bool {
        self.ecosystem == "apt" && self.name.contains(of_patterns)
    }

    /// The versions of it that fulfil a constraint.
    ///
    /// # Errors
    /// Says what of the constraint can't be read.
    pub fn versions(&self, constraint: &Constraint) -> Result<VersionSet, Problem> {
        let set = self.scheme.set(constraint)?;
        Ok(if self.has_letters() { set.with_letters() } else { set })
    }

    /// Whether its releases end in letters that conda sorts as pre-releases.
    #[must_use]
    pub fn has_letters(&self) -> bool {
        self.scheme == Scheme::Conda && WITH_LETTERS.contains(&self.normal.as_str())
    }
}

/// What is to be known of a package that a file asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The statement that names the file.
    pub statement: Place,
    /// Whether the file holds exact versions with checksums: nobody writes such a line by hand.
    pub locked: bool,
}

/// Where a package comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageSource {
    /// The manager's index.
    Index,
    /// A git repository.
    Git {
        /// The address.
        url: String,
        /// Branch, tag or commit.
        rev: Option<String>,
        /// The folder in it.
        subdirectory: Option<String>,
    },
    /// An archive.
    Url {
        /// The address.
        url: String,
        /// The checksum, in hexadecimal.
        sha256: Option<String>,
    },
    /// A file of the project.
    Path(String),
    /// The version is what a command prints at build time.
    Resolved(String),
}

/// Something that must hold underneath.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// What.
    pub kind: RequirementKind,
    /// Where it is written.
    pub origin: Place,
    /// The definition that says so.
    pub from: String,
    /// The platforms it is for.
    pub only: Only,
    /// How many of the cell's own packages stand before it: with all that is in the parent, they are underneath.
    pub packages_before: usize,
    /// How many of the cell's own members stand before it.
    pub members_before: usize,
}

/// What must hold underneath.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequirementKind {
    /// `os "ubuntu 24.04"`
    Os(String),
    /// `platform "linux/amd64"`
    Platform(String),
    /// `command "git"`: a program on the `PATH`.
    Command(String),
    /// `python >=3.10`: the interpreter.
    Python(Constraint),
    /// Any other package.
    Package(Box<Package>),
    /// `after grid-security`: where both are in one stack, this one comes later.
    After(String),
}
