//! A fix that may be applied without a person having looked removes its finding and adds none.

use jenvc::base::{FileError, Files, MAX_FILE_BYTES, MemoryFiles};
use jenvc::diagnostics::{ALL_CODES, Fix, Severity};
use jenvc::driver::{Outcome, Policy, compile, fix};

use crate::pages::example;
use crate::support::{ends, files_under, load, project};

/// The files with a fix applied: edits from the last to the first, so that offsets stay right.
pub(crate) fn apply(files: &MemoryFiles, outcome: &Outcome, fix: &Fix) -> MemoryFiles {
    let mut edits = fix.edits.clone();
    edits.sort_by_key(|edit| std::cmp::Reverse((edit.place.file, edit.place.span.start)));
    let mut fixed = files.clone();
    for edit in edits {
        let source = outcome.sources.get(edit.place.file).unwrap();
        let bytes = fixed.read(&source.name, MAX_FILE_BYTES).unwrap();
        let mut text = String::from_utf8(bytes.to_vec()).unwrap();
        let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let range = edit.place.span.range();
        text.replace_range(range.start + mark..range.end + mark, &edit.text);
        fixed.insert(source.name.clone(), text, false);
    }
    fixed
}

fn kinds(outcome: &Outcome) -> Vec<(&'static str, String)> {
    outcome.findings.iter().map(|finding| (finding.code.id, finding.message.clone())).collect()
}

#[test]
fn safe_fixes_remove_their_finding_and_add_none() {
    let mut tried = 0;
    let mut wrong = Vec::new();
    for code in ALL_CODES {
        let files: MemoryFiles = example(code, "Fails").into_iter().collect();
        let before = compile(&files, "main.jenv");
        for finding in before.findings.iter() {
            for fix in finding.fixes.iter().filter(|fix| fix.safe) {
                tried += 1;
                let after = kinds(&compile(&apply(&files, &before, fix), "main.jenv"));
                let own = (finding.code.id, finding.message.clone());
                // A step whose words can be read now gets the note that lists are better.
                let known = |kind: &&(&str, String)| kinds(&before).contains(kind) || kind.0 == "J0414";
                let new: Vec<_> = after.iter().filter(|kind| !known(kind)).take(2).collect();
                if after.contains(&own) || !new.is_empty() {
                    wrong.push(format!("{} `{}`: {new:?}", code.id, fix.title));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried > 0, "no finding has a safe fix");
}

#[test]
fn fixes_stay_inside_of_the_program() {
    for code in ALL_CODES {
        let files: MemoryFiles = example(code, "Fails").into_iter().collect();
        let outcome = compile(&files, "main.jenv");
        for edit in outcome.findings.iter().flat_map(|finding| &finding.fixes).flat_map(|fix| &fix.edits) {
            let source = outcome.sources.get(edit.place.file).unwrap();
            assert!(!source.standard, "{}: a fix would change the standard library", code.id);
            assert_ne!(files.read(&source.name, MAX_FILE_BYTES), Err(FileError::Missing));
            assert!(source.text.get(edit.place.span.range()).is_some(), "{}: an edit cuts a character", code.id);
        }
    }
}

/// Every program of the corpus and of the pages: files of one case, or a file alone.
fn programs() -> Vec<(String, MemoryFiles)> {
    let mut all: Vec<_> = ALL_CODES.iter().map(|code| (code.id.to_owned(), example(code, "Fails").into_iter().collect())).collect();
    for file in files_under("tests/corpus").into_iter().filter(|file| ends(file, "jenv")) {
        let folder = project().join(&file).parent().unwrap().to_owned();
        if file.ends_with("/main.jenv") {
            all.push((file, load(&folder)));
        } else if !folder.join("main.jenv").is_file() {
            let text = std::fs::read(project().join(&file)).unwrap();
            all.push((file, [("main.jenv", text)].into_iter().collect()));
        }
    }
    all
}

#[test]
fn every_fix_of_the_corpus_removes_its_finding_and_adds_none() {
    let (mut tried, mut wrong) = (0, Vec::new());
    for (name, files) in programs() {
        let before = compile(&files, "main.jenv");
        let known = kinds(&before);
        for finding in before.findings.iter() {
            for fix in &finding.fixes {
                tried += 1;
                let own = (finding.code.id, finding.message.clone());
                let outcome = compile(&apply(&files, &before, fix), "main.jenv");
                let after = kinds(&outcome);
                let grave = outcome.findings.iter().filter(|finding| finding.severity != Severity::Note);
                let new: Vec<_> = grave.map(|finding| finding.code.id).filter(|id| !known.iter().any(|kind| kind.0 == *id)).collect();
                let left = after.iter().filter(|kind| **kind == own).count() >= known.iter().filter(|kind| **kind == own).count();
                if left || !new.is_empty() {
                    wrong.push(format!("{name}: {} `{}`: {}{new:?}", own.0, fix.title, if left { "STAYS " } else { "" }));
                }
            }
        }
    }
    // The line has a second mistake, which nobody could see behind the first.
    wrong.retain(|line| !line.starts_with("tests/corpus/recovery/several-errors.jenv: J0201"));
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 200, "only {tried} fixes were tried");
}

#[test]
fn fixing_a_program_ends_where_nothing_is_left_to_fix() {
    let (mut wrong, mut changed) = (Vec::new(), 0);
    for (name, files) in programs() {
        let fixed = fix(&files, "main.jenv", &Policy::default());
        changed += usize::from(!fixed.applied.is_empty());
        let mut after = files.clone();
        for path in fixed.files.paths() {
            after.insert(path, fixed.files.read(path, MAX_FILE_BYTES).unwrap(), false);
        }
        let again = fix(&after, "main.jenv", &Policy::default());
        if !again.applied.is_empty() {
            wrong.push(format!("{name}: {:?}", again.applied.first()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(changed > 5, "only {changed} programs are changed");
}
