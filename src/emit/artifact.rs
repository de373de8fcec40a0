//! A file that the compiler writes.

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

/// Every emitted file of a kind with comments has this in its first lines: by it the compiler knows what it wrote.
pub const MARK: &str = "Written by jenvc from ";
