//! The size of a menu: a `ConfigMap` holds one mebibyte, and so does the hub's Secret, in which the chart's values are, too.

use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::ir::{Choice, Hub, MenuImage, OverrideValue, Profile, Program, Settings};

/// What Kubernetes takes, in bytes.
const LIMIT: usize = 1 << 20;
/// From here on the chart's own values may not fit beside it.
const NEAR: usize = 700 << 10;
/// Characters of a line besides its text: indentation, the key, quotes.
const LINE: usize = 40;
/// Characters of a tag of the compiler's: the readable part and the hash.
const TAG: usize = 32;

/// The size of a hub's menu, before tags are known.
pub(super) fn menu(program: &Program, hub: &Hub, findings: &mut Findings) {
    let size: usize = hub.menu.iter().map(|entry| profile(program, hub, &entry.offered(&|_| String::new()))).sum();
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
    let own = settings(hub, &profile.settings.over(&hub.defaults));
    let texts = profile.title.value.len() + profile.description.as_ref().map_or(0, |text| text.value.len());
    let options = profile.options.iter().map(|option| {
        let free = option.unlisted.as_ref().map_or(0, |free| 6 * LINE + settings(hub, &free.settings));
        4 * LINE + free + option.choices.iter().map(|entry| choice(program, hub, entry)).sum::<usize>()
    });
    4 * LINE + texts + own + image(program, profile.image.as_ref().map(|image| &image.value)) + options.sum::<usize>()
}

fn choice(program: &Program, hub: &Hub, choice: &Choice) -> usize {
    let texts = choice.title.value.len() + choice.description.as_ref().map_or(0, |text| LINE + text.value.len());
    // The key is in the menu, and twice in the configuration that finds saved choices.
    3 * LINE
        + 3 * choice.key.value.len()
        + texts
        + image(program, choice.image.as_ref().map(|image| &image.value))
        + settings(hub, &choice.settings)
}

fn image(program: &Program, image: Option<&MenuImage>) -> usize {
    match image {
        None => 0,
        Some(MenuImage::Cell(cell)) => LINE + program[*cell].repository.len() + TAG,
        Some(MenuImage::Base(base)) => LINE + program[*base].reference().len(),
        Some(MenuImage::Reference(reference)) => LINE + reference.len(),
    }
}

fn settings(hub: &Hub, settings: &Settings) -> usize {
    settings.traits(hub).iter().map(|one| value(&one.value.value)).sum()
}

fn value(given: &OverrideValue) -> usize {
    match given {
        OverrideValue::Text(text) => LINE + text.len(),
        OverrideValue::List(items) => LINE + items.iter().map(|item| value(&item.value)).sum::<usize>(),
        OverrideValue::Map(fields) => LINE + fields.iter().map(|(key, item)| key.value.len() + value(&item.value)).sum::<usize>(),
        _ => LINE,
    }
}
