//! Floor 3: tree and comments → the one style. It takes no options, keeps the tree and every comment, and what it has
//! written it leaves as it is.
//!
//! Two blanks of indentation. A block, a list or brackets that stand on one line stay there while they fit; else each
//! thing in them gets its own line. Of neighbouring lines the `=`, the constraints, the braces and the comments are aligned.
//! Single blank lines stay. A statement with a comment in an odd place is left as it was written.

mod conditions;
mod items;
mod packages;
mod printer;
mod regions;
mod sequence;
mod shapes;
mod statements;
mod texts;
mod values;

#[cfg(test)]
mod tests;

use crate::base::Span;
use crate::syntax::Parsed;
use printer::{At, Printer};
use sequence::Node;

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
