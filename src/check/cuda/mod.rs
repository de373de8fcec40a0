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

use super::causes::Causes;
use crate::diagnostics::{Diagnostic, Findings};
use crate::ir::{CellId, Program};

/// Runs all rules about builds.
pub(super) fn rules(program: &Program, findings: &mut Findings) {
    let mut causes = Causes::new();
    let mut note = |cells: &[CellId], finding: Diagnostic| {
        if let Some(place) = finding.place() {
            causes.note((place, finding.code.id, finding.message.clone()), cells, || finding);
        }
    };
    let of_conda: Vec<&str> = table::of_conda().collect();
    for cells in program.stacks() {
        let Some(id) = cells.first().copied() else { continue };
        let mut found: Vec<Diagnostic> = program[id].packages.iter().filter_map(wheels::rule).collect();
        labels::rules(program, id, &mut found);
        for finding in found {
            note(&cells, finding);
        }
        // The other rules ask for the cell's variant and for what a menu says of it.
        let (together, candidate) = (together::concerns(program, id), cards::candidate(program, id, &of_conda));
        for id in cells.into_iter().filter(|_| together || candidate.is_some()) {
            let mut found = Vec::new();
            if together {
                together::rules(program, id, &mut found);
            }
            found.extend(candidate.and_then(|package| cards::rule(program, id, package)));
            for finding in found {
                note(&[id], finding);
            }
        }
    }
    causes.close(program, findings);
}
