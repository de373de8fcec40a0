//! Lists that an entry sets replace what the chart has put there: the home volume, the guard before the cloud's metadata.

use super::sites::{Site, find};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Chart, Hub, OverrideValue, objects};

/// The container with which the chart shuts off the cloud's metadata (`singleuser.cloudMetadata.blockWithIptables`).
const GUARD: &str = "block-cloud-metadata";

/// What the chart has in a trait, where a value of an entry replaces it rather than joining it. Tolerations and the preference of
/// nodes are not here: the chart's are written again beside the entry's.
fn lost(hub: &Hub, name: &str, value: &OverrideValue, chart: Chart) -> Option<&'static str> {
    let guarded = || objects(value).any(|item| item.value.get("name").and_then(|name| name.value.as_text()) == Some(GUARD));
    match (name, value) {
        (_, OverrideValue::Null) => None,
        ("volumes" | "volume_mounts", _) if !chart.merges_volumes() => Some("the home folder of the person"),
        ("init_containers", _) if !guarded() && hub.block_metadata != Some(false) => {
            Some("`block-cloud-metadata`, which keeps people from the cloud's credentials")
        }
        _ => None,
    }
}

/// Fields of the pod and its container that `KubeSpawner` has filled already when it puts these two in, each with the trait that
/// adds to it: what is said here takes the place of everything (`update_k8s_model` of 7.1.0).
const FILLED: [(&str, &str, &str); 9] = [
    ("extra_container_config", "volumeMounts", "volume_mounts"),
    ("extra_container_config", "env", "environment"),
    ("extra_container_config", "resources", "extra_resource_limits"),
    ("extra_container_config", "args", "args"),
    ("extra_pod_config", "volumes", "volumes"),
    ("extra_pod_config", "tolerations", "tolerations"),
    ("extra_pod_config", "containers", "extra_containers"),
    ("extra_pod_config", "initContainers", "init_containers"),
    ("extra_pod_config", "affinity", "node_affinity_preferred"),
];

/// Fields that have a trait of their own, and replace what it has.
pub(super) fn filled(site: &Site<'_>, findings: &mut Findings) {
    for one in &site.settings.overrides {
        let OverrideValue::Map(fields) = &one.value.value else { continue };
        for (key, _) in fields.iter().filter(|(_, value)| value.value != OverrideValue::Null) {
            let bare = |name: &str| name.replace('_', "").to_lowercase();
            let known = FILLED.iter().find(|(name, field, _)| *name == one.name.value && bare(field) == bare(&key.value));
            let Some((name, field, instead)) = known else { continue };
            findings.push(
                Diagnostic::new(
                    &known::CHART_LIST_REPLACED,
                    key.place,
                    format!("`{field}` in `{name}` takes the place of all that KubeSpawner has put there"),
                )
                .here("what the chart sets is lost")
                .help(format!("say it as the trait `{instead}` of the `override`, which is added to what is there")),
            );
        }
    }
}

/// The lists that a site replaces.
pub(super) fn lists(hub: &Hub, site: &Site<'_>, findings: &mut Findings) {
    let chart = hub.chart.value;
    for one in &site.settings.overrides {
        let Some(joined) = find(&site.joined, &one.name.value) else { continue };
        if let Some(what) = lost(hub, &one.name.value, &joined.value.value, chart) {
            findings.push(
                Diagnostic::new(
                    &known::CHART_LIST_REPLACED,
                    one.name.place,
                    format!("`{}` in {} replaces what the chart sets", one.name.value, site.what),
                )
                .here(format!("chart {chart} puts {what} there"))
                .help(if one.name.value == "init_containers" {
                    "repeat it (`jenvc explain J0822` shows it), or say `block_metadata = false` in the hub where the chart does not set it"
                } else {
                    "repeat what the chart sets, or say `allow chart-list-replaced because \"…\"`"
                }),
            );
        }
    }
}
