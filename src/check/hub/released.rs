//! Public names that were on the menu and are gone: people have saved them, and links hold them.

use std::collections::BTreeSet;

use crate::base::{Place, nearest, or_nearest};
use crate::diagnostics::{Change, Diagnostic, Findings, known};
use crate::ir::{Hub, Located, OptionKind, Profile, Program, ReleasedEntry, ReleasedMenu, is_earlier, without_number};

/// What the committed menu offers and this one does not.
pub(super) fn vanished(hub: &Hub, findings: &mut Findings) {
    let Some(released) = &hub.released else { return };
    let (mut lost, mut gone) = (Vec::new(), Vec::new());
    for old in &released.entries {
        let now =
            hub.menu.iter().find(|profile| profile.slug.text == old.slug || profile.renamed_from.iter().any(|name| name.value == old.slug));
        match now {
            Some(profile) => choices(hub, profile, old, &mut lost),
            None if hub.retired.iter().any(|name| name.value == old.slug) => {}
            None => gone.push(old.slug.as_str()),
        }
    }
    for family in families(hub, released, gone) {
        findings.push(entries(hub, released, &family));
    }
    for lost in lost {
        findings.push(lost.finding(hub, &released.path));
    }
}

/// An option or a choice that is gone: of one entry, or of all that have it from the hub's `defaults`.
struct Lost<'p> {
    what: &'static str,
    name: String,
    /// What else there is to do than to retire it.
    help: Option<String>,
    place: Place,
    entries: Vec<&'p str>,
}

impl Lost<'_> {
    fn finding(&self, hub: &Hub, path: &str) -> Diagnostic {
        let Self { what, name, help, place, entries } = self;
        let of = match entries.as_slice() {
            [entry] => format!("the entry `{entry}`"),
            all => format!("{} entries of `{}`", all.len(), hub.name),
        };
        let retired: Vec<String> = entries.iter().map(|entry| format!("\"{entry}/{name}\"")).collect();
        let retire = format!("`retired = [{}]` in the hub", retired.join(", "));
        Diagnostic::new(&known::VANISHED_ENTRY, *place, format!("the {what} `{name}` is gone from {of}"))
            .here(format!("`{path}` offers it: people who saved it get {}", instead(hub)))
            .help(
                help.as_ref().map_or_else(|| format!("say {retire}, if it is meant to be gone"), |help| format!("say {help}, or {retire}")),
            )
    }
}

/// What people get whose choice is gone without a word.
fn instead(hub: &Hub) -> &'static str {
    if hub.finds_saved_choices() { "the default" } else { "an error" }
}

/// Entries that are gone together: those of the cells of one environment, by their names (`lab`, `lab-py3-12`) or by the entries that
/// they are nearest to.
fn families<'r>(hub: &Hub, released: &ReleasedMenu, gone: Vec<&'r str>) -> Vec<Vec<&'r str>> {
    let offered = |slug: &str| released.entries.iter().any(|old| old.slug == slug);
    let fresh = || hub.menu.iter().filter(|profile| !offered(&profile.slug.text));
    let heir = |slug: &str| {
        let near = nearest(slug, fresh().map(|profile| profile.slug.text.as_str()))?;
        fresh().find(|profile| profile.slug.text == near).map(|profile| profile.definition.as_str())
    };
    let mut families: Vec<Vec<&str>> = Vec::new();
    for slug in gone {
        let together =
            |other: &&str| is_cell_of(slug, other) || is_cell_of(other, slug) || heir(slug).is_some_and(|own| heir(other) == Some(own));
        match families.iter_mut().find(|family| family.iter().any(&together)) {
            Some(family) => family.push(slug),
            None => families.push(vec![slug]),
        }
    }
    families
}

/// Whether one entry is that of another cell of the other: `lab-py3-12` of `lab`.
fn is_cell_of(slug: &str, first: &str) -> bool {
    slug.strip_prefix(first).is_some_and(|rest| rest.starts_with('-'))
}

/// Entries that are gone. Where one entry is new and has no `slug`, it is perhaps the same one with another title.
fn entries(hub: &Hub, released: &ReleasedMenu, family: &[&str]) -> Diagnostic {
    let slug = family.iter().copied().min_by_key(|slug| slug.len()).unwrap_or_default();
    let offered = |slug: &str| released.entries.iter().any(|old| old.slug == slug);
    let on_menu = |slug: &str| hub.menu.iter().any(|profile| profile.slug.text == slug);
    let mut fresh = hub.menu.iter().filter(|profile| !offered(&profile.slug.text) && profile.renamed_from.is_empty());
    let alone = released.entries.iter().filter(|old| !on_menu(&old.slug)).count() == 1;
    let titled = match (fresh.next(), fresh.next()) {
        (Some(profile), None) if alone && profile.slug.written.is_none() => Some(profile),
        _ => None,
    };
    let names: Vec<String> = family.iter().map(|slug| format!("`{slug}`")).collect();
    let message = match names.as_slice() {
        [name] => format!("the entry {name} is gone from the menu of `{}`", hub.name),
        all => format!("the entries {} are gone from the menu of `{}`", all.join(", "), hub.name),
    };
    let finding = Diagnostic::new(&known::VANISHED_ENTRY, titled.map_or(hub.origin, |profile| profile.title.place), message).here(format!(
        "`{}` offers {it}: people who saved {it}, or a link to {it}, get {}",
        released.path,
        instead(hub),
        it = if family.len() == 1 { "it" } else { "them" },
    ));
    let finding = match titled {
        Some(profile) => finding.help(format!(
            "say `slug = \"{slug}\"` beside this title, if only the title is new: without it the entry is `{}`",
            profile.slug.text
        )),
        None => finding.maybe_help(or_nearest(slug, hub.menu.iter().map(|profile| profile.slug.text.as_str()).filter(|now| !offered(now)))),
    };
    let meant = nearest(slug, hub.retired.iter().map(|name| name.value.as_str()))
        .map(|name| format!("`retired` names `{name}`, which is another one"));
    let quoted: Vec<String> = family.iter().map(|slug| format!("\"{slug}\"")).collect();
    let listed = quoted.join(", ");
    let former = match quoted.as_slice() {
        // An environment with an entry for each cell says the first name.
        all if all.len() == 1 || family.iter().all(|other| *other == slug || is_cell_of(other, slug)) => format!("\"{slug}\""),
        _ => format!("[{listed}]"),
    };
    let renamed =
        format!("say `renamed_from = {former}` in the profile that takes {} place", if family.len() == 1 { "its" } else { "their" });
    let finding = finding.maybe_help(meant);
    if !hub.retired.is_empty() {
        return finding.help(format!("{renamed}, or `retired = [{listed}]` in the hub"));
    }
    let text = format!("retired = [{listed}]");
    let title = format!("write `{text}` in `{}`, if nothing does", hub.name);
    finding.help(renamed).propose(title, Change::Statement { definition: hub.origin, text })
}

/// Names that are said to be gone: each was on offer once, is not any longer, and stays said.
pub(super) fn retired(program: &Program, findings: &mut Findings) {
    let menus = || program.hubs.iter().filter_map(|hub| hub.released.as_ref());
    if program.hubs.iter().all(|hub| hub.retired.is_empty()) && menus().all(|released| released.retired.is_empty()) {
        return;
    }
    let offered: BTreeSet<String> = menus().flat_map(names_of).collect();
    for hub in &program.hubs {
        let today = today(hub);
        for name in &hub.retired {
            let finding = |message: String| Diagnostic::new(&known::RETIRED_NAME, name.place, message);
            if today.contains(&name.value) && !name.value.contains('/') {
                findings.push(
                    finding(format!("`{}` is in `retired`, and is on the menu of `{}`", name.value, hub.name))
                        .help("drop it here, or take it off the menu"),
                );
            } else if hub.released.is_some() && !offered.contains(&name.value) && !today.contains(&name.value) {
                let near = offered.iter().map(String::as_str).filter(|other| !today.contains(*other));
                let gone =
                    near.clone().any(|other| nearest(&name.value, [other]).is_some() && !hub.retired.iter().any(|own| own.value == other));
                // The name that is meant is reported as gone.
                if !gone {
                    findings.push(
                        finding(format!("`{}` was never on the menu, as far as the artifacts know", name.value))
                            .here("nobody can have saved it")
                            .maybe_help(or_nearest(&name.value, near))
                            .help("drop it, unless it was offered before jenvc wrote the menu"),
                    );
                }
            }
        }
        let still = |name: &&String| {
            let renamed = hub.menu.iter().any(|profile| profile.renamed_from.iter().any(|former| former.value == **name));
            hub.retired.iter().any(|own| own.value == **name) || today.contains(*name) || renamed
        };
        let Some(released) = &hub.released else { continue };
        for name in released.retired.iter().filter(|name| !still(name)) {
            findings.push(
                Diagnostic::new(&known::RETIRED_NAME, hub.origin, format!("`{name}` is no longer in `retired`"))
                    .here(format!("`{}` leads people who saved it to the default", released.path))
                    .help(format!("say `retired = [\"{name}\"]` in the hub as long as anybody may have it saved")),
            );
        }
    }
}

/// What an artifact offers or says is gone, as `retired` names it.
fn names_of(menu: &ReleasedMenu) -> Vec<String> {
    let mut all = menu.retired.clone();
    for entry in &menu.entries {
        all.push(entry.slug.clone());
        let keys = entry.options.iter().flat_map(|option| std::iter::once(&option.key).chain(&option.choices));
        all.extend(keys.flat_map(|key| [key.as_str(), without_number(key)]).map(|key| format!("{}/{key}", entry.slug)));
    }
    all
}

/// What a menu offers today, as `retired` would name it.
fn today(hub: &Hub) -> BTreeSet<String> {
    let of = |profile: &Profile| {
        let keys =
            profile.options.iter().flat_map(|option| std::iter::once(&option.key).chain(option.choices.iter().map(|choice| &choice.key)));
        let below: Vec<String> = keys.map(|key| format!("{}/{}", profile.slug.text, key.value)).collect();
        std::iter::once(profile.slug.text.clone()).chain(below).collect::<Vec<_>>()
    };
    hub.menu.iter().flat_map(of).collect()
}

/// What an entry offered and does not any more.
fn choices<'p>(hub: &Hub, profile: &'p Profile, old: &ReleasedEntry, lost: &mut Vec<Lost<'p>>) {
    let mut gone = |what: &'static str, key: &str, name: String, help: Option<String>, place: Place| {
        let mut entries = std::iter::once(profile.slug.text.as_str()).chain(profile.renamed_from.iter().map(|name| name.value.as_str()));
        let names = [key, without_number(key)];
        let is_retired = entries.any(|entry| {
            let it_is = |retired: &str| {
                retired.strip_prefix(entry).and_then(|rest| rest.strip_prefix('/')).is_some_and(|rest| names.contains(&rest))
            };
            hub.retired.iter().any(|retired| it_is(&retired.value))
        });
        if is_retired {
            return;
        }
        let slug = profile.slug.text.as_str();
        match lost.iter_mut().find(|lost| lost.what == what && lost.name == name && lost.place == place) {
            Some(lost) => lost.entries.push(slug),
            None => lost.push(Lost { what, name, help, place, entries: vec![slug] }),
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
