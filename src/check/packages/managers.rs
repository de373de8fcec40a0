//! J0407: one piece of software through two managers. In one environment the later one writes over the files of the
//! earlier one, which still believes that it owns them.

use super::Scene;
use super::advice::side;
use super::book::Book;
use crate::check::stack::{Ask, common, same_prefix, storeys};
use crate::diagnostics::{Diagnostic, Severity, known};

/// Looks for the same software of another manager.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    let ask = scene.ask;
    let other_manager = |other: &&Ask<'_>| other.package.ecosystem != ask.package.ecosystem && other.shares_platform(ask);
    if ask.package.normal == "python" || scene.same().any(|other| !other.package.provided) {
        return;
    }
    let beside = scene.below.iter().rev().filter(other_manager).find(|other| same_prefix(ask, other));
    if let Some(other) = beside {
        book.note(&known::TWO_MANAGERS, scene, &[other], || one_environment(scene, other));
    } else if let Some(other) = scene.below.iter().rev().filter(other_manager).find(|other| crosses(ask, other)) {
        book.note(&known::TWO_MANAGERS, scene, &[other], || two_places(scene, other));
    }
}

/// Whether one is the operating system's and the other conda's or Python's, in the environment that people are in.
fn crosses(one: &Ask<'_>, other: &Ask<'_>) -> bool {
    let of_system = |ask: &Ask<'_>| matches!(ask.package.ecosystem.as_str(), "apt" | "rpm");
    of_system(one) != of_system(other)
}

/// Both in one environment: the later one wins.
fn one_environment(scene: &Scene<'_, '_>, other: &Ask<'_>) -> Diagnostic {
    let (upper, lower) = (scene.ask.package, other.package);
    let both = common(scene.ask, other);
    let disjoint = both.as_ref().is_some_and(crate::versions::VersionSet::is_empty);
    let message = if disjoint {
        format!(
            "`{}` asks for `{} {}` where `{}` asks for `{} {}`: no version is both",
            upper.manager, upper.name, upper.constraint, lower.manager, lower.name, lower.constraint
        )
    } else if upper.name == lower.name {
        format!("`{}` installs `{}` over the one that `{}` has installed", upper.manager, upper.name, lower.manager)
    } else {
        format!(
            "`{}` installs `{}` over `{}`, the same software that `{}` has installed",
            upper.manager, upper.name, lower.name, lower.manager
        )
    };
    let mut finding = Diagnostic::new(&known::TWO_MANAGERS, scene.ask.spot(), message)
        .here(side(scene, scene.ask))
        .also(other.spot(), side(scene, other))
        .on_stack(storeys(scene.program, scene.cell, &[other, scene.ask], if disjoint { "no version is both" } else { "" }));
    if disjoint {
        finding.severity = Severity::Error;
    }
    let entry = if upper.constraint.is_any() { lower.name.clone() } else { format!("{} {}", lower.name, upper.constraint) };
    finding.help(format!("let `{}` move it: `{entry}` in its list", lower.manager))
}

/// One in the system, one in conda's environment: which one is meant depends on the path.
fn two_places(scene: &Scene<'_, '_>, other: &Ask<'_>) -> Diagnostic {
    let (upper, lower) = (scene.ask.package, other.package);
    let named = if upper.name == lower.name { String::new() } else { format!(" (there `{}`)", lower.name) };
    let message = format!("`{}` is there twice: from `{}` and from `{}`{named}", upper.name, upper.manager, lower.manager);
    Diagnostic::new(&known::TWO_MANAGERS, scene.ask.spot(), message)
        .here(side(scene, scene.ask))
        .also(other.spot(), side(scene, other))
        .on_stack(storeys(scene.program, scene.cell, &[other, scene.ask], ""))
        .help(format!("drop the one from `{}` or the one from `{}`", upper.manager, lower.manager))
}
