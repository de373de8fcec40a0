//! J0450 to J0454: what packages are built for: the processor alone or a version of CUDA.
//!
//! Wheels of `PyTorch` against the index they come from, the builds of a stack against each other, the variant and the base; wheels
//! that pip keeps or can't find, and packages of conda that are resolved on a machine without a card. What the table does not know
//! is a warning with what is nearest, never an error.

mod build;
mod cards;
mod labels;
mod table;
mod together;
mod wheels;

use std::collections::BTreeMap;

use super::stack::cell_ref;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings};
use crate::ir::{CellId, Program};

/// Runs all rules about builds.
pub(super) fn rules(program: &Program, findings: &mut Findings) {
    let mut causes: BTreeMap<(Place, &'static str, String), Diagnostic> = BTreeMap::new();
    let mut note = |id: CellId, finding: Diagnostic| {
        let Some(place) = finding.place() else { return };
        let cause = (place, finding.code.id, finding.message.clone());
        causes.entry(cause).or_insert(finding).cells.push(cell_ref(program, id));
    };
    for (id, cell) in program.cells().filter(|(_, cell)| !cell.packages.is_empty()) {
        let mut found = Vec::new();
        for package in cell.packages.iter() {
            found.extend(wheels::rule(package));
        }
        labels::rules(program, id, &mut found);
        together::rules(program, id, &mut found);
        cards::rule(program, id, &mut found);
        for finding in found {
            note(id, finding);
        }
    }
    for finding in causes.into_values() {
        findings.push(finding);
    }
}
