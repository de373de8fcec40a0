//! Each mistake of a menu gives its finding, and the right spelling none.

use super::rules;
use crate::base::Place;
use crate::diagnostics::{Code, Findings, Severity, known};
use crate::ir::fixture::{
    at, choice, gpu, image_choice, list, map, option, output, profile, program, sized, text, unlisted, value, with, words,
};
use crate::ir::{
    Bounds, CellId, Chart, FormKind, GroupFilter, Located, Memory, MenuImage, OverrideValue, Profile, Program, ReleasedEntry, ReleasedMenu,
    ReleasedOption, Settings,
};

/// The codes and severities that a program gives.
fn found(program: &Program) -> Vec<(&'static str, Severity)> {
    let mut findings = Findings::default();
    rules(program, &mut findings);
    findings.sorted().iter().map(|finding| (finding.code.name, finding.severity)).collect()
}

/// Exactly one finding, of this code.
fn assert_one(program: &Program, code: &'static Code) {
    assert_eq!(found(program), [(code.name, code.severity)]);
}

fn lab() -> Profile {
    profile("Lab")
}

/// A menu of one entry that overrides one trait.
fn overriding(name: &str, value: Located<OverrideValue>) -> Program {
    let mut entry = lab();
    entry.settings = with(name, value);
    program(vec![entry])
}

fn int(number: i64) -> Located<OverrideValue> {
    value(OverrideValue::Int(number))
}

#[test]
fn a_good_menu_has_no_findings() {
    let mut entry = lab();
    entry.settings = sized(1, 2);
    entry.settings.gpu = Some(gpu());
    entry.options = vec![option("size", vec![choice("large", sized(4, 8))])];
    assert_eq!(found(&program(vec![entry, profile("Other")])), []);
}

#[test]
fn unknown_traits_are_told_with_the_nearest() {
    for (name, near) in [
        ("cpuLimit", "cpu_limit"),
        ("memory_limit", "mem_limit"),
        ("lifecycleHooks", "lifecycle_hooks"),
        ("nodeSelector", "node_selector"),
        ("enviroment", "environment"),
    ] {
        let mut findings = Findings::default();
        rules(&overriding(name, int(1)), &mut findings);
        let finding = findings.sorted().remove(0);
        assert_eq!(finding.code, &known::UNKNOWN_TRAIT);
        assert_eq!(finding.fixes.first().map(|fix| fix.edits[0].text.as_str()), Some(near), "{name}");
    }
    assert_one(&overriding("imagee", words("a")), &known::UNKNOWN_TRAIT);
    assert_one(&overriding("singleuser_uid", int(1)), &known::DEPRECATED_TRAIT);
    assert_one(&overriding("profile_list", list(&[])), &known::TRAIT_WITHOUT_EFFECT);
    assert_one(&overriding("pvc_name_template", words("a")), &known::TRAIT_WITHOUT_EFFECT);
    assert_one(&overriding("pre_spawn_hook", words("a")), &known::TRAIT_WITHOUT_EFFECT);
    assert_eq!(found(&overriding("storage_capacity", words("10Gi"))), [(known::TRAIT_WITHOUT_EFFECT.name, Severity::Warning)]);
    assert_one(&overriding("slow_spawn_message", words("a")), &known::TRAIT_NOT_IN_CHART);
}

#[test]
fn types_are_those_that_kubespawner_takes() {
    let number = |text: &str| value(OverrideValue::Decimal(text.to_owned()));
    for (name, wrong) in [
        ("cpu_guarantee", words("2")),
        ("cpu_guarantee", words("500m")),
        ("mem_guarantee", words("4Gi")),
        ("mem_guarantee", words("1024")),
        ("mem_guarantee", number("1.5")),
        ("mem_guarantee", int(-1)),
        ("uid", words("1000")),
        ("start_timeout", words("60")),
        ("privileged", words("true")),
        ("environment", list(&[])),
        ("environment", map(&[("A", int(1))])),
        ("node_selector", map(&[("a", value(OverrideValue::Bool(true)))])),
        ("cmd", list(&[int(1)])),
        ("default_url", value(OverrideValue::Null)),
        ("tolerations", words("a")),
        ("extra_resource_limits", map(&[("nvidia.com/gpu", int(1))])),
    ] {
        assert_eq!(found(&overriding(name, wrong)), [(known::WRONG_TRAIT_TYPE.name, Severity::Error)], "{name}");
    }
    for (name, right) in [
        ("cpu_guarantee", number("0.5")),
        ("cpu_guarantee", int(1)),
        ("mem_guarantee", words("1.5G")),
        ("mem_guarantee", int(1 << 30)),
        ("mem_limit", value(OverrideValue::Null)),
        ("cmd", words("start.sh")),
        ("environment", map(&[("A", words("x")), ("B", value(OverrideValue::Null)), ("C", map(&[]))])),
        ("supplemental_gids", list(&[int(1)])),
        ("tolerations", map(&[("a", map(&[("operator", words("Exists"))]))])),
    ] {
        assert_eq!(found(&overriding(name, right)), [], "{name}");
    }
    let mut secrets = overriding("image_pull_secrets", list(&[words("a"), map(&[("name", words("b"))])]));
    assert_eq!(found(&secrets), [(known::SECRET_OF_NO_PULLER.name, Severity::Warning); 2]);
    secrets.hubs[0].pull_secrets = vec![text("a"), text("b")];
    assert_eq!(found(&secrets), []);
    secrets.hubs[0].pull_secrets.clear();
    secrets.hubs[0].puller = Some(false);
    assert_eq!(found(&secrets), []);
    let mut old = overriding("tolerations", map(&[("a", map(&[("operator", words("Exists"))]))]));
    old.hubs[0].chart.value = Chart { major: 3, minor: 3 };
    assert_one(&old, &known::WRONG_TRAIT_TYPE);
}

#[test]
fn nothing_is_set_twice() {
    let mut both = lab();
    both.settings = Settings { overrides: with("mem_limit", words("9G")).overrides, ..sized(1, 2) };
    assert_one(&program(vec![both]), &known::TRAIT_SET_TWICE);
    assert_one(&overriding("image", words("a")), &known::TRAIT_SET_TWICE);
    let options = |right: Settings| {
        let mut entry = lab();
        entry.options = vec![option("a", vec![choice("x", sized(1, 2))]), option("b", vec![choice("y", right)])];
        program(vec![entry])
    };
    assert_one(&options(sized(2, 2)), &known::TRAIT_SET_TWICE);
    assert_eq!(found(&options(with("environment", map(&[("A", words("1"))])))), []);
    let mut env = lab();
    env.settings.env = vec![(text("A"), text("1"))];
    env.settings.overrides = with("environment", map(&[("A", words("1"))])).overrides;
    assert_one(&program(vec![env]), &known::TRAIT_SET_TWICE);
}

#[test]
fn guarantees_stay_below_limits() {
    assert_one(&overriding("mem_limit", words("512M")), &known::GUARANTEE_OVER_LIMIT);
    let mut entry = lab();
    entry.settings.memory = Some(Located::new(Bounds { guarantee: Some(Memory(2 << 30)), limit: Some(Memory(1 << 30)) }, at(1)));
    assert_one(&program(vec![entry]), &known::GUARANTEE_OVER_LIMIT);
    let mut split = lab();
    split.options = vec![
        option("a", vec![choice("x", with("mem_guarantee", words("8G")))]),
        option("b", vec![choice("y", with("mem_limit", words("4G"))), choice("z", with("mem_limit", words("16G")))]),
    ];
    assert_one(&program(vec![split]), &known::GUARANTEE_OVER_LIMIT);
    let mut replaced = lab();
    replaced.settings = with("mem_guarantee", words("8G"));
    replaced.options = vec![option("a", vec![choice("x", sized(1, 2))])];
    assert_eq!(found(&program(vec![replaced])), []);
}

#[test]
fn slugs_and_defaults_are_single() {
    assert_one(&program(vec![lab(), profile("LAB!")]), &known::DUPLICATE_SLUG);
    let mut written = lab();
    written.slug.text = "a--b".to_owned();
    written.slug.written = Some(at(1));
    assert_one(&program(vec![written]), &known::MALFORMED_SLUG);
    assert_one(&program(vec![profile("***")]), &known::MALFORMED_SLUG);
    let mut none = program(vec![lab(), profile("Other")]);
    none.hubs[0].menu[0].default = None;
    assert_eq!(found(&none), [], "the first entry is the default");
    assert_eq!(found(&program(Vec::new())), [(known::EMPTY_MENU.name, Severity::Warning)]);
    none.hubs[0].menu.iter_mut().for_each(|entry| entry.default = Some(entry.origin));
    assert_one(&none, &known::SEVERAL_DEFAULTS);
    let mut entry = lab();
    let mut choices = vec![choice("a", sized(1, 2)), choice("b", sized(2, 2))];
    for choice in &mut choices {
        choice.default = Some(choice.key.place);
    }
    entry.options = vec![option("size", choices)];
    assert_one(&program(vec![entry]), &known::SEVERAL_DEFAULTS);
}

#[test]
fn keys_fit_page_and_puller() {
    let keyed = |option_key: &str, choice_key: &str| {
        let mut entry = lab();
        entry.options = vec![option(option_key, vec![choice(choice_key, sized(1, 2))])];
        program(vec![entry])
    };
    for (option_key, choice_key) in [("profile", "a"), ("a", "unlisted-choice"), ("a--b", "c"), ("a", ""), ("a b", "c"), ("a", "\"")] {
        assert_one(&keyed(option_key, choice_key), &known::RESERVED_KEY);
    }
    let mut twice = keyed("size", "a");
    twice.hubs[0].menu[0].options[0].choices.push(choice("a", sized(2, 2)));
    assert_one(&twice, &known::DUPLICATE_KEY);
    let pulled = |option_key: &str, choice_key: &str| {
        let mut entry = lab();
        entry.image = None;
        entry.options = vec![option(option_key, vec![image_choice(choice_key, MenuImage::Cell(CellId(0)))])];
        program(vec![entry])
    };
    assert_one(&pulled("image", "py_3.12"), &known::PULLER_NAME);
    assert_one(&pulled("image", &"a".repeat(30)), &known::PULLER_NAME);
    assert_eq!(found(&pulled("image", &"a".repeat(29))), []);
    assert_eq!(found(&keyed("size", "py_3.12")), []);
    let mut clash = lab();
    clash.image = None;
    let (mut first, mut second) = (
        option("a", vec![image_choice("b-c", MenuImage::Cell(CellId(0)))]),
        option("a-b", vec![image_choice("c", MenuImage::Cell(CellId(1)))]),
    );
    first.origin = at(1);
    second.origin = at(2);
    clash.options = vec![first, second];
    assert!(found(&program(vec![clash])).contains(&(known::PULLER_NAME.name, Severity::Error)));
}

#[test]
fn free_texts_are_bound() {
    let free = |change: &dyn Fn(&mut crate::ir::MenuOption)| {
        let mut entry = lab();
        entry.image = None;
        let mut drop_down = option("image", vec![image_choice("a", MenuImage::Cell(CellId(0)))]);
        drop_down.unlisted = Some(unlisted("quay\\.io/.+"));
        change(&mut drop_down);
        entry.options = vec![drop_down];
        program(vec![entry])
    };
    let with_free = |change: &dyn Fn(&mut crate::ir::Unlisted)| free(&|option| option.unlisted.iter_mut().for_each(change));
    assert_eq!(found(&with_free(&|_| ())), []);
    assert_one(&with_free(&|free| free.pattern = None), &known::OPEN_CHOICE);
    assert_one(&with_free(&|free| free.pattern = Some(text("[a-z-]"))), &known::UNREADABLE_PATTERN);
    assert_one(&with_free(&|free| free.pattern = Some(text("a\"b"))), &known::UNREADABLE_PATTERN);
    assert_one(&with_free(&|free| free.pattern = Some(text("quay.io/.+"))), &known::LOOSE_PATTERN);
    assert_one(&with_free(&|free| free.image = false), &known::UNUSED_TEXT);
    assert_eq!(found(&free(&|option| option.choices.clear())), [(known::EMPTY_OPTION.name, Severity::Warning)]);
    let mut empty = lab();
    empty.options = vec![option("size", Vec::new())];
    assert_one(&program(vec![empty]), &known::EMPTY_OPTION);
    let mut fancy = with_free(&|free| free.pattern = Some(text("a\"b")));
    fancy.hubs[0].form = FormKind::Fancy;
    assert_eq!(found(&fancy), []);
}

#[test]
fn objects_are_those_of_kubernetes() {
    for (name, wrong) in [
        ("tolerations", list(&[map(&[("key", words("a")), ("effect", words("NoScheduling"))])])),
        ("tolerations", list(&[map(&[("key", words("a")), ("operator", words("exists"))])])),
        ("tolerations", list(&[map(&[("key", words("a")), ("operator", words("Exists")), ("value", words("b"))])])),
        ("image_pull_policy", words("always")),
        ("environment", map(&[("A=B", words("x"))])),
        ("extra_labels", map(&[("a", words("no spaces"))])),
        ("volumes", list(&[map(&[("name", words("a"))]), map(&[("name", words("a")), ("emptyDir", map(&[]))])])),
        ("volumes", list(&[map(&[("emptyDir", map(&[]))])])),
        ("volume_mounts", list(&[map(&[("name", words("{x}"))])])),
        ("volumes", list(&[map(&[("name", words("Shared_data"))])])),
        ("volumes", list(&[map(&[("name", words("a")), ("emptyDir", map(&[])), ("hostPath", map(&[("path", words("/x"))]))])])),
        ("volumes", list(&[map(&[("name", words("a")), ("emptyDir", map(&[("sizeLimit", words("4GB"))]))])])),
        ("node_selector", map(&[("example.org/pool", words("big nodes"))])),
        ("node_selector", map(&[("a/b/c", words("x"))])),
        ("extra_resource_limits", map(&[("nvidia.com/gpu", words("one"))])),
        ("extra_resource_limits", map(&[("nvidia.com/gpu", words("0.5"))])),
        ("extra_pod_config", map(&[("nodeSelector", map(&[("a", words("b c"))]))])),
        (
            "extra_containers",
            list(&[map(&[("name", words("a")), ("image", words("b"))]), map(&[("name", words("a")), ("image", words("b"))])]),
        ),
    ] {
        assert_eq!(found(&overriding(name, wrong)), [(known::REFUSED_BY_KUBERNETES.name, Severity::Error)], "{name}");
    }
    for (name, wrong, code) in [
        ("lifecycle_hooks", map(&[("postStart", map(&[("exex", map(&[]))]))]), &known::UNKNOWN_KUBERNETES_KEY),
        ("lifecycle_hooks", map(&[("postStar", map(&[]))]), &known::UNKNOWN_KUBERNETES_KEY),
        ("environment", map(&[("A", map(&[("valueFrm", map(&[]))]))]), &known::UNKNOWN_KUBERNETES_KEY),
        ("container_security_context", map(&[("run_as_user", int(0))]), &known::UNKNOWN_KUBERNETES_KEY),
        ("extra_pod_config", map(&[("hostNetwork", words("yes"))]), &known::WRONG_KUBERNETES_TYPE),
        ("tolerations", list(&[map(&[("key", words("a")), ("value", int(1))])]), &known::WRONG_KUBERNETES_TYPE),
        (
            "init_containers",
            list(&[map(&[("name", words("block-cloud-metadata")), ("image", words("a")), ("command", words("x"))])]),
            &known::WRONG_KUBERNETES_TYPE,
        ),
    ] {
        assert_one(&overriding(name, wrong), code);
    }
    // KubeSpawner takes the outermost names in snake case as well.
    assert_eq!(found(&overriding("lifecycle_hooks", map(&[("post_start", map(&[("exec", map(&[]))]))]))), []);
    let mount = list(&[map(&[("name", words("data")), ("mountPath", words("/data"))])]);
    assert_eq!(found(&overriding("volume_mounts", mount.clone())), [(known::REFUSED_BY_KUBERNETES.name, Severity::Warning)]);
    let mut both = overriding("volume_mounts", mount);
    both.hubs[0].menu[0].settings.overrides.extend(with("volumes", list(&[map(&[("name", words("data"))])])).overrides);
    assert_eq!(found(&both), []);
    both.hubs[0].chart.value = Chart { major: 4, minor: 2 };
    assert_eq!(found(&both), [(known::CHART_LIST_REPLACED.name, Severity::Warning); 2]);
    assert_one(&overriding("init_containers", list(&[])), &known::CHART_LIST_REPLACED);
    assert_one(&overriding("default_url", words("lab")), &known::URL_WITHOUT_SLASH);
    let gpu = |count: &str| map(&[("nvidia.com/gpu", words(count))]);
    let mut differ = overriding("extra_resource_limits", gpu("1"));
    differ.hubs[0].menu[0].settings.overrides.extend(with("extra_resource_guarantees", gpu("2")).overrides);
    assert_one(&differ, &known::REFUSED_BY_KUBERNETES);
}

#[test]
fn texts_groups_and_names_are_meant() {
    assert_one(&overriding("environment", map(&[("A", words("{usernam}"))])), &known::UNKNOWN_PLACEHOLDER);
    assert_eq!(found(&overriding("environment", map(&[("A", words("{\"json\": {username}} {x}"))]))), []);
    let mut grouped = lab();
    grouped.groups = vec![text("ml")];
    let mut grouped = program(vec![grouped]);
    assert_one(&grouped, &known::GROUPS_NOT_FILTERED);
    grouped.hubs[0].filters_groups = GroupFilter::Exact;
    assert_eq!(found(&grouped), []);
    let mut blank = lab();
    blank.title = text(" ");
    assert_one(&program(vec![blank]), &known::UNREADABLE_TITLE);
    let mut named = program(vec![lab()]);
    named.outputs.configmaps[0].name = Some("jhub_profiles".to_owned());
    assert_one(&named, &known::OBJECT_NAME);
    let mut release = program(vec![lab()]);
    release.outputs.helmreleases = std::mem::take(&mut release.outputs.configmaps);
    assert_one(&release, &known::RELEASE_WITHOUT_VALUES);
    release.outputs.configmaps = vec![output("a.yaml")];
    release.hubs[0].chart.value = Chart { major: 2, minor: 0 };
    assert_one(&release, &known::UNKNOWN_CHART);
}

#[test]
fn images_are_references_that_stay() {
    let of = |reference: &str| {
        let mut entry = lab();
        entry.image = Some(Located::new(MenuImage::Reference(reference.to_owned()), at(1)));
        program(vec![entry])
    };
    assert_one(&of("Quay/x"), &known::IMAGE_REFERENCE);
    assert_one(&of(""), &known::IMAGE_REFERENCE);
    assert_one(&of("a/b"), &known::FLOATING_MENU_IMAGE);
    assert_one(&of("a/b:latest"), &known::FLOATING_MENU_IMAGE);
    assert_eq!(found(&of("a/b:1")), []);
    let mut unused = lab();
    unused.options = vec![option("image", vec![image_choice("a", MenuImage::Cell(CellId(0)))])];
    assert_one(&program(vec![unused]), &known::UNUSED_MENU_IMAGE);
}

#[test]
fn menus_fit_and_keep_their_names() {
    let mut huge = lab();
    huge.description = Some(Located::new("x".repeat(800 << 10), Place::default()));
    assert_eq!(found(&program(vec![huge.clone()])), [(known::MENU_SIZE.name, Severity::Warning)]);
    huge.description = Some(Located::new("x".repeat(1 << 20), Place::default()));
    assert_one(&program(vec![huge]), &known::MENU_SIZE);
    let mut entry = lab();
    entry.options = vec![option("size", vec![choice("small", sized(1, 2)), choice("large", sized(2, 2))])];
    let mut program = program(vec![entry]);
    let old = |slug: &str, choice: &str| ReleasedMenu {
        retired: Vec::new(),
        path: "menu.yaml".to_owned(),
        entries: vec![ReleasedEntry {
            slug: slug.to_owned(),
            options: vec![ReleasedOption { key: "size".to_owned(), choices: vec![choice.to_owned()] }],
        }],
    };
    program.hubs[0].released = Some(old("lab", "01-small"));
    assert_eq!(found(&program), []);
    program.hubs[0].released = Some(old("lab", "tiny"));
    assert_one(&program, &known::VANISHED_ENTRY);
    program.hubs[0].menu[0].options[0].choices[0].renamed_from = vec![text("tiny")];
    assert_eq!(found(&program), []);
    program.hubs[0].released = Some(old("gone", "small"));
    assert_one(&program, &known::VANISHED_ENTRY);
    program.hubs[0].retired = vec![text("gone")];
    assert_eq!(found(&program), []);
}
