//! J0404: an `override` that does not say why, and J0410, one that has nothing to override. With a reason there is nothing to
//! find: the author has decided, and `jenvc why` tells it.

use super::advice::side;
use super::book::Book;
use super::scene::Scene;
use crate::check::stack::{Ask, storeys};
use crate::diagnostics::{Diagnostic, known};

/// Looks whether there is something to override. Told only of an entry that overrides nothing in any cell.
pub(super) fn idle(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    let package = scene.ask.package;
    if !package.overrides {
        return;
    }
    if scene.below.iter().any(|other| other.package.origin != package.origin && other.package.environment == package.environment) {
        book.overriding.insert(package.origin);
        return;
    }
    book.note(&known::IDLE_OVERRIDE, scene, &[], || {
        Diagnostic::new(
            &known::IDLE_OVERRIDE,
            scene.ask.spot(),
            format!("nothing below asks for `{}`, so there is nothing to override", package.name),
        )
        .here("overrides nothing")
        .help("drop `override`, and keep its reason")
    });
}

/// Looks at an entry with `override`.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    if scene.ask.package.because.is_some() {
        return;
    }
    let beaten = |other: &&Ask<'_>| !other.set.shares_candidate(&scene.ask.set);
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
