//! A script within a script.

use std::ops::Range;

use crate::shell::lexer::Token;

/// A script, and its place in the outermost one.
pub(super) struct Text<'s> {
    pub(super) text: &'s str,
    pub(super) at: Where,
}

/// The place of a script in the outermost one.
#[derive(Clone)]
pub(super) enum Where {
    /// It begins there, byte for byte.
    From(usize),
    /// It is written otherwise in this range.
    Within(Range<usize>),
}

impl Text<'_> {
    pub(super) fn word(&self, token: &Token) -> &str {
        token.text(self.text)
    }

    /// Where some bytes of it are in the outermost script.
    pub(super) fn place(&self, range: &Range<usize>) -> Range<usize> {
        match &self.at {
            Where::From(start) => start + range.start..start + range.end,
            Where::Within(whole) => whole.clone(),
        }
    }
}
