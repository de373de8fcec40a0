//! What is done to an image, one instruction or a few each.

use std::rc::Rc;

use super::references::{ImageRef, LocalFile, Via};
use super::{Account, Expandable, Install, Mount, MountSource, Only, Script, Secret};
use crate::base::Place;

/// One step of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// Who does it, for steps that run something.
    pub run_as: RunAs,
    /// The platforms it is for.
    pub only: Only,
    /// Where it is written.
    pub origin: Place,
    /// The statement that brought it, where that is not the definition itself: a fragment, a variant, an open layer.
    pub via: Option<Rc<Via>>,
    /// The comment to stand above it: the documentation (`##`) of the list or step.
    pub comment: Option<String>,
}

impl Step {
    /// What is mounted for it.
    #[must_use]
    pub fn mounts(&self) -> &[Mount] {
        match &self.kind {
            StepKind::Install(install) => &install.mounts,
            StepKind::Run(run) => &run.mounts,
            StepKind::Build(build) => &build.mounts,
            _ => &[],
        }
    }

    /// The images that it takes from.
    pub fn images(&self) -> impl Iterator<Item = &ImageRef> {
        let copied = if let StepKind::Copy(Copy { source: CopySource::Image { image, .. }, .. }) = &self.kind { Some(image) } else { None };
        let mounted =
            self.mounts().iter().filter_map(|mount| if let MountSource::Image { image, .. } = &mount.source { Some(image) } else { None });
        copied.into_iter().chain(mounted)
    }

    /// The files of the project that it takes.
    pub fn files(&self) -> impl Iterator<Item = &LocalFile> {
        let copied: &[LocalFile] =
            if let StepKind::Copy(Copy { source: CopySource::Local { files, .. }, .. }) = &self.kind { files } else { &[] };
        let mounted = self.mounts().iter().flat_map(|mount| match &mount.source {
            MountSource::File(file) => std::slice::from_ref(file),
            MountSource::Local { files, .. } => files,
            MountSource::Image { .. } | MountSource::Download { .. } | MountSource::List(_) | MountSource::Secret(_) => &[],
        });
        copied.iter().chain(mounted)
    }

    /// What it copies of the project that may become more files.
    #[must_use]
    pub fn growing(&self) -> &[Growing] {
        if let StepKind::Copy(Copy { source: CopySource::Local { growing, .. }, .. }) = &self.kind { growing } else { &[] }
    }

    /// Whether it mounts the whole project.
    #[must_use]
    pub fn mounts_project(&self) -> bool {
        self.mounts().iter().any(|mount| matches!(&mount.source, MountSource::Local { path, .. } if path.is_empty()))
    }

    /// The secrets that it is given: the name of each, and the secret.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.mounts().iter().filter_map(|mount| match &mount.source {
            MountSource::Secret(secret) => Some((mount.name.as_str(), secret)),
            _ => None,
        })
    }
}

/// Who runs a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunAs {
    /// The superuser.
    Root,
    /// The account that the image runs as at that point.
    User,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// A package list.
    Install(Install),
    /// A shell step.
    Run(Run),
    /// Sources fetched, built and removed in one layer.
    Build(SourceBuild),
    /// Folders that the program asks for, or that the steps behind it put files into.
    Folders(Folders),
    /// Files of the project or of another image.
    Copy(Copy),
    /// A download.
    Fetch(Fetch),
    /// Environment variables, in order. No value uses a name that the same list sets.
    Env(Vec<(String, Expandable)>),
    /// A path-like variable.
    Path {
        /// Its name: `PATH`.
        variable: String,
        /// Whether the entries come before what is there.
        prepend: bool,
        /// The entries, in order.
        entries: Vec<Expandable>,
        /// Whether the whole stack is known not to have set it, so that the plain value can be written.
        first: bool,
    },
    /// A build argument; visible at run time, too, where `env` is set.
    Arg {
        /// Its name.
        name: String,
        /// Its default.
        value: Option<String>,
        /// Whether it is an environment variable as well.
        env: bool,
    },
    /// The account, from here on.
    User(Account),
    /// The working directory.
    Workdir(Expandable),
    /// The shell of later steps.
    Shell(Vec<String>),
    /// A port: `8888` or `8888/tcp`.
    Expose(String),
    /// The entrypoint, in exec form.
    Entrypoint(Vec<String>),
    /// The command, in exec form.
    Cmd(Vec<String>),
    /// The health check.
    Healthcheck(Healthcheck),
    /// A label.
    Label {
        /// Its key.
        key: String,
        /// Its value.
        value: String,
    },
}

impl StepKind {
    /// Whether it runs a command while the image is built.
    #[must_use]
    pub fn runs(&self) -> bool {
        match self {
            Self::Install(_) | Self::Run(_) | Self::Build(_) | Self::Folders(_) => true,
            Self::Fetch(fetch) => fetch.unpack.is_some(),
            Self::Copy(copy) => copy.tree || matches!(copy.source, CopySource::Text(_)),
            _ => false,
        }
    }
}

/// A shell step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The shell text.
    pub script: Script,
    /// The folder it runs in.
    pub directory: Option<Expandable>,
    /// Tools mounted for it.
    pub mounts: Vec<Mount>,
    /// Shell commands after it in the same layer.
    pub after: Vec<String>,
}

/// Sources that are fetched, built and removed in one layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceBuild {
    /// Where they come from.
    pub source: BuildSource,
    /// Where that is written.
    pub origin: Place,
    /// The scripts that run in their folder, in order.
    pub scripts: Vec<Script>,
    /// Tools mounted for it.
    pub mounts: Vec<Mount>,
}

/// Where sources come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildSource {
    /// A git repository at a commit, tag or branch.
    Git {
        /// The address.
        url: String,
        /// Branch, tag or commit.
        rev: String,
    },
    /// An archive.
    Url {
        /// The address.
        url: String,
        /// The checksum, in hexadecimal.
        sha256: Option<String>,
    },
}

/// Folders that are made where they are missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// Their paths.
    pub paths: Vec<Expandable>,
    /// Whether a new one belongs to the account although root makes it.
    pub owned: bool,
    /// Their mode.
    pub mode: Option<u32>,
    /// Whether the program asks for them: one that is there gets the owner and the mode, too.
    pub asked: bool,
}

/// Files that are copied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Where they come from.
    pub source: CopySource,
    /// Where they go; ends in `/` where it is a folder.
    pub to: Expandable,
    /// Whether they belong to the account rather than to root.
    pub owned: bool,
    /// The mode, such as `0o755`.
    pub mode: Option<u32>,
    /// Whether it is one folder of the project whose own folders must not get the mode.
    pub tree: bool,
}

/// What a step takes of the project that may become more files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Growing {
    /// The pattern or the path; empty for the whole project.
    pub path: String,
    /// The paths of the files that it is now, sorted.
    pub files: Vec<String>,
}

/// Where copied files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CopySource {
    /// Paths of the project, relative to its folder.
    Local {
        /// The paths or globs as `COPY` takes them, relative to the folder of the program.
        paths: Vec<String>,
        /// Whether a missing file is fine.
        optional: bool,
        /// The files that they are now, sorted by path.
        files: Vec<LocalFile>,
        /// What may become more files: patterns, optional paths where nothing is, and the whole project as an empty text.
        growing: Vec<Growing>,
    },
    /// Paths in another image.
    Image {
        /// The image.
        image: ImageRef,
        /// Absolute paths in it.
        paths: Vec<String>,
    },
    /// A text of the program: each of its lines gets a line end, and an empty text makes an empty file.
    Text(String),
}

/// The mode of a download or of a text that says none.
pub const FILE_MODE: u32 = 0o644;

/// A download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// The address.
    pub url: String,
    /// The checksum, in hexadecimal.
    pub sha256: Option<String>,
    /// Where it goes; ends in `/` where it is a folder.
    pub to: Expandable,
    /// Whether it belongs to the account rather than to root.
    pub owned: bool,
    /// The mode, such as `0o755`.
    pub mode: Option<u32>,
    /// Where it is an archive to be unpacked: how many leading folders are dropped.
    pub unpack: Option<u32>,
}

/// A health check; durations in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Healthcheck {
    /// The command, in exec form.
    pub command: Vec<String>,
    /// Between two checks.
    pub interval: Option<u64>,
    /// Until a check has failed.
    pub timeout: Option<u64>,
    /// After the start, before failures count.
    pub start_period: Option<u64>,
    /// Failures in a row until the container is unhealthy.
    pub retries: Option<u32>,
}
