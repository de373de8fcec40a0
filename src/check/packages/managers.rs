//! J0407: one piece of software through two managers. In one environment the later one writes over the files of the
//! earlier one, which still believes that it owns them.

use super::Scene;
use super::advice::side;
use super::book::Book;
use super::groups::{Kind, Sides};
use crate::check::stack::{Ask, common, same_prefix, storeys};
use crate::diagnostics::{Diagnostic, Severity, known};
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

/// Looks for the same software of another manager.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    let ask = scene.ask;
    let of_another = |other: &&Ask<'_>| other.package.ecosystem != ask.package.ecosystem && other.shares_platform(ask);
    if ask.package.normal == "python" || ask.package.provided || scene.same().any(|other| !other.package.provided) {
        return;
    }
    // Of several names that a manager has for it, the one that is the same, else the last one.
    let nearest = |fits: &dyn Fn(&&Ask<'_>) -> bool| {
        let beside = scene.below.iter().filter(of_another).filter(fits);
        beside.max_by_key(|other| other.package.normal == ask.package.normal)
    };
    if let Some(other) = nearest(&|other| same_prefix(ask, other)) {
        let both = common(ask, other);
        let disjoint = both.as_ref().is_some_and(VersionSet::is_empty);
        // pip leaves what is there and will do.
        if ask.package.ecosystem == "pypi" && (ask.is_open() || (other.known().is_some() && !disjoint)) {
            return;
        }
        // What is known to be there is a fact and no demand: it can be moved, if not well.
        if other.known().is_none() && disjoint {
            book.note(&known::TWO_MANAGERS, scene, &[other], || no_version(scene, other));
        } else {
            book.groups.add(OVER, scene, other, || named(ask, other));
        }
    } else if let Some(other) = nearest(&|other| crosses(ask, other)) {
        book.groups.add(TWICE, scene, other, || named(ask, other));
    }
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

/// No version is what both managers are asked for.
fn no_version(scene: &Scene<'_, '_>, other: &Ask<'_>) -> Diagnostic {
    let (upper, lower) = (scene.ask.package, other.package);
    let message = format!(
        "`{}` installs `{} {}` where `{}` has `{} {}`: no version is both",
        upper.manager, upper.name, upper.constraint, lower.manager, lower.name, lower.constraint
    );
    let mut finding = Diagnostic::new(&known::TWO_MANAGERS, scene.ask.spot(), message)
        .here(side(scene, scene.ask))
        .also(other.spot(), side(scene, other))
        .on_stack(storeys(scene.program, scene.cell, &[other, scene.ask], "no version is both"))
        .help(format!("let `{}` have it: `{} {}` in its list, and none here", lower.manager, lower.name, upper.constraint));
    finding.severity = Severity::Error;
    super::advice::propose(scene, &[other], finding)
}
