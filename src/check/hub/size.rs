//! The size of a menu: a `ConfigMap` holds one mebibyte, and so does the hub's Secret, in which the chart's values are, too.

use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::ir::{Choice, FormKind, Hub, MenuImage, OverrideValue, Profile, Program, Settings, ordered_keys};

/// What Kubernetes takes, in bytes.
const LIMIT: usize = 1 << 20;
/// From here on the chart's own values may not fit beside it.
const NEAR: usize = 700 << 10;
/// Characters of a tag besides the readable part: a hyphen and the hash.
const HASH: usize = 13;
/// Characters of the configuration that finds saved choices, besides its names; with the hub's other values.
const SAVED: usize = 8 << 10;
/// Where the fields of an entry, of an option and of a choice begin.
const ENTRY: usize = 6;
const OPTION: usize = ENTRY + 4;
const CHOICE: usize = OPTION + 4;

/// The size of a hub's menu, before tags are known.
pub(super) fn menu(program: &Program, hub: &Hub, findings: &mut Findings) {
    let entries = hub.menu.iter().map(|entry| profile(program, hub, &entry.offered(&|_| String::new())));
    let size = SAVED + entries.sum::<usize>();
    if size < NEAR {
        return;
    }
    let kib = size >> 10;
    let mut finding = Diagnostic::new(&known::MENU_SIZE, hub.origin, format!("the menu of `{}` has about {kib} KiB", hub.name))
        .here(format!("a ConfigMap holds {} KiB, and the hub's Secret, with the chart's values, as many", LIMIT >> 10))
        .help("drop entries, or move what all of them set into the chart's values");
    if size < LIMIT {
        finding.severity = Severity::Warning;
    }
    findings.push(finding);
}

/// An entry with all its choices.
fn profile(program: &Program, hub: &Hub, profile: &Profile) -> usize {
    let own = settings(hub, &hub.entry(profile), ENTRY);
    let texts = line(ENTRY, "display_name", profile.title.value.len()) + line(ENTRY, "slug", profile.slug.text.len());
    let description = profile.description.as_ref().map_or(0, |text| line(ENTRY, "description", text.value.len()));
    let keys: Vec<&str> = profile.options.iter().map(|option| option.key.value.as_str()).collect();
    let options = ordered_keys(&keys).into_iter().zip(&profile.options).map(|(key, option)| {
        let free =
            option.unlisted.as_ref().map_or(0, |free| 6 * line(CHOICE, "validation_message", 20) + settings(hub, &free.settings, OPTION));
        let keys: Vec<&str> = option.choices.iter().map(|choice| choice.key.value.as_str()).collect();
        let choices = ordered_keys(&keys).into_iter().zip(&option.choices).map(|(key, entry)| choice(program, hub, &key, entry));
        let head = line(OPTION - 2, &key, 0) + line(OPTION, "display_name", option.title.value.len()) + line(OPTION, "choices", 0);
        // The key is in the configuration of saved choices, too: `"size": ["01-size", {}], `.
        head + free + 2 * key.len() + 14 + choices.sum::<usize>()
    });
    let options = options.sum::<usize>() + if keys.is_empty() { 0 } else { line(ENTRY, "profile_options", 0) };
    let groups: usize = profile.groups.iter().map(|group| line(ENTRY + 2, "-", group.value.len())).sum();
    texts + description + groups + own + image(program, profile.image.as_ref().map(|image| &image.value), ENTRY + 2) + options
}

fn choice(program: &Program, hub: &Hub, key: &str, choice: &Choice) -> usize {
    let description =
        choice.description.as_ref().map_or(0, |text| text.value.len() + if hub.form == FormKind::Fancy { CHOICE + 17 } else { 5 });
    let texts = line(CHOICE - 2, key, 0) + line(CHOICE, "display_name", choice.title.value.len()) + description;
    let image = image(program, choice.image.as_ref().map(|image| &image.value), CHOICE + 2);
    let own = settings(hub, &choice.settings, CHOICE);
    let head = if own == 0 && image > 0 { line(CHOICE, "kubespawner_override", 0) } else { 0 };
    let groups: usize = choice.groups.iter().map(|group| line(CHOICE + 2, "-", group.value.len())).sum();
    // Twice in the configuration of saved choices: `"large": "02-large", `.
    texts + groups + head + image + own + choice.key.value.len() + key.len() + 8
}

/// A line with its indentation, its key, its text in quotes and its end.
fn line(indent: usize, key: &str, text: usize) -> usize {
    indent + key.len() + if text == 0 { 2 } else { 5 + text }
}

fn image(program: &Program, image: Option<&MenuImage>, indent: usize) -> usize {
    let length = match image {
        None => return 0,
        Some(MenuImage::Cell(cell)) => {
            let cell = &program[*cell];
            cell.repository.len() + 1 + cell.slug().len() + HASH
        }
        Some(MenuImage::Base(base)) => program[*base].reference().len(),
        Some(MenuImage::Reference(reference)) => reference.len(),
    };
    line(indent, "image", length)
}

/// The traits of a place, whose other fields begin at `indent`.
fn settings(hub: &Hub, settings: &Settings, indent: usize) -> usize {
    let traits: usize = settings.traits(hub).iter().map(|one| value(indent + 2, &one.name.value, &one.value.value)).sum();
    if traits == 0 { 0 } else { traits + line(indent, "kubespawner_override", 0) }
}

fn value(indent: usize, key: &str, given: &OverrideValue) -> usize {
    let quotes = if key.contains(['/', '{', ' ']) { 2 } else { 0 };
    quotes
        + match given {
            OverrideValue::Text(text) => line(indent, key, text.len()),
            OverrideValue::List(items) => {
                line(indent, key, 0) + items.iter().map(|item| value(indent + 2, "-", &item.value)).sum::<usize>()
            }
            OverrideValue::Map(given) => {
                let inner: usize = given.iter().map(|(key, item)| value(indent + 2, &key.value, &item.value)).sum();
                // In a list, the first field is on the line of the hyphen.
                inner + if key == "-" { 0 } else { line(indent, key, 0) }
            }
            other => line(indent, key, 0) + other.to_string().len(),
        }
}
