//! Findings by cause: the first place that finds one makes the finding, the others add the cells that it hits.

use std::collections::BTreeMap;

use super::stack::cell_ref;
use crate::diagnostics::{Diagnostic, Findings};
use crate::ir::{CellId, Program};

/// Findings by what makes two of them one.
#[derive(Debug)]
pub(super) struct Causes<K>(BTreeMap<K, (Diagnostic, Vec<CellId>)>);

impl<K: Ord> Causes<K> {
    /// No findings.
    pub(super) fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Notes that a cause hits cells; `make` is asked once for each cause.
    pub(super) fn note(&mut self, cause: K, cells: &[CellId], make: impl FnOnce() -> Diagnostic) {
        self.0.entry(cause).or_insert_with(|| (make(), Vec::new())).1.extend(cells);
    }

    /// Hands the findings over, by cause, with their cells in the order of the program.
    pub(super) fn close(self, program: &Program, findings: &mut Findings) {
        for (finding, mut cells) in self.0.into_values() {
            cells.sort_unstable();
            cells.dedup();
            findings.push(finding.in_cells(cells.into_iter().map(|cell| cell_ref(program, cell))));
        }
    }
}
