//! A finding as a miette diagnostic.

use std::fmt;

use miette::{LabeledSpan, SourceCode};

use super::advice::{self, Advice};
use super::atlas::Atlas;
use crate::diagnostics::{Diagnostic, Severity};

/// A finding and the files it points into.
#[derive(Debug)]
pub(super) struct Finding<'a> {
    diagnostic: &'a Diagnostic,
    atlas: &'a Atlas<'a>,
    advice: Vec<Advice<'a>>,
}

impl<'a> Finding<'a> {
    pub(super) fn new(diagnostic: &'a Diagnostic, atlas: &'a Atlas<'a>) -> Self {
        Self { diagnostic, atlas, advice: advice::of(diagnostic, atlas) }
    }
}

impl fmt::Display for Finding<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Finding<'_> {}

impl miette::Diagnostic for Finding<'_> {
    fn code<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        Some(Box::new(self.diagnostic.code.id))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    /// One help a line.
    fn help<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        let written = self.diagnostic.help.iter().map(String::as_str);
        let helps: Vec<_> = written.chain(advice::undrawn(self.diagnostic, self.atlas)).map(|help| help.replace('\n', " ")).collect();
        (!helps.is_empty()).then(|| Box::new(helps.join("\n")) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.atlas)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.diagnostic.labels.iter().take(advice::DRAWN_LABELS).filter_map(|label| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            let span = self.atlas.span(label.place)?;
            Some(if label.primary { LabeledSpan::new_primary_with_span(text, span) } else { LabeledSpan::new_with_span(text, span) })
        })))
    }

    fn related<'s>(&'s self) -> Option<Box<dyn Iterator<Item = &'s dyn miette::Diagnostic> + 's>> {
        Some(Box::new(self.advice.iter().map(|advice| advice as &dyn miette::Diagnostic)))
    }
}
