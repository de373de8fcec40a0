//! A list of packages of a step that installs from the lock, before its file has a name.

use std::collections::BTreeSet;

use crate::check::locked::{Unit, closure, step_of};
use crate::ir::{Cell, LockedWords, Mount, MountSource, Package, Platform, Section, StepKind};

/// A list of one step, before its file has a name.
#[derive(Debug)]
pub(super) struct Draft {
    /// The step of the cell.
    pub(super) step: usize,
    /// What its file is called in all cells: `requirements-cu124`.
    pub(super) stem: String,
    /// Where the step sees it, without the end of its name.
    pub(super) target: String,
    /// Whether its packages come from the index of the step.
    pub(super) index: bool,
    /// The platform that it is for, where platforms have lists of their own.
    pub(super) platform: Option<Platform>,
    pub(super) lines: String,
}

/// The packages that a step of a unit brings; the last one brings whatever none is known to.
pub(super) fn names_of(unit: &Unit<'_>, cell: &Cell, section: &Section, step: usize, last: Option<&usize>) -> BTreeSet<String> {
    let roots: Vec<&Package> = unit.roots.iter().copied().filter(|root| step_of(cell, root) == Some(step)).collect();
    let mut names = closure(&section.pins, &roots, unit.lockable);
    if Some(&step) == last {
        names.extend(section.pins.keys().cloned());
    }
    names
}

/// How a step installs from a lock.
pub(super) fn words(cell: &Cell, step: usize) -> Option<&LockedWords> {
    match &cell.steps.get(step)?.kind {
        StepKind::Install(install) => install.locked.as_ref(),
        _ => None,
    }
}

/// Whether a mount is for a list or a package of the program.
pub(super) fn is_file(mount: &Mount) -> bool {
    matches!(mount.source, MountSource::File(_) | MountSource::Local { .. })
}
