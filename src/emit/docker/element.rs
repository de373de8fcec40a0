//! Commands of installers: which fit into a chain of `&&`, and their text where they do not.

use super::body::push_word;
use super::quote::Quotes;
use super::script;
use crate::ir::{ShellPart, ShellText};

/// A command that is one line and can be an element of a chain.
#[derive(Clone, Copy)]
pub(super) struct Element {
    /// It holds a `||`.
    pub(super) either: bool,
    /// It holds a pipe.
    pub(super) pipe: bool,
}

impl Element {
    /// Reads a command; `None` where it has to be handed to bash as a whole.
    pub(super) fn of(text: &ShellText) -> Option<Self> {
        let mut joined = String::new();
        let line = if let [ShellPart::Raw(raw)] = text.0.as_slice() {
            script::line(raw)
        } else {
            for part in &text.0 {
                match part {
                    ShellPart::Raw(raw) => joined.push_str(raw),
                    ShellPart::Word(_) => joined.push('w'),
                }
            }
            script::line(&joined)
        }?;
        let fits = !line.compound && !line.continues && line.comment.is_none() && !line.code.is_empty() && !line.code.starts_with("--");
        fits.then_some(Self { either: line.either, pipe: line.pipe })
    }
}

/// A command with its words in, for the cell at hand.
pub(super) fn written(text: &ShellText) -> String {
    let mut out = String::new();
    let mut quotes = Quotes::None;
    for part in &text.0 {
        match part {
            ShellPart::Raw(raw) => {
                quotes = quotes.after(raw);
                out.push_str(raw);
            }
            ShellPart::Word(word) => {
                push_word(&mut out, word, quotes, false, &|_| None);
            }
        }
    }
    out
}
