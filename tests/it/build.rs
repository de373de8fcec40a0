//! `jenvc build` and what is on the disk: files of former builds, of other programs, of a build at the same moment.

use crate::support::Workplace;

const HEAD: &str = r#"project demo {
  registry = "ghcr.io/demo"
  source   = "https://github.com/demo/images"
}

image notebook {
  ref    = "quay.io/jupyter/base-notebook"
  digest = "sha256:4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f4c1f"
  user jovyan { uid = 1000  gid = 100  home = "/home/jovyan" }
}
"#;
const OUTPUTS: &str = r#"
output dockerfiles { dir = "images" }
output bake { path = "docker-bake.json" }
output workflow { path = ".github/workflows/images.yml" }
output catalog { path = "docs/environments.md" }
"#;

/// A program of one layer.
fn program(layer: &str, outputs: &str) -> String {
    format!("{HEAD}\nlayer {layer} {{\n  from notebook\n  pip {{ rich ==14.0.0 }}\n  test \"there\" {{ run \"true\" }}\n}}\n{outputs}")
}

fn built(place: &Workplace, program: &str) {
    let ran = place.run(&["build", program]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
}

#[test]
fn files_of_a_renamed_image_are_removed_whatever_outputs_there_are() {
    let place = Workplace::with([("main.jenv", program("old-name", OUTPUTS))]);
    built(&place, ".");
    assert!(place.has("images/old-name/test.sh") && place.has("images/ci.sh"));
    place.write("main.jenv", program("new-name", OUTPUTS));
    built(&place, ".");
    assert!(place.has("images/new-name/Dockerfile") && !place.has("images/old-name"));
    // Another folder, and outputs that are dropped.
    place.write("main.jenv", program("new-name", "output dockerfiles { dir = \"docker/files\" }\n"));
    built(&place, ".");
    assert!(place.has("docker/files/new-name/Dockerfile"));
    place.write("main.jenv", program("new-name", "output dockerfiles { dir = \"containers\" }\n"));
    built(&place, ".");
    for gone in ["images", "docker", ".github", "docs", "docker-bake.json"] {
        assert!(!place.has(gone), "{gone}");
    }
}

#[test]
fn two_programs_in_one_folder_leave_each_other_alone() {
    // An image of a file that both import is an artifact of both.
    let (project, image) = HEAD.split_once("\n\n").unwrap();
    let common = format!("{image}\nlayer common {{\n  from notebook\n  run \"true\"\n}}\n");
    let stacked = |name: &str| {
        let whole = program(name, "output dockerfiles { dir = \"images\" }\n");
        format!("import \"common.jenv\"\n{project}\n{}", &whole[HEAD.len()..].replace("from notebook", "from common"))
    };
    let files = [("common.jenv", common), ("one.jenv", stacked("first")), ("two.jenv", stacked("second"))];
    let place = Workplace::with(files);
    for name in ["one.jenv", "two.jenv", "one.jenv"] {
        built(&place, name);
    }
    for name in ["one.jenv", "two.jenv"] {
        assert_eq!(place.run(&["build", "--check", name]).status, 0, "{name}");
        assert_eq!(place.run(&["check", name]).status, 0, "{name}");
    }
    for file in ["images/first/Dockerfile.dockerignore", "images/second/Dockerfile", "images/common/Dockerfile"] {
        assert!(place.has(file), "{file}");
    }
}

#[test]
fn a_file_of_another_program_is_not_overwritten() {
    let outputs = "output dockerfiles { dir = \"images\" }\noutput bake { path = \"docker-bake.json\" }\n";
    let place = Workplace::with([("one.jenv", program("lab", outputs)), ("two.jenv", program("lab", outputs).replace("14.0.0", "14.1.0"))]);
    built(&place, "one.jenv");
    let before = place.read("images/lab/Dockerfile");
    let ran = place.run(&["build", "two.jenv", "--format", "concise"]);
    assert_eq!(ran.status, 1);
    assert!(ran.error.contains("J0902") && ran.error.contains("of another program, `one.jenv`"), "{}", ran.error);
    assert_eq!(ran.error.matches("J0902").count(), 1, "{}", ran.error);
    assert_eq!(before, place.read("images/lab/Dockerfile"));
    assert_eq!(place.run(&["build", "two.jenv", "--force"]).status, 0);
}

#[test]
fn a_program_in_a_folder_below_keeps_its_files() {
    let place = Workplace::with([("main.jenv", program("lab", OUTPUTS)), ("images/own/main.jenv", program("own", OUTPUTS))]);
    built(&place, "images/own");
    built(&place, ".");
    assert!(place.has("images/own/images/own/Dockerfile") && place.has("images/own/docker-bake.json"));
}

#[test]
fn two_builds_at_once_both_succeed() {
    let many = r#"  matrix course = ["a", "b", "c", "d", "e", "f", "g", "h"]
  env { COURSE = "{{ course }}" }
"#;
    let place = Workplace::with([("main.jenv", program("lab", OUTPUTS).replace("  test", &format!("{many}  test")))]);
    for _ in 0..5 {
        for folder in ["images", ".github", "docs"] {
            drop(std::fs::remove_dir_all(place.path().join(folder)));
        }
        let builds: Vec<_> = (0..4).map(|_| place.command(&["build", "--quiet"]).spawn().unwrap()).collect();
        for mut build in builds {
            assert!(build.wait().unwrap().success());
        }
    }
    assert_eq!(place.run(&["build", "--check"]).status, 0);
}

#[test]
fn an_image_of_seven_thousand_cells_is_listed() {
    let values: Vec<String> = (0..7000).map(|at| format!("\"value{at}\"")).collect();
    let axis = format!("  matrix y = [{}]\n  env {{ Y = \"{{{{ y }}}}\" }}\n", values.join(", "));
    let place = Workplace::with([("many/main.jenv", program("lab", "").replace("  test", &format!("{axis}  test")))]);
    let ran = place.run(&["list", "images", "many"]);
    assert_eq!(ran.status, 0, "{}", ran.error);
    assert!(ran.out.contains("value6999  ghcr.io/demo/lab"), "the last cell, then the repository");
    assert_eq!(place.run(&["list", "packages", "many"]).status, 0, "the folder of a program is no package");
}

#[test]
fn the_workflow_is_written_to_the_top_of_the_repository() {
    let below = |root: &str| program("lab", &OUTPUTS.replace("images.yml\"", &format!("images.yml\"{root}")));
    let place = Workplace::with([
        (".git/config", "[remote \"origin\"]\n  url = git@github.com:demo/images.git\n".to_owned()),
        ("env/notebooks/main.jenv", below("  root = \"env/notebooks\"")),
    ]);
    built(&place, "env/notebooks");
    assert!(place.has(".github/workflows/images.yml") && !place.has("env/notebooks/.github") && place.has("env/notebooks/images/ci.sh"));
    let text = place.read(".github/workflows/images.yml");
    assert!(text.starts_with("# Written by jenvc from env/notebooks/main.jenv.") && text.contains("working-directory: env/notebooks"));
    assert_eq!(place.run(&["build", "--check", "env/notebooks"]).status, 0);
    // The program says another folder, or none though the repository is its own.
    for (root, message) in [("", "in `env/notebooks` of its repository, not at the top"), ("  root = \"env\"", "not in `env`")] {
        place.write("env/notebooks/main.jenv", below(root));
        let ran = place.run(&["check", "--format", "concise", "env/notebooks"]);
        assert!(ran.status == 1 && ran.out.contains("J0712") && ran.out.contains(message), "{}", ran.out);
    }
    // GitHub Enterprise Server, by another address.
    let elsewhere = |text: String| text.replace("https://github.com/", "https://git.example.org/");
    place.write(".git/config", "[remote \"origin\"]\n  url = git@git.example.org:demo/images.git\n");
    place.write("env/notebooks/main.jenv", elsewhere(below("")));
    assert!(place.run(&["check", "--format", "concise", "env/notebooks"]).out.contains("J0712"));
    // No source says that it is a copy.
    place.write("env/notebooks/main.jenv", below("").replace("  source   = \"https://github.com/demo/images\"\n", ""));
    let out = place.run(&["check", "--format", "json", "env/notebooks"]).out;
    assert!(out.contains("J0712") && out.contains("write `root = \\\"env/notebooks\\\"`") && out.contains("if this is a copy"), "{out}");
    // A copy in another repository says nothing of where it is.
    place.write(".git/config", "[remote \"origin\"]\n  url = https://github.com/other/examples\n");
    place.write("env/notebooks/main.jenv", below(""));
    assert_eq!(place.run(&["check", "env/notebooks"]).status, 1, "stale, and nothing else");
    built(&place, "env/notebooks");
}

/// An engine runs the words in a container, and its two streams arrive as they will: here the entrypoint's message in the middle of what
/// the script prints.
const LATE: &str = r#"#!/usr/bin/env bash
while [ "$1" != bash ]; do shift; done
"$@" | { IFS= read -r first && echo "$first"; echo "entrypoint: ready" >&2; cat; }
exit "${PIPESTATUS[0]}"
"#;

#[test]
fn what_a_test_prints_keeps_its_order() {
    let tests = r#"
layer lab {
  from notebook
  test "both streams"    { run "echo first; echo second >&2; echo third"  expect "first\nsecond\nthird" }
  test "the entrypoint"  { run "echo first; echo second"  expect "entrypoint: ready"  expect "first\nsecond" }
  test "another order"   { run "echo first; echo second"  expect "second\nfirst" }
  test "one that stops"  { run "echo first; false; echo second" }
}
"#;
    let place = Workplace::with([("main.jenv", format!("{HEAD}{tests}{OUTPUTS}")), ("late", LATE.to_owned())]);
    built(&place, ".");
    let engine = place.path().join("late");
    std::process::Command::new("chmod").arg("755").arg(&engine).status().unwrap();
    let script = place.path().join("images/lab/test.sh");
    let ran = std::process::Command::new("bash").arg(script).arg("an-image").env("CONTAINER_ENGINE", engine).output().unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    let wanted = "ok    both streams\nok    the entrypoint\nFAIL  another order: 'second\nfirst' is not in what it prints\n\
                  first\nsecond\nentrypoint: ready\nFAIL  one that stops: exit status 1\nfirst\nentrypoint: ready\n2 passed, 2 failed\n";
    assert_eq!(said, wanted, "{}", String::from_utf8_lossy(&ran.stderr));
}
