//! What the flags and the program's `allow` statements make of findings. Errors can be neither allowed nor dropped.

use crate::base::{Place, Sources};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity, known};
use crate::ir::{Allow, Date, Repository};

/// What the flags say about findings.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// `--deny warnings`: a warning is an error.
    pub deny_warnings: bool,
    /// `--allow CODE`: warnings and notes of these kinds are not told.
    pub allow: Vec<&'static Code>,
    /// The day it is; without it nothing is said of days that may have passed. No artifact depends on it.
    pub today: Option<Date>,
    /// Where the program is kept; without it nothing is said of that. No artifact depends on it.
    pub repository: Option<Repository>,
}

impl Policy {
    /// Applies the flags.
    pub fn apply(&self, findings: &mut Findings) {
        findings.retain_mut(|finding| {
            if finding.severity != Severity::Error && self.allow.contains(&finding.code) {
                return false;
            }
            if self.deny_warnings && finding.severity == Severity::Warning {
                finding.severity = Severity::Error;
            }
            true
        });
    }
}

/// Leaves out notes about files of the standard library: whoever writes a program can't follow them.
pub(super) fn leave_out_the_library(sources: &Sources, findings: &mut Findings) {
    let in_library = |place: Place| sources.get(place.file).is_some_and(|source| source.standard);
    findings.retain_mut(|finding| finding.severity != Severity::Note || !finding.place().is_some_and(in_library));
}

/// Applies the program's own `allow` statements. Where no error stands, so that every rule has run, one that hits nothing
/// is a finding.
pub(super) fn apply_allows(allows: &[Allow], findings: &mut Findings) {
    let mut used = vec![false; allows.len()];
    findings.retain_mut(|finding| finding.severity == Severity::Error || !allowed(allows, &mut used, finding));
    if findings.has_errors() {
        return;
    }
    for (allow, _) in allows.iter().zip(used).filter(|(_, used)| !used) {
        findings.push(idle(allow));
    }
}

/// Whether a finding is allowed altogether. Of one that hits cells of several definitions, the allowed ones are taken out.
fn allowed(allows: &[Allow], used: &mut [bool], finding: &mut Diagnostic) -> bool {
    for (allow, used) in allows.iter().zip(used) {
        if allow.code != finding.code {
            continue;
        }
        let scope = allow.scope;
        let inside = |place: Place| place.file == scope.file && scope.span.start <= place.span.start && place.span.end <= scope.span.end;
        if finding.place().is_some_and(inside) {
            *used = true;
            return true;
        }
        let before = finding.cells.len();
        finding.cells.retain(|cell| cell.environment != allow.definition);
        *used |= finding.cells.len() < before;
        if before > 0 && finding.cells.is_empty() {
            return true;
        }
    }
    false
}

fn idle(allow: &Allow) -> Diagnostic {
    let message = format!("`allow {}` in `{}` hits nothing", allow.code.id, allow.definition);
    Diagnostic::new(&known::IDLE_ALLOW, allow.origin, message).here(format!("there is no finding `{}` here", allow.code.name)).replace(
        "take it out",
        false,
        allow.origin,
        "",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{FileId, Span};
    use crate::diagnostics::CellRef;

    fn place(start: usize, end: usize) -> Place {
        Place::new(FileId(0), Span::new(start, end))
    }

    fn allow(definition: &str, scope: Place) -> Allow {
        Allow { code: &known::UNREAD_FILE, definition: definition.to_owned(), scope, because: "so".to_owned(), origin: place(5, 6) }
    }

    fn in_cells(names: &[&str]) -> Diagnostic {
        let cells = names.iter().map(|name| CellRef { environment: (*name).to_owned(), axes: Vec::new() });
        Diagnostic::nowhere(&known::UNREAD_FILE, "m").in_cells(cells)
    }

    fn codes(findings: &Findings) -> Vec<&str> {
        findings.iter().map(|finding| finding.code.name).collect()
    }

    #[test]
    fn an_allow_drops_what_stands_in_its_definition() {
        let mut findings = Findings::default();
        findings.push(Diagnostic::new(&known::UNREAD_FILE, place(12, 14), "in"));
        findings.push(Diagnostic::new(&known::UNREAD_FILE, place(30, 31), "out"));
        apply_allows(&[allow("base", place(10, 20))], &mut findings);
        assert_eq!(findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>(), ["out"]);
    }

    #[test]
    fn an_allow_takes_its_cells_out_and_no_others() {
        let mut findings = Findings::default();
        findings.push(in_cells(&["ml", "base"]));
        apply_allows(&[allow("ml", place(10, 20))], &mut findings);
        assert_eq!(findings.iter().next().map(|finding| finding.cells.len()), Some(1));
        apply_allows(&[allow("base", place(10, 20))], &mut findings);
        assert!(findings.is_empty());
    }

    #[test]
    fn an_allow_that_hits_nothing_is_told_unless_an_error_stands() {
        let mut findings = Findings::default();
        apply_allows(&[allow("ml", place(10, 20))], &mut findings);
        assert_eq!(codes(&findings), ["idle-allow"]);
        let mut findings = Findings::default();
        findings.push(Diagnostic::nowhere(&known::FOREIGN_FILE, "an error"));
        apply_allows(&[allow("ml", place(10, 20))], &mut findings);
        assert_eq!(codes(&findings), ["foreign-file"]);
    }

    #[test]
    fn flags_change_warnings_and_leave_errors() {
        let mut findings = Findings::default();
        findings.push(Diagnostic::nowhere(&known::FOREIGN_FILE, "an error"));
        findings.push(Diagnostic::nowhere(&known::UNREAD_FILE, "a warning"));
        let mut denied = findings.clone();
        Policy { deny_warnings: true, ..Policy::default() }.apply(&mut denied);
        assert_eq!(denied.count(Severity::Error), 2);
        Policy { deny_warnings: true, allow: vec![&known::UNREAD_FILE, &known::FOREIGN_FILE], today: None, repository: None }
            .apply(&mut findings);
        assert_eq!(codes(&findings), ["foreign-file"]);
    }
}
