//! J0432: images that a moving tag names. Those of a menu have a rule of their own.

use std::collections::BTreeSet;

use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::ir::{Base, ImageRef, Parent, Program};

/// Tags that are meant to move.
const MOVING: [&str; 12] =
    ["latest", "main", "master", "edge", "nightly", "dev", "devel", "stable", "rolling", "testing", "unstable", "sid"];

/// J0432
pub(super) fn check(program: &Program, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for base in program.bases.iter().filter(|base| !base.standard && base.digest.is_none()) {
        if let Some(severity) = moves(base.tag.as_deref()).filter(|_| seen.insert(base.origin)) {
            findings.push(finding(base.origin, &base.repository, base.tag.as_deref(), severity));
        }
    }
    // The standard library's own images can't be changed here: the layer that stands on one is shown.
    for (id, cell) in program.cells() {
        let Parent::Base(base) = cell.parent else { continue };
        let base = &program[base];
        let layer = &program[program[id].image];
        if base.standard && base.digest.is_none() && moves(base.tag.as_deref()).is_some() && seen.insert(base.origin) {
            findings.push(of_library(base, layer.origin));
        }
    }
    for step in program.recipes().into_iter().flat_map(|recipe| &recipe.steps) {
        for reference in step.images().filter_map(|image| if let ImageRef::Reference(text) = image { Some(text.as_str()) } else { None }) {
            let (repository, tag) = parts(reference);
            if let Some(severity) = moves(tag).filter(|_| !reference.contains('@') && seen.insert(step.origin)) {
                findings.push(finding(step.origin, repository, tag, severity));
            }
        }
    }
}

/// An image of the standard library whose tag gets new builds.
fn of_library(base: &Base, layer: Place) -> Diagnostic {
    let mut finding = finding(layer, &base.repository, base.tag.as_deref(), Severity::Note);
    finding.help =
        vec![format!("build on an `image` of your own with a digest: `docker buildx imagetools inspect {}` prints it", base.reference())];
    finding
}

/// How bad it is that a tag can mean another image tomorrow; `None` for one that names a release or a day.
fn moves(tag: Option<&str>) -> Option<Severity> {
    match tag {
        None => Some(Severity::Warning),
        Some(tag) if MOVING.contains(&tag) => Some(Severity::Warning),
        Some(tag) if is_fixed(tag) => None,
        Some(_) => Some(Severity::Note),
    }
}

/// Whether a tag names one release (`1.2.3`, `v0.0.5`), a day (`2026-07-28`, `20260728`) or a commit (`sha-4468efa`). A release line
/// (`22.04`, `python-3.12`) gets new builds.
fn is_fixed(tag: &str) -> bool {
    let of = |separator: char| {
        let numbers = tag.split(|c: char| !c.is_ascii_digit() && c != separator);
        numbers.map(|text| text.split(separator).filter(|number| !number.is_empty()).count()).max().unwrap_or(0)
    };
    let hexadecimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit()) && part.bytes().any(|byte| byte.is_ascii_digit());
    let commit = |part: &str| part.len() >= 7 && hexadecimal(part);
    of('.') >= 3 || of('-') >= 3 || tag.split(['-', '_', '.']).any(commit)
}

/// Repository and tag of a reference; the colon of a port is none of a tag.
fn parts(reference: &str) -> (&str, Option<&str>) {
    match reference.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (reference, None),
    }
}

fn finding(place: Place, repository: &str, tag: Option<&str>, severity: Severity) -> Diagnostic {
    let (message, name) = match tag {
        Some(tag) => (format!("`{repository}` is taken by the tag `{tag}`, which moves"), format!("{repository}:{tag}")),
        None => (format!("nothing says which `{repository}` is meant"), repository.to_owned()),
    };
    let mut finding = Diagnostic::new(&known::FLOATING_BASE, place, message)
        .here(if tag.is_some() { "each build takes what was pushed last" } else { "without a tag it is `latest`, which moves" })
        .help(format!("name a release and its digest: `docker buildx imagetools inspect {name}` prints it"));
    finding.severity = severity;
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_a_tag_or_none() {
        assert_eq!(parts("localhost:5000/a/b"), ("localhost:5000/a/b", None));
        assert_eq!(parts("localhost:5000/a/b:latest"), ("localhost:5000/a/b", Some("latest")));
        assert_eq!(moves(parts("mambaorg/micromamba").1), Some(Severity::Warning));
        assert_eq!(moves(parts("mambaorg/micromamba:2.8.1").1), None);
    }

    #[test]
    fn release_lines_move() {
        for tag in ["22.04", "python-3.12", "12", "bookworm", "3.12-slim", "v2"] {
            assert_eq!(moves(Some(tag)), Some(Severity::Note), "{tag}");
        }
        for tag in
            ["python-3.11.8", "2026-07-28", "20260728", "v0.0.5", "0.2.2-torch2.1-root", "sha-4468efa", "1.2.3-rc1", "noble-20260728"]
        {
            assert_eq!(moves(Some(tag)), None, "{tag}");
        }
    }
}
