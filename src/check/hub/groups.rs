//! Groups: `KubeSpawner` shows every entry to everybody; a filter of the hub's own may hide some.

use std::collections::BTreeSet;

use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::Hub;

/// Groups on the menu of a hub that does not filter, each place once: `reported` is shared by all hubs.
pub(super) fn filtered(hub: &Hub, reported: &mut BTreeSet<Place>, findings: &mut Findings) {
    if hub.filters_groups.any() {
        return;
    }
    for profile in &hub.menu {
        let choices = profile.options.iter().flat_map(|option| {
            let free = option.unlisted.iter().map(|free| &free.groups);
            option.choices.iter().map(|choice| &choice.groups).chain(free)
        });
        for group in std::iter::once(&profile.groups).chain(choices).filter_map(|groups| groups.first()) {
            if !reported.insert(group.place) {
                continue;
            }
            findings.push(
                Diagnostic::new(
                    &known::GROUPS_NOT_FILTERED,
                    group.place,
                    format!("everybody sees `{}`: the hub `{}` does not filter by group", profile.definition, hub.name),
                )
                .here("written as `allowed_groups`, which KubeSpawner itself does not read")
                .also(hub.origin, "this hub")
                .help(
                    "say `filters_groups = true` where the hub's configuration filters the list, or `lowercase` where it does so as 2i2c's",
                ),
            );
        }
    }
}
