//! What hubs, entries, drop-downs and choices say and set, each under the name that a comparison gives it.

use crate::ir::{Choice, Hub, Located, MenuOption, Override, OverrideValue, Profile, Unlisted, Written};

/// Names and values, in the order of the page; nothing that is left out.
pub(super) type Facts = Vec<(String, String)>;

/// Of a hub, besides its entries.
pub(super) fn of_hub(hub: &Hub) -> Facts {
    let text = |value: &Option<Located<String>>| value.as_ref().map(|text| text.value.clone());
    let on = |value: Option<bool>| value.map(|on| if on { "on" } else { "off" }.to_owned());
    let facts = [
        ("its namespace", text(&hub.namespace)),
        ("its pull secrets", list(&hub.pull_secrets)),
        ("where it mounts people's volumes", text(&hub.home)),
        ("whether it blocks the cloud's metadata", on(hub.block_metadata)),
        ("whether it pulls images beforehand", on(hub.puller)),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// Of an entry, besides its title, its image and its drop-downs.
pub(super) fn of_entry(profile: &Profile, written: &Written<'_>) -> Facts {
    let groups = list(&profile.groups).map(|groups| ("its groups".to_owned(), groups));
    groups.into_iter().chain(settings(&written.traits).map(|(name, value)| (format!("its {name}"), value))).collect()
}

/// Of a drop-down, besides its choices.
pub(super) fn of_option(option: &MenuOption, written: &Written<'_>) -> Facts {
    let key = &option.key.value;
    let mut facts = vec![(format!("the title of `{key}`"), option.title.value.clone())];
    if let Some(choice) = option.choices.get(option.default_index()) {
        facts.push((format!("the default of `{key}`"), choice.title.value.clone()));
    }
    facts.extend(option.unlisted.iter().flat_map(|free| of_free_text(free, written, &format!("the free text of `{key}`"))));
    facts
}

fn of_free_text(free: &Unlisted, written: &Written<'_>, name: &str) -> Facts {
    let text = |value: &Option<Located<String>>| value.as_ref().map(|text| text.value.clone());
    let own = [
        (name.to_owned(), Some(free.title.value.clone())),
        (format!("the line of {name}"), text(&free.in_choices)),
        (format!("what {name} matches"), text(&free.pattern)),
        (format!("the message of {name}"), text(&free.message)),
        (format!("the groups of {name}"), list(&free.groups)),
    ];
    let own = own.into_iter().filter_map(|(name, value)| Some((name, value?)));
    own.chain(settings(&written.beside(&free.settings)).map(|(trait_name, value)| (format!("{trait_name} of {name}"), value))).collect()
}

/// Of a choice, besides its image. `name` is what it is called: ``the choice `large` of `size` ``.
pub(super) fn of_choice(choice: &Choice, written: &Written<'_>, name: &str) -> Facts {
    let description = choice.description.as_ref().map(|text| (format!("the description of {name}"), text.value.clone()));
    let groups = list(&choice.groups).map(|groups| (format!("the groups of {name}"), groups));
    let mut facts = vec![(format!("the title of {name}"), choice.title.value.clone())];
    facts.extend(description.into_iter().chain(groups));
    facts.extend(settings(&written.beside(&choice.settings)).map(|(trait_name, value)| (format!("{trait_name} of {name}"), value)));
    facts
}

/// What differs: each name with the value before and after.
pub(super) fn differing(before: &Facts, after: &Facts) -> Vec<(String, Option<String>, Option<String>)> {
    let find = |facts: &Facts, name: &str| facts.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let changed = after.iter().map(|(name, value)| (name.clone(), find(before, name), Some(value.clone())));
    let gone = before.iter().filter(|(name, _)| find(after, name).is_none()).map(|(name, value)| (name.clone(), Some(value.clone()), None));
    changed.filter(|(_, one, two)| one != two).chain(gone).collect()
}

fn list(values: &[Located<String>]) -> Option<String> {
    (!values.is_empty()).then(|| values.iter().map(|value| value.value.as_str()).collect::<Vec<_>>().join(", "))
}

/// Traits of `KubeSpawner` with their values, and what is in maps by its keys: `` `mem_limit` ``, `` `environment.LANG` ``.
fn settings(traits: &[Override]) -> impl Iterator<Item = (String, String)> {
    traits.iter().flat_map(|one| match &one.value.value {
        OverrideValue::Map(fields) => {
            fields.iter().map(|(key, value)| (format!("`{}.{}`", one.name.value, key.value), shown(&value.value))).collect()
        }
        value => vec![(format!("`{}`", one.name.value), shown(value))],
    })
}

fn shown(value: &OverrideValue) -> String {
    value.as_text().map_or_else(|| value.to_string(), str::to_owned)
}
