//! What pest makes of `grammar/jenv.pest`.

use pest::Parser as _;
use pest::iterators::Pair;

use crate::base::Span;

mod generated {
    /// The parser; the rules are those of the grammar file.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/jenv.pest"]
    pub(in crate::syntax) struct Jenv;
}

use generated::Jenv;
pub(super) use generated::Rule;

/// A piece of text that a rule has read, and where that text begins in its file.
#[derive(Clone, Debug)]
pub(super) struct Node<'s> {
    pair: Pair<'s, Rule>,
    base: usize,
}

impl<'s> Node<'s> {
    /// The rule.
    pub(super) fn as_rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// What it has read.
    pub(super) fn as_str(&self) -> &'s str {
        self.pair.as_str()
    }

    /// Where it begins in its file, in bytes.
    pub(super) fn start(&self) -> usize {
        self.base + self.pair.as_span().start()
    }

    /// Where it stands in its file.
    pub(super) fn span(&self) -> Span {
        let span = self.pair.as_span();
        Span::new(self.base + span.start(), self.base + span.end())
    }

    /// What the rules inside have read.
    pub(super) fn into_inner(self) -> impl DoubleEndedIterator<Item = Self> + Clone {
        let base = self.base;
        self.pair.into_inner().map(move |pair| Self { pair, base })
    }
}

/// Reads the whole text by one of the two rules that take any text; it begins at `base` in its file. `None` where pest
/// refuses to go on, which it does not in a text that nests as deep as is allowed.
pub(super) fn read(rule: Rule, text: &str, base: usize) -> Option<Node<'_>> {
    // The two rules yield their own node and nothing beside it.
    Jenv::parse(rule, text).ok().and_then(|mut nodes| nodes.next()).map(|pair| Node { pair, base })
}
