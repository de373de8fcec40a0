//! A file that the compiler writes.

pub use crate::base::MARK;

/// A file: its path relative to the folder of the program, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// `images/base/Dockerfile`.
    pub path: String,
    /// The whole content.
    pub text: String,
    /// Whether it is a script that people run.
    pub executable: bool,
}
