//! J0432: images that a moving tag names. Those of a menu have a rule of their own.

use std::collections::BTreeSet;

use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{ImageRef, Program};

/// Tags that are meant to move.
const MOVING: [&str; 12] =
    ["latest", "main", "master", "edge", "nightly", "dev", "devel", "stable", "rolling", "testing", "unstable", "sid"];

/// J0432
pub(super) fn check(program: &Program, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for base in program.bases.iter().filter(|base| !base.standard && base.digest.is_none()) {
        if moves(base.tag.as_deref()) && seen.insert(base.origin) {
            findings.push(finding(base.origin, &base.repository, base.tag.as_deref()));
        }
    }
    for step in program.cells.iter().flat_map(|cell| cell.steps.iter()) {
        for reference in step.images().filter_map(|image| if let ImageRef::Reference(text) = image { Some(text.as_str()) } else { None }) {
            let (repository, tag) = parts(reference);
            if !reference.contains('@') && moves(tag) && seen.insert(step.origin) {
                findings.push(finding(step.origin, repository, tag));
            }
        }
    }
}

fn moves(tag: Option<&str>) -> bool {
    tag.is_none_or(|tag| MOVING.contains(&tag))
}

/// Repository and tag of a reference; the colon of a port is none of a tag.
fn parts(reference: &str) -> (&str, Option<&str>) {
    match reference.rsplit_once(':') {
        Some((repository, tag)) if !tag.contains('/') => (repository, Some(tag)),
        _ => (reference, None),
    }
}

fn finding(place: Place, repository: &str, tag: Option<&str>) -> Diagnostic {
    let (message, name) = match tag {
        Some(tag) => (format!("`{repository}` is taken by the tag `{tag}`, which moves"), format!("{repository}:{tag}")),
        None => (format!("nothing says which `{repository}` is meant"), repository.to_owned()),
    };
    Diagnostic::new(&known::FLOATING_BASE, place, message)
        .here(if tag.is_some() { "each build takes what was pushed last" } else { "without a tag it is `latest`, which moves" })
        .help(format!("name a release and its digest: `docker buildx imagetools inspect {name}` prints it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_a_tag_or_none() {
        assert_eq!(parts("localhost:5000/a/b"), ("localhost:5000/a/b", None));
        assert_eq!(parts("localhost:5000/a/b:latest"), ("localhost:5000/a/b", Some("latest")));
        assert!(moves(parts("mambaorg/micromamba").1) && !moves(parts("mambaorg/micromamba:2.8.1").1));
    }
}
