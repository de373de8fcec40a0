//! `jenvc import` of menus through the binary: the proof that people can pick the same, and that it starts the same pods.

use super::originals;
use crate::support::Workplace;

const VALUES: &str = r#"jupyterhub:
  singleuser:
    memory: { guarantee: 512M }
    profileList:
      - display_name: "Data <b>science</b>"
        description: For the courses
        kubespawner_override:
          image: ghcr.io/example/lab:1
          mem_limit: 2G
          environment: { LEVEL: "1", CORES: { name: CORES, value: "2" } }
          tolerations:
            - { key: pool, operator: Exists, effect: NoSchedule }
        profile_options:
          size:
            display_name: How big
            choices:
              small:
                display_name: Half a core
                default: true
                kubespawner_override: { cpu_guarantee: 0.5, cpu_limit: 2 }
              large:
                display_name: Four cores
                allowed_groups: [staff]
                kubespawner_override:
                  cpu_guarantee: 4
                  cpu_limit: 4
                  environment: { LEVEL: "2" }
          image:
            display_name: Which image
            unlisted_choice:
              enabled: true
              display_name: Own image
              display_name_in_choices: Another one
              validation_regex: "^.+:.+$"
              validation_message: An image and its tag
              kubespawner_override: { image: "{value}" }
            choices:
              usual: { display_name: The usual one }
      - display_name: One card
        slug: gpu
        default: true
        allowed_groups: [gpu-users, staff]
        kubespawner_override:
          image: ghcr.io/example/gpu:1
          extra_resource_limits: { nvidia.com/gpu: "1" }
          node_selector: { pool: gpu }
          default_url: /tree
"#;

fn place(values: &str) -> Workplace {
    let place = originals([("values.yaml".to_owned(), values.to_owned())]);
    let ran = place.run(&["import", "from", "--to", "program", "--quiet"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.error);
    place
}

fn verified(place: &Workplace) -> (i32, String) {
    let ran = place.run(&["import", "from", "--verify", "program"]);
    assert_eq!(ran.error, "");
    (ran.status, ran.out)
}

#[test]
fn a_menu_is_compared_by_all_that_can_be_picked() {
    let place = place(VALUES);
    assert_eq!(verified(&place), (0, "equal  menu: 2 entries, 5 combinations give the same pod\n".to_owned()));
}

/// A line that is gone, a text with another letter and another number are noticed.
#[test]
fn no_change_of_a_menu_goes_unnoticed() {
    let place = place(VALUES);
    let whole = place.read("program/hub.jenv");
    let mut tried = 0;
    let mut changed = |text: String, what: &str| {
        place.write("program/hub.jenv", text);
        if place.run(&["check", "program", "--quiet"]).status == 0 {
            let (status, out) = verified(&place);
            assert_eq!((status, out.contains("differs  menu: ")), (2, true), "{what}\n{out}");
            tried += 1;
        }
    };
    for line in whole.lines().filter(|line| line.matches('{').count() == line.matches('}').count()) {
        // What the hub is, and what nobody sees.
        if ["#", "hub", "chart", "menu", "allow"].iter().any(|word| line.trim().starts_with(word)) || line.trim().is_empty() || line == "}"
        {
            continue;
        }
        changed(whole.replacen(&format!("{line}\n"), "", 1), line);
        for (at, quote) in line.match_indices('"').skip(1).step_by(2) {
            let (before, after) = line.split_at(at);
            changed(whole.replacen(line, &format!("{before}x{quote}{}", &after[1..]), 1), line);
        }
        if let Some(at) = line.find(|c: char| c.is_ascii_digit()).filter(|_| !line.contains('"')) {
            changed(whole.replacen(line, &format!("{}1{}", &line[..at], &line[at..]), 1), line);
        }
    }
    assert!(tried >= 40, "{tried}");
}

#[test]
fn what_differs_is_told_once_and_by_its_name() {
    let place = place(VALUES);
    let whole = place.read("program/hub.jenv");
    for (before, after, wanted) in [
        (
            "LEVEL = \"1\"",
            "LEVEL = \"3\"",
            "entry `data-science`, image = usual, size = small: now `environment = { CORES = \"2\"  LEVEL = \"3\" }`",
        ),
        (
            "image = \"ghcr.io/example/gpu:1\"",
            "image = \"ghcr.io/example/gpu:2\"",
            "entry `gpu`: its image is `ghcr.io/example/gpu:2`, and was `ghcr.io/example/gpu:1`",
        ),
        (
            "groups = [\"staff\"]",
            "groups = [\"all\"]",
            "entry `data-science`, drop-down `size`, choice `large`: groups now `all`, before `staff`",
        ),
        ("small {", "tiny {", "entry `data-science`, drop-down `size`: choices now `large, tiny`, before `large, small`"),
        ("menu = [data-science, gpu]", "menu = [gpu, data-science]", "the entries are in another order"),
        ("menu = [data-science, gpu]", "menu = [gpu]", "the entry `data-science` is not there now"),
        ("slug = \"gpu\"", "slug = \"cards\"", "the entry `cards` is new"),
    ] {
        let spaces = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let at = whole.lines().position(|line| spaces(line).contains(before));
        let line = whole.lines().nth(at.unwrap_or_else(|| panic!("{before}\n{whole}"))).unwrap();
        let text = whole.replacen(line, &spaces(line).replace(before, after), 1);
        place.write("program/hub.jenv", text);
        let (status, out) = verified(&place);
        assert_eq!((status, out.matches(wanted).count()), (2, 1), "{before}: {out}");
    }
    let (before, after) = whole.rsplit_once("  default = true\n").unwrap();
    place.write("program/hub.jenv", before.to_owned() + after);
    assert_eq!(verified(&place), (2, "differs  menu: another entry is the default\n".to_owned()));
}

/// What the import changed and said so is no error.
#[test]
fn what_a_remark_says_is_remarked() {
    let values = "\
singleuser:
  profileList:
    - display_name: Small
      kubespawner_override: { image: ghcr.io/example/lab:1, mem_limit: 512M, default_url: lab }
";
    let place = place(values);
    let (status, out) = verified(&place);
    assert_eq!((status, out.matches("remarked  menu: entry `small`: now ").count()), (0, 2), "{out}");
}

/// `KubeSpawner` gives a pod the cards of the entry and those of the choice; the compiled menu has cards of one kind.
#[test]
fn cards_of_another_kind_are_remarked() {
    let values = "\
singleuser:
  profileList:
    - display_name: Cards
      kubespawner_override: { image: ghcr.io/example/lab:1, extra_resource_limits: { amd.com/gpu: 1 } }
      profile_options:
        kind:
          display_name: Kind
          choices:
            slice: { display_name: A slice, kubespawner_override: { extra_resource_limits: { nvidia.com/mig-1g.5gb: 1 } } }
";
    let place = originals([("values.yaml".to_owned(), values.to_owned())]);
    let ran = place.run(&["import", "from", "--to", "program"]);
    assert!(ran.out.contains("values.yaml:9  changed in meaning  `amd.com/gpu` of the entry is not given here"), "{}", ran.out);
    let (status, out) = verified(&place);
    assert_eq!((status, out.matches("remarked  menu: entry `cards`, kind = slice: now ").count()), (0, 2), "{out}");
}

#[test]
fn hubs_are_compared_by_their_names() {
    let menu = |image: &str| {
        format!("singleuser:\n  profileList:\n    - display_name: Lab\n      kubespawner_override: {{ image: \"{image}\" }}\n")
    };
    let place = originals([
        ("hubs/north/values.yaml".to_owned(), menu("ghcr.io/example/lab:1")),
        ("hubs/south/values.yaml".to_owned(), menu("ghcr.io/example/lab:2")),
    ]);
    assert_eq!(place.run(&["import", "from", "--to", "program", "--quiet"]).status, 0);
    let equal = |hub: &str| format!("menu of {hub}: 1 entry, 1 combination gives the same pod\n");
    assert_eq!(verified(&place), (0, format!("equal  {}equal  {}", equal("north"), equal("south"))));
    let main = place.read("program/main.jenv");
    let kept = main.lines().filter(|line| !line.contains("hub = south")).fold(String::new(), |all, line| all + line + "\n");
    place.write("program/main.jenv", kept);
    let wanted = format!("equal    {}differs  menu of south: no output of the program has this menu\n", equal("north"));
    assert_eq!(verified(&place), (2, wanted));
}

/// An image that the program builds is the one that the menu named; another cell of it is not.
#[test]
fn a_menu_of_imported_images_names_their_cells() {
    let build = |name: &str, torch: &str| {
        (format!("images/{name}/Dockerfile"), format!("FROM quay.io/jupyter/minimal-notebook:2026-07-28\nRUN pip install torch=={torch}\n"))
    };
    let values = "\
singleuser:
  profileList:
    - display_name: ML
      profile_options:
        release:
          display_name: Release
          choices:
            new: { display_name: New, kubespawner_override: { image: ghcr.io/example/ml-new:latest } }
            old: { display_name: Old, kubespawner_override: { image: ghcr.io/example/ml-old:latest } }
";
    let script =
        "docker build -t ghcr.io/example/ml-new:latest images/ml-new\ndocker build -t ghcr.io/example/ml-old:latest images/ml-old\n";
    let place = originals([
        build("ml-new", "2.5.1"),
        build("ml-old", "2.4.0"),
        ("values.yaml".to_owned(), values.to_owned()),
        ("build.sh".to_owned(), script.to_owned()),
    ]);
    assert_eq!(place.run(&["import", "from", "--to", "program", "--quiet"]).status, 0);
    let (status, out) = verified(&place);
    assert_eq!((status, out.contains("equal  menu: 1 entry, 2 combinations give the same pod\n")), (0, true), "{out}");
    let hub = place.read("program/hub.jenv");
    assert!(hub.contains("image = ml(release = new)"), "{hub}");
    place.write("program/hub.jenv", hub.replacen("image = ml(release = new)", "image = ml(release = old)", 1));
    assert_eq!(verified(&place).0, 2);
}
