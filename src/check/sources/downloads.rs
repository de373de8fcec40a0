//! J0431: downloads that nothing is compared with.

use std::collections::BTreeSet;

use super::names::last_part;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{BuildSource, PackageSource, Program, StepKind};

/// J0431
pub(super) fn check(program: &Program, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    let mut told = |place: Place, url: &str, sha256: Option<&String>| {
        // The fragment of an address may hold the checksum that pip or conda compares.
        if sha256.is_none() && !url.contains("#sha256") && seen.insert(place) {
            findings.push(finding(place, url));
        }
    };
    for cell in program.recipes() {
        for package in &cell.packages {
            if let PackageSource::Url { url, sha256 } = &package.source {
                told(package.origin, url, sha256.as_ref());
            }
        }
        for step in &cell.steps {
            match &step.kind {
                StepKind::Fetch(fetch) => told(step.origin, &fetch.url, fetch.sha256.as_ref()),
                StepKind::Build(build) => {
                    if let BuildSource::Url { url, sha256 } = &build.source {
                        told(build.origin, url, sha256.as_ref());
                    }
                }
                _ => {}
            }
        }
    }
}

fn finding(place: Place, url: &str) -> Diagnostic {
    Diagnostic::new(&known::UNCHECKED_DOWNLOAD, place, format!("`{}` is downloaded without a checksum", last_part(url)))
        .here("whatever the server sends goes into the image")
        .help(format!("give its SHA-256, which `curl -fsSL {url} | sha256sum` prints"))
}
