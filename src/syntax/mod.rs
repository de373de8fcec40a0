//! Floor 2: text → tree, trivia and findings. It never fails, takes any text, and is the only floor that names pest.

pub mod ast;
mod build;
mod grammar;
mod limits;
#[cfg(test)]
mod tests;
mod texts;
mod trivia;

pub use texts::{Copied, copied};
pub use trivia::{Comment, Trivia};

use crate::base::FileId;
use crate::diagnostics::Findings;
use grammar::Rule;

/// The most findings of a kind of reading that one file gets: a text with more is no `.jenv` file.
const MAX_FINDINGS: usize = 1000;

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
    let mut findings = Findings::default();
    let scan = limits::scan(file, text, &mut findings);
    let tree = if scan.too_deep { None } else { grammar::read(Rule::file, &scan.blanked) };
    let tree = tree.map(|node| build::build(file, text, &scan.trivia, node, &mut findings));
    Parsed { file: tree.unwrap_or_default(), trivia: scan.trivia, findings }
}
