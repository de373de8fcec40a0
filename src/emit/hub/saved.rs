//! What keeps saved choices working: a piece of the hub's configuration that finds renamed entries, options and choices, and those
//! whose keys have got another number before them, under their new names, and leads what is gone to the default. `KubeSpawner` itself
//! knows no former names: it answers a saved choice that is gone with an error.

use serde_json::{Map, Value, json};

use super::context::Context;
use crate::ir::{Located, MenuOption, Profile, ordered_keys};

/// The configuration, where there is one.
pub(super) fn configuration(context: Context<'_>) -> Option<String> {
    if !context.hub.finds_saved_choices() {
        return None;
    }
    let (mut menu, mut names) = (Map::new(), Map::new());
    let slugs = former(context.menu.iter().map(|profile| (profile.slug.text.as_str(), profile.renamed_from.as_slice())));
    insert(&mut names, "", slugs);
    for profile in context.menu {
        menu.insert(profile.slug.text.clone(), Value::Object(options(profile)));
        insert(&mut names, &profile.slug.text, renamed(profile));
    }
    let (before, rest) = include_str!("saved.py").split_once("MENU")?;
    let (between, after) = rest.split_once("FORMER")?;
    // JSON of texts, lists and maps is Python, too.
    Some(format!("{before}{}{between}{}{after}", Value::Object(menu), Value::Object(names)))
}

/// The options of an entry: how each is written, and how its choices are.
fn options(profile: &Profile) -> Map<String, Value> {
    let keys: Vec<&str> = profile.options.iter().map(|option| option.key.value.as_str()).collect();
    let one = |(key, option): (String, &MenuOption)| {
        let names: Vec<&str> = option.choices.iter().map(|choice| choice.key.value.as_str()).collect();
        let choices: Map<String, Value> =
            names.iter().zip(ordered_keys(&names)).map(|(name, key)| ((*name).to_owned(), json!(key))).collect();
        (option.key.value.clone(), json!([key, choices]))
    };
    ordered_keys(&keys).into_iter().zip(&profile.options).map(one).collect()
}

/// The former names of an entry's options, and of their choices.
fn renamed(profile: &Profile) -> Map<String, Value> {
    let mut names = Map::new();
    let options = profile.options.iter().map(|option| (option.key.value.as_str(), option.renamed_from.as_slice()));
    insert(&mut names, "", former(options));
    for option in &profile.options {
        let choices = option.choices.iter().map(|choice| (choice.key.value.as_str(), choice.renamed_from.as_slice()));
        insert(&mut names, &option.key.value, former(choices));
    }
    names
}

/// Former names with those of today.
fn former<'a>(all: impl Iterator<Item = (&'a str, &'a [Located<String>])>) -> Map<String, Value> {
    all.flat_map(|(today, names)| names.iter().map(move |name| (name.value.clone(), json!(today)))).collect()
}

fn insert(all: &mut Map<String, Value>, key: &str, names: Map<String, Value>) {
    if !names.is_empty() {
        all.insert(key.to_owned(), Value::Object(names));
    }
}
