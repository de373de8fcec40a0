//! What pest makes of `grammar/jenv.pest`.

use pest::Parser as _;
use pest::iterators::Pair;

/// A piece of text that a rule has read.
pub(super) type Node<'s> = Pair<'s, Rule>;

mod generated {
    /// The parser; the rules are those of the grammar file.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/jenv.pest"]
    pub(in crate::syntax) struct Jenv;
}

use generated::Jenv;
pub(super) use generated::Rule;

/// Reads the whole text by one of the two rules that take any text. `None` where pest's guard of the stack stopped it.
pub(super) fn read(rule: Rule, text: &str) -> Option<Node<'_>> {
    // The two rules yield their own node and nothing beside it.
    Jenv::parse(rule, text).ok().and_then(|mut nodes| nodes.next())
}
