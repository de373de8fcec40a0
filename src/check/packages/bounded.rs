//! J0412: an entry of a constraint file that a lower layer lies outside of. Nothing asks for the package by name; what else of the
//! list may depend on it is known in the build.

use super::book::Book;
use super::scene::Scene;
use crate::check::stack::{Ask, as_python, same_prefix};
use crate::diagnostics::{Diagnostic, known};

/// Holds the bound of a cell against what is in force in it, whichever manager has installed it.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    let ask = scene.ask;
    let outside = |other: &&Ask<'_>| {
        if other.is_same_package(ask) {
            return other.set.is_disjoint(&ask.set);
        }
        let sets = as_python(other).zip(as_python(ask)).filter(|_| same_prefix(ask, other));
        sets.is_some_and(|(there, bound)| !there.shares_candidate(&bound))
    };
    let Some(other) = scene.beside().filter(outside).last() else { return };
    book.note(&known::BOUND_BELOW, scene, &[other], || {
        let (name, bound, who) = (&ask.package.name, &ask.package.constraint, scene.who(other));
        let held = &other.package.constraint;
        let message = if let Some(pin) = &other.package.pin {
            format!("pip refuses what depends on `{name}` in this list: it is bound to `{bound}`, and `{who}` pins `{pin}`")
        } else {
            format!("what depends on `{name}` in this list moves it to `{bound}`, and `{who}` has `{held}`")
        };
        Diagnostic::new(&known::BOUND_BELOW, ask.spot(), message)
            .here("bounds what the list brings")
            .also(other.spot(), "outside of the bound")
            .help("take the line out, or bring both to one version")
    });
}
