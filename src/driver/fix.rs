//! The safe fixes of all findings, applied in memory until there are none left.

use super::compile::{Outcome, once};
use super::{Policy, edits};
use crate::base::{Files, MAX_FILE_BYTES, MemoryFiles, Overlay};
use crate::diagnostics::{Code, Diagnostic, Edit};

/// The most passes: fixes that overlap need one each.
const PASSES: usize = 64;

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The kind of finding that it mends.
    pub code: &'static Code,
    /// What it does: one imperative.
    pub title: String,
    /// The file, relative to the folder of the program.
    pub file: String,
    /// The line, as it is counted when the fix is applied.
    pub line: u32,
}

/// A program whose safe fixes are applied.
#[derive(Clone, Debug, Default)]
pub struct Fixed {
    /// The files that change, as they are afterwards.
    pub files: MemoryFiles,
    /// What was done, in order.
    pub applied: Vec<Applied>,
}

/// Applies the safe fixes of a program's findings. Those that overlap wait for the next pass, which compiles again: then
/// they may be gone.
#[must_use]
pub fn fix(files: &dyn Files, main: &str, policy: &Policy) -> Fixed {
    let mut fixed = Fixed::default();
    for _ in 0..PASSES {
        let overlay = Overlay { above: &fixed.files, below: files };
        let outcome = once(&overlay, main, policy);
        let (edits, applied) = choose(&overlay, &outcome);
        let Some(changed) = edits::apply(&overlay, &outcome.sources, &edits).filter(|_| !applied.is_empty()) else { break };
        for path in changed.paths() {
            if let Ok(bytes) = changed.read(path, MAX_FILE_BYTES) {
                fixed.files.insert(path, bytes, false);
            }
        }
        fixed.applied.extend(applied);
    }
    fixed
}

/// One safe fix of each finding, as far as they don't meet.
fn choose(files: &dyn Files, outcome: &Outcome) -> (Vec<Edit>, Vec<Applied>) {
    let mut edits: Vec<Edit> = Vec::new();
    let mut applied = Vec::new();
    for finding in outcome.findings.clone().sorted() {
        let safe = finding.fixes.iter().filter(|fix| fix.safe);
        let free = |fix: &&crate::diagnostics::Fix| !fix.edits.iter().any(|edit| edits.iter().any(|other| meets(edit, other)));
        let possible = |fix: &&crate::diagnostics::Fix| edits::apply(files, &outcome.sources, &fix.edits).is_some();
        let Some(fix) = safe.filter(free).find(possible) else { continue };
        applied.extend(told(outcome, &finding, &fix.title, &fix.edits));
        edits.extend(fix.edits.iter().cloned());
    }
    (edits, applied)
}

/// Whether two edits touch the same text, or stand side by side.
fn meets(one: &Edit, other: &Edit) -> bool {
    let (left, right) = (one.place.span, other.place.span);
    one.place.file == other.place.file && left.start <= right.end && right.start <= left.end
}

fn told(outcome: &Outcome, finding: &Diagnostic, title: &str, edits: &[Edit]) -> Option<Applied> {
    let place = edits.first()?.place;
    let source = outcome.sources.get(place.file)?;
    let line = source.position(place.span.start).line;
    Some(Applied { code: finding.code, title: title.to_owned(), file: source.name.clone(), line })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(main: &str) -> (String, usize) {
        let files: MemoryFiles = [("main.jenv", main)].into_iter().collect();
        let fixed = fix(&files, "main.jenv", &Policy::default());
        let text = fixed.files.read("main.jenv", MAX_FILE_BYTES).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        (text.unwrap_or_default(), fixed.applied.len())
    }

    const HEAD: &str = "project d { registry = \"r.io/d\" }\nimage base { ref = \"r.io/b:1\" }\n";

    #[test]
    fn all_safe_fixes_are_applied_each_once() {
        let lines = "  run \"pip install x>=1 y<2\"\n  run '''pip install \"a\" b>=$V\n'''\n";
        let (text, count) = fixed(&format!("{HEAD}layer a {{\n  from base\n{lines}}}\n"));
        assert_eq!(count, 3);
        assert!(text.contains("\"pip install 'x>=1' 'y<2'\"") && text.contains("\"a\" \"b>=$V\""), "{text}");
        assert_eq!(fixed(&text), (String::new(), 0));
    }

    #[test]
    fn what_the_mark_and_line_ends_of_windows_are_stays() {
        let (text, count) = fixed(
            "\u{feff}project d { registry = \"r.io/d\" }\r\nimage base { ref = \"r.io/b:1\" }\r\nlayer a { from base\r\n run \"pip install x>=1\"\r\n}\r\n",
        );
        assert_eq!(count, 1);
        assert!(text.starts_with('\u{feff}') && text.contains("'x>=1'\"\r\n}\r\n"), "{text:?}");
    }
}
