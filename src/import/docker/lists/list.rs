//! What a command of a package manager installs.

use std::sync::Arc;

use crate::base::Place;
use crate::import::{RemarkKind, quoted};
use crate::syntax::words::{is_file_of_packages, is_standard_manager};

/// A package list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::import::docker) struct List {
    /// The manager: `conda`.
    pub(in crate::import::docker) manager: &'static str,
    /// The program, where it is not the one that the manager runs: `micromamba`, or where it is: `/tmp/bin/micromamba`.
    pub(in crate::import::docker) tool: Option<String>,
    /// Flags that the language has no word for, sorted.
    pub(in crate::import::docker) flags: Vec<String>,
    /// Words before the braces, as the language writes them.
    pub(in crate::import::docker) options: Vec<String>,
    /// The entries.
    pub(in crate::import::docker) items: Vec<Item>,
    /// Programs of other images that are mounted: the image, and the path.
    pub(in crate::import::docker) tools: Vec<(String, String)>,
    /// The file that holds them, where it is not read in: its path in the image, and its text.
    pub(in crate::import::docker) file: Option<(String, Arc<str>)>,
    /// What its command does with the environment that it is for.
    pub(in crate::import::docker) makes: Makes,
}

/// What a command of conda does with an environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::import::docker) enum Makes {
    /// Installs to it: it must be there.
    #[default]
    Nothing,
    /// Makes it where it is not there: `conda env update`.
    Missing,
    /// Makes it anew.
    Environment,
}

/// An entry of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::import::docker) struct Item {
    /// As the language writes it; empty for comments at the end.
    pub(in crate::import::docker) text: String,
    /// Comments above it.
    pub(in crate::import::docker) comments: Vec<String>,
    /// Why it is there.
    pub(in crate::import::docker) because: Option<String>,
    /// What is to be said of it, and of which instruction.
    pub(in crate::import::docker) notes: Vec<(RemarkKind, Place, String)>,
    /// Where its word is in the command; `None` for one from a file.
    pub(in crate::import::docker) at: Option<usize>,
    /// The file that it is, as the command names it, and its extras: its text is not made yet.
    pub(in crate::import::docker) file: Option<(String, String)>,
}

impl List {
    /// The environment of conda that it is for: `env work`.
    pub(in crate::import::docker) fn environment(&self) -> Option<&str> {
        self.options.iter().map(String::as_str).find(|option| option.starts_with("env "))
    }
}

impl List {
    /// Whether commands can go behind it in the same layer: they stand behind its braces.
    pub(in crate::import::docker) fn takes_commands(&self) -> bool {
        self.file.is_none() && !self.items.is_empty()
    }
}

impl Item {
    pub(super) fn at(text: String, at: usize) -> Self {
        Self { text, at: Some(at), ..Self::default() }
    }

    /// A package that is a file or a folder.
    pub(super) fn of_file(path: &str, extras: &str, at: usize) -> Self {
        Self { file: Some((path.to_owned(), extras.to_owned())), ..Self::at(String::new(), at) }
    }
}

/// What a command is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::import::docker) enum Read {
    /// It installs packages: usually one list, of an environment file two. What is to be said of them comes along.
    Lists(Vec<List>, Vec<(RemarkKind, String)>),
    /// It does what the compiler does of its own accord.
    Written,
    /// Something else.
    Other,
}

/// The text of a file of the image that comes from the context.
pub(in crate::import::docker) type Lookup<'l> = &'l dyn Fn(&str) -> Option<Arc<str>>;

/// `pandas=$(cat version)`: a package whose version a command prints.
pub(super) fn resolved(spec: &str, operator: &str) -> Option<String> {
    let (package, rest) = spec.split_once(operator)?;
    let command = rest.strip_prefix("$(")?.strip_suffix(')')?;
    let plain = package.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    (plain && name(package) == package).then(|| format!("{package} resolved {}", quoted(command)))
}

/// A name as the language writes it: in quotes where it is a word of the language, looks like a file, or has other letters.
pub(in crate::import::docker) fn name(name: &str) -> String {
    const WORDS: [&str; 14] = [
        "because",
        "until",
        "pin",
        "override",
        "git",
        "rev",
        "subdirectory",
        "url",
        "sha256",
        "path",
        "resolved",
        "enable",
        "true",
        "false",
    ];
    let plain = name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    let other = WORDS.contains(&name) || is_standard_manager(name) || is_file_of_packages(name);
    if plain && !other { name.to_owned() } else { quoted(name) }
}

/// A name and what is asked of it.
pub(super) fn entry(package: &str, rest: &str) -> String {
    let package = name(package);
    if rest.is_empty() { package } else { format!("{package} {rest}") }
}

/// Whether the language can name an environment so.
pub(in crate::import::docker) fn is_environment(text: &str) -> bool {
    name(text) == text && !text.contains('.')
}
