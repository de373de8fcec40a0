//! One entry of the menu, as `KubeSpawner` reads it.

use super::super::yaml::{Key, Yaml};
use super::braces::escape;
use super::context::Context;
use crate::ir::{
    Choice, Expansion, FormKind, GroupFilter, Hub, Located, MenuImage, MenuOption, Override, OverrideValue, Profile, Unlisted, Written,
    find_trait, ordered_keys,
};

/// What the page says of a text that an unlisted choice does not take, where the program does not say it.
const NO_MATCH: &str = "This is not among what can be started here";

/// The place of the default entry.
pub(super) fn default_index(hub: &Hub) -> usize {
    hub.menu.iter().position(|profile| profile.default.is_some()).unwrap_or(0)
}

/// The image that starts where nobody chooses.
pub(super) fn default_image(profile: &Profile) -> Option<&MenuImage> {
    let chosen =
        profile.options.iter().filter_map(|option| option.choices.get(option.default_index())).find_map(|choice| choice.image.as_ref());
    chosen.or(profile.image.as_ref()).map(|image| &image.value)
}

/// Whether an entry names an image whatever is chosen.
pub(super) fn always_brings_an_image(profile: &Profile) -> bool {
    let free = |option: &MenuOption| option.unlisted.as_ref().is_none_or(|free| free.image);
    let all = |option: &MenuOption| !option.choices.is_empty() && option.choices.iter().all(|choice| choice.image.is_some());
    profile.image.is_some() || profile.options.iter().any(|option| all(option) && free(option))
}

/// An entry.
pub(super) fn profile(context: Context<'_>, profile: &Profile, is_default: bool) -> Yaml {
    let mut fields = vec![(Key::Borrowed("display_name"), shown(context, &profile.title))];
    if let Some(description) = &profile.description {
        fields.push((Key::Borrowed("description"), shown(context, description)));
    }
    fields.push((Key::Borrowed("slug"), Yaml::text(&profile.slug.text)));
    if is_default {
        fields.push((Key::Borrowed("default"), Yaml::Bool(true)));
    }
    groups(&mut fields, &profile.groups, false);
    let entry = context.hub.written(profile);
    overrides(&mut fields, context, profile.image.as_ref().map(|image| &image.value), &entry.traits);
    if !profile.options.is_empty() {
        let keys: Vec<&str> = profile.options.iter().map(|option| option.key.value.as_str()).collect();
        let options = ordered_keys(&keys).into_iter().zip(&profile.options);
        let options = options.map(|(key, one)| (Key::Owned(key), option(context, &entry, one))).collect();
        fields.push((Key::Borrowed("profile_options"), Yaml::Map(options)));
    }
    Yaml::Map(fields)
}

/// A drop-down. `choices` is always there: a page without it is an error for everybody.
fn option(context: Context<'_>, entry: &Written<'_>, option: &MenuOption) -> Yaml {
    let chosen = option.default_index();
    let keys: Vec<&str> = option.choices.iter().map(|choice| choice.key.value.as_str()).collect();
    let choices = ordered_keys(&keys).into_iter().zip(&option.choices).enumerate();
    let choices = choices.map(|(at, (key, one))| (Key::Owned(key), choice(context, entry, one, at == chosen))).collect();
    let mut fields = vec![(Key::Borrowed("display_name"), shown(context, &option.title)), (Key::Borrowed("choices"), Yaml::Map(choices))];
    if option.builds.is_some() {
        fields.push((Key::Borrowed("dynamic_image_building"), Yaml::map([("enabled", Yaml::Bool(true))])));
    }
    if let Some(free) = &option.unlisted {
        let on = option.builds.as_ref().and_then(|builds| builds.on.as_ref());
        fields.push((Key::Borrowed("unlisted_choice"), unlisted(context, entry, free, on.map(|image| &image.value))));
    }
    Yaml::Map(fields)
}

/// A line of a drop-down.
fn choice(context: Context<'_>, entry: &Written<'_>, choice: &Choice, is_default: bool) -> Yaml {
    let mut fields = match (&choice.description, context.hub.form) {
        // KubeSpawner's own page shows nothing of a choice but its name.
        (Some(description), FormKind::Kubespawner) => {
            let both = format!("{} – {}", choice.title.value, description.value.trim());
            vec![(Key::Borrowed("display_name"), shown(context, &Located::new(both, description.place)))]
        }
        (Some(description), FormKind::Fancy) => {
            vec![
                (Key::Borrowed("display_name"), shown(context, &choice.title)),
                (Key::Borrowed("description"), shown(context, description)),
            ]
        }
        (None, _) => vec![(Key::Borrowed("display_name"), shown(context, &choice.title))],
    };
    if is_default {
        fields.push((Key::Borrowed("default"), Yaml::Bool(true)));
    }
    groups(&mut fields, &choice.groups, false);
    overrides(&mut fields, context, choice.image.as_ref().map(|image| &image.value), &entry.beside(&choice.settings));
    Yaml::Map(fields)
}

/// A free text. The server compares only the beginning of what was typed, so the pattern is bound at both ends.
fn unlisted(context: Context<'_>, entry: &Written<'_>, free: &Unlisted, builds_on: Option<&MenuImage>) -> Yaml {
    let pattern = free.pattern.as_ref().map_or(".+", |pattern| &pattern.value);
    let message = free.message.as_ref().map_or_else(|| Yaml::text(NO_MATCH), |message| shown(context, message));
    let mut fields = vec![(Key::Borrowed("enabled"), Yaml::Bool(true)), (Key::Borrowed("display_name"), shown(context, &free.title))];
    if let Some(line) = &free.in_choices {
        fields.push((Key::Borrowed("display_name_in_choices"), shown(context, line)));
    }
    if let Some(image) = builds_on {
        let text = format!("A Dockerfile of your own starts FROM {}", context.reference(image));
        fields.push((Key::Borrowed("description_in_choices"), Yaml::text(text)));
    }
    fields.push((Key::Borrowed("validation_regex"), Yaml::text(format!("^(?:{pattern})$"))));
    fields.push((Key::Borrowed("validation_message"), message));
    groups(&mut fields, &free.groups, context.hub.filters_groups == GroupFilter::Lowercase);
    let mut traits = Vec::new();
    if free.image {
        traits.push((Key::Borrowed("image"), Yaml::text("{value}")));
    }
    traits.extend(written(&entry.beside(&free.settings), true));
    fields.push((Key::Borrowed("kubespawner_override"), Yaml::Map(traits)));
    Yaml::Map(fields)
}

/// A text that the page shows. `KubeSpawner`'s own form takes it for HTML, others escape it themselves.
fn shown(context: Context<'_>, text: &Located<String>) -> Yaml {
    match context.hub.form {
        FormKind::Kubespawner => {
            let escaped = text.value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
            Yaml::text(escaped)
        }
        FormKind::Fancy => Yaml::text(&text.value),
    }
}

/// Who sees it, where that is not everybody. 2i2c's filter puts the names of people's groups and those here in lower case, but for
/// those of a free text.
fn groups(fields: &mut Vec<(Key, Yaml)>, groups: &[Located<String>], lower: bool) {
    if !groups.is_empty() {
        let names = groups.iter().map(|group| Yaml::text(if lower { group.value.to_lowercase() } else { group.value.clone() })).collect();
        fields.push((Key::Borrowed("allowed_groups"), Yaml::List(names)));
    }
}

/// What is set, where something is.
fn overrides(fields: &mut Vec<(Key, Yaml)>, context: Context<'_>, image: Option<&MenuImage>, given: &[Override]) {
    let mut traits: Vec<_> = image.map(|image| (Key::Borrowed("image"), Yaml::text(context.reference(image)))).into_iter().collect();
    traits.extend(written(given, false));
    if !traits.is_empty() {
        fields.push((Key::Borrowed("kubespawner_override"), Yaml::Map(traits)));
    }
}

/// Traits as `KubeSpawner` reads them.
fn written(set: &[Override], unlisted: bool) -> Vec<(Key, Yaml)> {
    set.iter()
        .map(|one| {
            let (name, expansion) = find_trait(&one.name.value)
                .map_or_else(|| (Key::Owned(one.name.value.clone()), Expansion::No), |known| (Key::Borrowed(known.name), known.expansion));
            (name, value(&one.value.value, expansion, unlisted))
        })
        .collect()
}

/// A value, with the braces that its readers need. Keys are formatted in unlisted choices alone.
fn value(given: &OverrideValue, expansion: Expansion, unlisted: bool) -> Yaml {
    match given {
        OverrideValue::Null => Yaml::Null,
        OverrideValue::Bool(value) => Yaml::Bool(*value),
        OverrideValue::Int(value) => Yaml::Int(*value),
        OverrideValue::Decimal(text) => text.parse().map_or_else(|_| Yaml::text(text), Yaml::Float),
        OverrideValue::Text(text) => Yaml::Text(escape(text, expansion, unlisted)),
        OverrideValue::List(items) => Yaml::List(items.iter().map(|item| value(&item.value, expansion, unlisted)).collect()),
        OverrideValue::Map(fields) => {
            let key = |key: &str| Key::Owned(escape(key, Expansion::No, unlisted));
            Yaml::Map(fields.iter().map(|(name, item)| (key(&name.value), value(&item.value, expansion, unlisted))).collect())
        }
    }
}
