//! Names and texts.

use crate::base::{Span, Spanned};

/// A word, with its place.
pub type Name = Spanned<String>;

/// A string of any of the four kinds.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Literal pieces (unescaped, dedented) and interpolations, in order; no two literals in a row; empty for `""`.
    pub parts: Vec<TextPart>,
    /// How it was written.
    pub kind: TextKind,
    /// With the quotes.
    pub span: Span,
}

impl Text {
    /// The text, where nothing is interpolated.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [TextPart::Literal(text)] => Some(text),
            _ => None,
        }
    }
}

/// A piece of a text or of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPart {
    /// Characters as they are meant.
    Literal(String),
    /// The expression between `{{` and `}}`, trimmed, with its own span.
    Interpolation(Name),
}

/// How a text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// `"…"`
    Plain,
    /// `'…'`
    Raw,
    /// `"""…"""`, dedented
    Block,
    /// `'''…'''`, dedented
    RawBlock,
    /// A bare word in a package list.
    Bare,
}

impl TextKind {
    /// The quotes on either side.
    #[must_use]
    pub fn quotes(self) -> &'static str {
        match self {
            Self::Plain => "\"",
            Self::Raw => "'",
            Self::Block => "\"\"\"",
            Self::RawBlock => "'''",
            Self::Bare => "",
        }
    }
}
