//! J0407: one piece of software through two managers. In one environment the later one writes over the files of the
//! earlier one, which still believes that it owns them.

use super::advice::{join_in_words, propose, side};
use super::book::Book;
use super::groups::{Kind, Sides};
use super::scene::Scene;
use crate::check::stack::{Ask, as_python, same_prefix, smallest, storeys};
use crate::diagnostics::{Diagnostic, Severity, known};
use crate::ir::PackageSource;
use crate::versions::VersionSet;

/// Both in one environment: the later one wins.
const OVER: Kind = Kind {
    code: &known::TWO_MANAGERS,
    message: |sides, what| {
        format!("in `{}`, `{}` installs over what `{}` has installed{}: {what}", sides.upper, sides.above, sides.below, below(sides))
    },
    here: "written over the other one's files",
    there: "the same software",
    help: |sides| format!("ask `{}` for it: its next solve believes that its own version is there", sides.below),
    always: false,
};

/// One in the system, one in conda's environment: which one is meant depends on the path.
const TWICE: Kind = Kind {
    code: &known::TWO_MANAGERS,
    message: |sides, what| {
        format!("in `{}`, `{}` installs again what `{}` has installed{}: {what}", sides.upper, sides.above, sides.below, below(sides))
    },
    here: "one of the two",
    there: "the other one",
    help: |sides| format!("drop the one from `{}` or the one from `{}`", sides.above, sides.below),
    always: false,
};

/// Where the other side stands, unless it is the same definition.
fn below(sides: &Sides) -> String {
    if sides.upper == sides.lower { String::new() } else { format!(" in `{}`", sides.lower) }
}

/// Looks for the same software of another manager. Says whether no version is what all are asked for.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> bool {
    let ask = scene.ask;
    let of_another = |other: &&Ask<'_>| other.package.ecosystem != ask.package.ecosystem;
    if ask.package.normal == "python" || ask.package.provided || !scene.beside().any(|other| of_another(&other)) {
        return false;
    }
    if let Some(sides) = clash(scene) {
        book.note(&known::TWO_MANAGERS, scene, &sides, || no_version(scene, &sides));
        return true;
    }
    // Of several names that a manager has for it, the one that is the same, else the last one.
    let nearest = |fits: &dyn Fn(&&Ask<'_>) -> bool| {
        let beside = scene.beside().filter(of_another).filter(fits);
        beside.max_by_key(|other| other.package.normal == ask.package.normal)
    };
    if scene.same().any(|other| !other.package.provided) {
        return false;
    }
    if let Some(other) = nearest(&|other| same_prefix(ask, other)) {
        // pip leaves what is there and will do, also where an address says the same version; what git holds is not known.
        let by_name = ask.is_open() && ask.package.source == PackageSource::Index;
        let leaves = by_name || (!ask.is_open() && other.known().is_some() && !is_moved(ask, other));
        if ask.package.ecosystem != "pypi" || !leaves {
            book.groups.add(OVER, scene, other, || named(ask, other));
        }
    } else if let Some(other) = nearest(&|other| crosses(ask, other)) {
        book.groups.add(TWICE, scene, other, || named(ask, other));
    }
    false
}

/// The sides that leave the entry no version, where another manager is among them. What is known to be there is a fact
/// and no demand: it can be moved, if not well.
fn clash<'s, 'p>(scene: &Scene<'s, 'p>) -> Option<Vec<&'s Ask<'p>>> {
    let own = as_python(scene.ask)?;
    let beside = scene.beside().filter(|other| same_prefix(scene.ask, other) && other.known().is_none());
    let read: Vec<(&Ask<'_>, VersionSet)> = beside.filter_map(|other| Some((other, as_python(other)?))).collect();
    let sides: Vec<_> = read.iter().map(|(other, set)| (*other, set)).collect();
    let clashing = smallest((scene.ask, &own), &sides)?;
    clashing.iter().any(|other| other.package.ecosystem != scene.ask.package.ecosystem).then_some(clashing)
}

/// Whether an ask allows none of what another one is known to hold.
fn is_moved(ask: &Ask<'_>, other: &Ask<'_>) -> bool {
    as_python(ask).zip(as_python(other)).is_some_and(|(one, two)| !one.shares_candidate(&two))
}

/// Whether one is the operating system's and the other conda's or Python's, in the environment that people are in.
fn crosses(one: &Ask<'_>, other: &Ask<'_>) -> bool {
    let of_system = |ask: &Ask<'_>| matches!(ask.package.ecosystem.as_str(), "apt" | "rpm");
    of_system(one) != of_system(other)
}

/// The name, and what is there where that is another name or a known version.
fn named(ask: &Ask<'_>, other: &Ask<'_>) -> String {
    let (upper, lower) = (ask.package, other.package);
    let there = match (other.known(), upper.normal == lower.normal) {
        (Some(version), true) if !upper.constraint.is_any() => version,
        (Some(version), false) if !upper.constraint.is_any() => format!("{} {version}", lower.name),
        (_, true) => return format!("`{}`", upper.name),
        (_, false) => lower.name.clone(),
    };
    let constraint = if upper.constraint.is_any() { String::new() } else { format!(" {}", upper.constraint) };
    format!("`{}{constraint}` (there `{there}`)", upper.name)
}

/// No version is what all managers are asked for.
fn no_version(scene: &Scene<'_, '_>, sides: &[&Ask<'_>]) -> Diagnostic {
    let ask = scene.ask;
    let asked = |ask: &Ask<'_>| format!("`{} {}` for `{}`", ask.package.name, ask.package.constraint, ask.package.manager);
    let all: Vec<String> = std::iter::once(asked(ask)).chain(sides.iter().map(|other| asked(other))).collect();
    let (both, at_once) = if sides.len() == 1 { ("both ", "") } else { ("", " at once") };
    let message = format!("no version is {both}{}{at_once}", join_in_words(&all));
    let mut finding = Diagnostic::new(&known::TWO_MANAGERS, ask.spot(), message).here(side(scene, ask));
    for other in sides.iter().filter(|other| other.package.origin != ask.package.origin) {
        finding = finding.also(other.spot(), side(scene, other));
    }
    let drawn: Vec<&Ask<'_>> = sides.iter().copied().chain([ask]).collect();
    finding.severity = Severity::Error;
    propose(scene, sides, finding.on_stack(storeys(scene.program, scene.cell, &drawn, "no version is left")))
}
