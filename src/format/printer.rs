//! What prints: the source, and where on the line.

use crate::base::Span;
use crate::syntax::Comment;

/// How long a line may be before what is on it is divided, in characters.
pub(super) const WIDTH: usize = 120;

/// Where something is printed.
#[derive(Clone, Copy)]
pub(super) struct At {
    /// How far the lines of the statement are indented.
    pub(super) indent: usize,
    /// Whether everything has to stay on one line.
    pub(super) flat: bool,
}

/// The source that is printed anew.
pub(super) struct Printer<'s> {
    pub(super) source: &'s str,
    pub(super) comments: &'s [Comment],
}

impl<'s> Printer<'s> {
    pub(super) fn slice(&self, span: Span) -> &'s str {
        self.source.get(span.range()).unwrap_or("")
    }

    /// How many lines end between two places.
    pub(super) fn breaks(&self, from: u32, to: u32) -> usize {
        self.slice(Span { start: from, end: to }).matches('\n').count()
    }

    /// The comments between two places.
    pub(super) fn comments_in(&self, span: Span) -> &'s [Comment] {
        let first = self.comments.partition_point(|comment| comment.span.start < span.start);
        let rest = self.comments.get(first..).unwrap_or_default();
        rest.get(..rest.partition_point(|comment| comment.span.end <= span.end)).unwrap_or_default()
    }

    /// Whether comments stand in `span` outside of all `regions`, in which they can be printed.
    pub(super) fn has_odd_comments(&self, span: Span, regions: &[Span]) -> bool {
        let inside = |comment: &Comment, region: &Span| region.start <= comment.span.start && comment.span.end <= region.end;
        self.comments_in(span).iter().any(|comment| !regions.iter().any(|region| inside(comment, region)))
    }

    /// A piece of source as it stands.
    pub(super) fn verbatim(&self, span: Span) -> String {
        self.slice(span).replace("\r\n", "\n")
    }
}

/// Where the last line of a piece of output ends, when it begins at `column`.
pub(super) fn end_column(text: &str, column: usize) -> usize {
    match text.rsplit_once('\n') {
        Some((_, last)) => last.chars().count(),
        None => column + text.chars().count(),
    }
}
