//! A package that a command installs.

use std::ops::Range;

use super::manager::Manager;
use super::named::Named;

/// Where a command installs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The environment whose programs are found first.
    Active,
    /// conda's own environment.
    Base,
    /// An environment of conda's, by its name.
    Environment(String),
    /// A prefix; it may begin with a variable.
    Prefix(String),
    /// A place that no list installs to.
    Elsewhere,
}

impl Target {
    /// An environment of conda's that is named, or whose prefix is.
    pub(in crate::shell) fn environment(name: &str) -> Self {
        match name {
            "base" => Self::Base,
            "" => Self::Active,
            path if path.contains('/') => Self::Prefix(path.to_owned()),
            name if name.contains('$') => Self::Elsewhere,
            name => Self::Environment(name.to_owned()),
        }
    }

    /// Where a program installs to that is called by its path.
    pub(in crate::shell) fn of_path(word: &str) -> Option<Self> {
        let word = word.trim_matches(['"', '\'']);
        let (folder, _) = word.rsplit_once('/')?;
        Some(folder.strip_suffix("/bin").map_or(Self::Elsewhere, |prefix| Self::Prefix(prefix.to_owned())))
    }
}

/// A command that installs packages. Those of pip may name none in plain words: `pip install -r list.txt`.
#[derive(Clone, Debug)]
pub(crate) struct Install {
    /// The manager.
    pub(crate) manager: &'static Manager,
    /// The packages that it names in plain words.
    pub(crate) packages: Vec<Named>,
    /// Files, addresses and variables that it gets packages from, in bytes of the script.
    pub(crate) unread: Vec<Range<usize>>,
    /// Where they go.
    pub(crate) target: Target,
    /// The index or channel that it names.
    pub(crate) index: Option<String>,
    /// Whether it installs them without what they need.
    pub(crate) no_deps: bool,
    /// The variable that names constraint files to the program.
    pub(crate) variable: &'static str,
    /// Whether it runs whenever the script does.
    pub(crate) certain: bool,
    /// Whether a list does the same: nothing but the packages and options that say nothing.
    pub(crate) plain: bool,
}

impl Install {
    /// Where its packages are named, from the first to the last.
    pub(crate) fn range(&self) -> Option<Range<usize>> {
        let all = || self.packages.iter().map(|named| &named.range).chain(&self.unread);
        Some(all().map(|range| range.start).min()?..all().map(|range| range.end).max()?)
    }
}
