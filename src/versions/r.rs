//! R's versions: numbers between `.` or `-`, ordered as `compareVersion` does, so that `1.0` is below `1.0.0`.
//!
//! The version just above one is the same with a further `.0`.

use std::sync::Arc;

use super::bytes::{has_long_number, push_number};
use super::cut::{Cut, Edge, Key, Span};
use super::problem::Problem;

/// The end of a version.
const END: u8 = 0;
/// A number follows.
const NUMBER: u8 = 1;

/// The key of a version.
pub(super) fn key(text: &str) -> Result<Key, Problem> {
    Ok(Key::Bytes(bytes(text)?.into()))
}

/// The version alone.
pub(super) fn span(text: &str) -> Result<Span, Problem> {
    let start = bytes(text)?;
    let mut end = start.clone();
    end.pop();
    end.extend_from_slice(&[NUMBER, 0, END]);
    Ok(between(start, end, text, [Edge::Start, Edge::End]))
}

/// The version and all with further numbers.
pub(super) fn pattern(prefix: &str) -> Result<Span, Problem> {
    let start = bytes(prefix)?;
    let split = prefix.rfind(['.', '-']).map_or(0, |at| at + 1);
    let (head, last) = prefix.split_at_checked(split).unwrap_or(("", prefix));
    let end = bytes(&format!("{head}{}", increment(last)))?;
    Ok(between(start, end, prefix, [Edge::PatternStart, Edge::PatternEnd]))
}

/// The interval between two keys; `0` is the least version.
fn between(start: Vec<u8>, end: Vec<u8>, text: &str, edges: [Edge; 2]) -> Span {
    let said = Arc::from(text);
    let least = start == [NUMBER, 0, END];
    let [low, high] = edges;
    Span { start: (!least).then(|| Cut::new(Key::Bytes(start.into()), &said, low)), end: Cut::new(Key::Bytes(end.into()), &said, high) }
}

/// The key as bytes.
fn bytes(text: &str) -> Result<Vec<u8>, Problem> {
    let right = text.split(['.', '-']).all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if !right || has_long_number(text) {
        return Err(Problem::version(text, "R", "1.2-3"));
    }
    let mut key = Vec::with_capacity(2 * text.len() + 4);
    for part in text.split(['.', '-']) {
        key.push(NUMBER);
        push_number(&mut key, part);
    }
    key.push(END);
    Ok(key)
}

/// The number of decimal digits that follows `digits`.
pub(super) fn increment(digits: &str) -> String {
    let kept = digits.trim_end_matches('9');
    let mut next = String::from(kept);
    match next.pop() {
        Some(last) => next.push(char::from_digit(last.to_digit(10).unwrap_or(0) + 1, 10).unwrap_or('9')),
        None => next.push('1'),
    }
    next.extend(std::iter::repeat_n('0', digits.len() - kept.len()));
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_compare_version_sorts_them() {
        for pair in ["0", "0.0", "0.9", "0.10", "1", "1.0", "1.0.0", "1.0-1", "1.1"].windows(2) {
            assert!(key(pair[0]).ok() < key(pair[1]).ok(), "{pair:?}");
        }
        assert_eq!(key("2.5-1"), key("2.5.1"));
        assert!(key("1..2").is_err() && key("1.a").is_err() && key("").is_err());
    }

    #[test]
    fn decimal_numbers_are_counted_on() {
        for (from, to) in [("0", "1"), ("9", "10"), ("109", "110"), ("199", "200")] {
            assert_eq!(increment(from), to);
        }
    }
}
