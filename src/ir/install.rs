//! A package list as one step of a Dockerfile: everything rendered, quoting left to the emitter.

use std::rc::Rc;

use crate::base::Place;

use super::{ImageRef, LocalFile, Lockable, Only, Segments, ShellText};

/// One solve of one manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install {
    /// The word of the list: `pip`.
    pub manager: String,
    /// Tools mounted for this step.
    pub mounts: Vec<Mount>,
    /// Shell commands before, in the same layer.
    pub before: Vec<ShellText>,
    /// `mamba install --yes`.
    pub command: ShellText,
    /// Further options, in order: `--index-url` and the address as a word.
    pub flags: Vec<ShellText>,
    /// The words of the packages, in order.
    pub items: Vec<InstallItem>,
    /// Shell commands after, in the same layer: what the list says after `then`, `finish`, clean-up.
    pub after: Vec<ShellText>,
    /// How many of the last commands in `after` follow each command of this manager, whatever it installs: `finish`, clean-up.
    pub clean: usize,
    /// How the packages are installed from a lock; `None` where no lock has them.
    pub locked: Option<LockedWords>,
}

/// What is written in place of the packages of a list where a lock has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedWords {
    /// What the packages are from.
    pub lockable: Lockable,
    /// What comes before the path of a list with checksums: `--no-deps --require-hashes --requirement`.
    pub list: ShellText,
    /// What comes before packages that no index has: `--no-deps`.
    pub alone: Option<ShellText>,
    /// Options that name indexes.
    pub index: Vec<ShellText>,
    /// Whether the indexes are asked besides the default one.
    pub besides: bool,
    /// The other options of the list.
    pub flags: Vec<ShellText>,
    /// What its own mounts are for: a list in a file, as the program names it.
    pub listed: Option<Place>,
}

/// A list of packages with their checksums, written beside the Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedList {
    /// Its path, relative to the folder of the program; axes in it are those that its contents depend on.
    pub path: Segments,
    /// Its lines.
    pub lines: String,
}

/// One word of the command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallItem {
    /// The word, not yet quoted.
    pub word: Rc<Segments>,
    /// Why it is there: a comment beside it.
    pub reason: Option<String>,
    /// The platforms it is for.
    pub only: Only,
    /// The entry.
    pub origin: Place,
}

/// A file that is there for one step and never in the image: a bind mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The name of the tool (`micromamba`), or of the list that is read.
    pub name: String,
    /// Where it comes from.
    pub source: MountSource,
    /// Where the step sees it.
    pub target: String,
}

impl Mount {
    /// Where a step has a program of another image, so that it finds it by its name: where it is there if that is in a folder of
    /// every `PATH` (`login.defs` of Debian and Red Hat), else in `/usr/local/bin`.
    #[must_use]
    pub fn found_by_name(path: &str) -> String {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let in_path = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"].contains(&folder);
        if in_path { path.to_owned() } else { format!("/usr/local/bin/{name}") }
    }
}

/// Where a mounted file comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountSource {
    /// Another image: a tool.
    Image {
        /// The image.
        image: ImageRef,
        /// The path in it.
        path: String,
    },
    /// A file of the project, relative to the folder of the program: a list of requirements.
    File(LocalFile),
    /// A file or a folder of the project that a step names.
    Local {
        /// Its path, relative to the folder of the program.
        path: String,
        /// The files that it is or holds, sorted by path.
        files: Vec<LocalFile>,
    },
    /// A file at an address, for a manager that takes packages from files alone.
    Download {
        /// The address.
        url: String,
        /// Its checksum, in hexadecimal.
        sha256: Option<String>,
    },
    /// A list of packages from a lock.
    List(Rc<LockedList>),
    /// A secret of whoever builds; its value is in no file of the build.
    Secret(Secret),
}

/// A secret that a build needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// The variable that holds it in the step; without one, the step reads the file.
    pub variable: Option<String>,
    /// What the GitHub secret and the variable of the environment are called in which the build is started.
    pub from: String,
}

impl Secret {
    /// What [`Self::may_be_called`] asks for, in words.
    pub const NAMES: &str = "letters, digits and `_`, at most 1,000, no digit first, not beginning with `GITHUB_`";
    /// Letters of the longest name. GitHub names no limit; the name is a key of the workflow, and YAML's simple keys end after 1,024
    /// (YAML 1.2.2, section 8.2.2).
    const LONGEST: usize = 1_000;

    /// Whether GitHub, a shell and YAML take a name for a secret (GitHub's "Secrets reference", "Naming your secrets").
    #[must_use]
    pub fn may_be_called(name: &str) -> bool {
        let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
        letters && (1..=Self::LONGEST).contains(&name.len()) && !name.to_ascii_uppercase().starts_with("GITHUB_")
    }

    /// A name for a finding: its beginning, without control characters.
    #[must_use]
    pub fn shown(name: &str) -> String {
        let short: String = name.chars().take(60).collect();
        format!("{}{}", short.escape_debug(), if short.len() < name.len() { "…" } else { "" })
    }
}
