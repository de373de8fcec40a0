//! Packages that images ask for anew, no longer, or otherwise.

use std::collections::BTreeMap;

use super::kind::Kind;
use crate::ir::{Ecosystem, Package, Program};

/// One package of one image, in the cells in which it differs in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageChange {
    /// Whether it is asked for anew, no longer, or with other versions.
    pub kind: Kind,
    /// The image whose lists say so.
    pub image: String,
    /// Where it comes from.
    pub ecosystem: Ecosystem,
    /// The normalised name.
    pub name: String,
    /// The versions allowed before; empty for any.
    pub before: Option<String>,
    /// The versions allowed after; empty for any.
    pub after: Option<String>,
    /// `narrowed` or `widened`, where one side allows a part of what the other does.
    pub sense: Option<&'static str>,
    /// In how many cells of the image.
    pub cells: usize,
}

type Key = (String, String, Ecosystem, String);
type Asked<'a> = BTreeMap<Key, &'a Package>;

/// What each cell's own lists ask for, by image, cell, ecosystem and name.
fn asked(program: &Program) -> Asked<'_> {
    let mut all = BTreeMap::new();
    for (_, cell) in program.cells() {
        let image = &program[cell.image].name;
        for package in cell.packages.iter().filter(|package| !package.provided) {
            all.insert((image.clone(), cell.name.clone(), package.ecosystem, package.normal.clone()), package);
        }
    }
    all
}

/// Whether both sides have this cell: a new image is told as an image, not package by package.
fn has(program: &Program, image: &str, cell: &str) -> bool {
    program.cells().any(|(_, known)| known.name == cell && program[known.image].name == image)
}

/// What a cell has of a package from below: a list that moves to another layer of the same stack changes nothing in it.
fn below<'p>(program: &'p Program, (image, cell, ecosystem, name): &Key) -> Option<&'p Package> {
    let (id, _) = program.cells().find(|(_, known)| known.name == *cell && program[known.image].name == *image)?;
    let mut packages = program.downwards(id).flat_map(|level| program[level].packages.iter().rev());
    packages.find(|package| package.ecosystem == *ecosystem && package.normal == *name && !package.provided)
}

pub(super) fn compare(old: &Program, new: &Program) -> Vec<PackageChange> {
    let (before, after) = (asked(old), asked(new));
    let mut all: Vec<PackageChange> = Vec::new();
    let keys: std::collections::BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let one = before.get(key).copied().or_else(|| below(old, key));
        let two = after.get(key).copied().or_else(|| below(new, key));
        let text = |package: &Package| package.constraint.to_string();
        let kind = match (one, two) {
            (Some(one), Some(two)) if one.constraint == two.constraint && one.source == two.source => continue,
            (Some(_), Some(_)) => Kind::Changed,
            (None, _) => Kind::Added,
            (_, None) => Kind::Removed,
        };
        let (image, cell, ecosystem, name) = key;
        if !has(old, image, cell) || !has(new, image, cell) {
            continue;
        }
        let change = PackageChange {
            kind,
            image: image.clone(),
            ecosystem: *ecosystem,
            name: name.clone(),
            before: one.map(text),
            after: two.map(text),
            sense: one.zip(two).and_then(|(one, two)| sense(one, two)),
            cells: 1,
        };
        match all.iter_mut().find(|known| PackageChange { cells: 1, ..(*known).clone() } == change) {
            Some(known) => known.cells += 1,
            None => all.push(change),
        }
    }
    all
}

fn sense(before: &Package, after: &Package) -> Option<&'static str> {
    if before.scheme != after.scheme {
        return None;
    }
    let (one, two) = (before.scheme.set(&before.constraint).ok()?, after.scheme.set(&after.constraint).ok()?);
    match (two.is_subset(&one), one.is_subset(&two)) {
        (true, false) => Some("narrowed"),
        (false, true) => Some("widened"),
        _ => None,
    }
}
