//! What brings a package into a section: the entry of the layer that asks for it, and the packages between.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::requires::Read;
use super::unit::Unit;
use crate::ir::{Lockable, Package, Pin};

/// The way from an entry to a package.
#[derive(Clone, Debug)]
pub struct Chain<'p> {
    /// The entry.
    pub root: &'p Package,
    /// The names from the entry's package to the one that is meant, both in.
    pub names: Vec<String>,
}

/// The shortest way from an entry of the layer to a package that it pins; `None` where no entry leads to it.
#[must_use]
pub fn chain<'p>(unit: &Unit<'p>, pins: &BTreeMap<String, Pin>, name: &str) -> Option<Chain<'p>> {
    let Some(names) = way(unit.roots.iter().map(|root| root.normal.as_str()), pins, name, unit.lockable) else {
        return by_extras(unit, pins, name);
    };
    let root = unit.roots.iter().find(|root| Some(&root.normal) == names.first())?;
    Some(Chain { root, names })
}

/// The way from the one entry that asks for extras of a package below: what those require is in the section, and the package is not.
fn by_extras<'p>(unit: &Unit<'p>, pins: &BTreeMap<String, Pin>, name: &str) -> Option<Chain<'p>> {
    let mut entries = unit.roots.iter().filter(|root| !root.extras.is_empty() && !pins.contains_key(&root.normal));
    let root = entries.next().filter(|_| entries.next().is_none())?;
    let mut read = Read::default();
    let required: BTreeSet<String> = pins
        .values()
        .flat_map(|pin| &pin.requires)
        .filter_map(|text| read.get(text, unit.lockable))
        .map(|required| required.name.clone())
        .collect();
    let first = pins.keys().filter(|pin| !required.contains(*pin)).map(String::as_str);
    let names = way(first, pins, name, unit.lockable)?;
    Some(Chain { root, names: [root.normal.clone()].into_iter().chain(names).collect() })
}

/// The shortest way from one of some packages to another one, by what the pins require: the names, both ends in.
#[must_use]
pub fn way<'r>(from: impl Iterator<Item = &'r str>, pins: &BTreeMap<String, Pin>, name: &str, lockable: Lockable) -> Option<Vec<String>> {
    let mut read = Read::default();
    let mut before: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut next: VecDeque<String> = VecDeque::new();
    for root in from {
        if before.insert(root.to_owned(), None).is_none() {
            next.push_back(root.to_owned());
        }
    }
    while let Some(at) = next.pop_front() {
        if at == name {
            let mut names = vec![at];
            while let Some(Some(earlier)) = names.last().and_then(|last| before.get(last)) {
                names.push(earlier.clone());
            }
            names.reverse();
            return Some(names);
        }
        for required in pins.get(&at).into_iter().flat_map(|pin| &pin.requires).filter_map(|text| read.get(text, lockable)) {
            if !before.contains_key(&required.name) {
                before.insert(required.name.clone(), Some(at.clone()));
                next.push_back(required.name.clone());
            }
        }
    }
    None
}

/// The names of pins that some entries lead to, their own among them.
#[must_use]
pub fn closure(pins: &BTreeMap<String, Pin>, roots: &[&Package], lockable: Lockable) -> BTreeSet<String> {
    let mut read = Read::default();
    let mut all = BTreeSet::new();
    let mut next: Vec<String> = roots.iter().map(|root| root.normal.clone()).collect();
    while let Some(name) = next.pop() {
        let Some(pin) = pins.get(&name).filter(|_| all.insert(name.clone())) else { continue };
        next.extend(pin.requires.iter().filter_map(|text| read.get(text, lockable)).map(|required| required.name.clone()));
    }
    all
}
