//! The two digests of a section: of what its layer says itself, and of what is below as far as the section refers to it.

use std::collections::BTreeSet;
use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::channels::own_channel;
use super::entries::is_for;
use super::facts::{Facts, Held};
use super::python::{cuda, manylinux};
use super::unit::Unit;
use crate::ir::{Lockable, Package, PackageSource, Pin, Program, Section};

/// The digest of the layer's own constraints, with the interpreter, the platform, the C library and the indexes. The day up to which files
/// count is no input: a later one moves nothing by itself.
#[must_use]
pub fn inputs(program: &Program, unit: &Unit<'_>) -> String {
    let base = &program[program.base_of(unit.cell)];
    let python = unit.python.as_deref().unwrap_or_default();
    let mut text = match unit.lockable {
        Lockable::Pypi => format!("python {python}\n{} manylinux_2_{}\n", unit.platform, manylinux(base)),
        Lockable::Conda => {
            let cuda = cuda(program, unit.cell).unwrap_or_default();
            format!(
                "conda {} glibc 2.{} cuda {cuda} of {} python {}\n",
                unit.platform,
                manylinux(base),
                own_channel(base),
                axis(program, unit)
            )
        }
    };
    for package in unit.roots.iter().chain(&unit.bounds) {
        let _ = writeln!(text, "{}", line(package));
    }
    let beside = |package: &&Package| is_beside(package, unit.lockable) && is_for(package, unit.platform);
    for package in program[unit.cell].packages.iter().filter(beside) {
        let _ = writeln!(text, "{} {} {}", package.ecosystem, package.normal, package.constraint);
    }
    sha256(&text)
}

/// The interpreter that an axis says.
fn axis<'p>(program: &'p Program, unit: &Unit<'_>) -> &'p str {
    program[unit.cell].axis("python").unwrap_or_default()
}

/// Whether an entry that is not resolved itself decides what is.
fn is_beside(package: &Package, lockable: Lockable) -> bool {
    let is_conda = package.ecosystem == "conda";
    if lockable == Lockable::Conda { is_conda && package.provided } else { is_conda || package.provided }
}

/// An entry as far as it decides what is resolved.
fn line(package: &Package) -> String {
    let source = match &package.source {
        PackageSource::Index => String::new(),
        other => format!("{other:?}"),
    };
    let words = [(package.no_deps, "no-deps"), (package.overrides, "override")];
    let words: Vec<_> = words.into_iter().filter(|(said, _)| *said).map(|(_, word)| word).collect();
    let index = package.index.as_deref().unwrap_or_default();
    let besides = package.besides.iter().fold(String::new(), |all, index| all + "+" + index + " ");
    format!("{}[{}] {} {besides}{index} {source} {}", package.normal, package.extras.join(","), package.constraint, words.join(" "))
}

/// The digest of what is below, as far as a section refers to it: what its entries name, what it pins, and what its pins require. A
/// package below that it has nothing to do with can move without it.
#[must_use]
pub fn parent(program: &Program, unit: &Unit<'_>, section: &Section, below: &Facts) -> String {
    let mut text = String::new();
    for name in referred(unit, section) {
        let Some(fact) = below.get(&name) else { continue };
        // What the layer's own steps say is in the other digest.
        if fact.said.is_some_and(|said| program[unit.cell].packages.iter().any(|package| package.origin == said)) {
            continue;
        }
        let by = if matches!(fact.held, Held::Locked(_)) { "locked" } else { "known" };
        let bounds = fact.version.as_deref().map_or_else(|| fact.bounds.to_string(), str::to_owned);
        let _ = writeln!(text, "{by} {name} {bounds} {}", fact.index.as_deref().unwrap_or_default());
    }
    sha256(&text)
}

/// The names that a section refers to.
fn referred(unit: &Unit<'_>, section: &Section) -> BTreeSet<String> {
    let own = unit.roots.iter().chain(&unit.bounds).map(|package| package.normal.clone());
    let pinned = section.pins.keys().chain(section.unknown.keys()).cloned();
    own.chain(pinned).chain(section.pins.values().flat_map(|pin| required(pin, unit.lockable))).collect()
}

/// The names of what a package requires, normalised.
pub(super) fn required(pin: &Pin, lockable: Lockable) -> impl Iterator<Item = String> + '_ {
    pin.requires.iter().map(move |text| required_name(text, lockable))
}

/// The name that a requirement begins with, normalised.
#[must_use]
pub fn required_name(text: &str, lockable: Lockable) -> String {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    lockable.scheme().normalize_name(text.find(|c: char| !letter(c)).and_then(|end| text.get(..end)).unwrap_or(text))
}

fn sha256(text: &str) -> String {
    let mut hex = "sha256:".to_owned();
    for byte in Sha256::digest(text.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
