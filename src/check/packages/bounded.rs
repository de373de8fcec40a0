//! J0412: an entry of a constraint file that a lower layer lies outside of. Nothing asks for the package by name; what else of the
//! list may depend on it is known in the build.

use super::book::Book;
use super::scene::Scene;
use crate::check::stack::Ask;
use crate::diagnostics::{Diagnostic, known};

/// Holds the bound of a cell against what is in force in it.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    let outside = |other: &&Ask<'_>| other.set.is_disjoint(&scene.ask.set);
    let Some(other) = scene.same().filter(outside).last() else { return };
    book.note(&known::BOUND_BELOW, scene, &[other], || {
        let (name, bound) = (&scene.ask.package.name, &scene.ask.package.constraint);
        let held = &other.package.constraint;
        Diagnostic::new(
            &known::BOUND_BELOW,
            scene.ask.spot(),
            format!("what depends on `{name}` in this list moves it to `{bound}`, and `{}` has `{held}`", scene.who(other)),
        )
        .here("bounds what the list brings")
        .also(other.spot(), "outside of the bound")
        .help("take the line out, or bring both to one version")
    });
}
