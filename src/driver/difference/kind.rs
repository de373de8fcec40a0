//! What has become of something.

/// How something differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is there now.
    Added,
    /// It is gone.
    Removed,
    /// It is another one.
    Changed,
}

impl Kind {
    /// `added`, `removed` or `changed`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}
