//! `jenvc check --fix`: what it changes, what it leaves, and what it says.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::{Ran, Workplace};

const MAIN: &str = r#"import "layers/*.jenv"

project demo { registry = "ghcr.io/demo" }

image base {
  ref = "quay.io/jupyter/base-notebook"
  tag = "2026-07-28"
}

layer tools {
  from base
  run "pip install numpy>=1.26 'pandas<3' && pip install scipy<2"
  include more
}
"#;

const MORE: &str = "fragment more {\n  run '''\n    cd /tmp\n    # pip install a>=1\n    pip install \"a\" b>=1,<2\n  '''\n}\n";

fn place() -> Workplace {
    Workplace::with([("main.jenv", MAIN), ("layers/more.jenv", MORE), ("other.jenv", "layer x { run \"pip install x>=1\" }\n")])
}

#[test]
fn safe_fixes_go_into_the_files_of_the_program() {
    let place = place();
    fs::set_permissions(place.path().join("main.jenv"), fs::Permissions::from_mode(0o640)).unwrap();
    let ran = place.run(&["check", "--fix", "--allow", "J0414"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, ""), "{}", ran.error);
    let said: Vec<_> = ran.error.lines().collect();
    let expected = [
        "fixed main.jenv:12: put `numpy>=1.26` in quotes (J0440)",
        "fixed main.jenv:12: put `scipy<2` in quotes (J0440)",
        "fixed layers/more.jenv:5: put `b>=1,<2` in quotes (J0440)",
        "no findings in 1 image, 1 cell",
    ];
    assert_eq!(said, expected);
    assert_eq!(
        place.read("main.jenv"),
        MAIN.replace("numpy>=1.26", "'numpy>=1.26'").replace("scipy<2", "'scipy<2'"),
        "quotes, and nothing else"
    );
    assert_eq!(place.read("layers/more.jenv"), MORE.replace("b>=1,<2", "\"b>=1,<2\""));
    assert!(place.read("other.jenv").contains("install x>=1"), "no program reads it");
    let mode = fs::metadata(place.path().join("main.jenv")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    let names: Vec<_> = fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 4, "nothing is left behind: {names:?}");
    assert_eq!(place.run(&["check", "--fix", "--quiet"]).error, "");
}

#[test]
fn a_diff_shows_what_would_change_and_writes_nothing() {
    let place = place();
    let ran = place.run(&["check", "--fix", "--diff", "layers/more.jenv"]);
    assert_eq!(ran.status, 2, "{}", ran.error);
    assert!(ran.error.contains("would fix main.jenv:12: put `scipy<2` in quotes (J0440)\n"), "{}", ran.error);
    assert!(ran.out.starts_with("--- a/layers/more.jenv\n+++ b/layers/more.jenv\n"), "{}", ran.out);
    assert!(ran.out.contains("\n+    pip install \"a\" \"b>=1,<2\"\n"), "{}", ran.out);
    assert_eq!((place.read("main.jenv").as_str(), place.read("layers/more.jenv").as_str()), (MAIN, MORE));
    assert_eq!(place.run(&["check", "--diff"]).status, 64);
    place.run(&["check", "--fix"]);
    let after = place.run(&["check", "--fix", "--diff"]);
    assert_eq!((after.status, after.out.as_str()), (0, ""));
}

#[test]
fn what_no_fix_mends_is_still_told() {
    let place = place();
    place.write("main.jenv", MAIN.replace("include more", "include mre"));
    let ran = place.run(&["check", "--fix", "--format", "concise"]);
    assert_eq!(ran.status, 1);
    assert!(ran.out.contains("J0201") && !ran.out.contains("J0440"), "{}", ran.out);
}

/// Fixes of the grammar come first; what they uncover is mended in the next pass.
#[test]
fn one_pass_may_uncover_the_next() {
    let place = place();
    place.write("main.jenv", MAIN.replace("tag = \"2026-07-28\"", "tag = \"2026-07-28\"\n  platforms = [\"linux/amd64\" \"linux/arm64\"]"));
    let ran = place.run(&["check", "--fix"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    assert!(place.read("main.jenv").contains("[\"linux/amd64\", \"linux/arm64\"]"), "{}", place.read("main.jenv"));
    assert!(place.read("main.jenv").contains("'numpy>=1.26'"));
}

#[test]
fn a_file_that_may_not_be_written_keeps_all_as_they_are() {
    let place = place();
    fs::set_permissions(place.path().join("main.jenv"), fs::Permissions::from_mode(0o444)).unwrap();
    let ran = place.run(&["check", "--fix", "--format", "concise"]);
    assert_eq!(ran.status, 1);
    assert!(ran.out.contains("J0903") && ran.out.contains("J0440"), "{}", ran.out);
    assert_eq!((place.read("main.jenv").as_str(), place.read("layers/more.jenv").as_str()), (MAIN, MORE));
}

#[test]
fn a_link_within_the_program_stays_one() {
    let place = place();
    fs::rename(place.path().join("layers/more.jenv"), place.path().join("shared.txt")).unwrap();
    std::os::unix::fs::symlink("../shared.txt", place.path().join("layers/more.jenv")).unwrap();
    assert_eq!(place.run(&["check", "--fix"]).status, 0);
    assert!(place.path().join("layers/more.jenv").is_symlink());
    assert!(place.read("shared.txt").contains("\"b>=1,<2\""));
}

/// Which day it is changes what is said, and nothing that is written.
#[test]
fn a_day_that_has_passed_is_told_and_changes_no_artifact() {
    let dated = MAIN
        .replace("  run \"pip install numpy>=1.26 'pandas<3' && pip install scipy<2\"\n  include more\n", "")
        .replace("layer tools {\n  from base\n", "layer tools {\n  from base\n  pip { numpy <2 until 2026-12-31 }\n")
        + "output dockerfiles { dir = \"images\" }\n";
    let place = Workplace::with([("main.jenv", dated.as_str()), ("layers/none.jenv", "")]);
    let on = |day: &str, arguments: &[&str]| Ran::from(place.command(arguments).env("SOURCE_DATE_EPOCH", day).output().unwrap());
    let (before, after) = ("1798675200", "1798761600"); // 2026-12-31 and 2027-01-01
    assert_eq!(on(before, &["build"]).status, 0);
    assert_eq!(on(before, &["check", "--format", "concise"]).out, "");
    let told = on(after, &["check", "--format", "concise"]);
    assert!(told.status == 0 && told.out.contains("J0433"), "{}{}", told.out, told.error);
    assert_eq!(on(after, &["build", "--check"]).status, 0, "nothing is to be written");
    assert_eq!(on("no number", &["check", "--format", "concise"]).out, "", "without a day nothing is said");
}
