//! RPM's versions: `[epoch:]version[-release]`, ordered as `rpmvercmp` does.
//!
//! A version written without a release stands for every release of it, as in the dependencies of a package.
//! There is a version between any two, and below any one.

use std::sync::Arc;

use super::bytes::{has_long_number, push_number, take_while};
use super::cut::{Cut, Edge, Key, Span};
use super::problem::Problem;

/// `~` sorts below the end of a version.
const TILDE: u8 = 1;
/// The end of the version or of the release.
const END: u8 = 2;
/// `^` sorts above the end and below all else.
const CARET: u8 = 3;
/// Letters sort below digits.
const LETTERS: u8 = 4;
/// A number follows.
const DIGITS: u8 = 5;

/// The key of a version; one without a release sorts below all that have one.
pub(super) fn key(text: &str) -> Result<Key, Problem> {
    Ok(Key::Bytes(bytes(text)?.0.into()))
}

/// The version with its release, or all releases of it.
pub(super) fn span(text: &str) -> Result<Span, Problem> {
    let (key, released) = bytes(text)?;
    let said = Arc::from(text);
    let start = Cut::new(Key::Bytes(key.clone().into()), &said, Edge::Start);
    let end = if released {
        Cut::above(Key::Bytes(key.into()), &said, Edge::End)
    } else {
        Cut::new(Key::Bytes(key.into_iter().chain([u8::MAX]).collect()), &said, Edge::End)
    };
    Ok(Span { start: Some(start), end })
}

/// The versions with a further part: `1.2.*` is `1.2.0` and `1.2.a`, but neither `1.2` nor `1.2~rc1`.
pub(super) fn pattern(prefix: &str) -> Result<Span, Problem> {
    let (mut key, _) = bytes(prefix)?;
    if prefix.contains('-') {
        return Err(Problem::new(format!("`{prefix}.*` is a pattern over a release"), "give the version alone, or the whole release"));
    }
    key.pop();
    let said = Arc::from(prefix);
    let at = |last: u8, edge| Cut::new(Key::Bytes(key.iter().copied().chain([last]).collect()), &said, edge);
    Ok(Span { start: Some(at(LETTERS, Edge::PatternStart)), end: at(u8::MAX, Edge::PatternEnd) })
}

/// The key, and whether there is a release.
fn bytes(text: &str) -> Result<(Vec<u8>, bool), Problem> {
    let (epoch, rest) = text.split_once(':').unwrap_or(("0", text));
    let (version, release) = rest.split_once('-').map_or((rest, None), |(version, release)| (version, Some(release)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let spelled = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+~^".contains(&byte));
    let right = digits(epoch) && spelled(version) && release.is_none_or(spelled) && !has_long_number(text);
    if !right {
        return Err(Problem::version(text, "RPM", "9.2.3-1.el9"));
    }
    let mut key = Vec::with_capacity(2 * text.len() + 12);
    push_number(&mut key, epoch);
    push_part(&mut key, version);
    if let Some(release) = release {
        push_part(&mut key, release);
    }
    Ok((key, release.is_some()))
}

/// Appends a version or a release: its runs of letters and digits, `~` and `^`; all else only parts them.
fn push_part(key: &mut Vec<u8>, part: &str) {
    let mut rest = part;
    loop {
        rest = take_while(rest, |byte| !byte.is_ascii_alphanumeric() && byte != b'~' && byte != b'^').1;
        let Some(first) = rest.bytes().next() else { break };
        let run = |wanted: fn(&u8) -> bool| take_while(rest, |byte| wanted(&byte));
        rest = match first {
            b'~' | b'^' => {
                key.push(if first == b'~' { TILDE } else { CARET });
                rest.get(1..).unwrap_or("")
            }
            b'0'..=b'9' => {
                let (digits, after) = run(u8::is_ascii_digit);
                key.push(DIGITS);
                push_number(key, digits);
                after
            }
            _ => {
                let (letters, after) = run(u8::is_ascii_alphabetic);
                key.push(LETTERS);
                key.extend_from_slice(letters.as_bytes());
                key.push(0);
                after
            }
        };
    }
    key.push(END);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_rpm_sorts_them() {
        let rising = ["1.0~rc1-1", "1.0-1", "1.0-1.el9", "1.0^git1-1", "1.0.a-1", "1.0.1-1", "1.1-1", "1.10-1", "1:0-1"];
        for pair in rising.windows(2) {
            assert!(key(pair[0]).ok() < key(pair[1]).ok(), "{pair:?}");
        }
        assert_eq!(key("1.0_1-1"), key("1.0.1-1"));
        assert_eq!(key("1.0a1-1"), key("1.0.a.01-1"));
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "-1", "1-", "1-1-1", "x:1", "1 0"] {
            assert!(key(text).is_err(), "{text}");
        }
    }
}
