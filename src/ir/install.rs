//! A package list as one step of a Dockerfile: everything rendered, quoting left to the emitter.

use crate::base::Place;

use super::{ImageRef, LocalFile, Only, Segments, ShellText};

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
}

/// One word of the command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstallItem {
    /// The word, not yet quoted.
    pub word: Segments,
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
