//! One test for each file: `tests/corpus/**/NAME.jenv`, or a folder with a `main.jenv`, is compiled, and what is found must
//! be what stands in `NAME.txt` beside it: the human report, or `clean`.
//!
//! The examples in the pages of findings are cases, too: their reports stand in `tests/corpus/pages`.
//!
//! Adding a test is adding a file; `JENVC_BLESS=1 cargo test --test corpus` writes the expectations, for a person to read.

#[cfg(test)]
#[path = "it/blocks.rs"]
mod blocks;
#[cfg(test)]
#[path = "it/pages.rs"]
mod pages;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use jenvc::base::MemoryFiles;
use jenvc::diagnostics::ALL_CODES;
use jenvc::driver::compile_with;
use jenvc::report::{Batch, Format, Style, render};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut trials = vec![Trial::test("no_expectation_is_left_over", {
        let root = root.clone();
        move || left_over(&root)
    })];
    for case in cases(&root) {
        let name = case.strip_prefix(&root).unwrap_or(&case).with_extension("").display().to_string();
        trials.push(Trial::test(name, move || run(&files(&case)?, &expectation(&case))));
    }
    for code in ALL_CODES.iter().filter(|code| !pages::OF_THE_DISK.contains(&code.id) && !pages::is_of_import(code)) {
        let name = format!("pages/{}-{}", code.id, code.name);
        let expectation = root.join(format!("{name}.txt"));
        trials.push(Trial::test(name, move || run(&pages::example(code, "Fails").into_iter().collect(), &expectation)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// The cases under a folder: files, and folders with a `main.jenv`, which are not searched further.
fn cases(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    let cases = entries.into_iter().flat_map(|path| {
        if path.join("main.jenv").is_file() || path.extension().is_some_and(|extension| extension == "jenv") {
            vec![path]
        } else if path.is_dir() {
            cases(&path)
        } else {
            Vec::new()
        }
    });
    cases.collect()
}

/// Where the report of a case stands.
fn expectation(case: &Path) -> PathBuf {
    PathBuf::from(format!("{}.txt", case.with_extension("").display()))
}

fn run(files: &MemoryFiles, expectation: &Path) -> Result<(), Failed> {
    let found = report(files);
    if std::env::var_os("JENVC_BLESS").is_some() {
        fs::create_dir_all(expectation.parent().ok_or("no folder")?)?;
        fs::write(expectation, &found)?;
        return Ok(());
    }
    let expected =
        fs::read_to_string(expectation).map_err(|error| format!("{}: {error}; JENVC_BLESS=1 writes it", expectation.display()))?;
    if expected == found {
        return Ok(());
    }
    let mut text = format!("{} says otherwise:\n", expectation.display());
    let diff = similar::TextDiff::from_lines(expected.as_str(), found.as_str());
    let _ = write!(text, "{}", diff.unified_diff().header("expected", "found"));
    Err(text.into())
}

/// The files of a case: a file alone is `main.jenv`.
fn files(case: &Path) -> Result<MemoryFiles, Failed> {
    if case.is_file() {
        return Ok([("main.jenv", fs::read(case)?)].into_iter().collect());
    }
    let mut files = MemoryFiles::default();
    let mut waiting = vec![case.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(case)?.to_str().ok_or("a name that is not text")?;
                files.insert(name, fs::read(&path)?, false);
            }
        }
    }
    Ok(files)
}

/// The human report of a compilation, or `clean`. Without an error there are artifacts, with one there are none.
fn report(files: &MemoryFiles) -> String {
    let mut outcome = compile_with(files, "main.jenv", &pages::policy());
    let checked = outcome.checked.is_some();
    assert_eq!(checked, !outcome.findings.has_errors(), "a program is checked where no error stands, and only there");
    let findings = std::mem::take(&mut outcome.findings).sorted();
    if findings.is_empty() {
        return "clean\n".to_owned();
    }
    let batch = Batch { main: "main.jenv", prefix: "", sources: &outcome.sources, findings: &findings };
    render(Format::Human, &[batch], Style::default())
}

/// An expectation whose case was renamed would be believed and never read.
fn left_over(root: &Path) -> Result<(), Failed> {
    let expectations = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).collect()
    };
    let mut waiting = vec![root.to_owned()];
    let mut left = Vec::new();
    while let Some(folder) = waiting.pop() {
        for path in expectations(&folder) {
            let case = path.with_extension("");
            let page = ALL_CODES.iter().any(|code| root.join(format!("pages/{}-{}.txt", code.id, code.name)) == path);
            if !page && !path.with_extension("jenv").is_file() && !case.join("main.jenv").is_file() {
                left.push(path.display().to_string());
            }
        }
        let folders = fs::read_dir(&folder)?.flatten().map(|entry| entry.path());
        waiting.extend(folders.filter(|path| path.is_dir() && !path.join("main.jenv").is_file()));
    }
    if left.is_empty() { Ok(()) } else { Err(format!("no case for {}", left.join(", ")).into()) }
}
