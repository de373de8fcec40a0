//! What pest makes of `grammar/jenv.pest`.
//!
//! pest is taken without `std`: with it every attempt of a rule asks how much of the stack is left, which is a quarter of the
//! time, and `limits.rs` has seen to that.

use super::opening::behind_brace;
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

/// A piece of text that a rule has read.
#[derive(Clone, Debug)]
pub(super) struct Node<'s> {
    pair: Pair<'s, Rule>,
    /// The whole file.
    text: &'s str,
    /// Where in it that begins which was read.
    base: usize,
}

impl<'s> Node<'s> {
    /// The rule.
    pub(super) fn as_rule(&self) -> Rule {
        self.pair.as_rule()
    }

    /// What it has read, as it stands in the file.
    pub(super) fn as_str(&self) -> &'s str {
        self.text.get(self.span().range()).unwrap_or("")
    }

    /// Where it stands in its file.
    pub(super) fn span(&self) -> Span {
        let span = self.pair.as_span();
        Span::new(self.base + span.start(), self.base + span.end())
    }

    /// The same without the blanks and comments at its end: what ends in something of no width may hold some.
    pub(super) fn trimmed(&self) -> Span {
        let start = self.base + self.pair.as_span().start();
        let text = self.pair.as_str();
        let ends = text.bytes().next_back().is_some_and(|byte| byte.is_ascii_graphic());
        Span::new(start, start + if ends { text.len() } else { text.trim_end().len() })
    }

    /// What the rules inside have read.
    pub(super) fn into_inner(self) -> impl DoubleEndedIterator<Item = Self> + Clone {
        let Self { pair, text, base } = self;
        pair.into_inner().map(move |pair| Self { pair, text, base })
    }
}

/// Reads the plain form of a part of a text, which begins in it at `base`: the nodes of what may stand at the top of a file.
///
/// One piece is read at a time, and what was made of it is gone before the next: memory stays small, and near.
pub(super) fn read<'s>(plain: &'s str, text: &'s str, base: usize) -> impl Iterator<Item = Node<'s>> {
    let mut rest = plain;
    let pieces = std::iter::from_fn(move || {
        let (piece, after) = rest.split_at_checked(end_of_piece(rest))?;
        let at = base + plain.len() - rest.len();
        rest = after;
        (!piece.is_empty()).then_some((piece, at))
    });
    pieces.flat_map(move |(piece, base)| {
        // The rule takes any text, and yields its own node and nothing beside it.
        let file = Jenv::parse(Rule::file, piece).into_iter().flatten();
        let items = file.flat_map(Pair::into_inner).filter(|pair| pair.as_rule() != Rule::EOI);
        items.map(move |pair| Node { pair, text, base })
    })
}

/// Where a text may be cut: before its first further line that begins a definition, since whatever is open ends there.
fn end_of_piece(plain: &str) -> usize {
    let lines = plain.match_indices('\n').map(|(at, _)| at + 1);
    let mut cuts = lines.filter(|at| plain.get(*at..).and_then(behind_brace).is_some());
    cuts.next().unwrap_or(plain.len())
}
