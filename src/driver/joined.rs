//! One mistake is one finding: a sign of another language (`gpu: "1"`, `pandas = "2.2"`) and the value behind it that is of another
//! type are mended together.

use crate::base::{Place, Sources, Span};
use crate::diagnostics::{Diagnostic, Edit, Findings, Severity, known};

/// A sign that has its own finding, with what mends it.
struct Sign {
    place: Place,
    edits: Vec<Edit>,
    safe: bool,
}

/// Gives the fixes of each value the edits of the sign before it, and drops the finding of the sign.
pub(super) fn signs(sources: &Sources, findings: &mut Findings) {
    let is_sign = |finding: &Diagnostic| [&known::WRONG_ASSIGNMENT, &known::WRONG_OPERATOR].contains(&finding.code);
    let signs: Vec<Sign> = findings.iter().filter(|finding| is_sign(finding)).filter_map(sign).collect();
    let mut joined = Vec::new();
    if signs.is_empty() {
        return;
    }
    findings.retain_mut(|finding| {
        // A sign is an error, which nothing less takes the place of.
        let value = finding.place().filter(|_| !is_sign(finding) && finding.severity == Severity::Error);
        let before = value.and_then(|value| signs.iter().find(|sign| adjacent(sources, sign.place, value)));
        if let Some(sign) = before.filter(|_| !finding.fixes.is_empty()) {
            finding.fixes.iter_mut().for_each(|fix| {
                let apart = |edit: &&Edit| fix.edits.iter().all(|other| !overlap(other.place.span, edit.place.span));
                let more: Vec<Edit> = sign.edits.iter().filter(apart).cloned().collect();
                fix.edits.extend(more);
                fix.safe &= sign.safe;
            });
            joined.push(sign.place);
        }
        true
    });
    if !joined.is_empty() {
        findings.retain_mut(|finding| !(is_sign(finding) && finding.place().is_some_and(|place| joined.contains(&place))));
    }
}

fn sign(finding: &Diagnostic) -> Option<Sign> {
    let fix = finding.fixes.first()?;
    Some(Sign { place: finding.place()?, edits: fix.edits.clone(), safe: fix.safe })
}

/// Whether only blanks are between a sign and a value.
fn adjacent(sources: &Sources, sign: Place, value: Place) -> bool {
    let gap = Place { span: Span { start: sign.span.end, end: value.span.start }, ..sign };
    sign.file == value.file && sign.span.end <= value.span.start && sources.text(gap).bytes().all(|byte| byte == b' ')
}

fn overlap(one: Span, other: Span) -> bool {
    one.start < other.end && other.start < one.end
}
