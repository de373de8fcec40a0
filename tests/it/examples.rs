//! The examples that are shipped: what is committed is what they compile to.

use std::fs;
use std::path::Path;

use crate::support::{Ran, Workplace, load, project};
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

/// Each tag is written once in an artifact, but for a menu that offers an image twice; so the least that a bound in a layer with
/// many images on top of it can change is a line for each `FROM`, each entry of each menu and each card of the catalogue.
#[test]
fn a_bumped_bound_changes_few_lines() {
    for (name, file, before, after, most) in [
        ("quickstart", "main.jenv", "==0.28.1", "==0.28.2", 20),
        ("quickstart", "main.jenv", "rich ==15.0.0", "rich ==15.0.1", 5),
        ("research-hub", "main.jenv", "==0.51.2", "==0.51.3", 32),
        ("research-hub", "main.jenv", "gdal ==3.12.0", "gdal ==3.12.1", 10),
        ("vre", "layers/base.jenv", ">=0.9.8", ">=0.9.9", 32),
        ("vre", "layers/root.jenv", "6.26.10", "6.26.12", 12),
        ("jupyter-stacks", "layers/science.jenv", ">=5.28.3", ">=5.28.4", 20),
    ] {
        let mut files = load(&project().join("examples").join(name));
        let lines = |files: &MemoryFiles| -> Vec<String> {
            let artifacts = compile(files, "main.jenv").artifacts;
            artifacts.iter().flat_map(|one| one.text.lines().map(|line| format!("{}: {line}", one.path))).collect()
        };
        let text = fs::read_to_string(project().join("examples").join(name).join(file)).unwrap();
        let first = lines(&files);
        assert!(text.contains(before), "{name}: {before}");
        files.insert(file, text.replacen(before, after, 1), false);
        let second = lines(&files);
        assert_eq!(first.len(), second.len(), "{name}: {before}");
        let changed: Vec<_> = first.iter().zip(&second).filter(|(one, two)| one != two).map(|(one, _)| one.as_str()).collect();
        assert!((1..=most).contains(&changed.len()), "{name}, {before}: {} lines\n{}", changed.len(), changed.join("\n"));
    }
}
