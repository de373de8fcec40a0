//! A package list as one step of a Dockerfile: everything rendered, quoting left to the emitter.

use super::{ImageRef, Only, Segments};

/// One solve of one manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install {
    /// The word of the list: `pip`.
    pub manager: String,
    /// Tools mounted for this step.
    pub mounts: Vec<Mount>,
    /// Shell commands before, as they are.
    pub before: Vec<String>,
    /// `mamba install --yes`, with its options; shell text, as it is.
    pub command: String,
    /// Further options, each a shell fragment whose values are quoted already: `--index-url 'https://…'`.
    pub flags: Vec<String>,
    /// The words of the packages, in order.
    pub items: Vec<InstallItem>,
    /// Shell commands after, in the same layer: what the list says after `then`, `finish`, clean-up.
    pub after: Vec<String>,
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
