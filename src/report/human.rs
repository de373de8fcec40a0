//! For people: excerpts from every file that a finding points into, and a last line that counts.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use miette::ReportHandler;

use super::Summary;
use super::atlas::Atlas;
use super::batch::{Batch, Style};
use super::bridge::Finding;
use super::handler::Excerpts;
use crate::diagnostics::Severity;

/// How many notes of one kind are drawn; the others are counted.
const IN_FULL: usize = 10;

/// A finding and how it is drawn: `{}` of it is the drawing.
struct Drawn<'a>(&'a Excerpts, Finding<'a>);

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.debug(&self.1, f)
    }
}

pub(super) fn render(batches: &[Batch<'_>], style: Style) -> String {
    let handler = Excerpts::new(style);
    let mut text = String::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for batch in batches {
        let atlas = Atlas::new(*batch);
        for finding in batch.findings {
            if finding.severity == Severity::Note {
                let number = seen.entry(finding.code.id).or_default();
                *number += 1;
                if *number > IN_FULL {
                    continue;
                }
            }
            text.push_str(&Drawn(&handler, Finding::new(finding, &atlas)).to_string());
            text.push_str("\n\n");
        }
    }
    for (code, number) in seen.into_iter().filter(|(_, number)| *number > IN_FULL) {
        let more = number - IN_FULL;
        let _ = write!(text, "note[{code}]: {more} more of this kind; `--format concise` prints a line for each\n\n");
    }
    let all = || batches.iter().flat_map(|batch| batch.findings);
    if let Some(words) = Summary::of(all()).in_words() {
        text.push_str(&words);
        if let Some(worst) = all().min_by_key(|finding| finding.severity) {
            text.push_str("; more about one: jenvc explain ");
            text.push_str(worst.code.id);
        }
        text.push('\n');
    }
    text
}
