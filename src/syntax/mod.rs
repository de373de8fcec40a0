//! Floor 2: text → tree, trivia and findings. It never fails, takes any text, and is the only floor that names pest.

pub mod ast;
mod build;
mod foreign;
mod grammar;
mod limits;
mod opening;
mod scan;
#[cfg(test)]
mod tests;
mod texts;
mod trivia;
pub mod words;

pub use texts::{Copied, copied};
pub use trivia::{Comment, Trivia};

use crate::base::{FileId, Span};
use crate::diagnostics::Findings;

/// What came of one text.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// The tree: everything that could be read.
    pub file: ast::File,
    /// Comments, beside the tree.
    pub trivia: Trivia,
    /// What is wrong with the text.
    pub findings: Findings,
}

/// Reads a text. `file` is what the places of the findings carry.
///
/// A text without a byte order mark is wanted, as [`crate::base::Source`] holds it. Of one file at most a thousand findings
/// are made.
#[must_use]
pub fn parse(file: FileId, text: &str) -> Parsed {
    parse_part(file, text, Span::new(0, text.len()))
}

/// Reads a part of a text that holds whole items with the comments above them; places are those in the whole text. A part
/// that leaves the text is read to the text's end.
#[must_use]
pub fn parse_part(file: FileId, text: &str, part: Span) -> Parsed {
    let part = Span { end: part.end.min(Span::new(0, text.len()).end), ..part };
    let mut findings = Findings::default();
    if part.range() == (0..text.len())
        && let Some(finding) = foreign::conflict(file, text).or_else(|| foreign::recognise(file, text))
    {
        findings.push(finding);
        return Parsed { findings, ..Parsed::default() };
    }
    let scan = limits::scan(file, text, part, &mut findings);
    if scan.too_deep {
        return Parsed { trivia: scan.trivia, findings, ..Parsed::default() };
    }
    let items = grammar::read(&scan.plain, text, part.range().start);
    let file = build::build(file, text, &scan.trivia, items, &mut findings);
    Parsed { file, trivia: scan.trivia, findings }
}
