//! Menus emitted and read back.

use proptest::prelude::*;
use serde_yaml::Value;

use super::emit;
use crate::check::check;
use crate::diagnostics::Findings;
use crate::emit::{CellPlan, Plan};
use crate::ir::fixture::{at, choice, gpu, image_choice, list, map, option, output, profile, program, sized, text, unlisted, with, words};
use crate::ir::{CellId, Chart, FormKind, Keep, Kept, Located, MenuImage, OverrideValue, Program, Release, Settings};

/// The plan of the fixture's two cells.
fn plan() -> Plan {
    let cell = |tag: &str| CellPlan {
        tag: tag.to_owned(),
        reference: format!("ghcr.io/demo/ml:{tag}"),
        dockerfile: String::new(),
        target: String::new(),
        args: Vec::new(),
        needs: Vec::new(),
    };
    Plan { cells: vec![cell("py3.11-0123456789ab"), cell("py3.12-1234567e8912")] }
}

/// The first artifact's text.
fn artifact(program: Program) -> String {
    let mut findings = Findings::default();
    let checked = check(program, &mut findings).unwrap_or_else(|_| panic!("{findings:#?}"));
    emit(&checked, &plan()).remove(0).text
}

/// The values in the first artifact, as an old reader sees them.
fn values(program: Program) -> Value {
    let outer: Value = serde_yaml::from_str(&artifact(program)).unwrap();
    serde_yaml::from_str(outer["data"]["values.yaml"].as_str().unwrap()).unwrap()
}

/// A menu with everything on it.
fn full() -> Program {
    let mut plain = profile("Default environment");
    plain.description = Some(text("R & Julia, \"quoted\" <b>"));
    let mut ml = profile("Machine learning");
    ml.image = None;
    let mut python =
        option("python", vec![image_choice("py3-12", MenuImage::Cell(CellId(1))), image_choice("py3-11", MenuImage::Cell(CellId(0)))]);
    python.choices[1].default = Some(at(1));
    python.unlisted = Some(unlisted("quay\\.io/.+:.+"));
    let mut large = choice("large", sized(8, 32));
    large.settings.gpu = Some(gpu());
    ml.options = vec![python, option("size", vec![choice("small", sized(1, 2)), large])];
    ml.settings.env = vec![(text("DASK"), text("{\"a\": {username}}"))];
    ml.settings.node = vec![(text("node.kubernetes.io/instance-type"), text("n1-highmem-4"))];
    ml.settings.url = Some(text("/lab"));
    let mut rucio = profile("Rucio");
    rucio.image = Some(Located::new(
        MenuImage::Reference("ghcr.io/rucio/dev@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".to_owned()),
        at(2),
    ));
    let hook = map(&[("postStart", map(&[("exec", map(&[("command", list(&[words("sh"), words("-c"), words("echo {x} ${HOME}")]))]))]))]);
    rucio.settings = with("lifecycle_hooks", hook);
    let mount = map(&[("name", words("data")), ("mountPath", words("/data"))]);
    let volume = map(&[("name", words("data")), ("emptyDir", map(&[]))]);
    let toleration = map(&[("key", words("gpu")), ("operator", words("Exists"))]);
    for (name, value) in [("volumes", volume), ("volume_mounts", mount), ("tolerations", toleration)] {
        rucio.settings.overrides.extend(with(name, list(&[value])).overrides);
    }
    let mut program = program(vec![plain, ml, rucio]);
    program.hubs[0].defaults = sized(1, 1);
    program
}

#[test]
fn a_full_menu_is_written_as_people_would() {
    let text = artifact(full());
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_written_reads_back_as_the_menu() {
    let values = values(full());
    let menu = values["singleuser"]["profileList"].as_sequence().unwrap();
    assert_eq!(menu.len(), 3);
    assert_eq!(values["singleuser"]["image"]["name"], "quay.io/jupyter/scipy-notebook");
    assert_eq!(values["singleuser"]["image"]["tag"], "2026-11-22");
    assert_eq!(menu.iter().filter(|entry| entry.get("default").is_some()).count(), 1);
    assert_eq!(menu[0]["description"], "R &amp; Julia, &quot;quoted&quot; &lt;b&gt;");
    let python = &menu[1]["profile_options"]["python"];
    assert_eq!(python["choices"]["01-py3-12"]["kubespawner_override"]["image"], "ghcr.io/demo/ml:py3.12-1234567e8912");
    assert_eq!(python["choices"]["02-py3-11"]["default"], true);
    assert_eq!(python["unlisted_choice"]["validation_regex"], "^(?:quay\\.io/.+:.+)$");
    assert_eq!(python["unlisted_choice"]["kubespawner_override"]["image"], "{value}");
    let size = &menu[1]["profile_options"]["size"]["choices"];
    assert_eq!(size["01-small"]["kubespawner_override"]["cpu_limit"], 0.5);
    assert_eq!(size["02-large"]["kubespawner_override"]["mem_limit"], "64G");
    assert_eq!(size["02-large"]["kubespawner_override"]["extra_resource_limits"]["nvidia.com/gpu"], "1");
    assert_eq!(menu[1]["kubespawner_override"]["environment"]["DASK"], "{{\"a\": {username}}}");
    let rucio = &menu[2]["kubespawner_override"];
    assert_eq!(rucio["volumes"]["data"]["name"], "data");
    assert_eq!(rucio["tolerations"].as_sequence().map(Vec::len), Some(3));
    assert_eq!(rucio["lifecycle_hooks"]["postStart"]["exec"]["command"][2], "echo {x} ${HOME}");
}

#[test]
fn old_charts_get_lists_and_other_forms_plain_texts() {
    let mut program = full();
    program.hubs[0].chart.value = Chart { major: 4, minor: 2 };
    program.hubs[0].form = FormKind::Fancy;
    let values = values(program);
    let menu = &values["singleuser"]["profileList"];
    assert_eq!(menu[2]["kubespawner_override"]["volumes"][0]["name"], "data");
    assert_eq!(menu[0]["description"], "R & Julia, \"quoted\" <b>");
}

#[test]
fn all_kinds_of_output_agree() {
    let mut program = full();
    program.outputs.values = vec![output("values.yaml")];
    program.outputs.values[0].pre_pull = Some(true);
    program.outputs.helmreleases = vec![output("release.yaml")];
    let mut findings = Findings::default();
    let all = emit(&check(program, &mut findings).unwrap(), &plan());
    let read = |at: usize| serde_yaml::from_str::<Value>(&all[at].text).unwrap();
    assert_eq!(all.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["deploy/menu.yaml", "values.yaml", "release.yaml"]);
    assert!(all.iter().all(|one| one.text.contains(crate::emit::MARK)));
    assert_eq!(read(2)["spec"]["valuesFrom"][0]["name"], read(0)["metadata"]["name"]);
    assert_eq!(read(0)["metadata"]["labels"]["reconcile.fluxcd.io/watch"], "Enabled");
    let pulled =
        read(1)["prePuller"]["extraImages"].as_mapping().unwrap().keys().map(|key| key.as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(pulled, ["scipy", "ml-py3-12", "ml-py3-11", "dev"]);
}

proptest! {
    #[test]
    fn hostile_texts_reach_the_page_unchanged(title in ".+", description in "\\PC*|[\t\n\r\u{0}-\u{20}:#{}'\"|>-]*", env in ".*", key in "[ -~]{1,20}") {
        let mut entry = profile("x");
        entry.title = text(&title);
        entry.description = Some(text(&description));
        entry.settings.env = vec![(text("A"), text(&env))];
        entry.settings.overrides = with("lifecycle_hooks", map(&[(&key, words(&env))])).overrides;
        let mut program = program(vec![entry]);
        program.hubs[0].form = FormKind::Fancy;
        let (hub, plan) = (&program.hubs[0], plan());
        let menu = super::menu(&program, &plan, hub);
        let context = super::context::Context { program: &program, plan: &plan, hub, menu: &menu };
        let text = crate::emit::yaml::to_text(&super::object::configmap(context, &program.outputs.configmaps[0]));
        let outer: Value = serde_yaml::from_str(&text).unwrap();
        let values: Value = serde_yaml::from_str(outer["data"]["values.yaml"].as_str().unwrap()).unwrap();
        let read = &values["singleuser"]["profileList"][0];
        prop_assert_eq!(&read["display_name"], &Value::from(title));
        prop_assert_eq!(&read["description"], &Value::from(description));
        prop_assert_eq!(&read["kubespawner_override"]["lifecycle_hooks"][key.as_str()], &Value::from(env.as_str()));
        let sent = read["kubespawner_override"]["environment"]["A"].as_str().unwrap();
        prop_assert_eq!(formatted(sent), formatted_as_meant(&env));
    }
}

/// What `KubeSpawner` makes of a text, with names left in angle brackets.
fn formatted(text: &str) -> String {
    let mut out = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '{' | '}' if letters.peek() == Some(&letter) => {
                letters.next();
                out.push(letter);
            }
            '{' => {
                let name: String = letters.by_ref().take_while(|c| *c != '}').collect();
                out.extend(["<", &name, ">"]);
            }
            '}' => panic!("a lone brace in {text:?}"),
            other => out.push(other),
        }
    }
    out
}

/// A text with the names that `KubeSpawner` fills in put in angle brackets.
fn formatted_as_meant(text: &str) -> String {
    crate::ir::KUBESPAWNER_NAMES.iter().fold(text.to_owned(), |text, name| text.replace(&format!("{{{name}}}"), &format!("<{name}>")))
}

/// A menu whose entries keep earlier releases: one with its own image, one with a drop-down of images.
fn keeping() -> Program {
    let kept = |choice: Option<&str>, image: &str| Kept {
        choice: choice.map(str::to_owned),
        release: Release { noted: "2026-11-19".to_owned(), image: format!("ghcr.io/demo/ml:{image}") },
    };
    let keep = |releases: Vec<Kept>| Some(Keep { count: 2, releases, own: true, place: at(9) });
    let mut lab = profile("Lab");
    lab.image = Some(Located::new(MenuImage::Cell(CellId(0)), at(3)));
    lab.keep = keep(vec![kept(None, "py3.11-0123456789ab"), kept(None, "py3.11-aaaaaaaa0001"), kept(None, "py3.11-aaaaaaaa0002")]);
    let mut ml = profile("Machine learning");
    ml.image = None;
    let mut gpu_choice = image_choice("py3-12", MenuImage::Cell(CellId(1)));
    gpu_choice.settings.gpu = Some(gpu());
    ml.options = vec![option("python", vec![image_choice("py3-11", MenuImage::Cell(CellId(0))), gpu_choice])];
    ml.keep = keep(vec![kept(Some("py3-12"), "py3.12-aaaaaaaa0003"), kept(Some("py3-12"), "py3.12-1234567e8912")]);
    program(vec![lab, ml])
}

#[test]
fn earlier_releases_stand_behind_those_of_today() {
    insta::assert_snapshot!(artifact(keeping()));
}

#[test]
fn a_mirror_has_the_earlier_releases_too() {
    let mut program = keeping();
    program.hubs[0].registry = Some(text("mirror.example.org/demo/"));
    let menu = artifact(program);
    for release in ["0123456789ab", "aaaaaaaa0001", "aaaaaaaa0003"] {
        assert!(menu.contains(&format!("-{release}\"")), "{release}: {menu}");
    }
    assert!(!menu.contains("\"ghcr.io/demo/ml"), "{menu}");
}

#[test]
fn earlier_releases_are_pulled_where_the_program_leaves_it_to_the_chart() {
    let mut program = keeping();
    program.outputs.configmaps[0].pre_pull = Some(false);
    assert!(values(program.clone()).get("prePuller").is_none());
    program.hubs[0].saved_choices = false;
    assert!(values(program)["hub"]["extraConfig"]["saved-choices"].is_string(), "a release that goes by needs it");
}

#[test]
fn nothing_set_is_nothing_written() {
    let mut entry = profile("Plain");
    entry.image = None;
    entry.settings = Settings::default();
    let values = values(program(vec![entry]));
    assert!(values["singleuser"]["profileList"][0].get("kubespawner_override").is_none());
    assert!(values["singleuser"].get("image").is_none());
    let mut reset = profile("Reset");
    reset.settings = with("mem_limit", crate::ir::fixture::value(OverrideValue::Null));
    let text = artifact(program(vec![reset]));
    assert!(text.contains("mem_limit: null"), "{text}");
}

#[test]
fn former_names_lead_to_those_of_today() {
    let configuration = |program: &Program| values(program.clone())["hub"]["extraConfig"]["saved-choices"].as_str().map(str::to_owned);
    let mut plain = program(vec![profile("Lab")]);
    assert_eq!(configuration(&plain), None);
    plain.hubs[0].menu[0].renamed_from = vec![text("old-lab")];
    let text_of = configuration(&plain).unwrap();
    assert!(text_of.contains("former={\"\":{\"old-lab\":\"lab\"}}") && text_of.contains("menu={\"lab\":{}}"), "{text_of}");
    let mut retired = program(vec![profile("Lab")]);
    retired.hubs[0].retired = vec![text("gone")];
    assert!(configuration(&retired).is_some());

    let mut numbered = profile("Lab");
    numbered.options = vec![option("size", vec![choice("small", sized(1, 1)), choice("large", sized(8, 8))])];
    let mut numbered = program(vec![numbered]);
    assert!(configuration(&numbered).unwrap().contains("[\"size\",{\"small\":\"01-small\",\"large\":\"02-large\"}]"));
    numbered.hubs[0].menu[0].options[0].renamed_from = vec![text("resources")];
    numbered.hubs[0].menu[0].options[0].choices[0].renamed_from = vec![text("tiny")];
    let text_of = configuration(&numbered).unwrap();
    assert!(text_of.contains("former={\"lab\":{\"\":{\"resources\":\"size\"},\"size\":{\"tiny\":\"small\"}}}"), "{text_of}");
    numbered.hubs[0].menu[0].options[0].renamed_from.clear();
    numbered.hubs[0].menu[0].options[0].choices[0].renamed_from.clear();
    numbered.hubs[0].saved_choices = false;
    assert_eq!(configuration(&numbered), None);
}

#[test]
fn a_choice_is_written_so_that_the_hub_makes_of_it_what_is_meant() {
    let volume = |kind: &str| map(&[("name", words("scratch")), (kind, map(&[]))]);
    let toleration = |key: &str| list(&[map(&[("key", words(key)), ("operator", words("Exists"))])]);
    let mut entry = profile("Lab");
    entry.settings.gpu = Some(gpu());
    entry.settings.overrides = with("volumes", list(&[volume("emptyDir")])).overrides;
    entry.settings.overrides.extend(with("tolerations", toleration("team")).overrides);
    let mut large = with("volumes", list(&[volume("ephemeral")]));
    large.overrides.extend(with("tolerations", toleration("card")).overrides);
    large.gpu = Some(Located::new(crate::ir::Gpu { count: 1, resource: "amd.com/gpu".to_owned() }, at(4)));
    entry.options = vec![option("size", vec![choice("large", large)])];
    let mut program = program(vec![entry]);
    program.hubs[0].defaults = with("tolerations", toleration("campus"));
    let values = values(program);
    let entry = &values["singleuser"]["profileList"][0];
    let set = &entry["profile_options"]["size"]["choices"]["large"]["kubespawner_override"];
    assert_eq!(set["volumes"]["scratch"]["emptyDir"], Value::Null);
    assert!(set["volumes"]["scratch"].get("emptyDir").is_some() && set["volumes"]["scratch"]["ephemeral"].is_mapping());
    assert_eq!(set["extra_resource_limits"]["nvidia.com/gpu"], Value::Null);
    let keys = |set: &Value| {
        set["tolerations"].as_sequence().unwrap().iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let chart = ["hub.jupyter.org/dedicated", "hub.jupyter.org_dedicated"];
    assert_eq!(keys(&entry["kubespawner_override"]), [&chart[..], &["campus", "team"]].concat());
    assert_eq!(keys(set), [&chart[..], &["campus", "team", "card"]].concat());
}
