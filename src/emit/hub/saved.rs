//! What keeps saved choices working: a piece of the hub's configuration that finds renamed entries and choices, and those
//! whose keys have got another number before them, under their new names. `KubeSpawner` itself knows no former names: it
//! answers a saved choice that is gone with an error. So it is with an earlier release that is not kept any longer: today's takes
//! its place.

use serde_json::{Map, Value, json};

use super::{Context, profile};
use crate::ir::{Profile, ordered_keys};

/// The configuration; `None` where no name has changed, none can, and no release goes by.
pub(super) fn configuration(context: Context<'_>) -> Option<String> {
    let (mut menu, mut renamed, mut numbered) = (Map::new(), Map::new(), false);
    let slugs: Map<String, Value> = context.menu.iter().flat_map(|profile| former(&profile.renamed_from, &profile.slug.text)).collect();
    if !slugs.is_empty() {
        renamed.insert(String::new(), Value::Object(slugs));
    }
    for profile in context.menu {
        let (options, choices, prefixed) = options(profile);
        numbered |= prefixed;
        menu.insert(profile.slug.text.clone(), Value::Object(options));
        if !choices.is_empty() {
            renamed.insert(profile.slug.text.clone(), Value::Object(choices));
        }
    }
    if renamed.is_empty() && !context.keeps() && !(numbered && context.hub.saved_choices) {
        return None;
    }
    let default = context.hub.menu.get(profile::default_index(context.hub)).map(|profile| profile.slug.text.as_str());
    let (before, rest) = include_str!("saved.py").split_once("MENU")?;
    let (between, rest) = rest.split_once("RENAMED")?;
    let (last, after) = rest.split_once("DEFAULT")?;
    // JSON of texts, lists and maps is Python, too.
    Some(format!("{before}{}{between}{}{last}{}{after}", Value::Object(menu), Value::Object(renamed), json!(default.unwrap_or_default())))
}

/// The options of an entry with the keys of their choices, the former names of those, and whether any key has a number.
fn options(profile: &Profile) -> (Map<String, Value>, Map<String, Value>, bool) {
    let keys: Vec<&str> = profile.options.iter().map(|option| option.key.value.as_str()).collect();
    let written = ordered_keys(&keys);
    let mut numbered = written.iter().zip(&keys).any(|(written, key)| written != key);
    let (mut all, mut renamed) = (Map::new(), Map::new());
    for (key, option) in written.into_iter().zip(&profile.options) {
        let bare: Vec<&str> = option.choices.iter().map(|choice| choice.key.value.as_str()).collect();
        let choices = ordered_keys(&bare);
        numbered |= choices.iter().zip(&bare).any(|(written, key)| written != key);
        all.insert(key.clone(), json!(choices));
        let names: Map<String, Value> = option.choices.iter().flat_map(|choice| former(&choice.renamed_from, &choice.key.value)).collect();
        if !names.is_empty() {
            renamed.insert(key, Value::Object(names));
        }
    }
    (all, renamed, numbered)
}

/// Former names with the one of today.
fn former<'a>(names: &'a [crate::ir::Located<String>], today: &'a str) -> impl Iterator<Item = (String, Value)> + 'a {
    names.iter().map(move |name| (name.value.clone(), Value::String(today.to_owned())))
}
