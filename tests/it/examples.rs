//! The examples that are shipped: what is committed is what they compile to.

use std::fs;
use std::path::Path;

use crate::support::{Ran, Workplace, ends, load, project};
use jenvc::base::MemoryFiles;
use jenvc::driver::compile;

/// Examples that show errors, so there is nothing that they compile to.
const WITH_ERRORS: [&str; 1] = ["conflicts"];

/// The names of the examples that compile.
pub(crate) fn compiling() -> Vec<String> {
    names().into_iter().filter(|name| !WITH_ERRORS.contains(&name.as_str())).collect()
}

/// The names of the examples.
pub(crate) fn names() -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(project().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("main.jenv").is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Copies a folder with everything in it, modes as well.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() { copy(&entry.path(), &target) } else { fs::copy(entry.path(), target).map(|_| ()).unwrap() }
    }
}

/// A workplace that holds copies of all examples.
pub(crate) fn workplace() -> Workplace {
    let place = Workplace::new();
    copy(&project().join("examples"), &place.path().join("examples"));
    place
}

fn assert_clean(ran: &Ran, name: &str) {
    assert_eq!((ran.status, ran.out.as_str()), (0, ""), "{name}: {}", ran.error);
}

#[test]
fn what_is_committed_is_what_they_compile_to() {
    let place = workplace();
    for name in ["quickstart", "jupyter-stacks", "vre"] {
        assert!(names().contains(&name.to_owned()), "there is no example `{name}`");
    }
    for name in compiling() {
        assert_clean(&place.run(&["build", "--check", &format!("examples/{name}")]), &name);
        assert_clean(&place.run(&["check", "--format", "concise", "--deny", "warnings", &format!("examples/{name}/main.jenv")]), &name);
    }
}

#[test]
fn a_build_that_changes_nothing_writes_nothing() {
    let place = workplace();
    let name = "examples/quickstart";
    let stamp = |path: &str| fs::metadata(place.path().join(path)).map(|data| (data.modified().unwrap(), data.len())).unwrap();
    let files: Vec<_> = load(&place.path().join(name)).paths().map(|path| format!("{name}/{path}")).collect();
    let before: Vec<_> = files.iter().map(|path| stamp(path)).collect();
    let ran = place.run(&["build", name]);
    assert_eq!(ran.status, 0, "{}", ran.error);
    assert_eq!(before, files.iter().map(|path| stamp(path)).collect::<Vec<_>>());
    assert_eq!(load(&place.path().join(name)).paths().count(), files.len());
}

#[test]
fn an_example_built_anew_is_the_same() {
    for name in compiling() {
        let committed = load(&project().join("examples").join(&name));
        let outcome = compile(&committed, "main.jenv");
        assert!(!outcome.artifacts.is_empty(), "{name}: nothing is emitted");
        for artifact in &outcome.artifacts {
            let there = jenvc::base::Files::read(&committed, &artifact.path, u64::MAX);
            assert_eq!(there.as_deref(), Ok(artifact.text.as_bytes()), "{name}: {}", artifact.path);
        }
    }
}

#[test]
fn examples_with_errors_show_what_they_say() {
    let committed = load(&project().join("examples/conflicts"));
    let outcome = compile(&committed, "main.jenv");
    let findings = outcome.findings.sorted().into_iter();
    let found: Vec<_> = findings.map(|finding| (finding.code.id, finding.message, finding.fixes.len())).collect();
    let message = |text: &str| text.to_owned();
    assert_eq!(
        found,
        [
            ("J0401", message("no version of `jsonschema` is both `==4.21.1` and `<4.18`"), 4),
            ("J0401", message("no version of `numpy` is both `>=2.1` and `<2`"), 4),
            ("J0401", message("no version of `notebook` is both `<7` and `>=7.2.2`"), 2),
        ]
    );
}

/// The constraints in a text that a person may bump, the first of each line: the places of their numbers, without those of conditions
/// and comments.
fn bounds(text: &str) -> Vec<std::ops::Range<usize>> {
    let lines = text.split_inclusive('\n').scan(0, |at, line| Some((std::mem::replace(at, *at + line.len()), line)));
    let stated = lines.filter(|(_, line)| !["#", "when ", "exclude ", "because "].iter().any(|word| line.trim_start().starts_with(word)));
    let in_line = |(start, line): (usize, &str)| {
        let mut operators = line.match_indices(['=', '<', '>']).map(|(at, sign)| at + sign.len());
        operators.find_map(|at| {
            let rest = line[at..].trim_start_matches(' ');
            let from = line.len() - rest.len();
            let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
            let alone = !rest[length..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '*' | '"' | '-'));
            let number = rest[..length].ends_with(|c: char| c.is_ascii_digit()) && alone && !line[..at].ends_with(" =");
            number.then_some(start + from..start + from + length)
        })
    };
    stated.filter_map(in_line).collect()
}

/// The layers of which more lines are changed: a bound changes a line for each `FROM` and for each place on a menu, which can't be
/// fewer. `lab` has seven images and fourteen places on two menus, `base-2022` six images that the puller's list names, too, and
/// `notebook` of `base` is replaced in five cards of the catalogue.
const MANY: [(&str, usize); 5] = [
    ("research-hub/main.jenv:13", 24),
    ("vre/layers/base.jenv:19", 22),
    ("vre/layers/base.jenv:58", 23),
    ("vre/layers/base.jenv:59", 23),
    ("vre/layers/base.jenv:61", 23),
];

/// A tag is once in an artifact, but for a menu that offers an image twice, and in no catalogue.
#[test]
fn a_bumped_bound_changes_few_lines() {
    let mut most: Vec<(usize, String)> = Vec::new();
    for name in compiling() {
        let mut files = load(&project().join("examples").join(&name));
        let lines = |files: &MemoryFiles| -> Vec<String> {
            let artifacts = compile(files, "main.jenv").artifacts;
            artifacts.iter().flat_map(|one| one.text.lines().map(|line| format!("{}: {line}", one.path))).collect()
        };
        let first = lines(&files);
        let sources: Vec<String> = files.paths().filter(|path| ends(path, "jenv")).map(ToOwned::to_owned).collect();
        for file in sources {
            let text = fs::read_to_string(project().join("examples").join(&name).join(&file)).unwrap();
            for bound in bounds(&text) {
                let (before, last) = text[..bound.end].rsplit_once(|c: char| !c.is_ascii_digit()).unwrap();
                let next = last.parse::<u64>().unwrap() + 1;
                let bumped = format!("{}{next}{}", &text[..=before.len()], &text[bound.end..]);
                files.insert(&file, bumped, false);
                let second = lines(&files);
                // A bound that contradicts another one writes nothing.
                let same = second.is_empty() || first.len() == second.len();
                let changed = first.iter().zip(&second).filter(|(one, two)| one != two).count();
                let line = text[..bound.start].lines().count();
                assert!(same, "{name}/{file}:{line}");
                most.push((changed, format!("{name}/{file}:{line}")));
            }
            files.insert(&file, text, false);
        }
    }
    assert!(most.len() > 100, "{} bounds", most.len());
    let known = |(changed, place): &(usize, String)| MANY.iter().any(|(many, lines)| place == many && changed == lines);
    let over: Vec<_> = most.iter().filter(|one| one.0 > 20 && !known(one)).collect();
    assert!(over.is_empty(), "{over:#?}");
}
