//! `jenvc init` as a process: what it writes can be built, and it overwrites nothing.

use crate::support::Workplace;

#[test]
fn what_is_written_can_be_built() {
    let place = Workplace::new();
    let ran = place.run(&["init", "hub", "--registry", "ghcr.io/me", "--pre-commit"]);
    assert_eq!((ran.status, ran.error.as_str()), (0, ""), "{}", ran.out);
    assert!(
        ran.out.starts_with("new      hub/main.jenv\nnew      .pre-commit-config.yaml\n") && ran.out.ends_with("run `jenvc build hub`\n"),
        "{}",
        ran.out
    );
    assert!(place.read(".pre-commit-config.yaml").contains("entry: jenvc build --check hub\n"));
    let built = place.run(&["build", "hub"]);
    assert_eq!((built.status, built.error.as_str()), (0, ""), "{}", built.out);
    let check = place.run(&["check", "hub", "--deny", "warnings", "--format", "concise"]);
    assert_eq!((check.status, check.out.as_str()), (0, ""));
    assert_eq!(place.run(&["fmt", "--check", "hub"]).status, 0);
}

#[test]
fn nothing_is_overwritten() {
    let place = Workplace::with([("part.jenv", "layer x { run \"true\" }\n"), (".pre-commit-config.yaml", "repos: []\n")]);
    let ran = place.run(&["init", "--registry", "ghcr.io/me", "--name", "demo", "--pre-commit", "--workflow"]);
    assert!(ran.status == 0 && ran.error.contains("add to its `repos`") && ran.error.contains("- id: jenvc-fmt"), "{ran:?}");
    assert_eq!(place.read(".pre-commit-config.yaml"), "repos: []\n");
    let program = place.read("main.jenv");
    assert!(program.contains("project demo {") && program.contains(".github/workflows/images.yml"), "{program}");
    let again = place.run(&["init", "--registry", "ghcr.io/other"]);
    assert!(again.status == 64 && again.error.starts_with("error: there is a program already: `main.jenv`; "), "{again:?}");
    assert_eq!(place.read("main.jenv"), program);
    let twice = place.run(&["init", "--workflow"]);
    assert_eq!((twice.status, twice.error.as_str()), (64, "error: the program has an `output workflow` already\n"));
}

#[test]
fn a_workflow_and_hooks_are_added_to_a_program() {
    let program = "project demo { registry = \"ghcr.io/demo\" }\n";
    let place = Workplace::with([("main.jenv", program)]);
    let ran = place.run(&["init", "--workflow", "--pre-commit"]);
    assert!(
        ran.status == 0 && ran.out.contains("changed  main.jenv\n") && ran.out.contains("new      .pre-commit-config.yaml\n"),
        "{ran:?}"
    );
    assert_eq!(place.read("main.jenv"), format!("{program}\noutput workflow {{ path = \".github/workflows/images.yml\" }}\n"));
}

#[test]
fn what_can_t_be_guessed_has_to_be_said() {
    let place = Workplace::new();
    let ran = place.run(&["init"]);
    assert!(ran.status == 64 && ran.error.contains("--registry"), "{ran:?}");
    assert!(!place.has("main.jenv"));
    place.write("x", "");
    place.commit();
    let remote = ["remote", "add", "origin", "git@github.com:vre-hub/environments.git"];
    assert!(std::process::Command::new("git").args(remote).current_dir(place.path()).status().unwrap().success());
    let guessed = place.run(&["init", "--format", "json"]);
    assert!(guessed.status == 0 && guessed.out.contains("\"status\": \"new\""), "{guessed:?}");
    assert!(place.read("main.jenv").contains("registry  = \"ghcr.io/vre-hub\""), "{}", place.read("main.jenv"));
}

#[test]
fn a_workflow_knows_the_folder_and_the_branch() {
    let place = Workplace::with([("x", "")]);
    place.commit();
    let git = |branch: &str| {
        let status = std::process::Command::new("git").args(["checkout", "--quiet", "-B", branch]).current_dir(place.path()).status();
        assert!(status.unwrap().success());
    };
    for (branch, folder, field) in
        [("main", "one", "root = \"one\""), ("feature", "two", "root = \"two\""), ("master", "a/three", "root = \"a/three\"")]
    {
        git(branch);
        let ran = place.run(&["init", folder, "--registry", "ghcr.io/me", "--workflow"]);
        assert_eq!(ran.status, 0, "{}", ran.error);
        let program = place.read(&format!("{folder}/main.jenv"));
        assert!(program.contains(field), "{program}");
        assert_eq!(program.contains("branch    = \"master\""), branch == "master", "{program}");
        let built = place.run(&["build", folder]);
        assert!(built.status == 0 && place.has(".github/workflows/images.yml"), "{}", built.error);
        std::fs::remove_dir_all(place.path().join(".github")).unwrap();
    }
}
