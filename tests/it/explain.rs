//! The pages of all findings: each example that fails gives exactly that finding, each that passes gives no error.

use std::collections::BTreeSet;

use jenvc::base::MemoryFiles;
use jenvc::diagnostics::{ALL_CODES, Code, Severity};
use jenvc::driver::compile;

use crate::pages::{OF_THE_DISK, example};
use crate::support::{Workplace, ends};

/// Whether a code is one of text and grammar. Their examples need not be whole programs: of those, names are not looked at.
fn is_about_text(code: &Code) -> bool {
    code.id.starts_with("J00")
}

/// Numbers and severities of what is found in an example.
fn found(code: &Code, heading: &str) -> BTreeSet<(String, String)> {
    let files = example(code, heading);
    if !files.iter().any(|(path, _)| path == "main.jenv") {
        return BTreeSet::from([("no example".to_owned(), "error".to_owned())]);
    }
    if OF_THE_DISK.contains(&code.id) {
        let place = Workplace::with(files.clone());
        let sources = files.iter().map(|(path, _)| path.as_str()).filter(|path| ends(path, "jenv"));
        let arguments: Vec<_> = ["check", "--format", "json"].into_iter().chain(sources).collect();
        let value: serde_json::Value = serde_json::from_str(&place.run(&arguments).out).unwrap();
        let word = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
        return value["findings"].as_array().unwrap().iter().map(|one| (word(one, "code"), word(one, "severity"))).collect();
    }
    let files: MemoryFiles = files.into_iter().collect();
    let outcome = compile(&files, "main.jenv");
    let found = outcome.findings.iter().filter(|finding| !is_about_text(code) || is_about_text(finding.code));
    found.map(|finding| (finding.code.id.to_owned(), finding.severity.word().to_owned())).collect()
}

#[test]
fn every_page_is_of_its_code() {
    let mut wrong = Vec::new();
    for code in ALL_CODES {
        let lines: Vec<_> = code.page.lines().collect();
        let headings: Vec<_> = lines.iter().filter(|line| line.starts_with("## ")).copied().collect();
        if lines.first() != Some(&format!("# {} {}", code.id, code.name).as_str()) || headings != ["## Fails", "## Passes"] {
            wrong.push(code.id);
        }
        let words = code.page.split("## Fails").next().unwrap_or("").split_whitespace().count();
        if words < 20 {
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
