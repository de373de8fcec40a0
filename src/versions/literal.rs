//! What `===` adds to the sets of PEP 440: single texts, whether or not they are versions.
//!
//! `===1.0` is fulfilled by a package that calls its version `1.0` and not by one that calls it `1.0.0`, though these are the
//! same version. A set therefore knows of some texts by name, and of all others by the version that they spell.

/// What a set says of texts that are named in a `===`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Literals {
    /// The texts in small letters, sorted, each with whether it belongs to the set.
    pub named: Vec<(String, bool)>,
    /// Whether texts that are no version and not named belong to the set.
    pub others: bool,
}

impl Literals {
    /// What the set says of `text` by name.
    pub(super) fn get(&self, text: &str) -> Option<bool> {
        let lower = text.to_ascii_lowercase();
        self.named.iter().find(|(name, _)| *name == lower).map(|(_, inside)| *inside)
    }

    /// Whether some text belongs to the set by name.
    pub(super) fn has_any(&self) -> bool {
        self.named.iter().any(|(_, inside)| *inside)
    }

    /// The opposite.
    pub(super) fn complement(&self) -> Self {
        Self { named: self.named.iter().map(|(name, inside)| (name.clone(), !inside)).collect(), others: !self.others }
    }

    /// The names of both, sorted.
    pub(super) fn names<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.named.iter().chain(&other.named).map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
