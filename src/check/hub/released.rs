//! Public names that were on the menu and are gone: people have saved them, and links hold them.

use crate::base::or_nearest;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, OptionKind, Profile, ReleasedEntry, is_earlier, ordered_keys};

/// What the committed menu offers and this one does not.
pub(super) fn vanished(hub: &Hub, findings: &mut Findings) {
    let Some(released) = &hub.released else { return };
    for old in &released.entries {
        let now =
            hub.menu.iter().find(|profile| profile.slug.text == old.slug || profile.renamed_from.iter().any(|name| name.value == old.slug));
        match now {
            Some(profile) => choices(hub, profile, old, &released.path, findings),
            None if hub.retired.iter().any(|name| name.value == old.slug) => {}
            None => findings.push(
                Diagnostic::new(
                    &known::VANISHED_ENTRY,
                    hub.origin,
                    format!("the entry `{}` is gone from the menu of `{}`", old.slug, hub.name),
                )
                .here(format!("`{}` offers it: people who saved it, or a link to it, get an error", released.path))
                .maybe_help(or_nearest(&old.slug, hub.menu.iter().map(|profile| profile.slug.text.as_str())))
                .help(format!(
                    "say `renamed_from = \"{}\"` in the profile that takes its place, or `retired = [\"{}\"]` in the hub",
                    old.slug, old.slug
                )),
            ),
        }
    }
}

/// What an entry offered and does not any more.
fn choices(hub: &Hub, profile: &Profile, old: &ReleasedEntry, path: &str, findings: &mut Findings) {
    let keys: Vec<&str> = profile.options.iter().map(|option| option.key.value.as_str()).collect();
    let keys = ordered_keys(&keys);
    for old_option in &old.options {
        let gone = |what: String, place| {
            Diagnostic::new(&known::VANISHED_ENTRY, place, format!("{what} is gone from the entry `{}`", profile.slug.text))
                .here(format!("`{path}` offers it: people who saved it get an error"))
        };
        let now = keys.iter().zip(&profile.options).find(|(key, _)| **key == old_option.key);
        let Some((_, option)) = now else {
            // A saved option that is not there any more is never asked for.
            continue;
        };
        let now: Vec<&str> = option.choices.iter().map(|choice| choice.key.value.as_str()).collect();
        let now = ordered_keys(&now);
        for key in old_option.choices.iter().filter(|key| !now.contains(key)) {
            let bare = key.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start_matches('-');
            let renamed = option
                .choices
                .iter()
                .any(|choice| choice.key.value == bare || choice.renamed_from.iter().any(|name| name.value == *key || name.value == bare));
            // Earlier releases go by design, and the hub's configuration finds today's in their place.
            let went_by = profile.keep.is_some() && is_earlier(bare);
            let name = format!("{}/{bare}", profile.slug.text);
            if !went_by && !renamed && !hub.retired.iter().any(|retired| retired.value == name) {
                let help = match option.kind {
                    _ if is_earlier(bare) => format!("say `keep` in the profile again, or `retired = [\"{name}\"]` in the hub"),
                    OptionKind::Written => {
                        format!(
                            "say `renamed_from = \"{bare}\"` in the choice that takes its place, or `retired = [\"{name}\"]` in the hub"
                        )
                    }
                    OptionKind::Axes(_) | OptionKind::Unlisted | OptionKind::Releases => {
                        format!("say `retired = [\"{name}\"]` in the hub, if it is meant to be gone")
                    }
                };
                findings.push(gone(format!("the choice `{key}`"), option.origin).help(help));
            }
        }
    }
}
