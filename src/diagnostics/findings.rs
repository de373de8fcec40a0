//! All findings of a run: collected in any order, kept once each, sorted by place.

use super::{Code, Diagnostic, Severity};

/// A bag of findings. One cause is one finding: the same code, message and labels seen again only add their cells.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    all: Vec<Diagnostic>,
}

impl Findings {
    /// Adds a finding; merges it with an equal one.
    pub fn push(&mut self, finding: Diagnostic) {
        let same =
            |other: &&mut Diagnostic| other.code == finding.code && other.message == finding.message && other.labels == finding.labels;
        if let Some(known) = self.all.iter_mut().rev().take(256).find(same) {
            for cell in finding.cells {
                if !known.cells.contains(&cell) {
                    known.cells.push(cell);
                }
            }
        } else {
            self.all.push(finding);
        }
    }

    /// Adds all of another bag.
    pub fn append(&mut self, other: Self) {
        for finding in other.all {
            self.push(finding);
        }
    }

    /// The findings by file, place, code; those without a place first.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.all.sort_by(|a, b| (a.place(), a.code.id, &a.message).cmp(&(b.place(), b.code.id, &b.message)));
        self.all
    }

    /// The findings in the order they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.all.iter()
    }

    /// Changes or drops findings: what `--allow`, `--deny` and `allow` do.
    pub fn retain_mut(&mut self, keep: impl FnMut(&mut Diagnostic) -> bool) {
        self.all.retain_mut(keep);
    }

    /// Whether there is one of severity error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.all.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// Whether there is one with this code.
    #[must_use]
    pub fn has(&self, code: &Code) -> bool {
        self.all.iter().any(|finding| finding.code == code)
    }

    /// How many there are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.all.iter().filter(|finding| finding.severity == severity).count()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
