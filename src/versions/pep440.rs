//! PEP 440 on the library `pep440_rs`, with the sets that `packaging` takes specifiers for.
//!
//! The library's own ranges leave local versions out (`==2.5.1` without `2.5.1+cu121`), so the cuts are made here. The places
//! that matter have a version just above them: above `1.0` and all its local versions it is `1.0.post0.dev0`, above
//! `1.0.post1` it is `1.0.post2.dev0`, above `1.0.dev1` it is `1.0.dev2`. Two have none: above all post-releases of
//! `1.0` (the library's `max`), and above one local version.

use std::ops::Bound as End;
use std::str::FromStr;
use std::sync::Arc;

use pep440_rs::{Prerelease, Version};
use version_ranges::Ranges;

use super::constraint::{Bound, Op};
use super::cut::{Cut, Edge, Key, Span};
use super::problem::Problem;

/// The key of a version.
pub(super) fn key(text: &str) -> Result<Key, Problem> {
    Ok(Key::Pep440(read(text)?))
}

/// The version, with all its local versions unless it names one.
pub(super) fn span(text: &str) -> Result<Span, Problem> {
    let (version, said) = (read(text)?, Arc::from(text));
    let end = if version.is_local() {
        Cut::above(Key::Pep440(version.clone()), &said, Edge::End)
    } else {
        Cut::new(Key::Pep440(above_locals(&version)), &said, Edge::End)
    };
    Ok(Span { start: start(version, &said, Edge::Start), end })
}

/// The versions that begin with the release `prefix`.
pub(super) fn pattern(prefix: &str) -> Result<Span, Problem> {
    let version = read(prefix)?;
    if version.any_prerelease() || version.is_post() || version.is_local() {
        return Err(Problem::new(format!("`{prefix}.*` is a pattern over more than a release"), "only numbers stand before `.*`"));
    }
    Ok(release_span(&version, &Arc::from(prefix)))
}

/// The set of one specifier without a pattern; `None` where the operator means the same in all schemes.
pub(super) fn special(op: Op, text: &str) -> Result<Option<Ranges<Cut>>, Problem> {
    let ordered = matches!(op, Op::Compatible | Op::GreaterEqual | Op::LessEqual | Op::Greater | Op::Less);
    if !ordered {
        return Ok(None);
    }
    let version = read(text)?;
    if version.is_local() {
        return Err(Problem::new(
            format!("`{}{text}` compares with a local version", op.as_str()),
            format!("write `{}{}`, or `=={text}`", op.as_str(), version.clone().without_local()),
        ));
    }
    let said: Arc<str> = Arc::from(text);
    Ok(match op {
        Op::Compatible => Some(compatible(version, &said)?),
        Op::Greater => Some(Ranges::higher_than(Cut::new(Key::Pep440(above_posts(version)), &said, Edge::End))),
        // `<1.0` leaves out the pre-releases of 1.0 unless it names one.
        Op::Less if !version.any_prerelease() => {
            let first = start(version.with_dev(Some(0)), &said, Edge::PatternStart);
            Some(first.map_or_else(Ranges::empty, Ranges::strictly_lower_than))
        }
        _ => None,
    })
}

/// `~=1.4.2` is `>=1.4.2, ==1.4.*`.
fn compatible(version: Version, said: &Arc<str>) -> Result<Ranges<Cut>, Problem> {
    let [head @ .., _] = version.release() else { return Ok(Ranges::empty()) };
    if head.is_empty() {
        return Err(Problem::new(
            format!("`~={said}` has a single number, so nothing says what may change"),
            format!("write `~={said}.0`"),
        ));
    }
    let prefix = Version::new(head).with_epoch(version.epoch());
    let text = Arc::from(prefix.to_string());
    let end = release_span(&prefix, &text).end;
    Ok(match start(version, said, Edge::Start) {
        Some(start) => Ranges::from_range_bounds(start..end),
        None => Ranges::strictly_lower_than(end),
    })
}

/// From the first development release of a release to that of the next.
fn release_span(version: &Version, said: &Arc<str>) -> Span {
    let mut release = version.release().to_vec();
    if let Some(last) = release.last_mut() {
        *last = last.saturating_add(1);
    }
    let next = version.clone().with_release(release).with_dev(Some(0));
    Span {
        start: start(version.clone().with_dev(Some(0)), said, Edge::PatternStart),
        end: Cut::new(Key::Pep440(next), said, Edge::PatternEnd),
    }
}

/// The cut below a version; none below `0.dev0`, which is the least.
fn start(version: Version, said: &Arc<str>, edge: Edge) -> Option<Cut> {
    let least = version.dev() == Some(0)
        && version.epoch() == 0
        && version.pre().is_none()
        && version.post().is_none()
        && !version.is_local()
        && version.release().iter().all(|number| *number == 0);
    (!least).then(|| Cut::new(Key::Pep440(version), said, edge))
}

/// The version just above a public one and all its local ones.
fn above_locals(version: &Version) -> Version {
    let version = version.clone();
    if let Some(dev) = version.dev() {
        version.with_dev(Some(dev.saturating_add(1)))
    } else if let Some(post) = version.post() {
        version.with_post(Some(post.saturating_add(1))).with_dev(Some(0))
    } else {
        version.with_post(Some(0)).with_dev(Some(0))
    }
}

/// Where `>` begins: above the post-releases too, unless the version is one.
fn above_posts(version: Version) -> Version {
    if version.dev().is_some() || version.post().is_some() {
        return above_locals(&version);
    }
    match version.pre() {
        Some(pre) => version.with_pre(Some(Prerelease { kind: pre.kind, number: pre.number.saturating_add(1) })).with_dev(Some(0)),
        None => version.with_max(Some(0)),
    }
}

/// Whether a bound asks for pre-releases, so that pip takes them: `>=2.0rc1` does, `!=2.0rc1` and `==2.*` do not
/// (`Specifier.prereleases` of `packaging` 26.3).
pub(super) fn names_prerelease(bound: &Bound) -> bool {
    let is_pre = || read(&bound.version).is_ok_and(|version| version.any_prerelease());
    bound.op != Op::NotEqual && bound.version.bytes().any(|byte| byte.is_ascii_alphabetic()) && is_pre()
}

/// Whether a release stands between two cuts.
pub(super) fn has_release((start, end): (&End<Cut>, &End<Cut>)) -> bool {
    let (End::Included(Cut { key: Key::Pep440(first), .. }), End::Excluded(end)) = (start, end) else { return true };
    let next = if first.is_pre() { Version::new(first.release()).with_epoch(first.epoch()) } else { first.clone().with_dev(None) };
    Key::Pep440(next) < end.key
}

/// Reads a version in any spelling that PEP 440 takes.
fn read(text: &str) -> Result<Version, Problem> {
    Version::from_str(text).map_err(|_| Problem::version(text, "PEP 440", "1.2.3"))
}
