//! J0405: an entry takes an existing image back to an older version than it is known to hold.

use super::advice::propose;
use super::book::Book;
use super::scene::Scene;
use crate::check::stack::{Ask, storeys};
use crate::diagnostics::{Diagnostic, known};

/// Says whether the entry is below what is known to be there.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> bool {
    let known = scene.same_release().filter_map(|other| Some((other, other.known()?)));
    let Some((other, version)) = known.filter(|(other, _)| !other.set.shares_candidate(&scene.ask.set)).last() else { return false };
    if is_older(scene.ask, &version) {
        book.note(&known::DOWNGRADED_BELOW, scene, &[other], || finding(scene, other, &version));
        return true;
    }
    false
}

/// Whether all versions of an ask are older than this one.
fn is_older(ask: &Ask<'_>, version: &str) -> bool {
    let scheme = ask.package.scheme;
    ask.set.upper().is_some_and(|(upper, included)| match scheme.compare(upper, version) {
        Ok(order) => order.is_lt() || (order.is_eq() && !included),
        Err(_) => false,
    })
}

fn finding(scene: &Scene<'_, '_>, other: &Ask<'_>, version: &str) -> Diagnostic {
    let package = scene.ask.package;
    let base = scene.who(other);
    let message = format!("`{} {}` takes `{base}` back from `{version}`", package.name, package.constraint);
    let finding = Diagnostic::new(&known::DOWNGRADED_BELOW, scene.ask.spot(), message)
        .here("older than what is there")
        .also(other.spot(), format!("`{base}` holds `{version}`"));
    propose(scene, &[], finding.on_stack(storeys(scene.program, scene.cell, &[other, scene.ask], "older")))
}
