//! The pages of all findings: each example that fails gives exactly that finding, each that passes gives no error.

use std::collections::BTreeSet;

use jenvc::base::MemoryFiles;
use jenvc::diagnostics::{ALL_CODES, Code, Severity};
use jenvc::driver::compile_with;

use crate::pages::{OF_THE_DISK, example, is_of_import, policy};
use crate::support::{Workplace, ends};

/// Whether a code is one of text and grammar. Their examples need not be whole programs: of those, names are not looked at.
fn is_about_text(code: &Code) -> bool {
    code.id.starts_with("J00")
}

/// Numbers and severities of what is found in an example.
fn found(code: &Code, heading: &str) -> BTreeSet<(String, String)> {
    let files = example(code, heading);
    if is_of_import(code) {
        return found_by_import(&files);
    }
    if !files.iter().any(|(path, _)| path == "main.jenv") {
        return BTreeSet::from([("no example".to_owned(), "error".to_owned())]);
    }
    if OF_THE_DISK.contains(&code.id) {
        return found_on_disk(code.id, &files);
    }
    let files: MemoryFiles = files.into_iter().collect();
    let outcome = compile_with(&files, "main.jenv", &policy());
    let found = outcome.findings.iter().filter(|finding| !is_about_text(code) || is_about_text(finding.code));
    found.map(|finding| (finding.code.id.to_owned(), finding.severity.word().to_owned())).collect()
}

/// The same for findings about the disk: what `check` says of every file of the example, and what `build` says.
fn found_on_disk(code: &str, files: &[(String, Vec<u8>)]) -> BTreeSet<(String, String)> {
    let place = Workplace::with(files.iter().cloned());
    let sources: Vec<_> = files.iter().map(|(path, _)| path.as_str()).filter(|path| ends(path, "jenv")).collect();
    let check: Vec<_> = ["check", "--format", "json"].into_iter().chain(sources).collect();
    let build = ["build", "--format", "json"];
    let runs = [&check[..], &build[..]].map(|arguments| place.run(arguments).out);
    // That an example writes nothing is said on one page.
    runs.iter().flat_map(|text| findings_in(text)).filter(|(id, _)| id != "J0610" || code == "J0610").collect()
}

/// The same for findings of an import.
fn found_by_import(files: &[(String, Vec<u8>)]) -> BTreeSet<(String, String)> {
    let place = Workplace::with(files.iter().cloned());
    findings_in(&place.run(&["import", "from", "--to", "program", "--format", "json"]).out)
}

/// Numbers and severities in an object that was printed.
fn findings_in(text: &str) -> BTreeSet<(String, String)> {
    let object = serde_json::from_str::<serde_json::Value>(text).unwrap();
    let word = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    object["findings"].as_array().unwrap().iter().map(|finding| (word(finding, "code"), word(finding, "severity"))).collect()
}

#[test]
fn every_page_is_of_its_code() {
    let mut wrong = Vec::new();
    for code in ALL_CODES {
        let title = format!("# {} {}", code.id, code.name);
        let outside = code.page.split("```").step_by(2).flat_map(str::lines);
        let headings: Vec<_> = outside.filter(|line| line.starts_with('#')).collect();
        if headings != [title.as_str(), "## Fails", "## Passes"] {
            wrong.push(code.id);
        }
        let words = code.page.split("## Fails").next().unwrap_or("").split_whitespace().count();
        if words < 12 {
            wrong.push(code.name);
        }
    }
    assert!(wrong.is_empty(), "pages without their title, their two examples or an explanation: {wrong:?}");
}

#[test]
fn codes_are_in_order_and_told_once() {
    let (ids, names): (Vec<_>, BTreeSet<_>) = ALL_CODES.iter().map(|code| (code.id, code.name)).unzip();
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    assert_eq!(ids.len(), names.len());
    for code in ALL_CODES {
        let number = code.id.strip_prefix('J').filter(|number| number.len() == 4 && number.bytes().all(|byte| byte.is_ascii_digit()));
        let kebab = code.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        assert!(number.is_some() && kebab, "{} {}", code.id, code.name);
    }
}

#[test]
fn every_failing_example_gives_its_finding_and_no_other() {
    let mut wrong = Vec::new();
    for code in ALL_CODES {
        let found: BTreeSet<_> = found(code, "Fails").into_iter().map(|(id, _)| id).collect();
        if found != BTreeSet::from([code.id.to_owned()]) {
            wrong.push(format!("{} {}: {found:?}", code.id, code.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), ALL_CODES.len(), wrong.join("\n"));
}

#[test]
fn every_passing_example_gives_no_error() {
    let mut wrong = Vec::new();
    for code in ALL_CODES {
        let found = found(code, "Passes");
        if found.iter().any(|(id, severity)| id == code.id || severity == Severity::Error.word()) {
            wrong.push(format!("{} {}: {found:?}", code.id, code.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), ALL_CODES.len(), wrong.join("\n"));
}
