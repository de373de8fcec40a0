//! Comments: beside the tree, not in it.

use crate::base::Span;

/// A comment, from `#` to the end of its line, without the line end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Where it stands.
    pub span: Span,
    /// Whether it is documentation: a whole line that begins with `## `.
    pub doc: bool,
}

/// What a text holds beside its tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trivia {
    /// All comments, by place.
    pub comments: Vec<Comment>,
}
