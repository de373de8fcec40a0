//! J0401: no version can be all that a stack asks for.

use super::advice::{join_in_words, of_any_build, propose, quoted, side};
use super::book::Book;
use super::scene::Scene;
use crate::check::stack::{Ask, smallest, storeys};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Package;

/// Says whether nothing is left.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> bool {
    // What is known to be there is a fact and no demand: a newer one takes its place.
    let asks: Vec<_> = scene.same_release().filter(|other| other.known().is_none()).collect();
    let builds = |package: &Package| package.constraint.alternatives.iter().flatten().any(|bound| bound.build.is_some());
    let bare = |other: &&Ask<'_>| {
        let other = Some(other.package).filter(|package| !other.is_same_package(scene.ask) && builds(package))?;
        other.scheme.set(&of_any_build(other)).ok()
    };
    let parts: Vec<_> = asks.iter().map(bare).collect();
    let same: Vec<_> = asks.iter().zip(&parts).map(|(other, part)| (*other, part.as_ref().unwrap_or(&other.set))).collect();
    let Some(sides) = smallest((scene.ask, &scene.ask.set), &same) else { return false };
    book.note(&known::DISJOINT_CONSTRAINTS, scene, &sides, || finding(scene, &sides));
    true
}

fn finding(scene: &Scene<'_, '_>, sides: &[&Ask<'_>]) -> Diagnostic {
    let ask = scene.ask;
    let name = &ask.package.name;
    let part = |side: &&Ask<'_>| {
        if side.is_same_package(ask) { quoted(side) } else { format!("`{} {}`", side.package.name, side.package.constraint) }
    };
    let all: Vec<String> = std::iter::once(quoted(ask)).chain(sides.iter().map(part)).collect();
    let (both, at_once) = if sides.len() == 1 { ("both ", "") } else { ("", " at once") };
    let mut finding = Diagnostic::new(
        &known::DISJOINT_CONSTRAINTS,
        ask.spot(),
        format!("no version of `{name}` is {both}{}{at_once}", join_in_words(&all)),
    )
    .here(side(scene, ask));
    for other in sides.iter().filter(|other| other.package.origin != ask.package.origin) {
        finding = finding.also(other.spot(), side(scene, other));
    }
    let named = |other: &&Ask<'_>| other.is_open() || sides.iter().any(|side| std::ptr::eq(*side, *other));
    let drawn: Vec<&Ask<'_>> = scene.same_release().filter(named).chain([ask]).collect();
    propose(scene, sides, finding.on_stack(storeys(scene.program, scene.cell, &drawn, "no version is left")))
}
