//! Lists that an entry sets replace what the chart has put there: the home volume, the guard before the cloud's metadata.

use super::sites::Site;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Chart, Hub, OverrideValue};

/// What the chart has in a trait, where a value of an entry replaces it rather than joining it. Tolerations are not here:
/// the chart's are written again beside the entry's.
fn lost(name: &str, value: &OverrideValue, chart: Chart) -> Option<&'static str> {
    match (name, value) {
        (_, OverrideValue::Null) => None,
        ("volumes" | "volume_mounts", _) if !chart.merges_volumes() => Some("the home folder of the person"),
        ("init_containers", _) => Some("`block-cloud-metadata`, which keeps people from the cloud's credentials"),
        ("node_affinity_preferred", _) => Some("the preference for nodes that are set aside for people"),
        _ => None,
    }
}

/// The lists that a site replaces.
pub(super) fn lists(hub: &Hub, site: &Site<'_>, findings: &mut Findings) {
    let chart = hub.chart.value;
    for one in &site.settings.overrides {
        if let Some(what) = lost(&one.name.value, &one.value.value, chart) {
            findings.push(
                Diagnostic::new(
                    &known::CHART_LIST_REPLACED,
                    one.name.place,
                    format!("`{}` in {} replaces what the chart sets", one.name.value, site.what),
                )
                .here(format!("chart {chart} puts {what} there"))
                .help("repeat what the chart sets, or say `allow chart-list-replaced because \"…\"`"),
            );
        }
    }
}
