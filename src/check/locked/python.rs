//! The interpreter and the C library that wheels are chosen for.

use super::facts::cell_name;
use crate::ir::{Base, CellId, Lockable, Package, Platform, Program, StepKind};
use crate::requirements::Pythons;
use crate::versions::{Constraint, Op};

/// The minor versions that constraints leave, each found out once: many cells have one constraint.
#[derive(Default)]
pub(super) struct Minors<'p>(Vec<(&'p Constraint, Option<String>)>);

impl<'p> Minors<'p> {
    fn of(&mut self, constraint: &'p Constraint) -> Option<String> {
        if let Some((_, minor)) = self.0.iter().find(|(known, _)| *known == constraint) {
            return minor.clone();
        }
        let minor = Pythons::of(constraint).minor().map(str::to_owned);
        self.0.push((constraint, minor.clone()));
        minor
    }
}

/// The interpreter of a cell: exact where the stack holds one exactly, else its minor version, which may be that of conda's lock.
pub(super) fn of<'p>(program: &'p Program, cell: CellId, platform: Platform, minors: &mut Minors<'p>) -> Option<String> {
    let axis = program[cell].axis("python").map(str::to_owned);
    let is_python = |package: &&Package| package.normal == "python" && package.environment.is_none();
    let own = program.downwards(cell).find_map(|level| program[level].packages.iter().rev().find(is_python));
    let said = own.or_else(|| program[program.base_of(cell)].provides.iter().rev().find(is_python));
    let said = said.filter(|package| !package.constraint.is_any());
    let exact = said.and_then(|package| {
        let mut bounds = package.constraint.bounds();
        let one = bounds.next().filter(|bound| matches!(bound.op, Op::Equal | Op::Bare | Op::Fuzzy)).filter(|_| bounds.next().is_none())?;
        (one.version.split('.').count() == 3 && !one.version.contains('*')).then(|| one.version.clone())
    });
    let exact = exact.filter(|exact| axis.as_ref().is_none_or(|axis| exact.starts_with(&format!("{axis}."))));
    exact.or(axis).or_else(|| minors.of(&said?.constraint)).or_else(|| locked(program, cell, platform))
}

/// The minor version of the interpreter that the lock of conda has.
fn locked(program: &Program, cell: CellId, platform: Platform) -> Option<String> {
    let of = |level: CellId| {
        let image = &program[program[level].image].name;
        program.locks.section(image, cell_name(program, level), platform, Lockable::Conda)?.pins.get("python")
    };
    let version = &program.downwards(cell).find_map(of)?.version;
    let mut parts = version.split('.');
    Some(format!("{}.{}", parts.next()?, parts.next()?))
}

/// The driver that conda takes to be there when an image is built: what `CONDA_OVERRIDE_CUDA` says in it.
#[must_use]
pub fn cuda(program: &Program, cell: CellId) -> Option<String> {
    const NAME: &str = "CONDA_OVERRIDE_CUDA";
    let set = program.downwards(cell).flat_map(|level| program[level].steps.iter().rev()).find_map(|step| match &step.kind {
        StepKind::Env(all) => all.iter().rev().find(|(name, _)| name == NAME).map(|(_, value)| value.written()),
        _ => None,
    });
    let known = || program[program.base_of(cell)].env.iter().find(|(name, _)| name == NAME).map(|(_, value)| value.clone());
    set.or_else(known).filter(|version| !version.is_empty() && version.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

/// The newest `manylinux` that an operating system of some year can load: its glibc.
///
/// Sources, read in November 2026: packages.ubuntu.com, packages.debian.org and the release notes of Red Hat for glibc.
const GLIBC: &[(&str, u32)] = &[
    ("ubuntu 20.04", 31),
    ("ubuntu 22.04", 35),
    ("ubuntu 24.04", 39),
    ("ubuntu 26.04", 43),
    ("debian 11", 31),
    ("debian 12", 36),
    ("debian 13", 41),
    ("rocky 8", 28),
    ("rocky 9", 34),
    ("rocky 10", 39),
    ("almalinux 8", 28),
    ("almalinux 9", 34),
    ("almalinux 10", 39),
    ("rhel 8", 28),
    ("rhel 9", 34),
    ("rhel 10", 39),
];

/// The minor version of glibc 2 where the image does not say its operating system.
const OLD_GLIBC: u32 = 28;

/// The `manylinux` of an image: `2_39` as 39.
#[must_use]
pub fn manylinux(base: &Base) -> u32 {
    glibc(base).unwrap_or(OLD_GLIBC)
}

/// The minor version of its glibc 2, where its operating system says so.
pub(super) fn glibc(base: &Base) -> Option<u32> {
    let known = base.os.as_deref().and_then(|os| GLIBC.iter().find(|(name, _)| os == *name || os.starts_with(&format!("{name}."))));
    known.map(|(_, minor)| *minor)
}
