//! What a subcommand answers.

/// The exit status: a contract that scripts rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Clean; notes and warnings alone are clean.
    Clean = 0,
    /// There is a finding of severity error.
    Findings = 1,
    /// A difference, where that was asked for.
    Drift = 2,
    /// A file is not in the one style.
    Unformatted = 3,
    /// A lock no longer belongs to the program.
    Stale = 4,
    /// Something that had to be chosen could not be decided.
    Unknown = 5,
    /// Wrong usage.
    Usage = 64,
    /// A bug in jenvc.
    Bug = 70,
}

/// What a subcommand answers: the result, for standard output, and the status.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) text: String,
    pub(super) exit: Exit,
    /// What is printed to standard error behind the result.
    pub(super) after: String,
}

/// A command line that can't be followed, in words.
#[derive(Debug)]
pub(super) struct Misuse(pub(super) String);

impl Reply {
    pub(super) fn new(text: impl Into<String>, exit: Exit) -> Self {
        Self { text: text.into(), exit, after: String::new() }
    }
}
