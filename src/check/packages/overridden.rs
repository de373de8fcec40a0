//! J0404: an `override` that does not say why. With a reason there is nothing to find: the author has decided, and
//! `jenvc why` tells it.

use super::Scene;
use super::advice::side;
use super::book::Book;
use crate::check::stack::{Ask, storeys};
use crate::diagnostics::{Diagnostic, known};

/// Looks at an entry with `override`.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    if scene.ask.package.because.is_some() {
        return;
    }
    let beaten = |other: &&Ask<'_>| other.set.is_disjoint(&scene.ask.set);
    let Some(other) = scene.same().filter(beaten).last() else { return };
    book.note(&known::UNEXPLAINED_OVERRIDE, scene, &[other], || finding(scene, other));
}

fn finding(scene: &Scene<'_, '_>, other: &Ask<'_>) -> Diagnostic {
    let package = scene.ask.package;
    let message = format!(
        "`{} {}` overrides the `{}` of `{}` and does not say why",
        package.name,
        package.constraint,
        other.package.constraint,
        scene.who(other)
    );
    Diagnostic::new(&known::UNEXPLAINED_OVERRIDE, scene.ask.spot(), message)
        .here("overridden here")
        .also(other.spot(), side(scene, other))
        .on_stack(storeys(scene.program, scene.cell, &[other, scene.ask], ""))
        .help("write `because \"…\"` behind `override`, for whoever looks after it next")
}
