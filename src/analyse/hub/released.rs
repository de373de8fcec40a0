//! What the committed artifacts offer: the public names that people may have saved. An artifact is read as the last commit has it; where
//! none has it, as it is on the disk.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::analyse::context::Context;
use crate::base::MAX_FILE_BYTES;
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
    let mut document: Document = serde_saphyr::from_str(std::str::from_utf8(&bytes).ok()?).ok()?;
    if let Some(data) = document.data {
        document = serde_saphyr::from_str(&data.values).ok()?;
    }
    let retired = document.custom.and_then(|custom| custom.jenvc).map_or_else(Vec::new, |notes| notes.retired);
    let entries = document.singleuser?.profiles.into_iter().map(entry);
    Some(ReleasedMenu { path: path.to_owned(), entries: entries.collect(), retired })
}

fn entry(profile: Entry) -> ReleasedEntry {
    let slug = profile.slug.unwrap_or_else(|| slugify(&profile.display_name.unwrap_or_default()));
    let options = profile.profile_options.into_iter();
    let options = options.map(|(key, option)| ReleasedOption { key, choices: option.choices.into_keys().collect() });
    ReleasedEntry { slug, options: options.collect() }
}
