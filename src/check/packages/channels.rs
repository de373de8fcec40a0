//! J0420: one conda environment from two families of channels: conda-forge's and the defaults of Anaconda. Each builds against its
//! own libraries, and a solver may take one for the other.

use std::collections::BTreeMap;

use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{CellId, Package, Program};

/// Channels whose packages are built together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Forge,
    Defaults,
}

/// J0420
pub(super) fn check(program: &Program, findings: &mut Findings) {
    let mut found: BTreeMap<Place, Diagnostic> = BTreeMap::new();
    for cell in program.stacks().iter().filter_map(|cells| cells.first().copied()) {
        let Some((upper, lower)) = first_mix(program, cell) else { continue };
        found.entry(upper.origin).or_insert_with(|| finding(upper, lower));
    }
    for finding in found.into_values() {
        findings.push(finding);
    }
}

/// The first package of a cell that is of another family than what is below it, where all of that is of one.
fn first_mix(program: &Program, cell: CellId) -> Option<(&Package, &Package)> {
    let own = &program[cell].packages;
    own.iter().find(|package| family(package).is_some())?;
    let stack = program.stack(cell);
    let lower = stack.iter().filter(|level| **level != cell).flat_map(|level| &program[*level].packages);
    let below: Vec<&Package> =
        program[program.base_of(cell)].provides.iter().chain(lower).filter(|package| family(package).is_some()).collect();
    let is_below = |package: &Package, one: Family| {
        below.iter().rev().copied().find(|other| other.environment == package.environment && family(other) == Some(one))
    };
    own.iter().enumerate().find_map(|(at, package)| {
        let (own_family, other) = match family(package)? {
            Family::Forge => (Family::Forge, Family::Defaults),
            Family::Defaults => (Family::Defaults, Family::Forge),
        };
        // Where both are below, it is reported there.
        if is_below(package, own_family).is_some() && is_below(package, other).is_some() {
            return None;
        }
        let before = own.iter().take(at).rev().find(|one| one.environment == package.environment && family(one) == Some(other));
        before.or_else(|| is_below(package, other)).map(|lower| (package, lower))
    })
}

/// The family of the channel that a package is taken from; `None` where nothing says which, and for channels that go with both.
fn family(package: &Package) -> Option<Family> {
    let channel = package.index.as_deref().filter(|_| package.ecosystem == "conda")?;
    if channel.contains("conda-forge") {
        return Some(Family::Forge);
    }
    let default = matches!(channel, "defaults" | "main" | "anaconda" | "pkgs/main") || channel.contains("repo.anaconda.com");
    default.then_some(Family::Defaults)
}

fn finding(upper: &Package, lower: &Package) -> Diagnostic {
    let channel = |package: &Package| package.index.clone().unwrap_or_default();
    let message = format!("`{}` of `{}` is mixed with packages of `{}` in one environment", upper.name, channel(upper), channel(lower));
    Diagnostic::new(&known::MIXED_CHANNELS, upper.origin, message)
        .here("built against other libraries")
        .also(lower.origin, format!("`{}` is of `{}`", lower.name, channel(lower)))
        .help(format!("take it from `{}`, or put it into an environment of its own", channel(lower)))
        .about("conda", &upper.normal)
}
