//! Images that install from their lock: what must hold, so that a build installs exactly what is locked.
//!
//! J0455: a step that installs packages and can't read a lock; J0456: a package that is not in the lock; J0457: one without a checksum.
//! A stale lock is an error for them before anything is written.

use super::stale::Stale;
use super::unit::Unit;
use crate::check::stack::cell_ref;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Cell, Lockable, Package, Program, Section, StepKind};

/// The step of a cell that installs a package from the lock; `None` where no step can.
#[must_use]
pub fn step_of(cell: &Cell, package: &Package) -> Option<usize> {
    cell.steps.iter().position(|step| {
        let StepKind::Install(install) = &step.kind else { return false };
        let Some(words) = &install.locked else { return false };
        let is_listed = package.listed.is_some_and(|listed| words.listed == Some(listed.statement));
        is_listed || install.items.iter().any(|item| item.origin == package.origin)
    })
}

/// Looks at each image that installs from its lock.
pub(super) fn check(program: &Program, stale: &[Stale], findings: &mut Findings) {
    let is_locked = |name: &str| program.images.iter().any(|image| image.locked && image.name == name);
    let own: Vec<Stale> = stale.iter().filter(|one| is_locked(&one.image)).cloned().collect();
    for finding in Stale::findings(&own) {
        findings.push(finding);
    }
    // What conda installs is in the lock where a jenvc that can do it has written it.
    let conda = Unit::all(program, Lockable::Conda).into_iter().filter(|_| program.locks.has(Lockable::Conda));
    let units = conda.chain(Unit::all(program, Lockable::Pypi));
    for unit in units.filter(|unit| program[program[unit.cell].image].locked) {
        let unit = &unit;
        for root in unit.roots.iter().filter(|root| step_of(&program[unit.cell], root).is_none()) {
            findings.push(no_list(program, unit, root));
        }
        let section = unit.section(program, &program.locks);
        for root in &unit.roots {
            let is_unknown = |section: &&Section| section.unknown.get(&root.normal).is_some_and(|why| why == Section::SOURCE_ONLY);
            if section.is_some_and(|section| is_unknown(&section)) {
                findings.push(not_locked(program, unit, root));
            }
        }
        let pins = section.into_iter().flat_map(|section| &section.pins);
        let bare: Vec<&str> = pins.filter(|(_, pin)| pin.sha256.is_empty()).map(|(name, _)| name.as_str()).collect();
        if !bare.is_empty() {
            findings.push(no_checksum(program, unit, &bare));
        }
    }
}

fn no_list(program: &Program, unit: &Unit<'_>, root: &Package) -> Diagnostic {
    let message = format!("`{}` is installed by a step that reads no lock, and `{}` installs from it", root.name, unit.image(program));
    let list = if unit.lockable == Lockable::Conda { "conda" } else { "pip" };
    Diagnostic::new(&known::NOT_BY_LOCK, root.origin, message)
        .here("resolved when the image is built")
        .in_cells([cell_ref(program, unit.cell)])
        .help(format!("write `{}` in a `{list}` list, or `install = constraints` in `{}`", root.name, unit.image(program)))
}

fn not_locked(program: &Program, unit: &Unit<'_>, root: &Package) -> Diagnostic {
    let image = unit.image(program);
    let message = format!("`{}` is not in the lock that `{image}` installs from: it is only a source distribution", root.name);
    Diagnostic::new(&known::NOT_IN_LOCK, root.origin, message)
        .here("has no version in the lock")
        .in_cells([cell_ref(program, unit.cell)])
        .help(format!("run `jenvc lock --build`, which runs code of `{}`", root.name))
        .help(format!("write `install = constraints` in `{image}`"))
}

fn no_checksum(program: &Program, unit: &Unit<'_>, names: &[&str]) -> Diagnostic {
    let image = &program[program[unit.cell].image];
    let all: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    let message = format!("`{}` installs from its lock, which has no checksum of {}", image.name, all.join(", "));
    Diagnostic::new(&known::NO_CHECKSUM, image.origin, message)
        .here("its index gives none")
        .in_cells([cell_ref(program, unit.cell)])
        .help(format!("take an index that gives checksums, or write `install = constraints` in `{}`", image.name))
}
