//! What a new program is made from.

/// What a first program is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answers {
    pub(super) name: String,
    pub(super) registry: String,
    pub(super) source: Option<String>,
    pub(super) base: crate::cli::args::PublishedImage,
    pub(super) workflow: bool,
    /// The folder of the program in its repository; empty for its top.
    pub(super) below: String,
    /// The branch that images are pushed from, where it is not `main`.
    pub(super) branch: Option<&'static str>,
    pub(super) pre_commit: bool,
}
