//! The order of conda's versions.

use std::cmp::Ordering;

/// A part of a segment, in ascending order of kinds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// `dev`.
    Dev,
    /// Any other word, in small letters.
    Word(Box<str>),
    /// A number; zero where nothing is written.
    Number(u64),
    /// `post`.
    Post,
    /// A new segment begins; never compared with another part.
    Next,
}

/// What stands after the last part of a pattern, in ascending order of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// Lower than whatever may follow.
    Below,
    /// Nothing: it is a version.
    None,
    /// Higher than whatever may follow.
    Above,
}

/// A version, or an end of the versions that begin so.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// The epoch and the version.
    pub(super) main: Vec<Part>,
    /// What follows a `+`.
    pub(super) local: Vec<Part>,
    /// The end of `main`.
    pub(super) mark: Mark,
}

impl PartialEq for Order {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Order {}

impl PartialOrd for Order {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Order {
    fn cmp(&self, other: &Self) -> Ordering {
        compare((&self.main, self.mark), (&other.main, other.mark))
            .then_with(|| compare((&self.local, Mark::None), (&other.local, Mark::None)))
    }
}

/// Compares two lists of segments with their marks.
pub(super) fn compare((left, left_mark): (&[Part], Mark), (right, right_mark): (&[Part], Mark)) -> Ordering {
    let (mut left_rest, mut right_rest) = (Some(left), Some(right));
    while left_rest.is_some() || right_rest.is_some() {
        let (left_segment, left_more) = segment(left_rest);
        let (right_segment, right_more) = segment(right_rest);
        let left_ends = left_rest.is_some() && left_more.is_none() && left_mark != Mark::None;
        let right_ends = right_rest.is_some() && right_more.is_none() && right_mark != Mark::None;
        for place in 0..=left_segment.len().max(right_segment.len()) {
            let left_here = if left_ends && place >= left_segment.len() { left_mark } else { Mark::None };
            let right_here = if right_ends && place >= right_segment.len() { right_mark } else { Mark::None };
            if left_here != Mark::None || right_here != Mark::None {
                return (left_here as u8).cmp(&(right_here as u8));
            }
            let zero = &Part::Number(0);
            match left_segment.get(place).unwrap_or(zero).cmp(right_segment.get(place).unwrap_or(zero)) {
                Ordering::Equal => {}
                other => return other,
            }
        }
        (left_rest, right_rest) = (left_more, right_more);
    }
    Ordering::Equal
}

/// The first segment, and what follows it.
pub(super) fn segment(parts: Option<&[Part]>) -> (&[Part], Option<&[Part]>) {
    let Some(parts) = parts else { return (&[], None) };
    match parts.iter().position(|part| *part == Part::Next).and_then(|at| parts.split_at_checked(at)) {
        Some((first, rest)) => (first, rest.get(1..)),
        None => (parts, None),
    }
}
