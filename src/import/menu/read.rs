//! YAML → the model: which keys `KubeSpawner` and the pages read, and what they make of each value.

use std::cmp::Ordering;

use super::model::{Choice, Choices, Common, Entry, Note, Said, Set, Unlisted};
use super::page;
use crate::base::{Place, nearest};
use crate::import::RemarkKind::{self, Changed, Mistake};
use crate::import::yaml::{Field, Node, Value};
use crate::ir::{DEPRECATED, Effect, TRAITS, find_trait, helm_order, renamed_trait};

/// What the keys of an entry, an option, a choice and a free text are.
const ENTRY: [&str; 7] = ["display_name", "slug", "description", "default", "kubespawner_override", "profile_options", "allowed_groups"];
const OPTION: [&str; 4] = ["display_name", "choices", "unlisted_choice", "dynamic_image_building"];
const CHOICE: [&str; 5] = ["display_name", "description", "default", "kubespawner_override", "allowed_groups"];
const UNLISTED: [&str; 8] = [
    "enabled",
    "display_name",
    "display_name_in_choices",
    "description_in_choices",
    "validation_regex",
    "validation_message",
    "kubespawner_override",
    "allowed_groups",
];

/// Reads the entries of a list, or of the map of `KubeSpawner` 7.1, whose values are sorted by their keys.
pub(super) fn menu(list: &Node, notes: &mut Vec<Note>) -> Vec<Entry> {
    match &list.value {
        Value::List(items) => items.iter().filter_map(|item| entry(item, notes)).collect(),
        Value::Map(fields) => {
            let mut fields: Vec<&Field> = fields.iter().collect();
            fields.sort_by(|a, b| a.key.cmp(&b.key));
            fields.into_iter().filter_map(|field| entry(&field.value, notes)).collect()
        }
        _ => Vec::new(),
    }
}

fn note(notes: &mut Vec<Note>, kind: RemarkKind, place: Place, text: impl Into<String>) {
    notes.push(Note { kind, place, text: text.into() });
}

fn entry(item: &Node, notes: &mut Vec<Note>) -> Option<Entry> {
    if !matches!(item.value, Value::Map(_)) {
        note(notes, Mistake, item.place, format!("an entry is a map, and this is {}: the hub does not start with it", item.kind()));
        return None;
    }
    let mut entry = Entry { common: common(item, &ENTRY), ..Entry::default() };
    let notes = &mut entry.common.notes;
    entry.slug = item.field("slug").and_then(|field| said(field, notes));
    let options = item.field("profile_options");
    if let Some(field) = options {
        match &field.value.value {
            Value::Map(fields) => {
                let sorted = in_order(fields, field.place, "drop-downs", notes);
                entry.options = sorted.into_iter().filter_map(|field| option(field, notes)).collect();
            }
            _ => note(notes, Mistake, field.place, format!("`profile_options` is {}: the page fails for everybody", field.value.kind())),
        }
    }
    Some(entry)
}

/// What an entry, a choice and a free text have in common; keys that are none are noted.
fn common(item: &Node, keys: &[&str]) -> Common {
    let mut common = Common { place: item.fields().first().map_or(item.place, |field| field.place), ..Common::default() };
    let mut notes = Vec::new();
    for field in item.fields() {
        repeated(field, &mut notes);
        if !keys.contains(&field.key.as_str()) {
            unread(field, keys, &mut notes);
            continue;
        }
        match field.key.as_str() {
            "display_name" => common.title = said(field, &mut notes),
            "description" => common.description = said(field, &mut notes),
            "default" => common.default = truth(field, &mut notes).then_some(field.place),
            "allowed_groups" => common.groups = groups(field, &mut notes),
            "kubespawner_override" => overrides(field, &mut common, &mut notes),
            _ => {}
        }
    }
    common.notes = notes;
    common
}

/// A key that is written twice: both readers let the last win.
fn repeated(field: &Field, notes: &mut Vec<Note>) {
    if let Some(before) = field.before {
        note(notes, Mistake, before, format!("`{}` is written twice in this map: only the last counts", field.key));
    }
    if let Some(raw) = &field.raw {
        note(notes, Mistake, field.place, format!("the key `{raw}` without quotes is `{}` for Helm", field.key));
    }
}

/// A key that nothing reads.
fn unread(field: &Field, keys: &[&str], notes: &mut Vec<Note>) {
    let key = field.key.as_str();
    if key == "slug" || key == "profile_options" && !keys.contains(&"profile_options") {
        return note(notes, Mistake, field.place, format!("`{key}` is read of an entry alone: it does nothing here"));
    }
    let meant = nearest(key, keys.iter().copied()).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    let trait_here = find_trait(key).or_else(|| renamed_trait(key).and_then(find_trait)).is_some();
    let place = if trait_here { "; it is a trait, and belongs in `kubespawner_override`" } else { &meant };
    note(notes, Mistake, field.place, format!("nothing reads `{key}` here{place}"));
}

/// A text; a number or truth value as Helm writes it.
fn said(field: &Field, notes: &mut Vec<Note>) -> Option<Said> {
    let Some(text) = field.value.shown() else {
        note(notes, Mistake, field.place, format!("`{}` is {}, not a text", field.key, field.value.kind()));
        return None;
    };
    if let Some(raw) = field.value.raw.as_ref().filter(|raw| **raw != text) {
        note(notes, Mistake, field.value.place, format!("`{raw}` without quotes is `{text}` for Helm"));
    }
    Some(Said { text, place: field.value.place })
}

/// What Python takes for true.
fn truth(field: &Field, notes: &mut Vec<Note>) -> bool {
    let value = match &field.value.value {
        Value::Bool(value) => return *value,
        Value::Null => false,
        Value::Int(number) => *number != 0,
        Value::Float(number) => *number != 0.0,
        Value::Text(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(fields) => !fields.is_empty(),
    };
    note(notes, Mistake, field.value.place, format!("`{}` is {}, which counts as {value}", field.key, field.value.kind()));
    value
}

fn groups(field: &Field, notes: &mut Vec<Note>) -> Vec<String> {
    let items = match &field.value.value {
        Value::List(items) => items.as_slice(),
        Value::Null => &[],
        _ => std::slice::from_ref(&field.value),
    };
    if !matches!(field.value.value, Value::List(_)) {
        note(notes, Mistake, field.place, format!("`allowed_groups` is {}, not a list", field.value.kind()));
    }
    items.iter().filter_map(Node::shown).collect()
}

/// `kubespawner_override`: the traits that do something.
fn overrides(field: &Field, common: &mut Common, notes: &mut Vec<Note>) {
    if !matches!(field.value.value, Value::Map(_)) {
        return note(notes, Mistake, field.place, format!("`kubespawner_override` is {}: the start fails", field.value.kind()));
    }
    for set in field.value.fields() {
        repeated(set, notes);
        let name = renamed_trait(&set.key).unwrap_or(&set.key);
        if name != set.key {
            note(notes, Changed, set.place, format!("`{}` is an old name of `{name}`", set.key));
        }
        match find_trait(name).map(|known| known.effect) {
            _ if name == "image" => common.image = image(set, notes),
            Some(Effect::Spawn | Effect::FirstVolume) => {
                common.sets.push(Set { name: name.to_owned(), place: set.place, value: set.value.clone() });
            }
            Some(Effect::Creation) => note(
                notes,
                Mistake,
                set.place,
                format!("`{name}` does nothing here: it is read before an entry is chosen; set `hub.config.KubeSpawner.{name}`"),
            ),
            Some(Effect::Never) => {
                note(notes, Mistake, set.place, format!("`{name}` is a Python function, which YAML can't say: it does nothing here"));
            }
            None => unknown(set, notes),
        }
    }
}

/// A name that is no trait's: a scalar or a list is ignored, a map stops the start.
fn unknown(set: &Field, notes: &mut Vec<Note>) {
    let all = || TRAITS.iter().filter(|known| known.effect == Effect::Spawn).map(|known| known.name);
    let old = DEPRECATED.iter().map(|(old, _)| *old);
    let meant = crate::check::meant_trait(&set.key).or_else(|| nearest(&set.key, all().chain(old)));
    let meant = meant.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    let what = if matches!(set.value.value, Value::Map(_)) { "the start fails" } else { "it does nothing" };
    note(notes, Mistake, set.place, format!("KubeSpawner has no trait `{}`: {what}{meant}", set.key));
}

/// The image: a text, or name and tag as the chart's own values have it, which `KubeSpawner` refuses.
fn image(set: &Field, notes: &mut Vec<Note>) -> Option<Said> {
    let place = set.value.place;
    if let Value::Map(_) = set.value.value {
        let part = |name: &str| set.value.get(name).and_then(Node::shown);
        note(notes, Mistake, set.place, "`image` is a map, and KubeSpawner takes one text: the start fails");
        let text = format!("{}:{}", part("name")?, part("tag").unwrap_or_else(|| "latest".to_owned()));
        return Some(Said { text, place });
    }
    let text = said(set, notes)?;
    if text.text.trim().is_empty() {
        note(notes, Mistake, place, "the image has no name: Kubernetes refuses the pod");
        return None;
    }
    Some(text)
}

/// The fields of a map in the order that people see: Helm sorts them.
fn in_order<'f>(fields: &'f [Field], place: Place, what: &str, notes: &mut Vec<Note>) -> Vec<&'f Field> {
    let mut sorted: Vec<&Field> = fields.iter().collect();
    sorted.sort_by(|a, b| helm_order(&a.key, &b.key));
    let written = fields.windows(2).all(|pair| matches!(pair, [a, b] if helm_order(&a.key, &b.key) != Ordering::Greater));
    if !written {
        let keys: Vec<String> = sorted.iter().map(|field| format!("`{}`", field.key)).collect();
        let text = format!("people see these {what} in another order than they are written: {}", keys.join(", "));
        note(notes, Mistake, place, text);
    }
    sorted
}

/// A drop-down.
fn option(field: &Field, notes: &mut Vec<Note>) -> Option<Choices> {
    if !matches!(field.value.value, Value::Map(_)) {
        note(notes, Mistake, field.place, format!("the option `{}` is {}: the page fails for everybody", field.key, field.value.kind()));
        return None;
    }
    let mut option = Choices { key: Said { text: field.key.clone(), place: field.place }, ..Choices::default() };
    repeated(field, &mut option.notes);
    for inner in field.value.fields() {
        repeated(inner, &mut option.notes);
        match inner.key.as_str() {
            "display_name" => option.title = said(inner, &mut option.notes),
            "choices" => option.lines = choices(inner, &mut option.notes),
            "unlisted_choice" => option.unlisted = unlisted(inner, &mut option.notes),
            "dynamic_image_building" => option.builds = inner.value.field("enabled").is_some_and(|one| truth(one, &mut option.notes)),
            _ => unread(inner, &OPTION, &mut option.notes),
        }
    }
    if field.value.field("choices").is_none() {
        note(&mut option.notes, Mistake, field.place, format!("the option `{}` has no `choices`: the page fails for everybody", field.key));
    }
    if option.lines.is_empty() && option.unlisted.is_none() {
        notes.append(&mut option.notes);
        note(notes, Mistake, field.place, format!("the option `{}` offers nothing, and is left out", field.key));
        return None;
    }
    if option.lines.is_empty() {
        let text = format!("the option `{}` has a free text only: a server that is started without the page fails", field.key);
        note(&mut option.notes, Mistake, field.place, text);
    }
    several_defaults(&option.lines, &mut option.notes);
    Some(option)
}

fn choices(field: &Field, notes: &mut Vec<Note>) -> Vec<Choice> {
    let Value::Map(fields) = &field.value.value else {
        note(notes, Mistake, field.place, format!("`choices` is {}: the page fails for everybody", field.value.kind()));
        return Vec::new();
    };
    let sorted = in_order(fields, field.place, "choices", notes);
    let mut all = Vec::new();
    for field in sorted {
        let mut common = match &field.value.value {
            Value::Map(_) => common(&field.value, &CHOICE),
            _ => Common::default(),
        };
        if !matches!(field.value.value, Value::Map(_)) {
            note(
                notes,
                Mistake,
                field.place,
                format!("the choice `{}` is {}: the page fails for everybody", field.key, field.value.kind()),
            );
        }
        common.place = field.place;
        repeated(field, &mut common.notes);
        all.push(Choice { key: Said { text: field.key.clone(), place: field.place }, common });
    }
    all
}

/// Of several default choices the server takes the first, a browser the last.
fn several_defaults(choices: &[Choice], notes: &mut Vec<Note>) {
    let mut defaults = choices.iter().filter_map(|choice| choice.common.default.map(|place| (&choice.key.text, place)));
    if let (Some((first, _)), Some((_, place))) = (defaults.next(), defaults.next()) {
        note(notes, Mistake, place, format!("a second default: the server takes `{first}`, a browser the last one"));
    }
}

fn unlisted(field: &Field, notes: &mut Vec<Note>) -> Option<Unlisted> {
    let Value::Map(fields) = &field.value.value else {
        note(notes, Mistake, field.place, format!("`unlisted_choice` is {}: the page fails for everybody", field.value.kind()));
        return None;
    };
    let enabled = fields.iter().find(|inner| inner.key == "enabled");
    if !enabled.is_some_and(|enabled| truth(enabled, notes)) {
        return None;
    }
    let mut common = common(&field.value, &UNLISTED);
    common.place = field.place;
    let mut text = |key: &str| field.value.field(key).and_then(|inner| said(inner, &mut common.notes));
    let (in_choices, pattern, message) = (text("display_name_in_choices"), text("validation_regex"), text("validation_message"));
    if let Some(shown) = field.value.field("description_in_choices") {
        note(&mut common.notes, RemarkKind::NotExpressible, shown.place, "`description_in_choices` of fancy-profiles is left out");
    }
    if pattern.is_none() {
        note(&mut common.notes, Mistake, field.place, "without `validation_regex` people may type anything");
    }
    Some(Unlisted { common, in_choices, pattern, message })
}

/// A text of the page as words, with a note where it held HTML.
pub(super) fn shown(text: &Said, fancy: bool, what: &str, notes: &mut Vec<Note>) -> String {
    if fancy {
        return text.text.trim_end().to_owned();
    }
    let (words, tags) = page::words(&text.text);
    if tags {
        note(notes, Changed, text.place, format!("the {what} holds HTML: the compiled page shows words"));
    }
    words.trim_end().to_owned()
}
