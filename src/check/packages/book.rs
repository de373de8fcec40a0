//! The findings of all cells: one cause is one finding, which names the cells that it hits.

use std::collections::HashMap;

use super::Scene;
use crate::base::Place;
use crate::check::stack::{Ask, cell_ref};
use crate::diagnostics::{Code, Diagnostic, Findings};

/// What makes two hits one finding: the kind, the package and the places of its sides.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Cause {
    code: &'static str,
    package: String,
    places: Vec<Place>,
}

/// The findings so far.
#[derive(Debug, Default)]
pub(super) struct Book {
    all: Vec<Diagnostic>,
    known: HashMap<Cause, usize>,
}

impl Book {
    /// Notes a finding about the entry of a scene and the sides it is held against; `make` is asked once for each cause.
    pub(super) fn note(&mut self, code: &'static Code, scene: &Scene<'_, '_>, sides: &[&Ask<'_>], make: impl FnOnce() -> Diagnostic) {
        let package = scene.ask.package;
        let places = std::iter::once(package.origin).chain(sides.iter().map(|side| side.package.origin)).collect();
        let cause = Cause { code: code.id, package: package.normal.clone(), places };
        let at = *self.known.entry(cause).or_insert_with(|| {
            self.all.push(make().about(&package.ecosystem, &package.normal));
            self.all.len() - 1
        });
        if let Some(finding) = self.all.get_mut(at) {
            let cell = cell_ref(scene.program, scene.cell);
            if finding.cells.last() != Some(&cell) {
                finding.cells.push(cell);
            }
        }
    }

    /// Hands the findings over.
    pub(super) fn close(self, findings: &mut Findings) {
        for finding in self.all {
            findings.push(finding);
        }
    }
}
