//! One cell on one platform: what its own lists ask an ecosystem for.

use super::entries::{is_for, is_locked};
use super::facts::{Facts, cell_name};
use super::python::{self, Minors};
use crate::ir::{CellId, Lockable, Locks, Package, PackageSource, Platform, Program, Section};

/// One cell on one platform.
#[derive(Clone, Debug)]
pub struct Unit<'p> {
    /// The cell.
    pub cell: CellId,
    /// The platform.
    pub platform: Platform,
    /// What is asked.
    pub lockable: Lockable,
    /// The entries of its own lists that are locked, in order.
    pub roots: Vec<&'p Package>,
    /// Bounds of constraint files.
    pub bounds: Vec<&'p Package>,
    /// The interpreter: `3.11`, `3.11.9`; `None` where nothing says it.
    pub python: Option<String>,
}

impl<'p> Unit<'p> {
    /// What a cell asks for on a platform.
    #[must_use]
    pub fn of(program: &'p Program, cell: CellId, platform: Platform, lockable: Lockable) -> Self {
        let roots = roots(program, cell, platform, lockable);
        Self::new(program, (cell, platform, lockable), roots, &mut Minors::default())
    }

    /// All units of a program that ask an ecosystem for something, parents first.
    #[must_use]
    pub fn all(program: &'p Program, lockable: Lockable) -> Vec<Self> {
        let mut minors = Minors::default();
        let of_cell = |id: CellId| program[id].platforms.iter().map(move |platform| (id, *platform, lockable));
        let all = program.cells().flat_map(|(id, _)| of_cell(id));
        all.filter_map(|key| Some((key, roots(program, key.0, key.1, lockable))).filter(|(_, roots)| !roots.is_empty()))
            .map(|(key, roots)| Self::new(program, key, roots, &mut minors))
            .collect()
    }

    fn new(
        program: &'p Program,
        (cell, platform, lockable): (CellId, Platform, Lockable),
        roots: Vec<&'p Package>,
        minors: &mut Minors<'p>,
    ) -> Self {
        let bounds = program[cell].bounds.iter().filter(|package| is_here(package, platform, lockable)).collect();
        Self { cell, platform, lockable, roots, bounds, python: python::of(program, cell, platform, minors) }
    }

    /// Its cell and platform.
    #[must_use]
    pub fn key(&self) -> (u32, Platform) {
        (self.cell.0, self.platform)
    }

    /// What is locked of it.
    #[must_use]
    pub fn section<'l>(&self, program: &Program, locks: &'l Locks) -> Option<&'l Section> {
        locks.section(self.image(program), self.cell_name(program), self.platform, self.lockable)
    }

    /// The name of its image.
    #[must_use]
    pub fn image(&self, program: &'p Program) -> &'p str {
        &program[program[self.cell].image].name
    }

    /// What its cell is called in a lock: `py3.11`, `default`.
    #[must_use]
    pub fn cell_name(&self, program: &'p Program) -> &'p str {
        cell_name(program, self.cell)
    }

    /// `base (py3.11)`, for messages.
    #[must_use]
    pub fn title(&self, program: &Program) -> String {
        let name = &program[self.cell].name;
        let image = &program[program[self.cell].image].name;
        if name.is_empty() { image.clone() } else { format!("{image} ({name})") }
    }

    /// The names that its own entries move on purpose.
    pub fn overrides(&self) -> impl Iterator<Item = &str> {
        self.roots.iter().filter(|package| package.overrides).map(|package| package.normal.as_str())
    }

    /// Whether its own entry for a package takes none of the versions that an existing image is known to hold, and so replaces it.
    #[must_use]
    pub fn moves(&self, facts: &Facts, name: &str) -> bool {
        let Some(fact) = facts.get(name) else { return false };
        let own = self.roots.iter().filter(|package| package.normal == name);
        own.into_iter().any(|package| {
            let set = self.lockable.scheme().set(&package.constraint).ok();
            let fits = fact.version.as_deref().zip(set).is_none_or(|(version, set)| set.contains(version).unwrap_or(true));
            package.overrides || (!fits && fact.requires.is_none())
        })
    }
}

/// The entries of a cell's own lists that are locked on a platform.
fn roots(program: &Program, cell: CellId, platform: Platform, lockable: Lockable) -> Vec<&Package> {
    program[cell].packages.iter().filter(|package| is_here(package, platform, lockable)).collect()
}

fn is_here(package: &Package, platform: Platform, lockable: Lockable) -> bool {
    is_locked(package, lockable) && is_for(package, platform)
}

/// Why nothing is known of what an entry requires, where that is so: it comes from git, from the project, or from an archive.
#[must_use]
pub fn unlisted(package: &Package) -> Option<&'static str> {
    match &package.source {
        PackageSource::Index | PackageSource::Resolved(_) => None,
        PackageSource::Url { url, .. } if is_wheel(url) => None,
        PackageSource::Url { .. } => Some("from an archive: what it requires is known when it is built"),
        PackageSource::Git { .. } => Some("from git: what it requires is known when it is built"),
        PackageSource::Path(_) => Some("from the project: what it requires is not read"),
    }
}

/// Whether a file or an address is of a wheel.
#[must_use]
pub fn is_wheel(url: &str) -> bool {
    short(url).rsplit_once('.').is_some_and(|(_, end)| end == "whl")
}

/// The last part of an address, without what follows `#` or `?`: `cu124`, `tool-1.0-py3-none-any.whl`.
#[must_use]
pub fn short(url: &str) -> &str {
    let plain = url.split(['#', '?']).next().unwrap_or(url).trim_end_matches('/');
    plain.rsplit('/').find(|part| !part.is_empty() && *part != "simple").unwrap_or(plain)
}
