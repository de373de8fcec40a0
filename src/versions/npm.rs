//! npm's versions: Semantic Versioning 2.0.0, and ranges as node-semver reads them: a range holds only those pre-releases of
//! whose release it names one. Releases and pre-releases are therefore kept apart.
//!
//! The library reads the versions; the ordering is kept as bytes, in which the next version of any one is known: that of
//! `1.2.3` is `1.2.4-0`, that of `1.2.3-a` is `1.2.3-a.0`. Build metadata counts for nothing.

use std::ops::Bound as End;
use std::sync::Arc;

use nodejs_semver::{Identifier, Version};
use version_ranges::Ranges;

use super::constraint::{Bound, Op};
use super::cut::{Cut, Edge, Key, Span};
use super::problem::Problem;

/// The end of a pre-release.
const END: u8 = 0;
/// A number in a pre-release follows; numbers sort below words.
const NUMBER: u8 = 1;
/// A word in a pre-release follows.
const WORD: u8 = 2;
/// A release, above all its pre-releases.
pub(super) const RELEASE: u8 = 3;

/// A version, maybe with parts left out at its end.
struct Written {
    /// Major, minor and patch.
    numbers: [u64; 3],
    /// How many of them are there.
    given: usize,
    /// What follows.
    pre: Vec<Identifier>,
}

/// The key of a version with all three numbers.
pub(super) fn key(text: &str) -> Result<Key, Problem> {
    match read(text)? {
        written if written.given == 3 => Ok(Key::Bytes(bytes(&written).into())),
        written => {
            let [major, minor, patch] = written.numbers;
            Err(Problem::new(format!("`{text}` is not a whole version of npm"), format!("write `{major}.{minor}.{patch}`")))
        }
    }
}

/// The version alone; where numbers are left out, all that begin with the others.
pub(super) fn span(text: &str) -> Result<Span, Problem> {
    let written = read(text)?;
    if written.given < 3 {
        let end = written.numbers_after(written.given);
        return Ok(between(lowest(written.numbers), lowest(end), text, [Edge::Start, Edge::End]));
    }
    let mut end = bytes(&written);
    if written.pre.is_empty() {
        end = lowest(written.numbers_after(3));
    } else {
        end.pop();
        end.push(NUMBER);
        end.extend_from_slice(&0_u64.to_be_bytes());
        end.push(END);
    }
    Ok(between(bytes(&written), end, text, [Edge::Start, Edge::End]))
}

/// The versions that begin with `prefix`.
pub(super) fn pattern(prefix: &str) -> Result<Span, Problem> {
    let written = read(prefix)?;
    if written.given == 3 {
        return Err(Problem::new(format!("`{prefix}.*` has a fourth part"), format!("write `{prefix}`")));
    }
    let end = written.numbers_after(written.given);
    Ok(between(bytes(&written), lowest(end), prefix, [Edge::PatternStart, Edge::PatternEnd]))
}

/// Where numbers are left out, a range begins with a release: `>=1.2` is `>=1.2.0`, and `>1.2` is `>=1.3.0`.
pub(super) fn special(op: Op, text: &str) -> Result<Option<Ranges<Cut>>, Problem> {
    let written = read(text)?;
    if written.given == 3 || !matches!(op, Op::Equal | Op::Bare | Op::GreaterEqual | Op::Greater) {
        return Ok(None);
    }
    let mut span = between(bytes(&written), lowest(written.numbers_after(written.given)), text, [Edge::Start, Edge::End]);
    if op == Op::Greater {
        span.end.key = Key::Bytes(bytes(&Written { numbers: written.numbers_after(written.given), ..written }).into());
    }
    Ok(Some(match op {
        Op::Greater => span.over(),
        Op::GreaterEqual => span.at_least(),
        _ => span.inside(),
    }))
}

/// `~1.2.3`: the same minor version; `~1` the same major one.
pub(super) fn tilde(text: &str) -> Result<Span, Problem> {
    let written = read(text)?;
    Ok(up_to(&written, written.given.min(2), text))
}

/// `^1.2.3`: no change in the first number that is not zero.
pub(super) fn caret(text: &str) -> Result<Span, Problem> {
    let written = read(text)?;
    let first = written.numbers.iter().take(written.given).position(|number| *number != 0);
    Ok(up_to(&written, first.map_or(written.given, |at| at + 1), text))
}

/// From the version to the first whose number at `place` (from one) is greater.
fn up_to(written: &Written, place: usize, text: &str) -> Span {
    let start = bytes(written);
    let numbers = written.numbers_after(place);
    let bound: Vec<String> = numbers.iter().take(place.max(1)).map(u64::to_string).collect();
    let mut span = between(start, lowest(numbers), text, [Edge::Start, Edge::PatternStart]);
    span.end.text = Arc::from(bound.join("."));
    span
}

impl Written {
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

/// The interval between two keys; `0.0.0-0` is the least version.
fn between(start: Vec<u8>, end: Vec<u8>, text: &str, edges: [Edge; 2]) -> Span {
    let said = Arc::from(text);
    let [low, high] = edges;
    let least = start == lowest([0; 3]);
    Span { start: (!least).then(|| Cut::new(Key::Bytes(start.into()), &said, low)), end: Cut::new(Key::Bytes(end.into()), &said, high) }
}

/// Whether a bound is one version.
pub(super) fn is_exact(op: Op, version: &str) -> bool {
    matches!(op, Op::Equal | Op::Bare) && read(version).is_ok_and(|written| written.given == 3)
}

/// Whether a version is a pre-release.
pub(super) fn is_pre(text: &str) -> bool {
    read(text).is_ok_and(|written| !written.pre.is_empty())
}

/// The pre-releases of the releases of which some bound names one.
pub(super) fn named(bounds: &[Bound]) -> Ranges<Cut> {
    let releases = bounds.iter().filter_map(|bound| read(&bound.version).ok().filter(|written| !written.pre.is_empty()));
    let pre = releases.map(|written| {
        let end = lowest(written.numbers_after(3));
        between(lowest(written.numbers), end, "", [Edge::Start, Edge::Start]).inside()
    });
    pre.fold(Ranges::empty(), |all, some| all.union(&some))
}

/// The releases between cuts. Each cut is moved up to the next release, so that an interval without one is empty.
pub(super) fn releases(ranges: &Ranges<Cut>) -> Ranges<Cut> {
    moved(ranges, &[&[0; 24][..], &[RELEASE]].concat(), |key| [key.get(..24).unwrap_or(key), &[RELEASE]].concat())
}

/// The pre-releases between cuts, each cut moved up to the next one.
pub(super) fn pre_releases(ranges: &Ranges<Cut>) -> Ranges<Cut> {
    moved(ranges, &lowest([0; 3]), |key| match key {
        [numbers @ .., RELEASE] => {
            let at =
                |place: usize| numbers.get(place * 8..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u64::from_be_bytes(*bytes));
            lowest([at(0), at(1), at(2).saturating_add(1)])
        }
        pre => pre.to_vec(),
    })
}

/// The same ranges with other keys at their cuts, in the same order, without those that end at the `least` key.
fn moved(ranges: &Ranges<Cut>, least: &[u8], to: impl Fn(&[u8]) -> Vec<u8>) -> Ranges<Cut> {
    let cut = |cut: &Cut| match &cut.key {
        Key::Bytes(key) => Cut { key: Key::Bytes(to(key).into()), ..cut.clone() },
        _ => cut.clone(),
    };
    let end = |end: &End<Cut>| match end {
        End::Included(at) => End::Included(cut(at)),
        End::Excluded(at) => End::Excluded(cut(at)),
        End::Unbounded => End::Unbounded,
    };
    let at_least = |end: &End<Cut>| match end {
        End::Included(Cut { key: Key::Bytes(key), .. }) | End::Excluded(Cut { key: Key::Bytes(key), .. }) => **key <= *least,
        _ => false,
    };
    let start = |low: End<Cut>| if at_least(&low) { End::Unbounded } else { low };
    let intervals = ranges.iter().map(|(low, high)| (start(end(low)), end(high))).filter(|(_, high)| !at_least(high));
    intervals.fold(Ranges::empty(), |all, some| all.union(&Ranges::from_range_bounds(some)))
}

/// The key of the first pre-release of `numbers`.
fn lowest(numbers: [u64; 3]) -> Vec<u8> {
    bytes(&Written { numbers, given: 3, pre: vec![Identifier::Numeric(0)] })
}

/// The key as bytes.
fn bytes(written: &Written) -> Vec<u8> {
    let mut key = Vec::with_capacity(48);
    for number in written.numbers {
        key.extend_from_slice(&number.to_be_bytes());
    }
    for identifier in &written.pre {
        match identifier {
            Identifier::Numeric(number) => {
                key.push(NUMBER);
                key.extend_from_slice(&number.to_be_bytes());
            }
            Identifier::AlphaNumeric(word) => {
                key.push(WORD);
                key.extend_from_slice(word.as_bytes());
                key.push(END);
            }
        }
    }
    key.push(if written.pre.is_empty() { RELEASE } else { END });
    key
}

/// Reads a version of one to three numbers; what follows needs all three. The library is lax, so the spelling is looked at first.
fn read(text: &str) -> Result<Written, Problem> {
    let wrong = || Problem::version(text, "npm", "1.2.3");
    let core = text.split(['-', '+']).next().unwrap_or("");
    let numbers: Vec<u64> = core.split('.').map(number).collect::<Option<_>>().ok_or_else(wrong)?;
    let (front, build) = text.split_once('+').map_or((text, None), |(front, build)| (front, Some(build)));
    let pre = front.split_once('-').map(|(_, pre)| pre);
    let spelled = build.is_none_or(|build| identifiers(build, true)) && pre.is_none_or(|pre| identifiers(pre, false));
    let (Some(major), given) = (numbers.first().copied(), numbers.len()) else { return Err(wrong()) };
    if !spelled || given > 3 || (given < 3 && core.len() < text.len()) {
        return Err(wrong());
    }
    let at = |place: usize| numbers.get(place).copied().unwrap_or(0);
    let pre = if core.len() < text.len() { Version::parse(text).map_err(|_| wrong())?.pre_release().to_vec() } else { Vec::new() };
    Ok(Written { numbers: [major, at(1), at(2)], given, pre })
}

/// Whether a text is identifiers between dots, numbers with leading zeros among them only where `zeros` says so.
fn identifiers(text: &str, zeros: bool) -> bool {
    text.split('.').all(|part| {
        let spelled = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        spelled && (zeros || number(part).is_some() || part.bytes().any(|byte| !byte.is_ascii_digit()))
    })
}

/// A number without leading zeros, at most what JavaScript counts safely.
fn number(digits: &str) -> Option<u64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    digits.parse().ok().filter(|number| plain && *number < (1 << 53))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_semver_sorts_them() {
        let rising = [
            "0.0.0-0",
            "0.0.0",
            "1.0.0-0",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0",
            "1.0.1-0",
        ];
        for pair in rising.windows(2) {
            assert!(key(pair[0]).ok() < key(pair[1]).ok(), "{pair:?}");
        }
        assert_eq!(key("1.0.0+a"), key("1.0.0+b"));
    }

    #[test]
    fn what_semver_refuses_is_refused() {
        for text in ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.x", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "v1.2.3", "1.2, 2"] {
            assert!(key(text).is_err(), "{text}");
        }
    }
}
