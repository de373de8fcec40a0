//! Menus through the binary: what was committed, and how big one becomes.

use crate::support::{Ran, Workplace};

fn menu(entries: &str) -> String {
    format!(
        "project demo {{ registry = \"ghcr.io/demo\" }}\n{entries}\nhub campus {{ chart = 4.4  namespace = \"jhub\" }}\n\
         output configmap {{ path = \"menu.yaml\"  hub = campus }}\n"
    )
}

fn entry(name: &str) -> String {
    format!("profile {name} {{ title = \"{name}\"  image = \"ghcr.io/demo/{name}:1\" }}\n")
}

#[test]
fn what_is_gone_is_held_against_the_last_commit() {
    let place = Workplace::with([("main.jenv", menu(&(entry("lab") + &entry("old"))))]);
    assert_eq!(place.run(&["build"]).status, 0);
    place.commit();
    // What was built and never committed, nobody can have saved.
    place.write("main.jenv", menu(&(entry("lab") + &entry("old") + &entry("fresh"))));
    assert_eq!(place.run(&["build"]).status, 0);
    place.write("main.jenv", menu(&(entry("lab") + &entry("old") + &entry("other"))));
    assert_eq!(place.run(&["build"]).status, 0);
    // What was committed stays with people, whatever is on the disk.
    place.write("menu.yaml", place.read("menu.yaml").replace("old", "gone"));
    place.write("main.jenv", menu(&entry("lab")));
    let ran = place.run(&["check"]);
    assert!(ran.out.contains("J0834") && ran.out.contains("`old`"), "{}{}", ran.out, ran.error);
}

#[test]
fn the_size_of_a_menu_is_that_of_what_is_written() {
    let words = "a word or two ".repeat(20);
    let entry = |number: usize| {
        format!(
            "profile p{number} {{ title = \"Entry {number}\"  description = \"{words}\"  image = \"ghcr.io/demo/lab:{number}\"\n\
             override {{ tolerations = [{{ key = \"a\"  operator = \"Exists\" }}]\n\
             volumes = {{ d = {{ name = \"d\"  emptyDir = {{ }} }} }} }}\n\
             option size {{ small {{ cpu = 1  memory = 2G }}\n\
             large {{ cpu = 4  memory = 8G  node = {{ \"example.org/pool\" = \"x\" }} }} }} }}\n"
        )
    };
    let place = Workplace::with([("main.jenv", menu(&(0..560).map(entry).collect::<String>()))]);
    let ran = place.run(&["build"]);
    let said = ran.error.split_once("has about").and_then(|(_, rest)| rest.split_whitespace().next()?.parse::<f64>().ok());
    let values: serde_yaml::Value = serde_yaml::from_str(&place.read("menu.yaml")).unwrap();
    #[expect(clippy::cast_precision_loss, reason = "fewer than a few million bytes")]
    let real = values["data"]["values.yaml"].as_str().unwrap().len() as f64 / 1024.0;
    let said = said.unwrap_or_else(|| panic!("{real} KiB: {}", ran.error));
    assert!((said / real - 1.0).abs() < 0.05, "{said} KiB are said, and there are {real}");
}

#[test]
fn the_pod_of_an_entry_on_an_existing_image_is_shown() {
    let place = Workplace::with([("main.jenv", menu("profile lab { title = \"Lab\"  image = \"ghcr.io/demo/lab:1\"  memory = 2G }"))]);
    let shown = place.run(&["show", "lab"]).out;
    assert!(shown.contains("pod on campus") && shown.contains("mem_limit") && shown.contains("jupyterhub-singleuser"), "{shown}");
    let json: serde_json::Value = serde_json::from_str(&place.run(&["show", "lab", "--format", "json"]).out).unwrap();
    assert_eq!(json["pod"]["traits"]["uid"], 1000);
}

#[test]
fn people_build_on_an_image_of_the_program() {
    let program = r#"import std.jupyter
project demo { registry = "ghcr.io/demo"  platforms = ["linux/amd64"] }
layer base { from jupyter.minimal-notebook-published(python = 3.13) }
profile lab {
  title = "Lab"
  option image {
    dynamic_image_building = { on = base }
    usual { image = "ghcr.io/demo/lab:1" }
  }
}
hub campus { chart = 4.4  form = fancy  pushes_to = "ghcr.io/demo/built-" }
output configmap { path = "menu.yaml"  hub = campus }
"#;
    let place = Workplace::with([("main.jenv", program)]);
    assert_eq!(place.run(&["build"]).status, 0);
    let menu = place.read("menu.yaml");
    assert!(menu.contains("starts FROM ghcr.io/demo/base:py3.13-"), "{menu}");
    assert!(menu.contains(r#"validation_regex: "^(?:ghcr\\.io/demo/built-"#), "{menu}");
}

#[test]
fn git_is_asked_by_one_process_for_all_hubs() {
    let hubs: String = ["east", "west"]
        .map(|name| {
            format!("hub {name} {{ chart = 4.4  namespace = \"{name}\" }}\noutput configmap {{ path = \"{name}.yaml\"  hub = {name} }}\n")
        })
        .concat();
    let program = |entries: &str| format!("project demo {{ registry = \"ghcr.io/demo\" }}\n{entries}{hubs}");
    let place = Workplace::with([("main.jenv", program(&(entry("lab") + &entry("old"))))]);
    let built = place.run(&["build"]);
    assert_eq!(built.status, 0, "{}", built.error);
    place.commit();
    place.write("main.jenv", program(&entry("lab")));
    let git = std::env::split_paths(&std::env::var_os("PATH").unwrap()).map(|folder| folder.join("git")).find(|git| git.is_file()).unwrap();
    let folder = place.path();
    place.write("bin/git", format!("#!/bin/sh\necho \"$@\" >> '{}/asked'\nexec '{}' \"$@\"\n", folder.display(), git.display()));
    std::fs::set_permissions(folder.join("bin/git"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let ran = Ran::from(place.command(&["check"]).env("PATH", folder.join("bin")).output().unwrap());
    assert_eq!(ran.out.matches("`old` is gone").count(), 2, "{}{}", ran.out, ran.error);
    assert_eq!(place.read("asked").lines().count(), 1, "{}", place.read("asked"));
}

#[test]
fn whatever_changes_on_a_menu_is_a_difference() {
    let program = "project demo { registry = \"ghcr.io/demo\" }\n\
         profile lab { title = \"Lab\"  default = true  image = \"ghcr.io/demo/lab:1\" }\n\
         profile ml { title = \"ML\"  image = \"ghcr.io/demo/ml:1\"  gpu = 1 }\n\
         hub campus {\n  chart = 4.4\n  namespace = \"jhub\"\n  defaults {\n    env = { A = \"1\" }\n\
             option size { small { memory = 1G..2G  default = true }  large { memory = 8G..16G } }\n  }\n}\n\
         output configmap { path = \"menu.yaml\"  hub = campus }\n";
    let place = Workplace::with([("main.jenv", program.to_owned())]);
    assert_eq!(place.run(&["build"]).status, 0);
    place.commit();
    for (written, instead, line) in [
        ("1G..2G", "1G..4G", "~  campus  2 entries  `mem_limit` of the choice `small` of `size`  2G → 4G"),
        ("title = \"ML\"", "title = \"ML\"  groups = [\"a\", \"b\"]", "~  campus  ml  its groups  nothing → a, b"),
        ("gpu = 1", "gpu = 2", "~  campus  ml  its `extra_resource_limits.nvidia.com/gpu`      1 → 2"),
        ("A = \"1\"", "A = \"2\"", "~  campus  2 entries  its `environment.A`  1 → 2"),
        ("8G..16G", "8G..16G  node = { pool = \"big\" }", "`node_selector.pool` of the choice `large` of `size`  nothing → big"),
        ("\"jhub\"", "\"jhub\"  pull_secrets = [\"reg\"]", "~  campus    its pull secrets  nothing → reg"),
        ("namespace = \"jhub\"", "namespace = \"other\"", "~  campus    its namespace  jhub → other"),
        ("large {", "big { renamed_from = \"large\" ", "the key of a choice of `size`"),
        ("  default = true  image", "  image", "nothing differs from HEAD"),
        ("gpu = 1 }", "gpu = 1 }\nprofile lab2 { title = \"Other\" image = \"a/b:1\" }", "+  campus  other  the entry  Other"),
        ("hub campus {", "hub campus {\n  block_metadata = false", "whether it blocks the cloud's metadata  nothing → off"),
        ("large {", "large { groups = [\"a\"] ", "the groups of the choice `large` of `size`  nothing → a"),
    ] {
        place.write("main.jenv", program.replace(written, instead));
        let ran = place.run(&["diff"]);
        let same = line.starts_with("nothing");
        assert!(ran.out.contains(line) && ran.status == if same { 0 } else { 2 }, "{instead}: {}{}", ran.out, ran.error);
        let other = place.run(&["build", "--check"]).status == 2;
        assert_eq!(other, !same, "{instead}");
    }
}
