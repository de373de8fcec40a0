//! One thing set by two: within one entry by a word and by an override, or by two drop-downs, of which the sorted order decides.

use std::collections::BTreeMap;

use super::sites::Site;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, MenuOption, Merge, OverrideValue, Profile, Settings, told_apart_by};

/// What is said twice in one place.
pub(super) fn within(site: &Site<'_>, findings: &mut Findings) {
    let settings = site.settings;
    let mut seen: BTreeMap<&str, (Place, &str)> = BTreeMap::new();
    if let Some(cpu) = &settings.cpu {
        seen.extend([("cpu_limit", (cpu.place, "cpu")), ("cpu_guarantee", (cpu.place, "cpu"))]);
    }
    if let Some(memory) = &settings.memory {
        seen.extend([("mem_limit", (memory.place, "memory")), ("mem_guarantee", (memory.place, "memory"))]);
    }
    if let Some(url) = &settings.url {
        seen.insert("default_url", (url.place, "url"));
    }
    for one in &settings.overrides {
        let name = one.name.value.as_str();
        if name == "image" {
            findings.push(
                Diagnostic::new(&known::TRAIT_SET_TWICE, one.name.place, "`override` can't set `image`")
                    .here("the image of an entry is known to the compiler, and checked")
                    .help("leave it out: an environment starts its own image; a `profile NAME { image = \"…\" }` starts another"),
            );
        }
        if let Some((place, word)) = seen.insert(name, (one.name.place, name)) {
            findings.push(
                Diagnostic::new(&known::TRAIT_SET_TWICE, one.name.place, format!("`{name}` is set twice in {}", site.what))
                    .here("the second time")
                    .also(place, format!("`{word}` sets it, too"))
                    .help("drop one of them"),
            );
        }
    }
    for one in &site.traits {
        let OverrideValue::Map(fields) = &one.value.value else { continue };
        let mut keys: BTreeMap<&str, Place> = BTreeMap::new();
        for (key, _) in fields {
            if let Some(first) = keys.insert(&key.value, key.place) {
                findings.push(
                    Diagnostic::new(&known::TRAIT_SET_TWICE, key.place, format!("`{}` is set twice in {}", key.value, site.what))
                        .here("the second time")
                        .also(first, "the first time")
                        .help("drop one of them"),
                );
            }
        }
    }
}

/// What two drop-downs of one entry set.
pub(super) fn between(hub: &Hub, profile: &Profile, findings: &mut Findings) {
    let added_to = hub.added_to_by_several(profile);
    let sets: Vec<_> = profile.options.iter().map(|option| (option, keys(hub, option, &added_to))).collect();
    for (at, (option, set)) in sets.iter().enumerate() {
        for (before, known_keys) in sets.iter().take(at) {
            let same = set.iter().find_map(|(key, place)| known_keys.get(key).map(|first| (key, *place, *first)));
            if let Some((key, place, first)) = same {
                let message = format!("the options `{}` and `{}` both set `{key}`", before.key.value, option.key.value);
                findings.push(
                    Diagnostic::new(&known::TRAIT_SET_TWICE, place, message)
                        .here(format!("set by `{}`", option.key.value))
                        .also(first, format!("set by `{}`", before.key.value))
                        .help("make one option of the two: KubeSpawner applies both, the one whose key sorts last wins"),
                );
            }
        }
    }
}

/// Everything that the choices of a drop-down set: traits, and for maps their keys. Nothing of lists that several
/// add to.
fn keys(hub: &Hub, option: &MenuOption, added_to: &[&str]) -> BTreeMap<String, Place> {
    let mut all = BTreeMap::new();
    let images = option.choices.iter().filter_map(|choice| choice.image.as_ref()).map(|image| image.place);
    let typed = option.unlisted.iter().filter(|free| free.image).map(|free| free.origin);
    if let Some(place) = images.chain(typed).next() {
        all.insert("image".to_owned(), place);
    }
    for one in option.settings().flat_map(|settings: &Settings| settings.traits(hub)) {
        // Two volumes of one name, or two mounts at one path, are one thing under whichever keys.
        let told_apart = if let Merge::Objects(field) = Merge::of(&one.name.value) { Some(field) } else { None };
        let added = added_to.contains(&one.name.value.as_str());
        match &one.value.value {
            _ if added && told_apart.is_none() => {}
            OverrideValue::Map(fields) => {
                for (key, value) in fields {
                    let name = told_apart.and_then(|field| told_apart_by(field, value)).unwrap_or(&key.value);
                    all.entry(format!("{}.{name}", one.name.value)).or_insert(value.place);
                }
            }
            OverrideValue::List(items) if added => {
                for item in items {
                    let name = told_apart.and_then(|field| told_apart_by(field, item)).unwrap_or_default();
                    all.entry(format!("{}.{name}", one.name.value)).or_insert(item.place);
                }
            }
            _ => {
                all.entry(one.name.value.clone()).or_insert(one.value.place);
            }
        }
    }
    all
}
