//! Names in braces that look like a placeholder and are none.

use super::sites::Site;
use crate::base::nearest;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Expansion, Located, OverrideValue, find_trait};

/// The texts of a site's traits.
pub(super) fn placeholders(site: &Site<'_>, findings: &mut Findings) {
    for one in &site.traits {
        if let Some(known) = find_trait(&one.name.value).filter(|known| known.expansion != Expansion::No) {
            texts(&one.value, known.expansion, site.unlisted, findings);
        }
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
