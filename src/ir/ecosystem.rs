//! Where packages come from.

use std::fmt;
use std::ops::Deref;

/// A world of packages with one way to name them; it dereferences to its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ecosystem {
    /// Debian's and Ubuntu's.
    Apt,
    /// conda's.
    Conda,
    /// R's, on CRAN.
    Cran,
    /// Julia's.
    Julia,
    /// Those of Node.
    Npm,
    /// Python's, on `PyPI`.
    Pypi,
    /// Those of Fedora, Red Hat and their kin.
    Rpm,
}

impl Ecosystem {
    /// All of them, by name.
    pub const ALL: [Self; 7] = [Self::Apt, Self::Conda, Self::Cran, Self::Julia, Self::Npm, Self::Pypi, Self::Rpm];

    /// The one that a name is.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == name)
    }

    /// Whether Python's packages come from it.
    #[must_use]
    pub fn is_python(self) -> bool {
        matches!(self, Self::Conda | Self::Pypi)
    }

    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Apt => "apt",
            Self::Conda => "conda",
            Self::Cran => "cran",
            Self::Julia => "julia",
            Self::Npm => "npm",
            Self::Pypi => "pypi",
            Self::Rpm => "rpm",
        }
    }
}

impl Deref for Ecosystem {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Ecosystem {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Ecosystem {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Ecosystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<Ecosystem> for String {
    fn from(ecosystem: Ecosystem) -> Self {
        ecosystem.as_str().to_owned()
    }
}
