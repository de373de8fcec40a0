//! What a new program is made from.

/// What a first program is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answers {
    pub(super) name: String,
    pub(super) registry: String,
    pub(super) source: Option<String>,
    pub(super) base: crate::cli::args::PublishedImage,
    pub(super) workflow: bool,
    pub(super) pre_commit: bool,
}
