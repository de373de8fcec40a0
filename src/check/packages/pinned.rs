//! J0402: an entry leaves what something below has pinned. No `override` beats a pin.

use super::Scene;
use super::advice::{propose_for_pin, side};
use super::book::Book;
use crate::check::stack::{Ask, storeys};
use crate::diagnostics::{Diagnostic, known};

/// Says whether the entry leaves a pin.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> bool {
    let leaves = |other: &&Ask<'_>| other.pin.as_ref().is_some_and(|pin| pin.is_disjoint(&scene.ask.set));
    let Some(other) = scene.same().filter(leaves).last() else { return false };
    book.note(&known::PINNED_BELOW, scene, &[other], || finding(scene, other));
    true
}

fn finding(scene: &Scene<'_, '_>, other: &Ask<'_>) -> Diagnostic {
    let package = scene.ask.package;
    let pin = other.package.pin.as_ref().map(ToString::to_string).unwrap_or_default();
    let message = format!("`{} {}` leaves `{pin}`, which `{}` has pinned", package.name, package.constraint, scene.who(other));
    let mut finding = Diagnostic::new(&known::PINNED_BELOW, scene.ask.spot(), message).here(side(scene, scene.ask));
    if other.package.origin != package.origin {
        finding = finding.also(other.spot(), format!("`{}` pins it", scene.who(other)));
    }
    if package.overrides {
        finding = finding.help("no `override` beats a pin: what is below was built for the pinned version");
    }
    propose_for_pin(scene, finding.on_stack(storeys(scene.program, scene.cell, &[other, scene.ask], "outside of the pin")))
}
