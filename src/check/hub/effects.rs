//! Overrides that do nothing: names that `KubeSpawner` does not have, or not yet, and traits that it reads before an entry is chosen.

use super::sites::Site;
use crate::base::{nearest, or_nearest};
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::ir::{Effect, Hub, KUBESPAWNER_VERSION, Override, TRAITS, Trait, find_trait, renamed_trait};

/// Words of the chart's values, and of habit, with the trait that is meant.
const HABITS: [(&str, &str); 12] = [
    ("memory_limit", "mem_limit"),
    ("memory_guarantee", "mem_guarantee"),
    ("memory", "mem_limit"),
    ("cpu", "cpu_limit"),
    ("env", "environment"),
    ("extra_env", "environment"),
    ("nodeselector", "node_selector"),
    ("service_account_name", "service_account"),
    ("storage_class_name", "storage_class"),
    ("extra_volumes", "volumes"),
    ("extra_volume_mounts", "volume_mounts"),
    ("extra_tolerations", "tolerations"),
];

/// The traits that a site sets by name.
pub(super) fn traits(hub: &Hub, site: &Site<'_>, findings: &mut Findings) {
    for one in &site.settings.overrides {
        let name = one.name.value.as_str();
        match (find_trait(name), renamed_trait(name)) {
            (Some(known), _) => effect(hub, one, known, findings),
            (None, Some(now)) => findings.push(
                Diagnostic::new(&known::DEPRECATED_TRAIT, one.name.place, format!("`{name}` is an old name of the trait `{now}`"))
                    .here("works today, with a warning in the hub's log")
                    .replace(format!("write `{now}`"), true, one.name.place, now),
            ),
            (None, None) => findings.push(unknown(one)),
        }
    }
}

/// A name that is no trait's: `KubeSpawner` sets it as an attribute that nothing reads.
fn unknown(one: &Override) -> Diagnostic {
    let name = one.name.value.as_str();
    let all = || TRAITS.iter().filter(|known| known.effect == Effect::Spawn).map(|known| known.name);
    let habit = meant(name);
    let finding = Diagnostic::new(&known::UNKNOWN_TRAIT, one.name.place, format!("KubeSpawner has no trait `{name}`"))
        .here(format!("ignored without a word by KubeSpawner {KUBESPAWNER_VERSION}"));
    match habit.or_else(|| nearest(name, all())) {
        Some(near) => finding.replace(format!("did you mean `{near}`?"), false, one.name.place, near),
        None => finding.maybe_help(or_nearest(name, all())),
    }
}

/// The trait that a word of the chart's values, of Kubernetes or of habit stands for: `mem_limit` of `memoryLimit`.
#[must_use]
pub fn meant(name: &str) -> Option<&'static str> {
    let snake = snake_case(name);
    let bare = |word: &str| word.replace('_', "");
    let habit = HABITS.iter().find(|(word, _)| *word == snake || bare(word) == bare(&snake)).map(|(_, meant)| *meant);
    habit.or_else(|| TRAITS.iter().map(|known| known.name).find(|known| *known == snake && snake != name))
}

/// `lifecycle_hooks` of `lifecycleHooks`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(if letter == '-' { '_' } else { letter.to_ascii_lowercase() });
    }
    snake
}

/// Whether a known trait can be set from a menu of this hub.
fn effect(hub: &Hub, one: &Override, known: &Trait, findings: &mut Findings) {
    let (name, place) = (known.name, one.name.place);
    if !known.since.in_chart(hub.chart.value) {
        findings.push(
            Diagnostic::new(
                &known::TRAIT_NOT_IN_CHART,
                place,
                format!("the KubeSpawner of chart {} has no trait `{name}` yet", hub.chart.value),
            )
            .here(format!("came with KubeSpawner {}", known.since.version()))
            .also(hub.chart.place, "the chart that this hub runs")
            .help("drop it, or name a newer chart once the hub runs one"),
        );
    }
    let finding = |message: String| Diagnostic::new(&known::TRAIT_WITHOUT_EFFECT, place, message);
    match known.effect {
        Effect::Spawn => {}
        Effect::Creation => findings.push(
            finding(format!("an entry of a menu can't set `{name}`"))
                .here("read when the spawner is made, before an entry is chosen")
                .help(format!("set it for the whole hub: `hub.config.KubeSpawner.{name}` in the chart's values")),
        ),
        Effect::Never => findings.push(
            finding(format!("an entry of a menu can't set `{name}`"))
                .here("a Python function, which YAML can't say")
                .help("set it for the whole hub: `hub.extraConfig` in the chart's values"),
        ),
        Effect::FirstVolume => {
            let mut finding = finding(format!("`{name}` matters only until a person's volume has been made"))
                .here("without effect for everybody who has one already")
                .help("set it for the whole hub: `singleuser.storage` in the chart's values");
            finding.severity = Severity::Warning;
            findings.push(finding);
        }
    }
}
