//! The chart that a hub runs, and what follows from its version.

use std::fmt;

/// The version of the Zero to `JupyterHub` chart, as far as it matters: `4.4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chart {
    /// `4` of `4.4`.
    pub major: u32,
    /// The second `4` of `4.4`.
    pub minor: u32,
}

impl Chart {
    /// The newest chart whose behaviour is known here, taken where a hub names none.
    pub const NEWEST: Self = Self { major: 4, minor: 4 };
    /// The oldest chart whose behaviour is known here.
    pub const OLDEST: Self = Self { major: 3, minor: 0 };

    /// `4.4`, `4.4.0`, `5` and `5.0.0-0.dev` as a version; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let core = text.split(['-', '+']).next()?;
        let mut parts = core.split('.').map(str::parse::<u32>);
        let major = parts.next()?.ok()?;
        let minor = parts.next().unwrap_or(Ok(0)).ok()?;
        let rest: Result<Vec<u32>, _> = parts.collect();
        (rest.ok()?.len() <= 1).then_some(Self { major, minor })
    }

    /// Whether the chart hands volumes to `KubeSpawner` as maps, so that an entry's maps are merged with them (from 4.3).
    #[must_use]
    pub fn merges_volumes(self) -> bool {
        self >= Self { major: 4, minor: 3 }
    }

    /// Whether its `KubeSpawner` takes maps where older ones take lists only (`KubeSpawner` 7, chart 4.0).
    #[must_use]
    pub fn takes_maps(self) -> bool {
        self.major >= 4
    }

    /// Major and minor version of the `KubeSpawner` that it pins: 6.2 with chart 3, 7.0 with chart 4, 7.1 with chart 5.
    #[must_use]
    pub fn kubespawner(self) -> (u32, u32) {
        match self.major {
            0..=3 => (6, 2),
            4 => (7, 0),
            _ => (7, 1),
        }
    }
}

impl fmt::Display for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// Who draws the page on which people choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormKind {
    /// `KubeSpawner` itself: texts reach the page unescaped.
    #[default]
    Kubespawner,
    /// `jupyterhub-fancy-profiles`: texts are escaped, and choices have descriptions.
    Fancy,
}

impl FormKind {
    /// The words of the language.
    pub const WORDS: [&'static str; 2] = ["kubespawner", "fancy"];

    /// The kind that a word names.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "kubespawner" => Some(Self::Kubespawner),
            "fancy" => Some(Self::Fancy),
            _ => None,
        }
    }
}

/// Whether a hub hides entries by `allowed_groups`, which `KubeSpawner` itself does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupFilter {
    /// It hides none.
    #[default]
    No,
    /// Names are compared as they are.
    Exact,
    /// Names are compared in lower case, as by 2i2c's filter.
    Lowercase,
}

impl GroupFilter {
    /// Whether it hides any.
    #[must_use]
    pub fn any(self) -> bool {
        self != Self::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_read_and_compared() {
        assert_eq!(Chart::parse("4.4.0"), Some(Chart::NEWEST));
        assert_eq!(Chart::parse("5"), Some(Chart { major: 5, minor: 0 }));
        assert_eq!(Chart::parse("5.0.0-0.dev"), Some(Chart { major: 5, minor: 0 }));
        assert_eq!(Chart::parse("4.4.0.1"), None);
        assert_eq!(Chart::parse("four"), None);
        assert!(!Chart { major: 4, minor: 2 }.merges_volumes());
        assert!(Chart { major: 4, minor: 10 }.merges_volumes());
    }
}
