//! Julia's versions, and what Pkg's compat entries mean by them.
//!
//! Pkg's ranges look at major, minor and patch only, so a set knows no more of a version than these three; the next
//! version of any one is the next patch.

use std::sync::Arc;

use super::cut::{Cut, Edge, Key, Span};
use super::problem::Problem;

/// Major, minor and patch, and how many of them are written.
struct Written {
    numbers: [u64; 3],
    given: usize,
}

/// The key of a version within sets.
pub(super) fn key(text: &str) -> Result<Key, Problem> {
    Ok(place(read(text)?.numbers))
}

/// The key of a version among all: pre-releases below it, builds above it.
pub(super) fn full_key(text: &str) -> Result<Key, Problem> {
    let mut key = bytes(read(text)?.numbers).to_vec();
    let tail = text.split_once(['-', '+']).map_or("", |_| text);
    let (rest, build) = tail.split_once('+').unwrap_or((tail, ""));
    let pre = rest.split_once('-').map_or("", |(_, pre)| pre);
    if pre.is_empty() {
        key.push(u8::MAX);
    } else {
        push_identifiers(&mut key, pre);
    }
    push_identifiers(&mut key, build);
    Ok(Key::Bytes(key.into()))
}

/// The version alone, zeros for what is left out.
pub(super) fn span(text: &str) -> Result<Span, Problem> {
    let written = read(text)?;
    Ok(between(written.numbers, written.numbers_after(3), text, [Edge::Start, Edge::End]))
}

/// The versions that begin with `prefix`.
pub(super) fn pattern(prefix: &str) -> Result<Span, Problem> {
    let written = read(prefix)?;
    if written.given == 3 {
        return Err(Problem::new(format!("`{prefix}.*` has a fourth part"), format!("write `=={prefix}`")));
    }
    Ok(between(written.numbers, written.numbers_after(written.given), prefix, [Edge::PatternStart, Edge::PatternEnd]))
}

/// `^1.2.3`: no change in the first number that is not zero.
pub(super) fn caret(text: &str) -> Result<Span, Problem> {
    let written = read(text)?;
    let first = written.numbers.iter().take(written.given).position(|number| *number != 0);
    Ok(written.up_to(first.map_or(written.given, |at| at + 1), text))
}

/// `~1.2.3` and `~1.2`: the same minor version; `~1` the same major one; `~0.0.3` that alone.
pub(super) fn tilde(text: &str) -> Result<Span, Problem> {
    let written = read(text)?;
    let first = written.given == 3 && written.numbers.starts_with(&[0, 0]);
    Ok(written.up_to(if first { 3 } else { written.given.min(2) }, text))
}

impl Written {
    /// From the version to the first whose number at `place` (from one) is greater.
    fn up_to(&self, place: usize, text: &str) -> Span {
        let numbers = self.numbers_after(place);
        let bound: Vec<String> = numbers.iter().take(place).map(u64::to_string).collect();
        let mut span = between(self.numbers, numbers, text, [Edge::Start, Edge::Start]);
        span.end.text = Arc::from(bound.join("."));
        span
    }

    /// The numbers with the one at `place` (from one) counted on and those after it zero.
    fn numbers_after(&self, place: usize) -> [u64; 3] {
        let mut numbers = self.numbers;
        for (at, number) in numbers.iter_mut().enumerate() {
            if at + 1 == place {
                *number = number.saturating_add(1);
            } else if at + 1 > place {
                *number = 0;
            }
        }
        numbers
    }
}

/// The interval between two versions; `0.0.0` is the least.
fn between(start: [u64; 3], end: [u64; 3], text: &str, edges: [Edge; 2]) -> Span {
    let said = Arc::from(text);
    let [low, high] = edges;
    Span { start: (start != [0; 3]).then(|| Cut::new(place(start), &said, low)), end: Cut::new(place(end), &said, high) }
}

/// The key of three numbers.
fn place(numbers: [u64; 3]) -> Key {
    Key::Bytes(Box::from(bytes(numbers)))
}

/// Three numbers as bytes that sort as they do.
fn bytes(numbers: [u64; 3]) -> [u8; 24] {
    let mut all = [0; 24];
    for (byte, value) in all.iter_mut().zip(numbers.iter().flat_map(|number| number.to_be_bytes())) {
        *byte = value;
    }
    all
}

/// Appends identifiers: none below some, numbers below words.
fn push_identifiers(key: &mut Vec<u8>, text: &str) {
    for identifier in text.split('.').filter(|identifier| !identifier.is_empty()) {
        if let Ok(number) = identifier.parse::<u64>() {
            key.push(1);
            key.extend_from_slice(&number.to_be_bytes());
        } else {
            key.push(2);
            key.extend_from_slice(identifier.as_bytes());
            key.push(0);
        }
    }
    key.push(0);
}

/// Reads `1`, `1.2`, `1.2.3`, `1.2.3-rc1` and `1.2.3+4`, with a `v` before it or none.
fn read(text: &str) -> Result<Written, Problem> {
    let wrong = || Problem::version(text, "Julia", "1.2.3");
    let plain = text.strip_prefix('v').unwrap_or(text);
    let core = plain.split(['-', '+']).next().unwrap_or("");
    let tail = plain.get(core.len()..).unwrap_or("");
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let numbers: Vec<u64> =
        core.split('.').map(|part| part.parse().ok().filter(|_| digits(part))).collect::<Option<_>>().ok_or_else(wrong)?;
    let spelled = tail.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte)) && tail.matches('+').count() < 2;
    let empty = !tail.is_empty() && tail.split(['.', '-', '+']).skip(1).any(str::is_empty);
    if numbers.len() > 3 || !spelled || empty {
        return Err(wrong());
    }
    let at = |place: usize| numbers.get(place).copied().unwrap_or(0);
    Ok(Written { numbers: [at(0), at(1), at(2)], given: numbers.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_julia_sorts_them() {
        for pair in ["0.9.9", "1.0.0-alpha", "1.0.0-rc1", "1.0.0", "1.0.0+1", "1.0.1", "1.10.0"].windows(2) {
            assert!(full_key(pair[0]).ok() < full_key(pair[1]).ok(), "{pair:?}");
        }
        assert_eq!(full_key("1.2"), full_key("v1.2.0"));
        assert!(read("1.2.3.4").is_err() && read("").is_err() && read("1.x").is_err() && read("1.2.3-").is_err());
    }
}
