//! J0418: an entry whose own bounds leave no version.

use super::book::Book;
use super::scene::Scene;
use crate::diagnostics::{Change, Diagnostic, Edit, Findings, known};
use crate::ir::{Package, Program, RequirementKind, Wanted};
use crate::versions::{Bound, Constraint, Op, Scheme};

/// Says whether the entry of a scene holds no version.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> bool {
    let package = scene.ask.package;
    let is_empty = !scene.ask.set.has_candidate();
    if is_empty {
        book.note(&known::EMPTY_CONSTRAINT, scene, &[], || finding(package));
    }
    is_empty
}

/// What images are said to hold, and what layers and hubs require.
pub(super) fn elsewhere(program: &Program, findings: &mut Findings) {
    let provided = program.bases.iter().flat_map(|base| base.provides.iter());
    let hubs = program.hubs.iter().flat_map(|hub| hub.requires.iter().chain(&hub.provides));
    let required =
        program.recipes().into_iter().flat_map(|recipe| &recipe.requirements).filter_map(|requirement| match &requirement.kind {
            RequirementKind::Package(package) => Some(&**package),
            _ => None,
        });
    let mut seen = Vec::new();
    for package in provided.chain(hubs).chain(required).filter(|package| is_empty(package.scheme, &package.constraint)) {
        if !seen.contains(&package.origin) {
            seen.push(package.origin);
            findings.push(finding(package).about(package.ecosystem, &package.normal));
        }
    }
}

/// Whether no version fulfils a constraint; one of a single bound without a build is not looked at.
fn is_empty(scheme: Scheme, constraint: &Constraint) -> bool {
    !constraint.is_any() && scheme.set(constraint).is_ok_and(|set| !set.has_candidate())
}

fn finding(package: &Package) -> Diagnostic {
    let Wanted { name, constraint, scheme, .. } = &**package;
    let finding = Diagnostic::new(&known::EMPTY_CONSTRAINT, package.origin, format!("no version of `{name}` is `{constraint}`"))
        .here("these bounds exclude each other");
    let Some(place) = package.bounds else { return finding.help(format!("change the bounds of `{name}` in that file")) };
    let mut finding = finding;
    for other in rearranged(constraint).into_iter().filter(|other| !is_empty(*scheme, other)) {
        let edit = Edit { place, text: other.to_string() };
        finding = finding.propose(format!("write `{name} {other}`"), Change::Edits(vec![edit]));
    }
    finding
}

/// What may be meant: the versions of two bounds exchanged, or one bound left out.
fn rearranged(constraint: &Constraint) -> Vec<Constraint> {
    let [bounds] = constraint.alternatives.as_slice() else { return Vec::new() };
    let mut all = Vec::new();
    let is_lower = |bound: &Bound| matches!(bound.op, Op::GreaterEqual | Op::Greater);
    let is_upper = |bound: &Bound| matches!(bound.op, Op::LessEqual | Op::Less);
    if let [one, other] = bounds.as_slice()
        && (is_lower(one) && is_upper(other) || is_upper(one) && is_lower(other))
    {
        let (mut first, mut second) = (one.clone(), other.clone());
        std::mem::swap(&mut first.version, &mut second.version);
        all.push(vec![first, second]);
    }
    for at in 0..bounds.len() {
        let mut fewer = bounds.clone();
        fewer.remove(at);
        all.extend((!fewer.is_empty()).then_some(fewer));
    }
    all.into_iter().map(|bounds| Constraint { alternatives: vec![bounds] }).collect()
}
