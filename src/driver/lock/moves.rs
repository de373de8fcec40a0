//! What a run has moved, per image.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Lockable, Locks};

/// A package of an image that came, went or moved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// The image.
    pub image: String,
    /// What it is from.
    pub lockable: Lockable,
    /// The package.
    pub name: String,
    /// The versions before, of conda's with their builds; none where it is new.
    pub before: Vec<String>,
    /// The versions after; none where it is gone.
    pub after: Vec<String>,
}

/// An image, and a package of it.
type Key = (String, Lockable, String);

/// What differs between two locks: one entry for each package of an image.
#[must_use]
pub fn moves(before: &Locks, after: &Locks) -> Vec<Move> {
    let versions = |locks: &Locks| {
        let mut all: BTreeMap<Key, BTreeSet<String>> = BTreeMap::new();
        for (image, section) in locks.0.iter().flat_map(|(image, sections)| sections.iter().map(move |section| (image, section))) {
            for (name, pin) in &section.pins {
                all.entry((image.clone(), section.lockable, name.clone())).or_default().insert(pin.release());
            }
        }
        all
    };
    let (one, two) = (versions(before), versions(after));
    let keys: BTreeSet<_> = one.keys().chain(two.keys()).collect();
    let of = |all: &BTreeMap<Key, BTreeSet<String>>, key: &Key| -> Vec<String> { all.get(key).into_iter().flatten().cloned().collect() };
    let moved = keys.into_iter().filter(|key| one.get(key) != two.get(key));
    let all =
        moved.map(|key| Move { image: key.0.clone(), lockable: key.1, name: key.2.clone(), before: of(&one, key), after: of(&two, key) });
    all.collect()
}
