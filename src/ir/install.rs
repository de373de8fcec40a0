//! A package list as one step of a Dockerfile: everything rendered, quoting left to the emitter.

use super::{ImageRef, Only, Segments, ShellText};

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
}

/// A tool from another image, there for one step and never in the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The name of the tool: `micromamba`.
    pub name: String,
    /// The image that holds it.
    pub image: ImageRef,
    /// The file in that image.
    pub source: String,
    /// Where the step sees it.
    pub target: String,
}
