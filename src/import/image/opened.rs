//! The archives that were opened, and what they hold.

use super::archive::Manifest;
use super::history::Past;
use super::layer::{Layer, Records};
use super::records::Asked;
use crate::base::MemoryFiles;
use crate::diagnostics::Diagnostic;

/// An image that was read from its archive.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Saved {
    /// The archive.
    pub(super) path: String,
    /// What it is called in the program.
    pub(super) name: String,
    pub(super) manifest: Manifest,
    pub(super) diff_ids: Vec<String>,
    pub(super) history: Vec<Past>,
    pub(super) layers: Vec<Layer>,
    /// What was asked for in each layer.
    pub(super) asked: Vec<Asked>,
    /// The records behind the first layer, and at the end.
    pub(super) first: Records,
    pub(super) last: Records,
    /// The Dockerfile, where `BuildKit` kept it.
    pub(super) dockerfile: Option<String>,
}

/// The archives of a request.
#[derive(Debug)]
pub(in crate::import) struct Opened {
    /// The images that they hold.
    pub(in crate::import) saved: Vec<Saved>,
    /// Files of the images that the program needs.
    pub(in crate::import) held: MemoryFiles,
    /// What is wrong with them.
    pub(in crate::import) problems: Vec<Diagnostic>,
}
