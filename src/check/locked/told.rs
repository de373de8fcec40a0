//! What the lock says of one package in one cell: for `jenvc why` and `jenvc list`.

use super::chain::chain;
use super::entries::{is_for, is_locked};
use super::facts::cell_name;
use super::requires::Read;
use super::unit::{Unit, unlisted};
use crate::base::Place;
use crate::ir::{CellId, Lockable, Package, Pin, Platform, Program, Section};

/// What is locked of a package in a cell, the root first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The image that pins it, its version, and on which platforms; the last one counts.
    pub versions: Vec<(String, String, Vec<Platform>)>,
    /// The packages that require it: the image that pins them, name and version, and the requirement.
    pub required: Vec<(String, String, String)>,
    /// The entry that brings it, where that is of another package, and the packages between: `distributed`.
    pub brought: Option<(Place, Vec<String>)>,
}

/// What is locked of an ecosystem's package in a cell; nothing where the program has no lock or the lock does not have it.
#[must_use]
pub fn told(program: &Program, cell: CellId, name: &str, lockable: Lockable) -> Told {
    let normal = lockable.scheme().normalize_name(name);
    let mut told = Told::default();
    let mut read = Read::default();
    for (level, platform, section) in sections(program, cell, lockable) {
        let image = &program[program[level].image].name;
        if let Some(pin) = section.pins.get(&normal) {
            told.pinned(image, pin, platform);
            let unit = Unit::of(program, level, platform, lockable);
            let way = chain(&unit, &section.pins, &normal).filter(|chain| chain.names.len() > 1);
            told.brought = way.map(|chain| (chain.root.origin, chain.names));
        }
        for (other, pin) in &section.pins {
            let asks = |text: &&String| read.get(text, lockable).is_some_and(|required| required.name == normal);
            if let Some(text) = pin.requires.iter().find(asks) {
                let one = (image.clone(), format!("{other} {}", pin.version), text.clone());
                if !told.required.contains(&one) {
                    told.required.push(one);
                }
            }
        }
    }
    told
}

/// The version of a package that a cell has, for each platform that the lock knows it on, with the image that pins it.
#[must_use]
pub fn versions<'p>(program: &'p Program, cell: CellId, name: &str, lockable: Lockable) -> Vec<(Platform, &'p str, &'p str)> {
    let mut all: Vec<(Platform, &str, &str)> = Vec::new();
    for (level, platform, section) in sections(program, cell, lockable) {
        let Some(pin) = section.pins.get(name) else { continue };
        all.retain(|(known, ..)| *known != platform);
        all.push((platform, &program[program[level].image].name, &pin.version));
    }
    all
}

/// The versions that an entry of a cell has in the lock, for its platforms; none where it is not locked.
#[must_use]
pub fn resolved<'p>(program: &'p Program, cell: CellId, entry: &Package) -> Vec<&'p str> {
    let lockable = Lockable::ALL.into_iter().find(|lockable| is_locked(entry, *lockable));
    let Some(lockable) = lockable.filter(|_| unlisted(entry).is_none()) else { return Vec::new() };
    let all = versions(program, cell, &entry.normal, lockable).into_iter();
    all.filter(|(platform, ..)| is_for(entry, *platform)).map(|(.., version)| version).collect()
}

/// The sections of a stack, the root first.
fn sections(program: &Program, cell: CellId, lockable: Lockable) -> impl Iterator<Item = (CellId, Platform, &Section)> {
    program.stack(cell).into_iter().flat_map(move |level| {
        let image = &program[program[level].image].name;
        let of = move |platform: &Platform| {
            Some((level, *platform, program.locks.section(image, cell_name(program, level), *platform, lockable)?))
        };
        program[cell].platforms.iter().filter_map(of)
    })
}

impl Told {
    /// Whether the lock says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn pinned(&mut self, image: &str, pin: &Pin, platform: Platform) {
        match self.versions.iter_mut().find(|(known, version, _)| known == image && *version == pin.version) {
            Some((.., platforms)) => platforms.push(platform),
            None => self.versions.push((image.to_owned(), pin.version.clone(), vec![platform])),
        }
    }
}
