//! Debian's versions: `[epoch:]upstream[-revision]`, ordered as Debian Policy 5.6.12 says and `dpkg --compare-versions` does.
//!
//! The crate `debversion` orders `1.0-1a` below `1.0-1a0`, which dpkg takes as the same; hence an ordering of our own.
//! There is a version between any two, and below any one (`1.0~~` is below `1.0~`), so no two cuts need to be made one.

use std::sync::Arc;

use super::bytes::{has_long_number, push_number, take_while};
use super::cut::{Cut, Edge, Key, Span};
use super::problem::Problem;

/// Sorts above `~` and below every letter: the end of a part that is not digits.
const END: u8 = 2;

/// The key of a version.
pub(super) fn key(text: &str) -> Result<Key, Problem> {
    let (epoch, upstream, revision) = split(text)?;
    let mut key = Vec::with_capacity(2 * text.len() + 12);
    push_number(&mut key, epoch);
    push_part(&mut key, upstream);
    push_part(&mut key, revision);
    Ok(Key::Bytes(key.into()))
}

/// The version alone: a package with another revision is another version.
pub(super) fn span(text: &str) -> Result<Span, Problem> {
    let (key, said) = (key(text)?, Arc::from(text));
    Ok(Span { start: Some(Cut::new(key.clone(), &said, Edge::Start)), end: Cut::above(key, &said, Edge::End) })
}

/// The versions whose text begins with `prefix.`, as apt reads `name=1.2.*`.
pub(super) fn pattern(prefix: &str) -> Result<Span, Problem> {
    let (epoch, upstream, revision) = split(prefix)?;
    let mut key = Vec::with_capacity(2 * prefix.len() + 12);
    push_number(&mut key, epoch);
    if revision.is_empty() {
        push_runs(&mut key, upstream);
    } else {
        push_part(&mut key, upstream);
        push_runs(&mut key, revision);
    }
    key.push(weight(b'.'));
    let said = Arc::from(prefix);
    let at = |last: u8, edge| Cut::new(Key::Bytes(key.iter().copied().chain([last]).collect()), &said, edge);
    Ok(Span { start: Some(at(0, Edge::PatternStart)), end: at(u8::MAX, Edge::PatternEnd) })
}

/// Epoch, upstream version and revision.
fn split(text: &str) -> Result<(&str, &str, &str), Problem> {
    let (epoch, rest) = text.split_once(':').unwrap_or(("0", text));
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let spelled =
        |part: &str, more: &[u8]| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+~".contains(&byte) || more.contains(&byte));
    let right = digits(epoch)
        && upstream.starts_with(|c: char| c.is_ascii_digit())
        && spelled(upstream, b"-:")
        && spelled(revision, b"")
        && !rest.ends_with('-')
        && !has_long_number(text);
    if right { Ok((epoch, upstream, revision)) } else { Err(Problem::version(text, "Debian", "1:2.3-4")) }
}

/// Appends the upstream version or the revision, with its end.
fn push_part(key: &mut Vec<u8>, part: &str) {
    push_runs(key, part);
    // What has no digits at its end is taken to have a zero there.
    if !part.ends_with(|c: char| c.is_ascii_digit()) {
        key.push(END);
        key.push(0);
    }
    key.push(END);
}

/// Appends runs of other characters and of digits by turns, the first of other characters, maybe none.
fn push_runs(key: &mut Vec<u8>, part: &str) {
    let mut rest = part;
    while !rest.is_empty() {
        let (other, after) = take_while(rest, |byte| !byte.is_ascii_digit());
        key.extend(other.bytes().map(weight));
        let (digits, after) = take_while(after, |byte| byte.is_ascii_digit());
        if !digits.is_empty() {
            key.push(END);
            push_number(key, digits);
        }
        rest = after;
    }
}

/// `~` below the end, the end below letters, letters below all else.
fn weight(byte: u8) -> u8 {
    match byte {
        b'~' => 1,
        _ if byte.is_ascii_alphabetic() => byte,
        _ => byte.saturating_add(128),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_dpkg_sorts_them() {
        let rising =
            ["0~~", "0~", "0", "0.1~rc1", "0.1", "0.1-1~bpo12+1", "0.1-1", "0.1-1+b1", "0.1a", "0.1+dfsg", "0.1.1", "0.9", "0.10", "1:0"];
        for pair in rising.windows(2) {
            assert!(key(pair[0]).ok() < key(pair[1]).ok(), "{pair:?}");
        }
        for (left, right) in [("1.0", "1.0-0"), ("1.0", "0:1.0"), ("1.0-1a", "1.0-1a0"), ("1.01", "1.1"), ("1.", "1.0")] {
            assert_eq!(key(left), key(right), "{left} {right}");
        }
    }

    #[test]
    fn what_dpkg_refuses_is_refused() {
        for text in ["", "a1", "1:", ":1", "x:1", "1.0-", "1 0", "1_0"] {
            assert!(key(text).is_err(), "{text}");
        }
    }
}
