//! conda's versions and the version part of a `MatchSpec`.
//!
//! A version is a list of segments (between `.`, `_` or `-`), a segment a list of numbers and words by turns; what is missing is
//! taken as zero, so `1.1` is `1.1.0`. `dev` sorts below all, words below numbers, `post` above all. A local version (`+`)
//! only counts among equals. Source: the description of conda's class `VersionOrder`.
//!
//! There is a version between any two. The cuts around a pattern lie where no version is, so `1.2.*` ends where `1.3.*` begins.

use std::ops::Bound as End;
use std::sync::Arc;

use version_ranges::Ranges;

use super::constraint::{Bound, Op};
use super::cut::{Cut, Edge, Key, Span};
use super::order::{Mark, Order, Part};
use super::problem::Problem;

/// The key of a version.
pub(super) fn key(text: &str) -> Result<Key, Problem> {
    Ok(Key::Conda(read(text)?))
}

/// The version alone.
pub(super) fn span(text: &str) -> Result<Span, Problem> {
    let (key, said) = (key(text)?, Arc::from(text));
    Ok(Span { start: Some(Cut::new(key.clone(), &said, Edge::Start)), end: Cut::above(key, &said, Edge::End) })
}

/// The versions that begin with `prefix`, part by part.
pub(super) fn pattern(prefix: &str) -> Result<Span, Problem> {
    let order = read(prefix)?;
    if !order.local.is_empty() {
        return Err(Problem::new(format!("`{prefix}.*` is a pattern over a local version"), format!("write `=={prefix}`")));
    }
    Ok(prefix_span(order, &Arc::from(prefix)))
}

/// `~=1.4.2` is at least this, and begins with `1.4`.
pub(super) fn compatible(text: &str) -> Result<Ranges<Cut>, Problem> {
    let order = read(text)?;
    let said = Arc::from(text);
    let mut prefix = order.clone();
    let last = prefix.main.iter().rposition(|part| *part == Part::Next).unwrap_or(0);
    prefix.main.truncate(last);
    prefix.local.clear();
    if !prefix.main.contains(&Part::Next) {
        return Err(Problem::new(format!("`~={text}` has a single part, so nothing says what may change"), format!("write `~={text}.0`")));
    }
    let head = text.rfind(['.', '_', '-']).and_then(|at| text.get(..at)).unwrap_or(text);
    let end = prefix_span(prefix, &Arc::from(head)).end;
    Ok(Ranges::from_range_bounds(Cut::new(Key::Conda(order), &said, Edge::Start)..end))
}

/// Whether a bound asks for pre-releases, so that they are to be had: `>=2.0rc1` does, `!=2.0rc1` and `<2.0a0` (all below 2) do
/// not. Letters count as pre-releases, since `2024a` sorts below `2024`.
pub(super) fn names_prerelease(bound: &Bound) -> bool {
    let Ok(order) = read(bound.version.trim_end_matches(".*")) else { return false };
    let Some(at) = order.main.iter().position(is_pre) else { return false };
    let first = match order.main.get(at..) {
        Some([Part::Dev, ..]) => true,
        Some([Part::Word(word)] | [Part::Word(word), Part::Number(0)]) => matches!(&**word, "a" | "alpha"),
        _ => false,
    };
    match bound.op {
        Op::NotEqual => false,
        Op::Less => !first,
        _ => true,
    }
}

/// Whether a release stands between two cuts. Each is moved up to the next release; between two releases there are others.
pub(super) fn has_release((start, end): (&End<Cut>, &End<Cut>)) -> bool {
    match (start, end) {
        (End::Included(start), End::Excluded(end)) => at_release(start) < at_release(end),
        (_, End::Excluded(end)) => at_release(end).0 > lowest(),
        _ => true,
    }
}

/// The place of the next release at or above a cut, and whether it is just above that place.
fn at_release(cut: &Cut) -> (Order, bool) {
    let Key::Conda(order) = &cut.key else { return (lowest(), cut.above) };
    let mut order = order.clone();
    let pre = order.main.iter().position(is_pre);
    if pre.is_none() && (cut.above || order.mark == Mark::Above || !order.local.is_empty()) {
        return (order, cut.above);
    }
    order.local.clear();
    order.main.truncate(pre.unwrap_or(order.main.len()));
    while let [.., Part::Next, Part::Number(0)] | [.., Part::Next] = order.main.as_slice() {
        if order.main.iter().filter(|part| **part == Part::Next).count() < 2 {
            break;
        }
        order.main.truncate(order.main.iter().rposition(|part| *part == Part::Next).unwrap_or(0));
    }
    order.mark = Mark::Below;
    (order, false)
}

/// Below all releases of the first epoch.
fn lowest() -> Order {
    Order { main: vec![Part::Number(0), Part::Next, Part::Number(0)], local: Vec::new(), mark: Mark::Below }
}

/// Whether a part of a version makes it a pre-release.
fn is_pre(part: &Part) -> bool {
    matches!(part, Part::Dev | Part::Word(_))
}

/// Whether the operator is one that only conda has or that means something else here.
pub(super) fn special(op: Op, text: &str) -> Result<Option<Ranges<Cut>>, Problem> {
    match op {
        Op::Compatible => compatible(text).map(Some),
        Op::Fuzzy => pattern(text).map(|span| Some(span.inside())),
        _ => Ok(None),
    }
}

/// The interval of all versions that begin with `order`, its ends where other patterns would have them too.
fn prefix_span(order: Order, said: &Arc<str>) -> Span {
    let mut low = order.clone();
    low.mark = Mark::Below;
    // `dev` is the least that can follow, so below it is below all that follow.
    while low.main.last() == Some(&Part::Dev) {
        low.main.pop();
    }
    let mut high = order;
    high.mark = Mark::Above;
    while high.main.last() == Some(&Part::Post) {
        high.main.pop();
    }
    if let Some(Part::Number(last)) = high.main.last_mut()
        && *last < u64::MAX
    {
        *last += 1;
        high.mark = Mark::Below;
    }
    // Every version of the first epoch begins with a number, so none is below those that begin with zero.
    let lowest = low.main == [Part::Number(0), Part::Next, Part::Number(0)];
    let start = (!lowest).then(|| Cut::new(Key::Conda(low), said, Edge::PatternStart));
    Span { start, end: Cut::new(Key::Conda(high), said, Edge::PatternEnd) }
}

/// Reads a version.
fn read(text: &str) -> Result<Order, Problem> {
    let wrong = || Problem::version(text, "conda", "1.2.3");
    let lower = text.to_ascii_lowercase();
    let (epoch, rest) = lower.split_once('!').unwrap_or(("0", &lower));
    let (version, local) = rest.split_once('+').map_or((rest, None), |(version, local)| (version, Some(local)));
    let mut main = vec![Part::Number(epoch.parse().ok().filter(|_| epoch.bytes().all(|byte| byte.is_ascii_digit())).ok_or_else(wrong)?)];
    // A hyphen parts segments, but not together with underscores.
    if version.contains('-') && version.contains('_') {
        return Err(wrong());
    }
    main.push(Part::Next);
    push_segments(&mut main, version).ok_or_else(wrong)?;
    let mut parts = Vec::new();
    if let Some(local) = local {
        push_segments(&mut parts, local).ok_or_else(wrong)?;
    }
    Ok(Order { main, local: parts, mark: Mark::None })
}

/// Appends the segments of a text; `None` if one is empty or holds what no version may.
fn push_segments(parts: &mut Vec<Part>, text: &str) -> Option<()> {
    // One `_` or `-` at the end belongs to the last segment: openssl's way to sort `1.0.1_` below `1.0.1a`.
    let (text, tail) = text.strip_suffix(['_', '-']).map_or((text, false), |text| (text, true));
    let count = text.split(['.', '_', '-']).count();
    for (place, segment) in text.split(['.', '_', '-']).enumerate() {
        if place > 0 {
            parts.push(Part::Next);
        }
        if segment.is_empty() && tail && place > 0 && place + 1 == count {
            parts.push(Part::Number(0));
        } else {
            push_segment(parts, segment)?;
        }
    }
    if tail {
        match parts.last_mut() {
            Some(Part::Word(word)) => *word = format!("{word}_").into(),
            Some(Part::Dev) => *parts.last_mut()? = Part::Word("dev_".into()),
            Some(Part::Post) => *parts.last_mut()? = Part::Word("post_".into()),
            _ => parts.push(Part::Word("_".into())),
        }
    }
    Some(())
}

/// Appends the numbers and words of one segment, a zero first where it begins with a word.
fn push_segment(parts: &mut Vec<Part>, segment: &str) -> Option<()> {
    if segment.is_empty() || !segment.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    if !segment.starts_with(|c: char| c.is_ascii_digit()) {
        parts.push(Part::Number(0));
    }
    let mut rest = segment;
    while let Some(first) = rest.bytes().next() {
        let (run, after) = super::bytes::take_while(rest, |byte| byte.is_ascii_digit() == first.is_ascii_digit());
        parts.push(match run {
            "dev" => Part::Dev,
            "post" => Part::Post,
            word if !first.is_ascii_digit() => Part::Word(word.into()),
            digits => Part::Number(digits.parse().ok()?),
        });
        rest = after;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_as_conda_sorts_them() {
        let rising = [
            "0.4",
            "0.4.1.rc",
            "0.4.1",
            "0.5a1",
            "0.5b3",
            "0.5",
            "0.9.6",
            "0.960923",
            "1.0",
            "1.1dev1",
            "1.1_",
            "1.1a1",
            "1.1.dev1",
            "1.1.a1",
            "1.1.0rc1",
            "1.1+a",
            "1.1",
            "1.1+1",
            "1.1.post1",
            "1.1post1",
            "1996.07.12",
            "1!0.4.1",
            "2!0.4.1",
        ];
        for pair in rising.windows(2) {
            assert!(key(pair[0]).ok() < key(pair[1]).ok(), "{pair:?}");
        }
        for (left, right) in [("0.4", "0.4.0"), ("1.0_1", "1.0.1"), ("1.0-1", "1.0.1"), ("1.1.dev1", "1.1.0dev1"), ("0.5C1", "0.5c1")] {
            assert_eq!(key(left).ok(), key(right).ok(), "{left} {right}");
        }
    }

    #[test]
    fn what_conda_refuses_is_refused() {
        for text in ["", "1..0", "1.0+", "+1", "_1", "a!1", "1!2!3", "1+2+3", "1_0-1", "1 0", "1.*", "99999999999999999999"] {
            assert!(key(text).is_err(), "{text}");
        }
    }
}
