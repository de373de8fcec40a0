//! What a step takes from elsewhere: files, images, and the statement that brought it.

use super::{BaseId, CellId};
use crate::base::Place;

/// A statement that brought steps from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// As a reader would say it: `include nvidia.runtime`, `variant cuda12`, `layer root`.
    pub text: String,
    /// Where the included thing is defined.
    pub origin: Place,
}

/// A file that is copied.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalFile {
    /// Relative to the folder of the program.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Whether its owner may execute it.
    pub executable: bool,
}

/// An image that another one takes files from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ImageRef {
    /// A cell of the program; always an earlier one.
    Cell(CellId),
    /// An image that exists.
    Base(BaseId),
    /// A reference as it is: `mambaorg/micromamba:2.8.1@sha256:…`.
    Reference(String),
}
