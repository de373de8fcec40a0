//! The comments of a file.

use std::ops::Range;

/// A comment.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// The bytes that it takes, from its `#` on.
    pub range: Range<usize>,
    /// Its words without `#`.
    pub words: String,
    /// Whether it has the line for itself.
    pub alone: bool,
}

/// The comments of a text: from `#` behind a blank or at the beginning of a line to its end, outside of scalars.
pub(super) fn comments(text: &str, scalars: &[Range<usize>]) -> Vec<Comment> {
    let mut scalars = scalars.to_vec();
    scalars.sort_by_key(|range| range.start);
    let inside = |at: usize| {
        let index = scalars.partition_point(|range| range.start <= at);
        index.checked_sub(1).and_then(|index| scalars.get(index)).is_some_and(|range| at < range.end)
    };
    let mut all = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.trim_end();
        let marks = code.match_indices('#').map(|(at, _)| at);
        let begins =
            |at: &usize| code.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t'])) && !inside(start + at);
        if let Some(at) = marks.into_iter().find(begins) {
            let words = code.get(at..).unwrap_or_default().trim_start_matches('#').trim().to_owned();
            let alone = code.trim_start().starts_with('#');
            all.push(Comment { range: start + at..start + code.len(), words, alone });
        }
        start += line.len();
    }
    all
}
