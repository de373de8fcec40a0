//! Which sections of the lock no longer belong to the program, and why.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::digest::{inputs, parent, required};
use super::facts::{Facts, Ground};
use super::unit::Unit;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Lockable, Locks, Package, Pin, Platform, Program, Section};

/// A cell whose section is missing or was resolved for something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The image.
    pub image: String,
    /// The cell: `py3.11`, `default`.
    pub cell: String,
    /// The platform.
    pub platform: Platform,
    /// What is resolved.
    pub lockable: Lockable,
    /// Why.
    pub why: Why,
}

/// Why a section is stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// There is none for the cell.
    Missing,
    /// There is none for any cell of the image.
    Unlocked {
        /// Whether the image installs what is locked.
        needed: bool,
    },
    /// The layer asks for something else.
    Inputs,
    /// Something below that the section refers to is another version.
    Parent,
    /// A package is missing or does not fit: the file was edited by hand, or merged.
    Edited,
    /// The cell is gone, or asks for nothing.
    Gone,
}

impl Why {
    /// What is wrong with a file, as far as the cells that it is wrong for.
    fn words(self, image: &str) -> String {
        let path = Locks::path(image);
        match self {
            Self::Unlocked { .. } => format!("`{image}` is not locked: there is no `{path}` for"),
            Self::Missing => format!("`{path}` is stale: it has no section for"),
            Self::Inputs => format!("`{path}` is stale: what `{image}` asks for has changed since it was resolved for"),
            Self::Parent => format!("`{path}` is stale: packages below have moved since it was resolved for"),
            Self::Edited => format!("`{path}` is stale: packages in it are missing or don't fit, as after an edit or a merge, for"),
            Self::Gone => format!("`{path}` is stale: there is nothing to lock any more for"),
        }
    }
}

/// Every cell whose section is stale, parents first. Where the program has no lock, those of images that install from it.
#[must_use]
pub fn stale(program: &Program) -> Vec<Stale> {
    let locks = &program.locks;
    if !locks.is_used() && !program.images.iter().any(|image| image.locked) {
        return Vec::new();
    }
    let mut all = Vec::new();
    let mut there = Vec::new();
    // Packages of conda are locked where a jenvc that can do it has begun to.
    for lockable in Lockable::ALL.into_iter().filter(|one| *one == Lockable::Pypi || locks.has(*one)) {
        let mut ground = Ground::new(program, locks, lockable);
        let units = Unit::all(program, lockable);
        for unit in units.iter().filter(|unit| locks.is_used() || program[program[unit.cell].image].locked) {
            let (image, cell, platform) = (unit.image(program), unit.cell_name(program), unit.platform);
            let why = match unit.section(program, locks) {
                None if locks.0.contains_key(image) => Some(Why::Missing),
                None => Some(Why::Unlocked { needed: program[program[unit.cell].image].locked }),
                Some(section) => why_stale(program, unit, section, &ground.under(unit.cell, unit.platform)),
            };
            all.extend(why.map(|why| Stale { image: image.to_owned(), cell: cell.to_owned(), platform, lockable, why }));
        }
        there.extend(units);
    }
    all.extend(gone(program, locks, &there));
    all
}

/// Why a section is not what would be resolved on what is below; `None` where it is.
#[must_use]
pub fn why_stale(program: &Program, unit: &Unit<'_>, section: &Section, below: &Facts) -> Option<Why> {
    if section.inputs != inputs(program, unit) {
        return Some(Why::Inputs);
    }
    if section.parent != parent(program, unit, section, below) {
        return Some(Why::Parent);
    }
    (!is_whole(unit, section, below)).then_some(Why::Edited)
}

/// Whether a section has what its layer asks for and what its packages require, in versions that the layer allows. Nothing else tells that
/// two changes of a file don't go together.
fn is_whole(unit: &Unit<'_>, section: &Section, below: &Facts) -> bool {
    let is_there = |name: &str| section.holds(name) || below.get(name).is_some();
    let scheme = unit.lockable.scheme();
    let is_meant = |root: &Package| {
        let Some(pin) = section.pins.get(&root.normal) else { return is_there(&root.normal) };
        // One of several alternatives is asked for as any version.
        let set = scheme.set(&root.constraint).ok().filter(|_| root.constraint.alternatives.len() < 2);
        set.is_none_or(|set| set.contains(&pin.version).unwrap_or(true))
    };
    let is_file = |(name, pin): (&String, &Pin)| {
        let named = match unit.lockable {
            Lockable::Pypi => pin.file.strip_suffix(".whl").and_then(|file| file.split('-').nth(1)).map(str::to_owned),
            Lockable::Conda => {
                let file = pin.file.rsplit('/').next().and_then(|file| file.strip_prefix(name.as_str())).filter(|_| !pin.file.is_empty());
                file.and_then(|file| file.strip_prefix('-')).and_then(|file| file.split('-').next()).map(str::to_owned)
            }
        };
        named.is_none_or(|version| scheme.compare(&version, &pin.version).is_ok_and(Ordering::is_eq))
    };
    unit.roots.iter().all(|root| is_meant(root))
        && section.pins.iter().all(is_file)
        && section.pins.values().flat_map(|pin| required(pin, unit.lockable)).all(|name| is_there(&name))
}

/// Sections of cells that are no more.
fn gone(program: &Program, locks: &Locks, units: &[Unit<'_>]) -> Vec<Stale> {
    let there: BTreeSet<_> =
        units.iter().map(|unit| (unit.image(program), unit.cell_name(program), unit.platform, unit.lockable)).collect();
    let mut all = Vec::new();
    for (image, section) in locks.0.iter().flat_map(|(image, sections)| sections.iter().map(move |section| (image, section))) {
        let (platform, lockable) = (section.platform, section.lockable);
        for cell in section.cells.iter().filter(|cell| !there.contains(&(image.as_str(), cell.as_str(), platform, lockable))) {
            all.push(Stale { image: image.clone(), cell: cell.clone(), platform, lockable, why: Why::Gone });
        }
    }
    all
}

impl Stale {
    /// One finding for each file and reason.
    #[must_use]
    pub fn findings(all: &[Self]) -> Vec<Diagnostic> {
        let mut groups: Vec<(&str, Why, Vec<String>)> = Vec::new();
        for stale in all {
            let of = if stale.lockable == Lockable::Conda { "conda, " } else { "" };
            let cell = format!("{} ({of}{})", stale.cell, stale.platform);
            match groups.iter_mut().find(|(image, why, _)| *image == stale.image && *why == stale.why) {
                Some((_, _, cells)) => cells.push(cell),
                None => groups.push((&stale.image, stale.why, vec![cell])),
            }
        }
        groups.into_iter().map(|(image, why, cells)| finding(image, why, &cells)).collect()
    }
}

/// How many cells are named.
const NAMED: usize = 4;

fn finding(image: &str, why: Why, cells: &[String]) -> Diagnostic {
    let named: Vec<_> = cells.iter().take(NAMED).map(String::as_str).collect();
    let more = cells.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let message = format!("{} {}{more}", why.words(image), named.join(", "));
    let finding = Diagnostic::nowhere(&known::STALE_LOCK, message).help("run `jenvc lock` and commit what it writes");
    match why {
        Why::Unlocked { needed: false } => {
            finding.help("where it can't be locked, delete the folder `locks`: nothing is locked without it")
        }
        _ => finding,
    }
}
