//! Floor 6: findings → text, in every format; the only floor that names miette.
//!
//! A format is a function from [`Batch`]es to text. What is written where, and in which colour, is the caller's business.

mod advice;
mod atlas;
mod bridge;
mod concise;
mod github;
mod handler;
mod human;
mod json;
mod page;
mod sarif;
mod summary;

pub use advice::cells_in_words;
pub use json::{finding as json_finding, summary as json_summary};
pub use page::page;
pub use summary::{Summary, count};

use crate::base::Sources;
use crate::diagnostics::Diagnostic;

/// How findings are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// With excerpts of the sources.
    #[default]
    Human,
    /// One line each: `file:line:col: severity[CODE] message`.
    Concise,
    /// One object; its shape is a contract.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
    /// SARIF 2.1.0, as code scanning takes it.
    Sarif,
}

/// The findings of one program.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The file that the program begins in, relative to the folder of the program: `main.jenv`.
    pub main: &'a str,
    /// What stands before a file name so that it is found from the current folder: empty, or `examples/vre/`.
    /// JSON leaves it out: there, names are relative to the folder of the program.
    pub prefix: &'a str,
    /// Every file that was read.
    pub sources: &'a Sources,
    /// The findings, in the order in which they are told.
    pub findings: &'a [Diagnostic],
}

/// What the human format needs to know about where it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether there is colour.
    pub color: bool,
    /// Columns; excerpts are cut and messages wrapped to it.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 80 }
    }
}

/// All findings of all programs, as one text; empty where the format has nothing to say about none.
#[must_use]
pub fn render(format: Format, batches: &[Batch<'_>], style: Style) -> String {
    match format {
        Format::Human => human::render(batches, style),
        Format::Concise => concise::render(batches),
        Format::Json => json::render(batches),
        Format::Github => github::render(batches),
        Format::Sarif => sarif::render(batches),
    }
}

impl Batch<'_> {
    /// The name of a file as it is shown: files of the standard library have no folder here.
    fn shown(&self, source: &crate::base::Source) -> String {
        if source.standard { source.name.clone() } else { format!("{}{}", self.prefix, source.name) }
    }
}

#[cfg(test)]
mod tests;
