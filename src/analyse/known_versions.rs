//! The version of a package in a cell, for `{{ packages.torch }}`: known where the stack leaves exactly one.

use super::cells::Built;
use super::scope::PackageVersion;
use crate::ir::{Lockable, Package, Parent, Platform};
use crate::versions::{Op, VersionSet};

/// What is known of the version of `name` (hyphens and dots may be underscores) in an image and all below it.
pub(crate) fn of(built: &Built<'_>, at: Parent, name: &str) -> PackageVersion {
    let mut names: Vec<String> = Vec::new();
    let mut found: Option<(&'static str, VersionSet)> = None;
    let mut said: Option<String> = None;
    let mut visit = |package: &Package| {
        names.push(package.normal.clone());
        if plain(&package.normal) != plain(name) {
            return;
        }
        let Ok(set) = package.scheme.set(&package.constraint) else { return };
        let scheme = package.scheme.name();
        found = Some(match found.take() {
            Some((known, before)) if known == scheme && !package.overrides => (known, before.intersect(&set)),
            _ => (scheme, set),
        });
        if let [bounds] = package.constraint.alternatives.as_slice()
            && let [bound] = bounds.as_slice()
            && bound.op == Op::Equal
            && !bound.version.ends_with(".*")
        {
            said = Some(bound.version.clone());
        }
    };
    let mut stack = Vec::new();
    let mut parent = at;
    while let Parent::Cell(id) = parent {
        let Some(cell) = built.cells.get(id.0 as usize) else { break };
        stack.push(cell);
        parent = cell.parent;
    }
    if let Parent::Base(id) = parent
        && let Some(base) = built.bases.get(id.0 as usize)
    {
        base.provides.iter().for_each(&mut visit);
    }
    for cell in stack.into_iter().rev() {
        cell.packages.iter().for_each(&mut visit);
    }
    let locked = || locked(built, at, name);
    match found {
        None if let Some(version) = locked() => PackageVersion::Known(version),
        None => {
            names.sort();
            names.dedup();
            PackageVersion::Missing(names)
        }
        Some((_, set)) => match (said, set.single()) {
            (Some(version), _) if !set.is_empty() => PackageVersion::Known(version),
            (_, Some(version)) => PackageVersion::Known(version),
            _ => locked().map_or(PackageVersion::Open, PackageVersion::Known),
        },
    }
}

/// The version that the lock of an image, or of one below it, has for all platforms.
fn locked(built: &Built<'_>, at: Parent, name: &str) -> Option<String> {
    let Parent::Cell(top) = at else { return None };
    let platforms = &built.cells.get(top.0 as usize)?.platforms;
    let of = |platform: &Platform| {
        let mut at = at;
        while let Parent::Cell(id) = at {
            let cell = built.cells.get(id.0 as usize)?;
            let image = &built.images.get(cell.image.0 as usize)?.name;
            let sections = Lockable::ALL.into_iter().rev().filter_map(|one| built.locks.section(image, cell.lock_name(), *platform, one));
            let mut pins = sections.flat_map(|section| &section.pins);
            if let Some((_, pin)) = pins.find(|(known, _)| plain(known) == plain(name)) {
                return Some(pin.version.clone());
            }
            at = cell.parent;
        }
        None
    };
    let mut all: Vec<String> = platforms.iter().map(of).collect::<Option<_>>()?;
    all.dedup();
    all.pop().filter(|_| all.is_empty())
}

fn plain(name: &str) -> String {
    name.chars().map(|c| if c == '-' || c == '.' { '_' } else { c.to_ascii_lowercase() }).collect()
}
