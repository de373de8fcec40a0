//! How many findings there are, in numbers and in words.

use crate::diagnostics::{Diagnostic, Severity};

/// The findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many errors.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// How many notes.
    pub notes: usize,
}

impl Summary {
    /// Counts.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Diagnostic>) -> Self {
        let mut summary = Self::default();
        for finding in findings {
            match finding.severity {
                Severity::Error => summary.errors += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Note => summary.notes += 1,
            }
        }
        summary
    }

    /// `2 errors, 1 warning`; `None` where there is nothing.
    #[must_use]
    pub fn in_words(self) -> Option<String> {
        let parts = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")];
        let words: Vec<_> = parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, word)| count(number, word)).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
}

/// `1 error`, `2 errors`.
#[must_use]
pub fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
