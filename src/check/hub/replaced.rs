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
