//! The examples that are shipped: what is committed is what they compile to.

use std::fs;
use std::path::Path;

use crate::support::{Ran, Workplace, load, project};
use jenvc::driver::compile;

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
    for name in names() {
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
    for name in names() {
        let committed = load(&project().join("examples").join(&name));
        let outcome = compile(&committed, "main.jenv");
        assert!(!outcome.artifacts.is_empty(), "{name}: nothing is emitted");
        for artifact in &outcome.artifacts {
            let there = jenvc::base::Files::read(&committed, &artifact.path, u64::MAX);
            assert_eq!(there.as_deref(), Ok(artifact.text.as_bytes()), "{name}: {}", artifact.path);
        }
    }
}
