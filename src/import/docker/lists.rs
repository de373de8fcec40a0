//! Commands that install packages, as lists of the language.

mod apt;
mod conda;
mod pip;
mod r;

use std::sync::Arc;

use super::command::Command;
use crate::base::Place;
use crate::import::RemarkKind;
use crate::import::quoted;
use crate::syntax::words::is_standard_manager;

/// A package list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// The manager: `conda`.
    pub(super) manager: &'static str,
    /// The program, where it is not the one that the manager runs: `micromamba`.
    pub(super) tool: Option<&'static str>,
    /// Flags that the language has no word for, sorted.
    pub(super) flags: Vec<String>,
    /// Words before the braces, as the language writes them.
    pub(super) options: Vec<String>,
    /// The entries.
    pub(super) items: Vec<Item>,
    /// Programs of other images that are mounted: the image, and the path.
    pub(super) tools: Vec<(String, String)>,
    /// The file that holds them, where it is not read in: its path in the image, and its text.
    pub(super) file: Option<(String, Arc<str>)>,
}

/// An entry of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Item {
    /// As the language writes it; empty for comments at the end.
    pub(super) text: String,
    /// Comments above it.
    pub(super) comments: Vec<String>,
    /// Why it is there.
    pub(super) because: Option<String>,
    /// What is to be said of it, and of which instruction.
    pub(super) notes: Vec<(RemarkKind, Place, String)>,
    /// Where its word is in the command; `None` for one from a file.
    pub(super) at: Option<usize>,
}

impl List {
    /// The environment of conda that it is for: `env work`.
    pub(super) fn environment(&self) -> Option<&str> {
        self.options.iter().map(String::as_str).find(|option| option.starts_with("env "))
    }
}

impl Item {
    fn at(text: String, at: usize) -> Self {
        Self { text, at: Some(at), ..Self::default() }
    }
}

/// What a command is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// It installs packages: usually one list, of an environment file two. What is to be said of them comes along.
    Lists(Vec<List>, Vec<(RemarkKind, String)>),
    /// It does what the compiler does of its own accord.
    Written,
    /// Something else.
    Other,
}

/// The text of a file of the image that comes from the context.
pub(super) type Lookup<'l> = &'l dyn Fn(&str) -> Option<Arc<str>>;

/// Reads a command.
pub(super) fn read(command: &Command, lookup: Lookup<'_>) -> Read {
    let quiet = |operator: &str| operator.starts_with('>') || operator.starts_with("&>");
    let mistaken =
        command.redirects.iter().find(|(_, word)| word.text.starts_with('=') || word.text.starts_with(|c: char| c.is_ascii_digit()));
    let shown = |(operator, word): &(String, super::command::Word)| {
        let before = command.words.iter().rev().find(|one| one.range.end <= word.range.start).map_or("", |one| one.text.as_str());
        format!("{before}{operator}{}", word.text)
    };
    let bound = mistaken.filter(|(operator, word)| operator == ">" && word.text.starts_with('='));
    if !command.redirects.iter().all(|(operator, _)| quiet(operator)) || !command.assigned.iter().all(|(name, _)| is_harmless(name)) {
        return Read::Other;
    }
    let texts = command.texts();
    let inner = texts.first().and_then(|program| within(program));
    let computed = |text: &&str| text.contains("$(");
    if texts.iter().any(computed) && !matches!(texts.first(), Some(&("conda" | "mamba" | "micromamba" | "pip" | "pip3"))) {
        return Read::Other;
    }
    let read = match texts.as_slice() {
        ["apt-get" | "apt" | "aptitude", ..] => apt::apt(command),
        ["dnf" | "yum" | "microdnf", ..] => apt::dnf(command),
        // dnf itself fails where a package is missing.
        ["rpm", "-V" | "--verify", ..] => Read::Written,
        ["rm", rest @ ..] if rest.iter().all(|path| is_cache(path)) => Read::Written,
        ["pip" | "pip3", ..] => pip::read(command, 1, None, lookup),
        ["python" | "python3", "-m", "pip", ..] => pip::read(command, 3, None, lookup),
        ["conda" | "mamba" | "micromamba", "run", "-n" | "--name", name, "pip", ..] => {
            in_environment(pip::read(command, 5, None, lookup), name)
        }
        ["conda" | "mamba" | "micromamba", "run", "-n" | "--name", name, "python", "-m", "pip", ..] => {
            in_environment(pip::read(command, 7, None, lookup), name)
        }
        [_, "-m", "pip", ..] if inner.is_some_and(|(_, program)| program.starts_with("python")) => {
            in_environment(pip::read(command, 3, None, lookup), inner.map_or("", |(name, _)| name))
        }
        [_, ..] if inner.is_some_and(|(_, program)| program.starts_with("pip")) => {
            in_environment(pip::read(command, 1, None, lookup), inner.map_or("", |(name, _)| name))
        }
        ["uv", "pip", ..] => pip::read(command, 2, Some("uv pip"), lookup),
        ["conda" | "mamba" | "micromamba", ..] => conda::read(command, lookup),
        ["install2.r" | "R" | "Rscript", ..] => r::read(command),
        ["npm", ..] => npm(command),
        _ => Read::Other,
    };
    match (read, bound) {
        (Read::Lists(lists, mut notes), Some(bound)) => {
            let words = shown(bound);
            let file = &bound.1.text;
            notes.push((RemarkKind::Mistake, format!("`{words}` without quotes was no bound: the shell wrote a file `{file}`")));
            Read::Lists(lists, notes)
        }
        (read, _) => read,
    }
}

/// A program of an environment of conda: the environment, and the program.
fn within(path: &str) -> Option<(&str, &str)> {
    let rest = ["/opt/conda/envs/", "${CONDA_DIR}/envs/"].iter().find_map(|folder| path.strip_prefix(folder))?;
    rest.split_once("/bin/").filter(|(name, _)| !name.contains('/'))
}

/// Whether the language can name an environment so.
fn is_environment(text: &str) -> bool {
    name(text) == text && !text.contains('.')
}

/// Lists of an environment of its own.
fn in_environment(read: Read, name: &str) -> Read {
    let Read::Lists(mut lists, notes) = read else { return read };
    if !is_environment(name) {
        return Read::Other;
    }
    for list in &mut lists {
        list.options.push(format!("env {}", self::name(name)));
    }
    Read::Lists(lists, notes)
}

/// `pandas=$(cat version)`: a package whose version a command prints.
fn resolved(spec: &str, operator: &str) -> Option<String> {
    let (package, rest) = spec.split_once(operator)?;
    let command = rest.strip_prefix("$(")?.strip_suffix(')')?;
    let plain = package.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    (plain && name(package) == package).then(|| format!("{package} resolved {}", quoted(command)))
}

/// Whether a variable that is set for a command changes nothing of what it installs.
pub(super) fn is_harmless(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "DEBIAN_FRONTEND",
        "DEBCONF_NONINTERACTIVE_SEEN",
        "MAMBA_ALWAYS_YES",
        "CONDA_ALWAYS_YES",
        "MAMBA_NO_BANNER",
        "PIP_NO_CACHE_DIR",
        "PIP_DISABLE_PIP_VERSION_CHECK",
        "PIP_ROOT_USER_ACTION",
        "PYTHONDONTWRITEBYTECODE",
    ];
    NAMES.contains(&name)
}

/// Whether `rm` of a path is what the compiler writes behind a list: an option, or a folder of a manager's own.
pub(super) fn is_cache(path: &str) -> bool {
    const CACHES: [&str; 10] = [
        "/tmp/Rtmp",
        "/var/lib/apt/lists/",
        "/var/lib/apt/lists",
        "/var/cache/apt/",
        "/var/cache/apt",
        "/var/cache/apt/archives",
        "/var/cache/dnf",
        "/var/cache/yum",
        "/root/.cache/pip",
        "~/.cache/pip",
    ];
    path.starts_with('-') || CACHES.contains(&path.trim_end_matches('*'))
}

/// A name as the language writes it: in quotes where it is a word of the language, or has other letters.
pub(super) fn name(name: &str) -> String {
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
    if plain && !WORDS.contains(&name) && !is_standard_manager(name) { name.to_owned() } else { quoted(name) }
}

/// A name and what is asked of it.
fn entry(package: &str, rest: &str) -> String {
    let package = name(package);
    if rest.is_empty() { package } else { format!("{package} {rest}") }
}

/// `npm install --global`
fn npm(command: &Command) -> Read {
    let mut list = List { manager: "npm", ..List::default() };
    let (mut global, mut verb) = (false, false);
    for word in command.words.iter().skip(1) {
        match word.text.as_str() {
            "install" | "i" | "add" if !verb => verb = true,
            "cache" if !verb => return Read::Written,
            "-g" | "--global" | "--location=global" => global = true,
            "--no-audit" | "--no-fund" | "--silent" | "-s" | "--quiet" | "--unsafe-perm" => {}
            option if option.starts_with('-') => return Read::Other,
            package if !verb || package.starts_with('.') || package.contains(':') => return Read::Other,
            package => {
                let at = package.rfind('@').filter(|at| *at > 0);
                let (name, version) =
                    at.map_or((package, ""), |at| (package.get(..at).unwrap_or(package), package.get(at + 1..).unwrap_or("")));
                if name.contains('/') && !name.starts_with('@') {
                    return Read::Other;
                }
                let constraint = match version {
                    "latest" => String::new(),
                    version => match crate::shell::npm(version) {
                        Some(constraint) => constraint.to_string(),
                        None => return Read::Other,
                    },
                };
                list.items.push(Item::at(entry(name, &constraint), word.range.start));
            }
        }
    }
    if global && !list.items.is_empty() { Read::Lists(vec![list], Vec::new()) } else { Read::Other }
}
