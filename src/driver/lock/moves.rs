//! What a run has moved, per image.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::Locks;

/// A package of an image that came, went or moved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// The image.
    pub image: String,
    /// The package.
    pub name: String,
    /// The versions before; none where it is new.
    pub before: Vec<String>,
    /// The versions after; none where it is gone.
    pub after: Vec<String>,
}

/// What differs between two locks: one entry for each package of an image.
#[must_use]
pub fn moves(before: &Locks, after: &Locks) -> Vec<Move> {
    let versions = |locks: &Locks| {
        let mut all: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for (image, section) in locks.0.iter().flat_map(|(image, sections)| sections.iter().map(move |section| (image, section))) {
            for (name, pin) in &section.pins {
                all.entry((image.clone(), name.clone())).or_default().insert(pin.version.clone());
            }
        }
        all
    };
    let (one, two) = (versions(before), versions(after));
    let keys: BTreeSet<_> = one.keys().chain(two.keys()).collect();
    let of = |all: &BTreeMap<(String, String), BTreeSet<String>>, key: &(String, String)| -> Vec<String> {
        all.get(key).into_iter().flatten().cloned().collect()
    };
    let moved = keys.into_iter().filter(|key| one.get(key) != two.get(key));
    moved.map(|key| Move { image: key.0.clone(), name: key.1.clone(), before: of(&one, key), after: of(&two, key) }).collect()
}
