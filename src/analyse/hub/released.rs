//! What the committed artifacts offer: the public names that people may have saved.

use serde_json::Value;

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

/// The menu of an artifact; `None` where there is none, or none that can be read.
fn menu(cx: &Context<'_>, path: &str) -> Option<ReleasedMenu> {
    let bytes = cx.files.read(path, MAX_FILE_BYTES).ok()?;
    let document: Value = serde_saphyr::from_str(std::str::from_utf8(&bytes).ok()?).ok()?;
    let values: Value = match document.pointer("/data/values.yaml").and_then(Value::as_str) {
        Some(inner) => serde_saphyr::from_str(inner).ok()?,
        None => document,
    };
    let entries = values.pointer("/singleuser/profileList")?.as_array()?.iter().map(entry);
    Some(ReleasedMenu { path: path.to_owned(), entries: entries.collect() })
}

fn entry(profile: &Value) -> ReleasedEntry {
    let text = |key: &str| profile.get(key).and_then(Value::as_str);
    let slug = text("slug").map_or_else(|| slugify(text("display_name").unwrap_or_default()), str::to_owned);
    let options = profile.get("profile_options").and_then(Value::as_object).into_iter().flatten().map(|(key, option)| {
        let choices = option.get("choices").and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.clone());
        ReleasedOption { key: key.clone(), choices: choices.collect() }
    });
    ReleasedEntry { slug, options: options.collect() }
}
