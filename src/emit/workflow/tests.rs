//! The workflow of hand-made programs, read back as YAML and compared with what they say.

mod family;

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_yaml::Value;

use self::family::{Family, stacks};
use crate::base::Place;
use crate::ir::fixture::{hub, profile};
use crate::ir::{ImageId, Keep, Platform, Probe, PullRequests, Tag, Test, TestKind};

fn strings(value: &Value) -> Vec<&str> {
    value.as_sequence().unwrap_or_else(|| panic!("{value:?}")).iter().map(|item| item.as_str().unwrap()).collect()
}

#[test]
fn jobs_follow_the_stacks() {
    let emitted = stacks("quay.io/jupyter").emit();
    assert_eq!(
        emitted.job_ids(),
        ["fresh", "touched", "try", "try-2", "foundation", "base-notebook", "minimal-notebook", "scipy-notebook", "merge", "gate"],
        "{}",
        emitted.text(".github/workflows/images.yml")
    );
    assert!(emitted.job("foundation")["needs"].is_null());
    assert_eq!(strings(&emitted.job("base-notebook")["needs"]), ["foundation"]);
    assert_eq!(strings(&emitted.job("scipy-notebook")["needs"]), ["base-notebook"]);
    let matrix = &emitted.job("scipy-notebook")["strategy"]["matrix"];
    assert_eq!(strings(&matrix["target"]), ["scipy-notebook-py3-12", "scipy-notebook-py3-13"]);
    assert_eq!(strings(&matrix["arch"]), ["amd64", "arm64"]);
    assert_eq!(emitted.job("scipy-notebook")["with"]["free-disk"], Value::Bool(true));
    assert_eq!(emitted.job("try")["with"]["publish"], Value::Bool(false));
    assert_eq!(emitted.job("foundation")["with"]["publish"], Value::Bool(true));
    assert_eq!(strings(&emitted.job("merge")["needs"]).len(), 4);
    assert_eq!(strings(&emitted.job("merge")["strategy"]["matrix"]["target"]).len(), 8);
}

#[test]
fn only_the_branch_of_the_project_publishes() {
    let emitted = stacks("quay.io/jupyter").emit();
    let condition = "github.event_name != 'pull_request' && github.repository == 'jupyter/stacks' && github.ref == 'refs/heads/main'";
    assert_eq!(emitted.job("foundation")["if"], Value::from(condition));
    assert_eq!(emitted.job("merge")["if"], Value::from(format!("${{{{ !cancelled() && {condition} }}}}")));
    // A matrix counts as a whole: the job starts where any cell of the one before has come through.
    for id in ["base-notebook", "minimal-notebook", "scipy-notebook"] {
        assert_eq!(emitted.job(id)["if"], emitted.job("merge")["if"]);
    }
}

#[test]
fn a_pull_request_has_no_secret_and_no_right_to_write() {
    for registry in ["quay.io/jupyter", "ghcr.io/jupyter"] {
        let emitted = stacks(registry).emit();
        for id in ["try", "try-2", "fresh", "touched"] {
            let job = emitted.job(id);
            assert!(job["secrets"].is_null());
            let packages = if registry.starts_with("ghcr.io") && id.starts_with("try") { "packages: read\n" } else { "" };
            assert_eq!(serde_yaml::to_string(&job["permissions"]).unwrap(), format!("contents: read\n{packages}"));
        }
        assert_eq!(emitted.images["permissions"], Value::Mapping(serde_yaml::Mapping::new()));
    }
}

#[test]
fn the_own_token_pushes_to_github_and_secrets_elsewhere() {
    let github = stacks("ghcr.io/jupyter").emit();
    assert_eq!(github.job("foundation")["permissions"]["packages"], Value::from("write"));
    assert!(github.job("foundation")["secrets"].is_null());
    assert!(github.cell["jobs"]["build"]["permissions"].is_null());
    let quay = stacks("quay.io/jupyter").emit();
    assert!(quay.job("foundation")["permissions"]["packages"].is_null());
    assert_eq!(quay.job("foundation")["secrets"]["QUAY_ROBOT_TOKEN"], Value::from("${{ secrets.QUAY_ROBOT_TOKEN }}"));
    assert_eq!(quay.cell["jobs"]["build"]["permissions"]["contents"], Value::from("read"));
}

#[test]
fn no_expression_stands_in_a_command() {
    let emitted = stacks("ghcr.io/jupyter").emit();
    let mut commands = 0;
    for workflow in [&emitted.images, &emitted.cell] {
        for job in workflow["jobs"].as_mapping().unwrap().values() {
            for step in job["steps"].as_sequence().into_iter().flatten() {
                if let Some(command) = step["run"].as_str() {
                    commands += 1;
                    assert!(!command.contains("${{") && command.len() < 120, "{command}");
                }
            }
        }
    }
    assert!(commands >= 9);
}

#[test]
fn an_image_is_tested_before_it_is_pushed() {
    let emitted = stacks("ghcr.io/jupyter").emit();
    let steps = emitted.cell["jobs"]["build"]["steps"].as_sequence().unwrap();
    let at = |name: &str| steps.iter().position(|step| step["name"].as_str() == Some(name)).unwrap();
    assert!(at("Log in") < at("Ask the registry what it has"));
    assert!(at("Build") < at("Test") && at("Test") < at("Read the tags that its contents give it"));
    assert!(at("Read the tags that its contents give it") < at("Push what was tested"));
    assert_eq!(at("Leave nothing behind") + 1, steps.len());
    for step in steps {
        if step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/checkout@")) {
            assert_eq!(step["with"]["persist-credentials"], Value::Bool(false));
        }
    }
}

#[test]
fn large_matrices_are_cut() {
    let values: Vec<String> = (0..300).map(|at| format!("3.{at}")).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let mut family = Family::new("ghcr.io/jupyter");
    let base = family.image("merge", None, &values);
    family.image("Merge-2", Some(base), &values);
    let emitted = family.emit();
    let mut keys = BTreeSet::new();
    for (key, job) in emitted.images["jobs"].as_mapping().unwrap() {
        assert!(keys.insert(key.as_str().unwrap().to_lowercase()), "{key:?} twice");
        let matrix = &job["strategy"]["matrix"];
        if matrix.is_mapping() {
            let arches = matrix["arch"].as_sequence().map_or(1, Vec::len);
            assert!(matrix["target"].as_sequence().unwrap().len() * arches <= 256, "{key:?}");
        }
    }
    assert_eq!(strings(&emitted.job("Merge-2-2")["needs"]).len(), 3);
    assert!(emitted.text(".github/workflows/images.yml").len() < super::MAX_WORKFLOW_BYTES);
}

#[test]
fn many_images_share_jobs() {
    let mut family = Family::new("ghcr.io/jupyter");
    let roots: Vec<ImageId> = (0..2).map(|at| family.image(&format!("root-{at}"), None, &["3.12"])).collect();
    for at in 0..300 {
        family.image(&format!("leaf-{at}"), Some(roots[at % 2]), &["3.12"]);
    }
    let emitted = family.emit();
    let jobs: Vec<&str> = emitted.job_ids().into_iter().filter(|id| !id.starts_with("try") && !id.starts_with("merge")).collect();
    assert_eq!(jobs, ["fresh", "touched", "roots", "on-root-0", "on-root-0-2", "on-root-1", "on-root-1-2", "gate"]);
    assert_eq!(strings(&emitted.job("on-root-1-2")["needs"]), ["roots"]);
    let rows = |id: &str| strings(&emitted.job(id)["strategy"]["matrix"]["target"]).len();
    assert_eq!((rows("roots"), rows("on-root-0"), rows("on-root-0-2")), (2, 128, 22));
}

#[test]
fn how_long_the_workflow_is_is_known_before_it_is_written() {
    let mut chain = Family::new("ghcr.io/jupyter");
    let mut below = None;
    for at in 0..150 {
        below = Some(chain.image(&format!("step-{at}"), below, &["3.12"]));
    }
    let values: Vec<String> = (0..300).map(|at| format!("3.{at}")).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let mut cells = Family::new("quay.io/jupyter");
    let root = cells.image("root", None, &values);
    cells.image("leaf", Some(root), &values);
    for family in [&stacks("ghcr.io/jupyter"), &chain, &cells] {
        let output = family.program.outputs.workflow.as_ref().unwrap();
        let (guess, length) = (crate::check::workflow_bytes(&family.program, output), family.emit().text(&output.path).len());
        assert!(guess * 10 > length * 8 && length * 10 > guess * 7, "{length} bytes, and {guess} were expected");
    }
}

#[test]
fn a_skipped_image_passes_its_parents_on() {
    let mut family = stacks("ghcr.io/jupyter");
    family.program.images[1].ci.skip = Some("it is built by hand\nuntil May.".to_owned());
    let emitted = family.emit();
    assert!(!emitted.job_ids().contains(&"base-notebook"));
    assert_eq!(strings(&emitted.job("scipy-notebook")["needs"]), ["foundation"]);
    assert!(
        emitted
            .text(".github/workflows/images.yml")
            .contains("  #     Not built here: base-notebook, because it is built by hand until May.\n")
    );
    assert!(!strings(&emitted.job("merge")["strategy"]["matrix"]["target"]).contains(&"base-notebook-py3-12"));
}

#[test]
fn platforms_that_differ_are_listed() {
    let mut family = stacks("ghcr.io/jupyter");
    Rc::make_mut(&mut family.program.cells[6].recipe).platforms = vec![Platform::Amd64];
    let emitted = family.emit();
    let rows = emitted.job("scipy-notebook")["strategy"]["matrix"]["include"].as_sequence().unwrap();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["target"], Value::from("scipy-notebook-py3-12"));
    let step = |id: &str| emitted.job(id)["steps"].as_sequence().unwrap().iter().find(|step| step["name"] == "Merge").unwrap().clone();
    let merge = |id: &str| step(id)["run"].as_str().unwrap().to_owned();
    assert!(merge("merge").ends_with("merge \"$TARGET\" amd64"));
    assert!(merge("merge-2").ends_with("merge \"$TARGET\" amd64 arm64"));
}

#[test]
fn pull_requests_build_what_the_program_says() {
    let mut family = stacks("ghcr.io/jupyter");
    family.workflow().pull_requests = PullRequests::DefaultCells;
    let emitted = family.emit();
    assert_eq!(strings(&emitted.job("try")["strategy"]["matrix"]["target"]), ["minimal-notebook-py3-13"]);
    family.workflow().pull_requests = PullRequests::None;
    family.workflow().check = None;
    let emitted = family.emit();
    assert!(!emitted.job_ids().contains(&"try"));
    assert!(!emitted.text(".github/workflows/images.yml").contains("pull_request:"));
}

#[test]
fn a_program_in_a_folder_runs_there() {
    let mut family = stacks("ghcr.io/jupyter");
    family.workflow().root = "examples/my stacks".to_owned();
    family.workflow().schedule = Some("0 3 * * 1".to_owned());
    let emitted = family.emit();
    assert_eq!(emitted.cell["jobs"]["build"]["defaults"]["run"]["working-directory"], Value::from("examples/my stacks"));
    assert_eq!(emitted.job("foundation")["uses"], Value::from("$/.github/workflows/images-cell.yml"));
    let on = &emitted.images[&Value::from("on")];
    let paths = strings(&on["push"]["paths"]);
    assert!(paths.contains(&"examples/my stacks/images/**") && paths.contains(&".github/workflows/images*.yml"), "{paths:?}");
    assert_eq!(on["schedule"][0]["cron"], Value::from("0 3 * * 1"));
}

#[test]
fn hostile_texts_stay_texts() {
    let mut family = stacks("ghcr.io/jupyter");
    family.program.project.branch = "it's: #1".to_owned();
    family.program.images[0].ci.runner = Some("a: b # c".to_owned());
    family.workflow().check = Some("echo 'x: y' # \"z\"".to_owned());
    let test = |name: &str, script: &str| Test {
        name: name.to_owned(),
        from: "foundation".to_owned(),
        kind: TestKind::Container {
            script: script.to_owned(),
            as_root: true,
            env: vec![("A".to_owned(), "$(id)'\"".to_owned())],
            expect: vec!["it's; rm -rf".to_owned()],
        },
        origin: Place::default(),
    };
    Rc::make_mut(&mut family.program.cells[0].recipe).tests = Rc::new(vec![test("a'b\n$(c)", "echo\nTEST\n")]);
    let emitted = family.emit();
    assert_eq!(strings(&emitted.images[&Value::from("on")]["push"]["branches"]), ["it's: #1"]);
    assert!(emitted.job("foundation")["if"].as_str().unwrap().ends_with("github.ref == 'refs/heads/it''s: #1'"));
    assert_eq!(emitted.job("foundation")["with"]["runner"], Value::from("a: b # c"));
    assert_eq!(emitted.job("fresh")["steps"][1]["run"], Value::from("echo 'x: y' # \"z\""));
    let script = emitted.text("images/foundation/test.sh");
    assert!(script.contains("case $target in foundation-py3-12 | foundation-py3-13) ;; *) echo"), "{script}");
    let call = "case $target in foundation-py3-12)\n\
        in_image 'a'\\''b $(c)' --user root --env 'A=$(id)'\\''\"' -- 'it'\\''s; rm -rf' <<'TEST_'\necho\nTEST\nTEST_\n;;\nesac\n";
    assert!(script.contains(call), "{script}");
}

#[test]
fn tags_are_bare_for_the_default_cell_alone() {
    let mut family = stacks("ghcr.io/jupyter");
    let probe = Probe { name: "lab".to_owned(), command: "jupyter-lab --version".to_owned(), matching: Some(r"\d[\w.]+".to_owned()) };
    for cell in &mut family.program.cells {
        let mut tags = cell.tags.to_vec();
        tags.push(Tag::Probe(probe.clone()));
        Rc::make_mut(&mut cell.recipe).tags = Rc::new(tags);
    }
    family.program.images[3].publish = false;
    let emitted = family.emit();
    let script = emitted.text("images/foundation/tags.sh");
    assert!(script.contains("  prefix=''\n  case $target in\n    foundation-py3-12) prefix=py3.12- ;;\n  esac\n"), "{script}");
    assert!(
        script.contains("    echo latest\n") && script.contains("case $target in foundation-py3-12) echo python-3.12 ;; esac\n"),
        "{script}"
    );
    assert!(script.contains("\nprobe lab '[0-9][A-Za-z0-9_.]+' <<'PROBE'\njupyter-lab --version\nPROBE\n"), "{script}");
    assert!(
        !emitted.artifacts.iter().any(|artifact| artifact.path == "images/scipy-notebook/tags.sh"),
        "an internal image has no further tags"
    );
}

#[test]
fn a_schedule_moves_the_slots_and_publishes_what_is_missing() {
    let mut family = stacks("ghcr.io");
    family.workflow().schedule = Some("0 3 * * 1".to_owned());
    assert!(family.emit().images["jobs"]["rebuild"].is_null());
    family.program.rebuilds = vec![crate::ir::Period::Weekly];
    let emitted = family.emit();
    let job = emitted.job("rebuild");
    assert!(job["if"].as_str().unwrap().starts_with("github.event_name == 'schedule' && "));
    assert_eq!(job["permissions"], serde_yaml::from_str::<Value>("{ contents: write, actions: write }").unwrap());
    // What the last push has failed to publish is published all the same.
    assert!(!emitted.job("foundation")["if"].as_str().unwrap().contains("schedule"));
}

#[test]
fn a_schedule_moves_the_lock_where_the_output_says_so() {
    let mut family = stacks("ghcr.io");
    family.workflow().schedule = Some("0 3 * * 1".to_owned());
    assert!(family.emit().text("images/ci.sh").contains("\nupgrade=false\n"));
    family.workflow().upgrade = true;
    let emitted = family.emit();
    assert_eq!(emitted.job("rebuild")["name"], "move the lock");
    assert!(emitted.text("images/ci.sh").contains("\nupgrade=true\n"));
    family.program.rebuilds = vec![crate::ir::Period::Weekly];
    assert_eq!(family.emit().job("rebuild")["name"], "move the rebuild slots and the lock");
}

#[test]
fn a_schedule_writes_down_releases_and_builds_all_the_same() {
    let mut family = stacks("ghcr.io");
    family.workflow().schedule = Some("0 3 * * 1".to_owned());
    let mut lab = profile("Lab");
    lab.keep = Some(Keep { count: 3, releases: Vec::new(), own: true, place: Place::default() });
    family.program.hubs = vec![hub(vec![lab])];
    let emitted = family.emit();
    let job = emitted.job("releases");
    assert_eq!(job["permissions"], serde_yaml::from_str::<Value>("{ contents: write, actions: write, packages: read }").unwrap());
    assert!(job["steps"].as_sequence().unwrap().iter().any(|step| step["run"] == "bash images/ci.sh releases main.jenv"));
    assert!(!emitted.job("foundation")["if"].as_str().unwrap().contains("schedule"));
    family.program.rebuilds = vec![crate::ir::Period::Weekly];
    assert!(family.emit().job("rebuild")["name"].as_str().unwrap().contains("releases"));
}
