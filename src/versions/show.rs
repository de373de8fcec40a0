//! Sets of versions as people would write them.

use std::fmt;
use std::ops::Bound as End;

use version_ranges::Ranges;

use super::cut::{Cut, Edge};
use super::refuse::bump;
use super::set::VersionSet;

impl fmt::Display for VersionSet {
    /// `>=2, <3`, `==1.26.*`, `<1 | >=2, !=2.5`; `no version` and `any version` for the two ends.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("no version");
        }
        if self.is_any() {
            return f.write_str("any version");
        }
        // npm's pre-releases lie between the ends of the releases beside them.
        let shown = if self.ranges.is_empty() { &self.pre } else { &self.ranges };
        let mut alternatives = if *shown == Ranges::full() { vec!["*".to_owned()] } else { alternatives(shown) };
        for (ranges, builds) in &self.built {
            let globs = builds.all.iter().cloned().chain(builds.none.iter().map(|glob| format!("not {glob}")));
            let globs = globs.collect::<Vec<_>>().join(", ");
            let plain = if *ranges == Ranges::full() { vec!["*".to_owned()] } else { self::alternatives(ranges) };
            alternatives.extend(plain.into_iter().map(|text| format!("{text} (build {globs})")));
        }
        alternatives.extend(self.literals.named.iter().filter(|(_, inside)| *inside).map(|(text, _)| format!("==={text}")));
        f.write_str(&alternatives.join(" | "))
    }
}

/// One text for each stretch of intervals, those taken as one that only a single version or pattern parts.
fn alternatives(ranges: &Ranges<Cut>) -> Vec<String> {
    let intervals: Vec<(Option<&Cut>, Option<&Cut>)> = ranges.iter().map(|(start, end)| (cut(start), cut(end))).collect();
    let mut all = Vec::new();
    let mut open: Option<(Option<&Cut>, Vec<String>)> = None;
    for (place, (start, end)) in intervals.iter().enumerate() {
        let (first, mut holes) = open.take().unwrap_or((*start, Vec::new()));
        let next = intervals.get(place + 1).and_then(|(next, _)| *next);
        if let Some(hole) = next.zip(*end).and_then(|(next, end)| point(end, next)) {
            holes.push(format!("!={hole}"));
            open = Some((first, holes));
            continue;
        }
        all.push(stretch(first, *end, holes));
    }
    all
}

/// The bounds of one stretch.
fn stretch(start: Option<&Cut>, end: Option<&Cut>, holes: Vec<String>) -> String {
    let mut parts = Vec::new();
    match (start, end) {
        (Some(start), Some(end)) if point(start, end).is_some() => parts.extend(point(start, end).map(|text| format!("=={text}"))),
        _ => {
            parts.extend(start.map(lower));
            parts.extend(end.map(upper));
        }
    }
    parts.extend(holes);
    parts.join(", ")
}

/// What two cuts have between them, where that is one version or one pattern.
fn point(start: &Cut, end: &Cut) -> Option<String> {
    match (start.edge, end.edge) {
        (Edge::Start, Edge::End) if start.text == end.text => Some(start.text.to_string()),
        (Edge::PatternStart, Edge::PatternEnd) if start.text == end.text => Some(format!("{}.*", start.text)),
        _ => None,
    }
}

/// A cut as the lower end.
fn lower(cut: &Cut) -> String {
    match cut.edge {
        Edge::Start | Edge::PatternStart => format!(">={}", cut.text),
        Edge::End => format!(">{}", cut.text),
        Edge::PatternEnd => after(&cut.text).map_or_else(|| format!(">{}.*", cut.text), |text| format!(">={text}")),
    }
}

/// A cut as the upper end.
fn upper(cut: &Cut) -> String {
    match cut.edge {
        Edge::Start | Edge::PatternStart => format!("<{}", cut.text),
        Edge::End => format!("<={}", cut.text),
        Edge::PatternEnd => after(&cut.text).map_or_else(|| format!("<={}.*", cut.text), |text| format!("<{text}")),
    }
}

/// The first pattern after one of plain numbers: `1.3` after `1.2`, `1!3` after `1!2`.
fn after(prefix: &str) -> Option<String> {
    let (epoch, release) = prefix.rsplit_once('!').map_or(("", prefix), |(epoch, release)| (epoch, release));
    let plain = release.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let next = bump(release, release.split('.').count()).filter(|_| plain)?;
    Some(if epoch.is_empty() { next } else { format!("{epoch}!{next}") })
}

/// The cut of an interval's end.
fn cut(end: &End<Cut>) -> Option<&Cut> {
    match end {
        End::Included(cut) | End::Excluded(cut) => Some(cut),
        End::Unbounded => None,
    }
}
