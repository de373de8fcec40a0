//! What is written and may take effect in no cell: suspected where it is read, cleared where one cell uses it, and reported once
//! all cells are known.

use std::cell::RefCell;

use crate::base::{IndexMap, Place};
use crate::diagnostics::{Diagnostic, Severity};

/// The suspects by place; `None` where one is cleared.
#[derive(Debug, Default)]
pub(crate) struct Idle(RefCell<IndexMap<Place, Option<Diagnostic>>>);

impl Idle {
    /// Notes a suspect, unless it is known.
    pub(crate) fn suspect(&self, place: Place, finding: impl FnOnce() -> Diagnostic) {
        self.0.borrow_mut().entry(place).or_insert_with(|| Some(finding()));
    }

    /// Clears what is at a place, now and later.
    pub(crate) fn clear(&self, place: Place) {
        self.0.borrow_mut().insert(place, None);
    }

    /// What no cell has cleared, as warnings.
    pub(crate) fn left(&self) -> impl Iterator<Item = Diagnostic> {
        let left = self.0.take().into_values().flatten();
        left.map(|finding| Diagnostic { severity: Severity::Warning, ..finding })
    }
}
