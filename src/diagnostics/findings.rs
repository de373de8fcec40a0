//! All findings of a run: collected in any order, kept once each, sorted by place.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use foldhash::HashMap;
use foldhash::fast::FixedState;

use super::{Code, Diagnostic, Severity};
use crate::base::IndexSet;

/// A bag of findings. One cause is one finding: the same code, message and labels seen again only add their cells.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    all: Vec<Diagnostic>,
    /// The index in `all` of each finding, by the hash of what makes it the same as another.
    known: HashMap<u64, usize>,
}

impl Findings {
    /// Adds a finding; merges it with an equal one.
    pub fn push(&mut self, finding: Diagnostic) {
        let identity = identity(&finding);
        let same = |other: &&mut Diagnostic| is_same(other, &finding);
        let known = self.known.get(&identity).and_then(|at| self.all.get_mut(*at)).filter(same);
        if let Some(known) = known {
            // Those that are there already are left out in `sorted`.
            known.cells.extend(finding.cells);
        } else {
            self.known.insert(identity, self.all.len());
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
        for finding in &mut self.all {
            let cells: IndexSet<_> = std::mem::take(&mut finding.cells).into_iter().collect();
            finding.cells = cells.into_iter().collect();
        }
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
        self.known = self.all.iter().enumerate().map(|(at, finding)| (identity(finding), at)).collect();
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

/// Whether two findings are one.
fn is_same(one: &Diagnostic, other: &Diagnostic) -> bool {
    one.code == other.code && one.message == other.message && one.labels == other.labels
}

/// The hash of what [`is_same`] compares.
fn identity(finding: &Diagnostic) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    (finding.code.id, &finding.message).hash(&mut hasher);
    for label in &finding.labels {
        (label.place, &label.text, label.primary).hash(&mut hasher);
    }
    hasher.finish()
}
