//! What the committed artifacts offer: the public names that people may have saved. An artifact is read as the last commit has it; where
//! none has it, as it is on the disk.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::analyse::context::Context;
use crate::base::{IndexMap, MAX_FILE_BYTES};
use crate::ir::{Hub, Outputs, ReleasedEntry, ReleasedMenu, ReleasedOption, slugify};

/// Puts into each hub what the first of its artifacts that is there offers.
pub(crate) fn fill(cx: &Context<'_>, hubs: &mut [Hub], outputs: &Outputs) {
    for output in outputs.configmaps.iter().chain(&outputs.values) {
        if let Some(hub) = hubs.get_mut(output.hub).filter(|hub| hub.released.is_none()) {
            hub.released = menu(cx, &output.path);
        }
    }
}

/// The parts of an artifact that tell what it offers: a `ConfigMap` that holds values, or values.
#[derive(Deserialize)]
struct Document {
    data: Option<Data>,
    singleuser: Option<Singleuser>,
    custom: Option<Custom>,
}

#[derive(Deserialize)]
struct Custom {
    jenvc: Option<Notes>,
}

/// What jenvc writes down for itself.
#[derive(Deserialize)]
struct Notes {
    #[serde(default)]
    retired: Vec<String>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "values.yaml")]
    values: String,
}

#[derive(Deserialize)]
struct Singleuser {
    #[serde(rename = "profileList")]
    profiles: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    display_name: Option<String>,
    slug: Option<String>,
    #[serde(default)]
    profile_options: IndexMap<String, Choices>,
}

#[derive(Deserialize)]
struct Choices {
    #[serde(default)]
    choices: IndexMap<String, IgnoredAny>,
}

/// The menu of an artifact; `None` where there is none, or none that can be read.
fn menu(cx: &Context<'_>, path: &str) -> Option<ReleasedMenu> {
    // What was built since the last commit has reached nobody, and what the commit has is with people though it was built over.
    let bytes = cx.files.committed(path).or_else(|| cx.files.read(path, MAX_FILE_BYTES).ok())?;
    let mut document = read(std::str::from_utf8(&bytes).ok()?)?;
    if let Some(data) = document.data {
        document = read(&data.values)?;
    }
    let retired = document.custom.and_then(|custom| custom.jenvc).map_or_else(Vec::new, |notes| notes.retired);
    let entries = document.singleuser?.profiles.into_iter().map(entry);
    Some(ReleasedMenu { path: path.to_owned(), entries: entries.collect(), retired })
}

/// Reads a document. Most of it is what entries and choices set, which nobody asks for: it is read whole only where it can't be left out.
fn read(text: &str) -> Option<Document> {
    serde_saphyr::from_str(&without_settings(text)).or_else(|_| serde_saphyr::from_str(text)).ok()
}

/// A text without what stands below each `kubespawner_override:`, and below the keys of each `choices:`.
fn without_settings(text: &str) -> String {
    // From which depth on lines are left out, until one stands no deeper than the key.
    let mut left = None;
    let mut choices = None;
    let wanted = |line: &&str| {
        let word = line.trim();
        let depth = line.len() - line.trim_start_matches(' ').len();
        if word.is_empty() {
            return left.is_none();
        }
        if let Some(key) = choices.take() {
            left = (depth > key).then_some((key, depth));
        }
        left = left.filter(|(key, _)| depth > *key);
        if left.is_some_and(|(_, last)| depth > last) {
            return false;
        }
        match word {
            "kubespawner_override:" => left = Some((depth, depth)),
            "choices:" => choices = Some(depth),
            _ => {}
        }
        true
    };
    text.split_inclusive('\n').filter(wanted).collect()
}

fn entry(profile: Entry) -> ReleasedEntry {
    let slug = profile.slug.unwrap_or_else(|| slugify(&profile.display_name.unwrap_or_default()));
    let options = profile.profile_options.into_iter();
    let options = options.map(|(key, option)| ReleasedOption { key, choices: option.choices.into_keys().collect() });
    ReleasedEntry { slug, options: options.collect() }
}

#[cfg(test)]
mod tests {
    use super::without_settings;

    #[test]
    fn what_is_not_asked_for_is_left_out() {
        let head = "profileList:\n  - slug: \"lab\"\n    kubespawner_override:\n";
        let set = "      image: \"a\"\n\n      cmd:\n        - \"b\"\n";
        let option = "    profile_options:\n      size:\n        choices:\n          small:\n";
        let choice = "            display_name: \"Small\"\n            kubespawner_override:\n              cpu_limit: 1\n";
        let next = "          large:\n";
        let behind = "        unlisted_choice:\n          enabled: true\n  - slug: \"none\"\n    choices:\n    default: true\n";
        let whole = [head, set, option, choice, next, choice, behind].concat();
        assert_eq!(without_settings(&whole), [head, option, next, behind].concat());
    }
}
