//! Names in braces that look like a placeholder and are none.

use super::sites::Site;
use crate::base::nearest;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Effect, Expansion, KUBESPAWNER_NAMES, Located, OverrideValue, find_trait};

/// The texts of a site's traits.
pub(super) fn placeholders(site: &Site<'_>, findings: &mut Findings) {
    for one in &site.traits {
        match find_trait(&one.name.value) {
            Some(known) if known.expansion != Expansion::No => texts(&one.value, known.expansion, site.unlisted, findings),
            Some(known) if known.effect == Effect::Spawn => unfilled(known.name, &one.value, findings),
            _ => {}
        }
    }
}

/// Names that `KubeSpawner` fills in elsewhere, in a trait that it takes as it is.
fn unfilled(name: &str, value: &Located<OverrideValue>, findings: &mut Findings) {
    match &value.value {
        OverrideValue::Text(text) => {
            let Some(known) = names(text).find(|name| KUBESPAWNER_NAMES.contains(name)) else { return };
            findings.push(
                Diagnostic::new(&known::UNKNOWN_PLACEHOLDER, value.place, format!("nothing fills in `{{{known}}}` in `{name}`"))
                    .here("reaches the server as it is written")
                    .help(if name == "working_dir" {
                        "set it for the whole hub, where it is filled in: `hub.config.KubeSpawner.working_dir` in the chart's values"
                    } else {
                        "write what it is to be"
                    }),
            );
        }
        OverrideValue::List(items) => items.iter().for_each(|item| unfilled(name, item, findings)),
        OverrideValue::Map(fields) => fields.iter().for_each(|(_, item)| unfilled(name, item, findings)),
        _ => {}
    }
}

/// The texts of a value.
fn texts(value: &Located<OverrideValue>, expansion: Expansion, unlisted: bool, findings: &mut Findings) {
    match &value.value {
        OverrideValue::Text(text) => {
            for name in names(text) {
                let known = expansion.names().iter().copied().chain(unlisted.then_some("value"));
                if known.clone().any(|known| known == name) {
                    continue;
                }
                if let Some(near) = nearest(name, known) {
                    findings.push(
                        Diagnostic::new(&known::UNKNOWN_PLACEHOLDER, value.place, format!("nothing fills in `{{{name}}}`"))
                            .here("reaches the server as it is written")
                            .help(format!("did you mean `{{{near}}}`?")),
                    );
                }
            }
        }
        OverrideValue::List(items) => items.iter().for_each(|item| texts(item, expansion, unlisted, findings)),
        OverrideValue::Map(fields) => fields.iter().for_each(|(_, item)| texts(item, expansion, unlisted, findings)),
        _ => {}
    }
}

/// The names in single braces.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).filter(|name| {
        let letter = |c: char| c.is_ascii_lowercase() || c == '_';
        !name.is_empty() && name.chars().all(letter)
    })
}
