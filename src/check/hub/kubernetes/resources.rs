//! What containers ask for.

use super::formats::{self, Format};
use super::refused::refused;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings};
use crate::ir::{Located, OverrideValue};

/// Names of a node's resources, each with an amount: those with a domain before their name are counted in whole numbers.
pub(super) fn resources(pairs: &[(Located<String>, Located<OverrideValue>)], findings: &mut Findings) {
    for (name, amount) in pairs {
        if !formats::is_resource(&name.value) && !name.value.contains('{') {
            findings.push(
                refused(name.place, format!("a container can't ask for `{}`", name.value.escape_debug()))
                    .here("no resource of a node")
                    .help("name it as the node does, with its domain: `nvidia.com/gpu`"),
            );
        } else if name.value.contains('/')
            && let Some(text) = amount.value.as_text().filter(|text| formats::amount(text).is_some() && text.parse::<u64>().is_err())
        {
            findings.push(refused(amount.place, format!("`{}` is counted in whole numbers, and this is `{text}`", name.value)));
        }
    }
}

/// A text that is no quantity.
pub(super) fn quantity(text: &str, place: Place) -> Diagnostic {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let right = ["Ki", "Mi", "Gi", "Ti"].into_iter().find(|known| unit.to_ascii_uppercase().starts_with(&known[..1]));
    let finding = refused(place, format!("`{}` is no quantity of Kubernetes", text.escape_debug()));
    match right.filter(|_| unit.len() < text.len()) {
        Some(right) => finding.help(format!("write `\"{}{right}\"`", text.get(..text.len() - unit.len()).unwrap_or(""))),
        None => finding.here("a number, perhaps with a unit such as `Gi` or `m`"),
    }
}

pub(super) fn unfit(text: &str, field: &str, format: Format, place: Place) -> Diagnostic {
    let what = if field.contains(' ') { field.to_owned() } else { format!("the `{field}`") };
    let finding = refused(place, format!("`{}` can't be {what}", text.escape_debug()));
    if let Format::Word(words) = format {
        return finding.maybe_help(crate::base::or_nearest(text, words.iter().copied()));
    }
    let finding = finding.here(format.what());
    let label: String = text.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let label = label.trim_matches('-');
    if matches!(format, Format::Label | Format::Name) && format.takes(label) { finding.help(format!("write `{label}`")) } else { finding }
}
