//! Floor 3: tree and comments → the one style. It takes no options, keeps the tree and every comment, and what it has
//! written it leaves as it is.
//!
//! Two blanks of indentation. A block, a list or brackets that stand on one line stay there while they fit; else each
//! thing in them gets its own line. Of neighbouring lines the `=`, the constraints, the braces and the comments are aligned.
//! Single blank lines stay. A statement with a comment in an odd place is left as it was written.

mod conditions;
mod items;
mod packages;
mod regions;
mod sequence;
mod shapes;
mod statements;
mod texts;
mod values;

#[cfg(test)]
mod tests;

use crate::base::Span;
use crate::syntax::{Comment, Parsed};
use sequence::Node;

/// How long a line may be before what is on it is divided, in characters.
const WIDTH: usize = 120;

/// The text in the one style. `parsed` is what [`crate::syntax::parse`] made of `source`; a text with findings of severity
/// error comes back as it is.
#[must_use]
pub fn format(source: &str, parsed: &Parsed) -> String {
    if parsed.findings.has_errors() {
        return source.to_owned();
    }
    let printer = Printer { source, comments: &parsed.trivia.comments };
    let nodes: Vec<_> = parsed.file.items.iter().map(Node::Item).collect();
    let whole = Span::new(0, source.len());
    printer.sequence(&nodes, whole, At { indent: 0, flat: false }).rows
}

/// Where something is printed.
#[derive(Clone, Copy)]
struct At {
    /// How far the lines of the statement are indented.
    indent: usize,
    /// Whether everything has to stay on one line.
    flat: bool,
}

/// The source that is printed anew.
struct Printer<'s> {
    source: &'s str,
    comments: &'s [Comment],
}

impl<'s> Printer<'s> {
    fn slice(&self, span: Span) -> &'s str {
        self.source.get(span.range()).unwrap_or("")
    }

    /// How many lines end between two places.
    fn breaks(&self, from: u32, to: u32) -> usize {
        self.slice(Span { start: from, end: to }).matches('\n').count()
    }

    /// The comments between two places.
    fn comments_in(&self, span: Span) -> &'s [Comment] {
        let first = self.comments.partition_point(|comment| comment.span.start < span.start);
        let rest = self.comments.get(first..).unwrap_or_default();
        rest.get(..rest.partition_point(|comment| comment.span.end <= span.end)).unwrap_or_default()
    }

    /// Whether comments stand in `span` outside of all `regions`, in which they can be printed.
    fn has_odd_comments(&self, span: Span, regions: &[Span]) -> bool {
        let inside = |comment: &Comment, region: &Span| region.start <= comment.span.start && comment.span.end <= region.end;
        self.comments_in(span).iter().any(|comment| !regions.iter().any(|region| inside(comment, region)))
    }

    /// A piece of source as it stands.
    fn verbatim(&self, span: Span) -> String {
        self.slice(span).replace("\r\n", "\n")
    }
}

/// Where the last line of a piece of output ends, when it begins at `column`.
fn end_column(text: &str, column: usize) -> usize {
    match text.rsplit_once('\n') {
        Some((_, last)) => last.chars().count(),
        None => column + text.chars().count(),
    }
}
