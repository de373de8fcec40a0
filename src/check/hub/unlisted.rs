//! Free texts beside the choices of a drop-down: what people may type, and what becomes of it.

use super::pattern;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::ir::{FormKind, Hub, MenuOption, OverrideValue, Profile, Unlisted};

/// The free texts of an entry, and drop-downs with nothing to choose.
pub(super) fn free_texts(hub: &Hub, profile: &Profile, findings: &mut Findings) {
    for option in &profile.options {
        if option.choices.is_empty() {
            findings.push(empty(option));
        }
        if let Some(free) = &option.unlisted {
            matching(hub, option, free, findings);
            value(hub, option, free, findings);
        }
    }
}

/// A drop-down without choices.
fn empty(option: &MenuOption) -> Diagnostic {
    let key = &option.key.value;
    if option.unlisted.is_none() {
        return Diagnostic::new(&known::EMPTY_OPTION, option.origin, format!("the option `{key}` offers nothing"))
            .here("no choice in it")
            .help("add a choice, or drop the option");
    }
    let mut finding = Diagnostic::new(&known::EMPTY_OPTION, option.origin, format!("the option `{key}` has a free text only"))
        .here("a server that is started without the page fails: it has no default")
        .help("add a choice");
    finding.severity = Severity::Warning;
    finding
}

/// The pattern of a free text.
fn matching(hub: &Hub, option: &MenuOption, free: &Unlisted, findings: &mut Findings) {
    let Some(pattern) = &free.pattern else {
        findings.push(
            Diagnostic::new(&known::OPEN_CHOICE, free.origin, format!("people may type anything as `{}`", option.key.value))
                .here("no `match` in it")
                .help("say what is allowed: `match = \"quay.io/.+:.+\"`"),
        );
        return;
    };
    let finding = |place: Place, message: String| Diagnostic::new(&known::UNREADABLE_PATTERN, place, message);
    if let Err(problem) = pattern::check(&pattern.value) {
        findings.push(
            finding(pattern.place, format!("`{}` is no pattern for both server and browser: {}", pattern.value, problem.what))
                .maybe_help(problem.help),
        );
    } else if hub.form == FormKind::Kubespawner
        && let Some(letter) = pattern.value.chars().find(|c| matches!(c, '"' | '&' | '<' | '>'))
    {
        findings.push(
            finding(pattern.place, format!("the page can't hold the pattern `{}`", pattern.value))
                .here(format!("KubeSpawner's page writes `{letter}` unescaped"))
                .help(format!("write `\\x{:02x}`", u32::from(letter))),
        );
    }
}

/// Whether what was typed is used.
fn value(hub: &Hub, option: &MenuOption, free: &Unlisted, findings: &mut Findings) {
    if free.image || free.settings.traits(hub.chart.value).iter().any(|one| uses_value(&one.value.value)) {
        return;
    }
    findings.push(
        Diagnostic::new(&known::UNUSED_TEXT, free.origin, format!("what people type as `{}` is used nowhere", option.key.value))
            .here("no `{value}` in what it sets")
            .help("call it `unlisted image`, or put `{value}` into one of its `override`s"),
    );
}

/// Whether a value holds `{value}`.
fn uses_value(value: &OverrideValue) -> bool {
    match value {
        OverrideValue::Text(text) => text.contains("{value}"),
        OverrideValue::List(items) => items.iter().any(|item| uses_value(&item.value)),
        OverrideValue::Map(fields) => fields.iter().any(|(key, item)| key.value.contains("{value}") || uses_value(&item.value)),
        _ => false,
    }
}
