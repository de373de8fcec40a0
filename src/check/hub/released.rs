//! Public names that were on the menu and are gone: people have saved them, and links hold them.

use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, Located, OptionKind, Profile, ReleasedEntry, is_earlier, without_number};

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
    let mut gone = |what: &str, key: &str, name: String, help: Option<String>, place: Place| {
        let mut entries = std::iter::once(profile.slug.text.as_str()).chain(profile.renamed_from.iter().map(|name| name.value.as_str()));
        let names = [key, without_number(key)];
        let is_retired = entries.any(|entry| {
            let it_is = |retired: &str| {
                retired.strip_prefix(entry).and_then(|rest| rest.strip_prefix('/')).is_some_and(|rest| names.contains(&rest))
            };
            hub.retired.iter().any(|retired| it_is(&retired.value))
        });
        if !is_retired {
            let retire = format!("`retired = [\"{}/{name}\"]` in the hub", profile.slug.text);
            findings.push(
                Diagnostic::new(
                    &known::VANISHED_ENTRY,
                    place,
                    format!("the {what} `{name}` is gone from the entry `{}`", profile.slug.text),
                )
                .here(format!("`{path}` offers it: people who saved it get the default"))
                .help(help.map_or_else(|| format!("say {retire}, if it is meant to be gone"), |help| format!("say {help}, or {retire}"))),
            );
        }
    };
    for old_option in &old.options {
        let choices: Vec<&String> = old_option.choices.iter().filter(|key| !is_earlier(without_number(key))).collect();
        let Some(option) = profile.options.iter().find(|option| is_it(&old_option.key, &option.key, &option.renamed_from)) else {
            if choices.len() > 1 {
                let name = name(&old_option.key, old.options.iter().map(|option| &option.key));
                let help = (!profile.options.is_empty()).then(|| format!("`renamed_from = \"{name}\"` in the option that takes its place"));
                gone("option", &old_option.key, name, help, profile.origin);
            }
            continue;
        };
        for key in &old_option.choices {
            let there = option.choices.iter().any(|choice| is_it(key, &choice.key, &choice.renamed_from));
            let earlier = is_earlier(without_number(key));
            // Earlier releases go by design, and the hub's configuration finds today's in their place.
            if there || (earlier && profile.keep.is_some()) {
                continue;
            }
            let name = name(key, old_option.choices.iter());
            let help = match option.kind {
                _ if earlier => Some("`keep` in the profile again".to_owned()),
                OptionKind::Written => Some(format!("`renamed_from = \"{name}\"` in the choice that takes its place")),
                OptionKind::Axes(_) | OptionKind::Unlisted | OptionKind::Releases => None,
            };
            gone("choice", key, name, help, option.origin);
        }
    }
}

/// Whether a key of an artifact is that of an option or a choice, today's or a former one.
fn is_it(key: &str, today: &Located<String>, former: &[Located<String>]) -> bool {
    std::iter::once(today).chain(former).any(|name| name.value == key || name.value == without_number(key))
}

/// What a key of an artifact is called in the program: without its number, where all keys beside it have theirs.
fn name<'a>(key: &str, all: impl Iterator<Item = &'a String>) -> String {
    let numbered =
        all.enumerate().all(|(at, key)| key.split_once('-').is_some_and(|(number, _)| number.len() > 1 && number.parse() == Ok(at + 1)));
    if numbered { without_number(key) } else { key }.to_owned()
}
