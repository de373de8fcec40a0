//! J0430: a git repository at something that is not a commit.

use std::collections::BTreeSet;

use super::names::last_part;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::ir::{BuildSource, PackageSource, Program, StepKind};

/// What a revision seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Revision {
    /// A full commit: nothing can move it.
    Commit,
    /// The beginning of a commit.
    Short,
    /// A version, and so a tag.
    Tag,
    /// Any other name.
    Branch,
}

/// J0430
pub(super) fn check(program: &Program, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    let mut told = |place: Place, what: &str, url: &str, rev: Option<&str>| {
        if let Some(finding) = finding(place, what, url, rev).filter(|_| seen.insert(place)) {
            findings.push(finding);
        }
    };
    for cell in program.recipes() {
        for package in &cell.packages {
            if let PackageSource::Git { url, rev, .. } = &package.source
                && is_address(url)
            {
                told(package.origin, &package.name, url, rev.as_deref());
            }
        }
        for step in &cell.steps {
            if let StepKind::Build(build) = &step.kind
                && let BuildSource::Git { url, rev } = &build.source
            {
                told(build.origin, last_part(url), url, Some(rev));
            }
        }
    }
}

/// What is no address has an error of its own.
fn is_address(url: &str) -> bool {
    url.contains(['/', ':'])
}

fn finding(place: Place, what: &str, url: &str, rev: Option<&str>) -> Option<Diagnostic> {
    let Some(rev) = rev else {
        let message = format!("nothing says which commit of `{what}` is meant");
        return Some(
            Diagnostic::new(&known::MOVING_GIT, place, message)
                .here("each build takes what the default branch holds at that time")
                .help(format!("add `rev` and a commit: `git ls-remote {url} HEAD` prints it")),
        );
    };
    let (said, here) = match of(rev) {
        Revision::Commit => return None,
        Revision::Short => ("by the beginning of a commit", "it means nothing once a second commit begins so"),
        Revision::Tag => ("by a tag", "a tag can be moved, and then the same program builds another image"),
        Revision::Branch => ("by a branch", "a branch moves, so the same program builds another image later"),
    };
    let mut finding =
        Diagnostic::new(&known::MOVING_GIT, place, format!("`{what}` is taken from git {said}, `{rev}`")).here(here).help(match of(rev) {
            Revision::Short => "write all forty digits of it".to_owned(),
            _ => format!("write the commit: `git ls-remote {url} {rev}` prints it"),
        });
    if of(rev) != Revision::Branch {
        finding.severity = Severity::Note;
    }
    Some(finding)
}

fn of(rev: &str) -> Revision {
    let digits = !rev.is_empty() && rev.bytes().all(|byte| byte.is_ascii_hexdigit());
    match rev.len() {
        40 | 64 if digits => Revision::Commit,
        7..=39 if digits => Revision::Short,
        _ if is_version(rev) => Revision::Tag,
        _ => Revision::Branch,
    }
}

/// Whether a name ends in a version: `v1.2.3`, `release-2.0`, `1.0rc1`.
fn is_version(rev: &str) -> bool {
    let name = rev.strip_prefix("refs/tags/").unwrap_or(rev);
    let last = name.rsplit(['/', '-', '_']).find(|part| part.contains('.')).unwrap_or(name);
    let numbers = last.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    numbers.starts_with(|c: char| c.is_ascii_digit())
        && numbers.split('.').nth(1).is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_are_told_apart() {
        let cases = [
            ("a89db305e391be62c0547780cf82607c27f32247", Revision::Commit),
            ("a89db30", Revision::Short),
            ("v1.2.3", Revision::Tag),
            ("1.0rc1", Revision::Tag),
            ("refs/tags/v2.0", Revision::Tag),
            ("release-2.0", Revision::Tag),
            ("2.1-beta", Revision::Tag),
            ("master", Revision::Branch),
            ("vre-summer-24", Revision::Branch),
            ("feature/x", Revision::Branch),
            ("", Revision::Branch),
        ];
        for (rev, wanted) in cases {
            assert_eq!(of(rev), wanted, "{rev}");
        }
    }
}
