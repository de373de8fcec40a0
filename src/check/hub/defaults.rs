//! Exactly one default: of several the server takes the first and a browser the last.

use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, Profile};

/// The default entry of a menu.
pub(super) fn entries(hub: &Hub, findings: &mut Findings) {
    let mut defaults = hub.menu.iter().filter_map(|profile| profile.default.map(|place| (profile, place)));
    let Some((first, first_place)) = defaults.next() else {
        if hub.menu.len() > 1 {
            let names: Vec<_> = hub.menu.iter().take(4).map(|profile| format!("`{}`", profile.slug.text)).collect();
            findings.push(
                Diagnostic::new(&known::NO_DEFAULT_ENTRY, hub.origin, format!("no entry on the menu of `{}` is the default", hub.name))
                    .here(format!("offers {}", names.join(", ")))
                    .help("say `default = true` in one of the profiles"),
            );
        }
        return;
    };
    for (profile, place) in defaults {
        let message = format!("both `{}` and `{}` are the default of `{}`", first.slug.text, profile.slug.text, hub.name);
        findings.push(
            Diagnostic::new(&known::SEVERAL_DEFAULTS, place, message)
                .here("a browser would take this one")
                .also(first_place, "the server would take this one")
                .help("drop one of them"),
        );
    }
}

/// The default choices of an entry.
pub(super) fn choices(profile: &Profile, findings: &mut Findings) {
    for option in &profile.options {
        let mut defaults = option.choices.iter().filter_map(|choice| choice.default.map(|place| (choice, place)));
        let Some((first, first_place)) = defaults.next() else { continue };
        for (choice, place) in defaults {
            let message =
                format!("both `{}` and `{}` are the default of the option `{}`", first.key.value, choice.key.value, option.key.value);
            findings.push(
                Diagnostic::new(&known::SEVERAL_DEFAULTS, place, message)
                    .here("a browser would take this one")
                    .also(first_place, "the server would take this one")
                    .help("drop one of them"),
            );
        }
    }
}
