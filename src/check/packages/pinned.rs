//! J0402: an entry leaves what something below has pinned, for whatever manager. No `override` beats a pin.

use super::advice::{propose_for_pin, side};
use super::book::Book;
use super::scene::Scene;
use crate::check::stack::{Ask, as_python, pin_as_python, same_prefix, storeys};
use crate::diagnostics::{Diagnostic, known};

/// Says whether the entry leaves a pin.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> bool {
    let Some(other) = scene.beside().filter(|other| leaves(scene.ask, other)).last() else { return false };
    book.note(&known::PINNED_BELOW, scene, &[other], || finding(scene, other));
    true
}

/// Whether no version of an ask is what the other one has pinned, where both are in one environment.
fn leaves(ask: &Ask<'_>, other: &Ask<'_>) -> bool {
    let Some(pin) = &other.pin else { return false };
    if ask.is_open() || !same_prefix(ask, other) {
        return false;
    }
    if ask.package.scheme == other.package.scheme {
        return !pin.shares_candidate(&ask.set);
    }
    pin_as_python(other).zip(as_python(ask)).is_some_and(|(pin, set)| !pin.shares_candidate(&set))
}

fn finding(scene: &Scene<'_, '_>, other: &Ask<'_>) -> Diagnostic {
    let package = scene.ask.package;
    let pin = other.package.pin.as_ref().map(ToString::to_string).unwrap_or_default();
    let (own, its) = (&package.manager, &other.package.manager);
    let by = if own == its { String::new() } else { format!(" for `{its}`") };
    let message = format!("`{} {}` leaves `{pin}`, which `{}` has pinned{by}", package.name, package.constraint, scene.who(other));
    let mut finding = Diagnostic::new(&known::PINNED_BELOW, scene.ask.spot(), message).here(side(scene, scene.ask));
    if other.package.origin != package.origin {
        finding = finding.also(other.spot(), format!("`{}` pins it", scene.who(other)));
    }
    if package.overrides {
        finding = finding.help("no `override` beats a pin: what is below was built for the pinned version");
    }
    propose_for_pin(scene, other, finding.on_stack(storeys(scene.program, scene.cell, &[other, scene.ask], "outside of the pin")))
}
