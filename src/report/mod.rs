//! Floor 6: findings → text, in every format; the only floor that names miette.
//!
//! A format is a function from [`Batch`]es to text. What is written where, and in which colour, is the caller's business.

mod advice;
mod atlas;
mod batch;
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

#[cfg(test)]
mod tests;

pub use batch::{Batch, Style};
