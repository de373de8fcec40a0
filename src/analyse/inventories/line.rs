//! One package of an inventory.

/// A package that a file says is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FactLine {
    /// `pypi`, `conda`, `apt`, `rpm`, `cran`, `npm`.
    pub(crate) ecosystem: &'static str,
    /// Its name.
    pub(crate) name: String,
    /// Its version, where the file has one.
    pub(crate) version: Option<String>,
    /// conda's build string.
    pub(crate) build: Option<String>,
    /// conda's channel.
    pub(crate) channel: Option<String>,
}
