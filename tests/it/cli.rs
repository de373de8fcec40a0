//! The contract of the command line: exit status, what goes where, which program is meant.

use std::io::Read;
use std::process::Stdio;

use crate::support::{Ran, Workplace};

/// A program that is right, with one small artifact.
const GOOD: &str = r#"project demo { registry = "ghcr.io/demo" }

image jupyter {
  ref    = "quay.io/jupyter/base-notebook"
  digest = "sha256:2f0e1c0f8b7a4f7d9c3e5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5d6e7f809"
}

layer base {
  from jupyter
  run "jupyter lab --version"
}

output dockerfiles { dir = "images" }
output bake { path = "docker-bake.json" }
"#;

/// A program with an error.
const BAD: &str = "project demo { registry = \"ghcr.io/demo\" }\n\nlayer base { from nowhere }\n";

fn json(ran: &Ran) -> serde_json::Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {ran:?}"))
}

fn codes(ran: &Ran) -> Vec<String> {
    json(ran)["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_build_writes_then_keeps_then_removes() {
    let place = Workplace::with([("main.jenv", GOOD)]);
    let first = place.run(&["build"]);
    assert_eq!((first.status, first.error.as_str()), (0, ""), "{}", first.out);
    assert!(first.out.contains("new      docker-bake.json\n") && first.out.contains("1 image, 1 cell: "), "{}", first.out);
    let second = place.run(&["build"]);
    assert!(second.status == 0 && !second.out.contains("new") && second.out.lines().count() == 1, "{}", second.out);
    assert!(place.run(&["build", "--verbose"]).out.contains("kept     docker-bake.json\n"));
    assert_eq!(place.run(&["build", "--quiet"]).out, "");
    place.write("main.jenv", GOOD.replace("output bake { path = \"docker-bake.json\" }\n", ""));
    let third = place.run(&["build"]);
    assert!(third.out.contains("removed  docker-bake.json\n") && !place.has("docker-bake.json"), "{}", third.out);
}

#[test]
fn build_check_shows_the_difference_and_writes_nothing() {
    let place = Workplace::with([("main.jenv", GOOD)]);
    let new = place.run(&["build", "--check"]);
    assert_eq!(new.status, 2);
    assert!(new.out.contains("--- /dev/null\n+++ b/docker-bake.json\n@@ "), "{}", new.out);
    assert!(!place.has("docker-bake.json"));
    place.run(&["build"]);
    let clean = place.run(&["build", "--check"]);
    assert_eq!((clean.status, clean.out.as_str()), (0, ""));
    let text = place.read("docker-bake.json");
    place.write("docker-bake.json", text.replacen('{', "{ ", 1));
    let changed = place.run(&["build", "--check"]);
    assert_eq!(changed.status, 2);
    assert!(
        changed.out.contains("--- a/docker-bake.json\n+++ b/docker-bake.json\n") && changed.out.contains("\n-{ \n+{\n"),
        "{}",
        changed.out
    );
    assert!(changed.error.contains("jenvc build"), "{}", changed.error);
    let checked = place.run(&["check", "--format", "json"]);
    assert_eq!((checked.status, codes(&checked)), (1, vec!["J0901".to_owned()]));
}

#[test]
fn an_error_writes_no_file() {
    let place = Workplace::with([("main.jenv", GOOD)]);
    place.run(&["build"]);
    let before = place.read("docker-bake.json");
    place.write("main.jenv", GOOD.replace("from jupyter", "from nowhere"));
    let ran = place.run(&["build"]);
    assert_eq!((ran.status, ran.out.as_str()), (1, ""));
    assert!(ran.error.contains("`nowhere`") && ran.error.contains("main.jenv:9:8"), "{}", ran.error);
    assert_eq!(place.read("docker-bake.json"), before);
}

#[test]
fn a_file_of_somebody_else_is_refused_unless_forced() {
    let place = Workplace::with([("main.jenv", GOOD), ("docker-bake.json", "{}")]);
    let ran = place.run(&["build", "--format", "json"]);
    assert_eq!((ran.status, codes(&ran)), (1, vec!["J0902".to_owned()]));
    assert!(!place.has("images") && place.read("docker-bake.json") == "{}");
    assert_eq!(place.run(&["build", "--force"]).status, 0);
    assert_ne!(place.read("docker-bake.json"), "{}");
}

#[test]
fn findings_are_the_result_of_check() {
    let place = Workplace::with([("main.jenv", BAD)]);
    let human = place.run(&["check"]);
    assert_eq!((human.status, human.error.as_str()), (1, ""));
    assert!(human.out.contains("--> main.jenv:3:19") && human.out.contains("1 error"), "{}", human.out);
    let concise = place.run(&["check", "--format", "concise"]);
    assert!(concise.out.starts_with("main.jenv:3:19: error[J0"), "{}", concise.out);
    let github = place.run(&["check", "--format", "github"]);
    assert!(github.out.starts_with("::error file=main.jenv,line=3,"), "{}", github.out);
    let sarif = json(&place.run(&["check", "--format", "sarif"]));
    assert_eq!(sarif["version"], "2.1.0");
    let object = json(&place.run(&["check", "--format=json"]));
    assert_eq!(object["summary"]["errors"], 1);
    let clean = Workplace::with([("main.jenv", GOOD)]).run(&["check"]);
    assert_eq!((clean.status, clean.out.as_str(), clean.error.as_str()), (0, "", "no findings in 1 image, 1 cell\n"));
}

#[test]
fn the_program_is_found_from_below() {
    let place = Workplace::with([
        ("main.jenv", format!("import \"layers/*.jenv\"\n{GOOD}")),
        ("layers/x.jenv", "layer x { run \"true\" }\n".to_owned()),
    ]);
    std::fs::create_dir_all(place.path().join("deep/er")).unwrap();
    for folder in ["deep/er", "layers"] {
        let output = place.command(&["list", "files"]).current_dir(place.path().join(folder)).output().unwrap();
        let ran = Ran::from(output);
        assert!(ran.status == 0 && ran.out.contains("main.jenv"), "{folder}: {ran:?}");
    }
}

#[test]
fn two_programs_are_named() {
    let place = Workplace::with([("b.jenv", GOOD), ("a.jenv", GOOD), ("part.jenv", "layer x { run \"true\" }\n")]);
    let ran = place.run(&["check"]);
    assert_eq!((ran.status, ran.out.as_str()), (64, ""));
    assert!(ran.error.contains("`a.jenv`, `b.jenv`") && !ran.error.contains("part.jenv"), "{}", ran.error);
    assert_eq!(place.run(&["check", "a.jenv"]).status, 0);
    place.write("main.jenv", GOOD);
    assert_eq!(place.run(&["check"]).status, 0);
}

#[test]
fn check_takes_files_and_finds_their_programs() {
    let part = "layer x { nonsense \"true\" }\n";
    let place = Workplace::with([
        ("one/main.jenv", format!("import \"layers/*.jenv\"\n{GOOD}\nenvironment e {{ from base / x }}\n")),
        ("one/layers/x.jenv", part.to_owned()),
        ("two/main.jenv", GOOD.to_owned()),
        ("two/lost.jenv", "layer y {\n".to_owned()),
    ]);
    let ran = place.run(&["check", "--format", "json", "one/layers/x.jenv", "two/main.jenv", "one/main.jenv"]);
    assert_eq!(ran.status, 1);
    let object = json(&ran);
    assert_eq!(object["findings"][0]["labels"][0]["file"], "layers/x.jenv");
    assert_eq!(object["findings"][0]["program"], "one/main.jenv");
    let human = place.run(&["check", "--format", "concise", "one/layers/x.jenv"]);
    assert!(human.out.starts_with("one/layers/x.jenv:1:11: "), "{}", human.out);
    let lost = place.run(&["check", "--format", "json", "two/lost.jenv"]);
    let found = codes(&lost);
    assert!(lost.status == 1 && found.contains(&"J0905".to_owned()) && found.iter().any(|code| code.starts_with("J00")), "{found:?}");
}

#[test]
fn check_takes_files_that_are_not_jenv() {
    let list = GOOD.replace("  run ", "  pip file \"lists/requirements.txt\"\n  pip { numpy ==2.0 }\n  run ");
    let place = Workplace::with([
        ("one/main.jenv", list.as_str()),
        ("one/lists/requirements.txt", "numpy==2.1\n"),
        ("two/main.jenv", GOOD),
        ("notes.txt", "of no program\n"),
    ]);
    let read = place.run(&["check", "--format", "json", "one/lists/requirements.txt"]);
    assert!(read.status == 1 && codes(&read).contains(&"J0401".to_owned()), "{}", read.out);
    assert_eq!(place.run(&["build", "two"]).status, 0);
    place.write("two/images/base/Dockerfile", place.read("two/images/base/Dockerfile") + "# by hand\n");
    let artifact = place.run(&["check", "--format", "json", "two/images/base/Dockerfile", "two/docker-bake.json"]);
    assert_eq!((artifact.status, codes(&artifact)), (1, vec!["J0901".to_owned()]), "{}", artifact.out);
    let apart = place.run(&["check", "notes.txt"]);
    assert_eq!((apart.status, apart.out.as_str(), apart.error.as_str()), (0, "", "no program is near these files\n"));
}

#[test]
fn warnings_are_denied_and_allowed() {
    let place = Workplace::with([("main.jenv", GOOD), ("lost.jenv", "layer y { run \"true\" }\n")]);
    assert_eq!(place.run(&["check", "lost.jenv"]).status, 0);
    assert_eq!(place.run(&["check", "lost.jenv", "--deny", "warnings"]).status, 1);
    let allowed = place.run(&["check", "lost.jenv", "--deny", "warnings", "--allow", "unread-file"]);
    assert_eq!((allowed.status, allowed.out.as_str()), (0, ""));
    let unknown = place.run(&["check", "--allow", "unread-fil"]);
    assert!(unknown.status == 64 && unknown.error.contains("did you mean `unread-file`?"), "{}", unknown.error);
}

#[test]
fn a_command_that_looks_at_the_program_counts_what_check_shows() {
    let text = GOOD.replace("  run", "  env { PATH = \"/x:$PATH\" }\n  run");
    let place = Workplace::with([("main.jenv", text.as_str())]);
    assert!(place.run(&["check"]).out.contains("J0608"));
    for words in [&["list"][..], &["tree"], &["graph"], &["show", "base"]] {
        let ran = place.run(words);
        assert!(ran.status == 0 && !ran.out.is_empty(), "{ran:?}");
        assert_eq!(ran.error, "1 warning: `jenvc check` shows it\n");
        assert_eq!(place.run(&[words, &["--quiet"]].concat()).error, "");
    }
}

#[test]
fn wrong_usage_is_64_with_the_nearest_word() {
    let place = Workplace::with([("main.jenv", GOOD)]);
    let flag = place.run(&["build", "--chekc"]);
    assert!(flag.status == 64 && flag.error.contains("'--check'") && flag.out.is_empty(), "{flag:?}");
    let word = place.run(&["biuld"]);
    assert!(word.status == 64 && word.error.contains("'build'"), "{word:?}");
    assert_eq!(place.run(&[]).status, 64);
    assert_eq!(place.run(&["check", "none.jenv"]).error, "error: there is no `none.jenv`\n");
    assert_eq!(place.run(&["check", "none.jenv"]).status, 64);
    for (words, meant) in [
        (&["build", "--dry-run"][..], "there is no option `--dry-run`; it is `jenvc build --check` here"),
        (&["check", "--strict"], "it is `--deny warnings` here"),
        (&["list", "--json"], "it is `--format json` here"),
        (&["diff", "main"], "there is no `main`; a revision is written `--since main`"),
        (&["diff", "other.jenv"], "there is no `other.jenv`\n"),
    ] {
        let ran = place.run(words);
        assert!(ran.status == 64 && ran.error.contains(meant) && ran.out.is_empty(), "{ran:?}");
    }
    assert_eq!(Workplace::new().run(&["check"]).status, 64);
    let help = place.run(&["--help"]);
    assert!(help.status == 0 && help.error.is_empty() && help.out.contains("build"));
    assert_eq!(place.run(&["--version"]).out, format!("jenvc {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn explain_takes_numbers_and_names() {
    let place = Workplace::new();
    let page = place.run(&["explain", "J0902"]);
    assert!(page.status == 0 && page.out.starts_with("# J0902 foreign-file\n"));
    assert_eq!(place.run(&["explain", "foreign-file"]).out, page.out);
    assert_eq!(place.run(&["explain", "j0902"]).out, page.out);
    assert!(place.run(&["explain"]).out.contains("J0902  foreign-file"));
    assert_eq!(json(&place.run(&["explain", "J0902", "--format", "json"]))["name"], "foreign-file");
    let far = place.run(&["explain", "foriegn-file"]);
    assert!(far.status == 64 && far.error.contains("did you mean `foreign-file`?"), "{}", far.error);
}

#[test]
fn colour_is_only_where_it_is_asked_for() {
    let place = Workplace::with([("main.jenv", BAD)]);
    assert!(!place.run(&["check"]).out.contains('\u{1b}'));
    assert!(place.run(&["check", "--color", "always"]).out.contains('\u{1b}'));
    let with = |key: &str| Ran::from(place.command(&["check"]).env(key, "1").output().unwrap()).out.contains('\u{1b}');
    assert!(with("CLICOLOR_FORCE") && !with("NO_COLOR"));
}

#[test]
fn a_closed_pipe_is_no_trouble() {
    let place = Workplace::new();
    let mut child = place.command(&["explain", "--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut error = String::new();
    child.stderr.take().unwrap().read_to_string(&mut error).unwrap();
    assert_eq!((child.wait().unwrap().code(), error.as_str()), (Some(0), ""));
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_are_read() {
    let place = Workplace::with([("main.jenv", GOOD)]);
    place.run(&["build"]);
    place.write("main.jenv", format!("\u{feff}{}", GOOD.replace('\n', "\r\n")));
    let ran = place.run(&["build", "--check"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, ""));
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_of_the_program_is_refused() {
    use std::os::unix::fs::symlink;
    let place =
        Workplace::with([("program/main.jenv", format!("import \"part.jenv\"\n{GOOD}")), ("secret.jenv", "let a = 1\n".to_owned())]);
    let part = place.path().join("program/part.jenv");
    for target in ["../secret.jenv", "/dev/zero", "part.jenv", "."] {
        symlink(target, &part).unwrap();
        let ran = place.run(&["check", "program", "--format", "json"]);
        assert!(ran.status == 1 && codes(&ran).iter().all(|code| code.starts_with("J01")), "{target}: {ran:?}");
        std::fs::remove_file(&part).unwrap();
    }
}

/// A menu over two cells and an image that is built elsewhere, of which all keep earlier releases.
const KEEPS: &str = r#"
environment lab {
  from base
  variant cpu { pip { httpx ==0.28.1 } }
  variant gpu { pip { httpx ==0.28.1 } env { GPU = "1" } }
  profile { title = "Lab"  choose = [variant]  default = true  keep = 2 }
}
profile docs { title = "Docs"  image = "ghcr.io/demo/docs:1.0"  keep = 1 }
hub main { chart = 4.4 }
output configmap { path = "menu.yaml"  hub = main }
"#;

/// The images that the lock knows of an entry, the newest first.
fn noted(place: &Workplace, entry: &str) -> Vec<String> {
    let lock = jenvc::ir::Lock::parse(&place.read("jenv.lock")).unwrap();
    lock.releases.get(entry).map_or_else(Vec::new, |all| all.iter().map(|release| release.image.clone()).collect())
}

#[test]
fn update_writes_down_what_the_menu_names() {
    let program = |version: &str| format!("{GOOD}{}", KEEPS.replace("0.28.1", version));
    let place = Workplace::with([("main.jenv", program("0.28.1"))]);
    place.run(&["build"]);
    let first = place.run(&["update"]);
    assert!(first.status == 0 && first.out.lines().count() == 3, "{first:?}");
    assert!(
        first.out.contains("noted  main/lab/cpu ghcr.io/demo/lab:cpu-") && first.out.contains("noted  main/docs ghcr.io/demo/docs:1.0\n")
    );
    let lock = place.read("jenv.lock");
    let again = place.command(&["update"]).env("SOURCE_DATE_EPOCH", "1800000000").output().unwrap();
    assert!(String::from_utf8(again.stdout).unwrap().lines().all(|line| line.starts_with("kept   main/")));
    assert_eq!(place.read("jenv.lock"), lock, "the day of a release is that on which it was written down first");
    assert_eq!(place.run(&["build", "--check"]).status, 0, "what is written down changes no artifact");
    for version in ["0.28.2", "0.28.3", "0.28.4"] {
        place.write("main.jenv", program(version).replace("docs:1.0", &format!("docs:{version}")));
        place.run(&["update"]);
    }
    assert_eq!(noted(&place, "main/lab/gpu").len(), 3, "two and today's");
    assert_eq!(noted(&place, "main/docs"), ["ghcr.io/demo/docs:0.28.4", "ghcr.io/demo/docs:0.28.3"]);
    place.run(&["build"]);
    let menu = place.read("menu.yaml");
    let keys = |line: &&str| line.trim_start().starts_with('0') && line.contains("-was-");
    assert_eq!(menu.lines().filter(keys).count(), 4, "two choices, two releases each: {menu}");
    place.write("main.jenv", program("0.28.3").replace("docs:1.0", "docs:0.28.3"));
    place.run(&["update"]);
    assert_eq!(noted(&place, "main/docs"), ["ghcr.io/demo/docs:0.28.3", "ghcr.io/demo/docs:0.28.4"], "what is taken back comes first");
}

#[test]
fn update_keeps_both_parts_of_the_lock_and_waits_for_what_is_not_published() {
    let weekly = format!("{}{KEEPS}", GOOD.replace("  from jupyter\n", "  from jupyter\n  rebuild weekly\n"));
    let place = Workplace::with([("main.jenv", weekly.clone()), ("published", "ghcr.io/demo/other:1\n".to_owned())]);
    let waits = place.run(&["update", "--published", "published"]);
    let lines: Vec<&str> = waits.out.lines().collect();
    assert!(lines[0].starts_with("waits  main/lab/cpu ") && lines[0].ends_with(": not published yet"), "{waits:?}");
    assert_eq!((lines[2], lines[3]), ("noted  main/docs ghcr.io/demo/docs:1.0", "set    weekly 2026-W48"));
    assert!(noted(&place, "main/lab/cpu").is_empty());
    let json: serde_json::Value = serde_json::from_str(&place.run(&["update", "--format", "json"]).out).unwrap();
    assert_eq!((&json["slots"][0]["after"], &json["releases"][0]["sense"]), (&"2026-W48".into(), &"noted".into()));
    let lock = place.read("jenv.lock");
    let released = noted(&place, "main/lab/cpu");
    let later = place.command(&["update"]).env("SOURCE_DATE_EPOCH", "1800000000").output().unwrap();
    assert!(String::from_utf8(later.stdout).unwrap().contains("moved  weekly 2026-W48 → 2027-W02"));
    assert_eq!(noted(&place, "main/lab/cpu"), released, "what is built is written down before the slot moves");
    assert_eq!(place.read("jenv.lock"), lock.replace("2026-W48", "2027-W02"));
    place.write("main.jenv", weekly.replace("  keep = 1", "").replace("  keep = 2", ""));
    place.run(&["update"]);
    assert!(!place.read("jenv.lock").contains("[releases]"));
    assert_eq!(place.run(&["update", "--published", "nowhere"]).status, 64);
}

#[test]
fn update_moves_the_slot_and_the_tags_follow() {
    let weekly = GOOD.replace("  from jupyter\n", "  from jupyter\n  rebuild weekly\n");
    let place = Workplace::with([("main.jenv", GOOD)]);
    assert_eq!(place.run(&["update"]).out, "nothing of the program says `rebuild` or `keep`\n");
    assert!(!place.has("jenv.lock"));
    place.write("main.jenv", &weekly);
    place.run(&["build"]);
    let before = place.read("docker-bake.json");
    let set = place.run(&["update"]);
    assert_eq!((set.status, set.out.lines().next()), (0, Some("set    weekly 2026-W48")));
    assert_eq!(place.run(&["update"]).out, "kept   weekly 2026-W48\n");
    assert_eq!(place.run(&["build", "--check"]).status, 2);
    place.run(&["build"]);
    assert!(place.read("images/base/Dockerfile").contains("2026-W48") && place.read("docker-bake.json") != before);
    let later = place.command(&["update", "--format", "json"]).env("SOURCE_DATE_EPOCH", "1800000000").output().unwrap();
    let later: serde_json::Value = serde_json::from_slice(&later.stdout).unwrap();
    assert_eq!(later["slots"][0], serde_json::json!({ "period": "weekly", "before": "2026-W48", "after": "2027-W02" }));
    place.write("main.jenv", BAD);
    assert_eq!(place.run(&["update"]).status, 1);
}
