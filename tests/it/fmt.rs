//! `jenvc fmt` as a process: what is written, what is left alone, and what it says.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Ran, Workplace, project};

const UGLY: &str = "project  demo { registry=\"ghcr.io/demo\" }\nimport \"layers/*.jenv\"\n";
const NEAT: &str = "project demo { registry = \"ghcr.io/demo\" }\nimport \"layers/*.jenv\"\n";
const UGLY_LAYER: &str = "layer x{ # about\n  pip {a >=1\n long-name <2 } }\n";
const NEAT_LAYER: &str = "layer x {  # about\n  pip {\n    a         >=1\n    long-name <2\n  }\n}\n";
const BROKEN: &str = "layer  x { pip { a, b }\n";

fn with_input(place: &Workplace, arguments: &[&str], input: &str) -> Ran {
    let mut command = place.command(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Ran::from(child.wait_with_output().unwrap())
}

#[test]
fn what_is_shipped_is_in_the_style() {
    let place = Workplace::new();
    for folder in ["examples", "stdlib"] {
        let ran = place.run(&["fmt", "--diff", project().join(folder).to_str().unwrap()]);
        assert_eq!((ran.status, ran.out.as_str()), (0, ""), "{folder}: run `jenvc fmt examples stdlib`");
    }
}

#[test]
fn the_files_of_the_program_are_written_and_then_kept() {
    let place = Workplace::with([("main.jenv", UGLY), ("layers/x.jenv", UGLY_LAYER), ("other.jenv", BROKEN)]);
    let check = place.run(&["fmt", "--check"]);
    assert_eq!((check.status, check.out.as_str()), (3, "main.jenv\nlayers/x.jenv\n"));
    assert_eq!(check.error, "2 files not formatted\n");
    let diff = place.run(&["fmt", "--diff"]);
    assert!(diff.status == 3 && diff.out.contains("--- a/main.jenv\n+++ b/main.jenv\n@@ "), "{diff:?}");
    assert_eq!(place.read("main.jenv"), UGLY);
    let ran = place.run(&["fmt"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "changed  main.jenv\nchanged  layers/x.jenv\n2 files formatted\n"));
    assert_eq!((place.read("main.jenv").as_str(), place.read("layers/x.jenv").as_str()), (NEAT, NEAT_LAYER));
    assert_eq!(place.run(&["fmt"]).out, "2 files kept\n");
    let clean = place.run(&["fmt", "--check", "--quiet"]);
    assert_eq!((clean.status, clean.out.as_str(), clean.error.as_str()), (0, "", ""));
}

#[test]
fn a_broken_file_is_left_alone_and_told_and_the_others_are_written() {
    let place = Workplace::with([("a.jenv", UGLY_LAYER), ("deep/b.jenv", BROKEN), (".hidden/c.jenv", UGLY)]);
    let ran = place.run(&["fmt", ".", "--format", "concise"]);
    assert_eq!((ran.status, ran.out.as_str()), (1, "changed  a.jenv\n1 file formatted, 1 left alone\n"));
    assert!(ran.error.starts_with("deep/b.jenv:1:10: error[J0005] "), "{}", ran.error);
    assert_eq!((place.read("deep/b.jenv").as_str(), place.read(".hidden/c.jenv").as_str()), (BROKEN, UGLY));
    let object: serde_json::Value = serde_json::from_str(&place.run(&["fmt", "--check", "--format", "json", "."]).out).unwrap();
    assert_eq!(object["files"][1]["status"], "left alone");
    assert_eq!(object["findings"][0]["labels"][0]["file"], "deep/b.jenv");
    place.write("not.jenv", b"let a = \"\xff\"\n");
    let bytes = place.run(&["fmt", "not.jenv"]);
    assert!(bytes.status == 1 && bytes.error.contains("not UTF-8"), "{bytes:?}");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let place = Workplace::new();
    let ran = with_input(&place, &["fmt", "-"], UGLY_LAYER);
    assert_eq!((ran.status, ran.out.as_str(), ran.error.as_str()), (0, NEAT_LAYER, ""));
    let check = with_input(&place, &["fmt", "-", "--check"], UGLY_LAYER);
    assert_eq!((check.status, check.out.as_str()), (3, "<stdin>\n"));
    let broken = with_input(&place, &["fmt", "-"], BROKEN);
    assert_eq!((broken.status, broken.out.as_str()), (1, ""));
    assert!(broken.error.contains("<stdin>:1:10"), "{}", broken.error);
    assert_eq!(with_input(&place, &["fmt", "-", "x.jenv"], "").status, 64);
}

#[test]
fn line_ends_of_windows_stay_and_a_byte_order_mark_goes() {
    let windows = |text: &str| text.replace('\n', "\r\n");
    let place = Workplace::with([("x.jenv", format!("\u{feff}{}", windows(UGLY_LAYER)))]);
    assert_eq!(place.run(&["fmt", "x.jenv"]).status, 0);
    assert_eq!(place.read("x.jenv"), windows(NEAT_LAYER));
    assert_eq!(place.run(&["fmt", "x.jenv", "--check"]).status, 0);
}

#[cfg(unix)]
#[test]
fn the_mode_stays_and_what_may_not_be_written_is_not() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let place = Workplace::with([("x.jenv", UGLY_LAYER), ("y.jenv", UGLY_LAYER)]);
    let set = |name: &str, mode| std::fs::set_permissions(place.path().join(name), std::fs::Permissions::from_mode(mode)).unwrap();
    set("x.jenv", 0o750);
    symlink("x.jenv", place.path().join("link.jenv")).unwrap();
    assert_eq!(place.run(&["fmt", "link.jenv"]).status, 0);
    let data = std::fs::symlink_metadata(place.path().join("x.jenv")).unwrap();
    assert_eq!((data.permissions().mode() & 0o777, place.read("x.jenv").as_str()), (0o750, NEAT_LAYER));
    assert!(place.path().join("link.jenv").is_symlink());
    set("y.jenv", 0o444);
    let refused = place.run(&["fmt", "y.jenv"]);
    assert!(refused.status == 1 && refused.error.contains("`y.jenv` can't be written"), "{refused:?}");
    assert_eq!(place.read("y.jenv"), UGLY_LAYER);
}
