//! Cuts: the places in a scheme's ordering at which sets of versions begin and end.
//!
//! Every interval is half-open, from one cut up to, not including, another. A version is itself a cut, the one just below
//! it; so an interval holds a version if its cut stands between the two.

use std::cmp::Ordering;
use std::sync::Arc;

use pep440_rs::Version;
use version_ranges::Ranges;

use super::order::Order;

/// A place in the ordering of one scheme; keys of two schemes are never compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// By the library's own ordering.
    Pep440(Version),
    /// By conda's nested lists.
    Conda(Order),
    /// By bytes that sort as the versions do; no key is the beginning of another.
    Bytes(Box<[u8]>),
}

/// Which end of which versions a cut is, for showing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    /// Below the version.
    Start,
    /// Above the version and all that count as it.
    End,
    /// Below all versions that begin so.
    PatternStart,
    /// Above all versions that begin so.
    PatternEnd,
}

/// A place between versions.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    /// Where it is.
    pub key: Key,
    /// Just above the key, for an ordering in which no version is the next one.
    pub above: bool,
    /// The version it was made from, as written, without `.*`.
    pub text: Arc<str>,
    /// The end of that version it is.
    pub edge: Edge,
}

impl Cut {
    /// The place of `key`, told as the `edge` of `text`.
    pub(super) fn new(key: Key, text: &Arc<str>, edge: Edge) -> Self {
        Self { key, above: false, text: Arc::clone(text), edge }
    }

    /// The place just above `key`.
    pub(super) fn above(key: Key, text: &Arc<str>, edge: Edge) -> Self {
        Self { key, above: true, text: Arc::clone(text), edge }
    }
}

impl PartialEq for Cut {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Cut {}

impl PartialOrd for Cut {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cut {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key).then(self.above.cmp(&other.above))
    }
}

/// The versions that one version text or pattern stands for.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// Below the first; `None` if there is no version below it.
    pub start: Option<Cut>,
    /// Above the last.
    pub end: Cut,
}

impl Span {
    /// All of them.
    pub(super) fn inside(self) -> Ranges<Cut> {
        match self.start {
            Some(start) => Ranges::from_range_bounds(start..self.end),
            None => Ranges::strictly_lower_than(self.end),
        }
    }

    /// Every version but them.
    pub(super) fn outside(self) -> Ranges<Cut> {
        self.inside().complement()
    }

    /// They and all above.
    pub(super) fn at_least(self) -> Ranges<Cut> {
        self.start.map_or_else(Ranges::full, Ranges::higher_than)
    }

    /// All below them.
    pub(super) fn below(self) -> Ranges<Cut> {
        self.start.map_or_else(Ranges::empty, Ranges::strictly_lower_than)
    }

    /// They and all below.
    pub(super) fn at_most(self) -> Ranges<Cut> {
        Ranges::strictly_lower_than(self.end)
    }

    /// All above them.
    pub(super) fn over(self) -> Ranges<Cut> {
        Ranges::higher_than(self.end)
    }
}

impl Cut {
    /// Whether the version of its text stands above it.
    pub(super) fn begins_with_its_text(&self) -> bool {
        matches!(self.edge, Edge::Start | Edge::PatternStart)
    }
}
