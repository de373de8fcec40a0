//! Why a version or a constraint can't be read.

use std::fmt;

/// What is wrong with a version or a constraint, worded as a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong, with the thing in backticks.
    pub message: String,
    /// What to write instead, where that is known.
    pub help: Option<String>,
}

impl Problem {
    /// A problem with the way out of it.
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()) }
    }

    /// `text` is no version of the scheme that people call `scheme`; `example` is one.
    pub(super) fn version(text: &str, scheme: &str, example: &str) -> Self {
        Self::new(format!("`{text}` is not a version of {scheme}"), format!("write it like `{example}`"))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl std::error::Error for Problem {}
