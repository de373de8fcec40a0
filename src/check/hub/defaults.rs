//! Exactly one default: of several the server takes the first and a browser the last.

use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, Profile, Program};

/// The default entry of a menu. Where none says so, it is the first, as for `KubeSpawner`.
pub(super) fn entries(hub: &Hub, findings: &mut Findings) {
    let mut defaults = hub.menu.iter().filter_map(|profile| profile.default.map(|place| (profile, place)));
    let Some((first, first_place)) = defaults.next() else { return };
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

/// A menu with nothing on it, which takes the menu from everybody.
pub(super) fn empty(program: &Program, hub: &Hub, findings: &mut Findings) {
    let mut written = program.outputs.configmaps.iter().chain(&program.outputs.values);
    let written = written.any(|output| program.hubs.get(output.hub).is_some_and(|other| other.name == hub.name));
    if hub.menu.is_empty() && !hub.no_menu && written {
        findings.push(
            Diagnostic::new(&known::EMPTY_MENU, hub.origin, format!("nothing is on the menu of `{}`", hub.name))
                .here("no environment has a `profile`, and there is none at the top of a file")
                .help("add `profile { title = \"…\" }` to an environment, or say `menu = []` if the menu is meant to be empty"),
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
