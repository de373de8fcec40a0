//! The schemes: which rules a package manager's versions follow.

/// A version scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Python's: PEP 440.
    Pep440,
    /// conda's.
    Conda,
    /// Debian's and Ubuntu's.
    Debian,
    /// RPM's.
    Rpm,
    /// npm's: Semantic Versioning.
    Npm,
    /// Julia's.
    Julia,
    /// R's.
    R,
}
