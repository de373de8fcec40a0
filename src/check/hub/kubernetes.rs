//! Parts of Kubernetes' objects that `KubeSpawner` hands on unread, and that Kubernetes refuses when somebody starts a server.

use std::collections::BTreeMap;

use super::sites::{Site, find};
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::ir::{Hub, Located, OverrideValue};

const EFFECTS: [&str; 3] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const OPERATORS: [&str; 4] = ["Exists", "Equal", "Lt", "Gt"];
const HOOKS: [&str; 2] = ["postStart", "preStop"];
const HANDLERS: [&str; 4] = ["exec", "httpGet", "tcpSocket", "sleep"];
const POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];

/// The objects of a site.
pub(super) fn objects(hub: &Hub, site: &Site<'_>, findings: &mut Findings) {
    for one in &site.traits {
        let value = &one.value;
        match one.name.value.as_str() {
            "tolerations" => each(value).for_each(|item| toleration(item, findings)),
            "lifecycle_hooks" => hooks(value, findings),
            "image_pull_policy" => member(value, "an image pull policy", &POLICIES, findings),
            "environment" => variables(value, findings),
            "extra_labels" => labels(value, findings),
            "volume_mounts" => mounts(hub, value, findings),
            "volumes" => volumes(value, findings),
            _ => {}
        }
    }
    extended(site, findings);
}

/// The items of a list, or of a map by names.
fn each(value: &Located<OverrideValue>) -> Box<dyn Iterator<Item = &Located<OverrideValue>> + '_> {
    match &value.value {
        OverrideValue::List(items) => Box::new(items.iter()),
        OverrideValue::Map(fields) => Box::new(fields.iter().map(|(_, item)| item)),
        _ => Box::new(std::iter::empty()),
    }
}

/// The text of a field.
fn text<'a>(item: &'a Located<OverrideValue>, name: &str) -> Option<(&'a str, Place)> {
    item.value.get(name).and_then(|field| Some((field.value.as_text()?, field.place)))
}

/// A text that is none of a closed set.
fn member(value: &Located<OverrideValue>, what: &str, set: &[&str], findings: &mut Findings) {
    if let Some(word) = value.value.as_text().filter(|word| !set.contains(word)) {
        findings.push(refused(value.place, format!("`{word}` is not {what}")).maybe_help(or_nearest(word, set.iter().copied())));
    }
}

fn refused(place: Place, message: String) -> Diagnostic {
    Diagnostic::new(&known::REFUSED_BY_KUBERNETES, place, message)
}

/// A toleration's effect, operator and value.
fn toleration(item: &Located<OverrideValue>, findings: &mut Findings) {
    for (field, what, set) in
        [("effect", "an effect of a toleration", &EFFECTS[..]), ("operator", "an operator of a toleration", &OPERATORS[..])]
    {
        if let Some(value) = item.value.get(field) {
            member(value, what, set, findings);
        }
    }
    let exists = text(item, "operator").is_some_and(|(operator, _)| operator == "Exists");
    match item.value.get("value") {
        Some(value) if value.value.as_text().is_none() => {
            findings.push(
                refused(value.place, format!("the value of a toleration is a text, and this is {}", value.value.kind()))
                    .help("put it in quotes"),
            );
        }
        Some(value) if exists => findings.push(
            refused(value.place, "a toleration with `Exists` has no value".to_owned())
                .help("drop the value, or write `operator = \"Equal\"`"),
        ),
        _ => {}
    }
}

/// Hooks and their handlers.
fn hooks(value: &Located<OverrideValue>, findings: &mut Findings) {
    let OverrideValue::Map(hooks) = &value.value else { return };
    for (name, handler) in hooks {
        if !HOOKS.contains(&name.value.as_str()) {
            findings.push(
                refused(name.place, format!("there is no lifecycle hook `{}`", name.value)).maybe_help(or_nearest(&name.value, HOOKS)),
            );
            continue;
        }
        let OverrideValue::Map(kinds) = &handler.value else { continue };
        for (kind, _) in kinds.iter().filter(|(kind, _)| !HANDLERS.contains(&kind.value.as_str())) {
            findings.push(
                refused(kind.place, format!("a lifecycle hook has no handler `{}`", kind.value))
                    .maybe_help(or_nearest(&kind.value, HANDLERS)),
            );
        }
    }
}

/// Names of environment variables.
fn variables(value: &Located<OverrideValue>, findings: &mut Findings) {
    let OverrideValue::Map(fields) = &value.value else { return };
    for (name, _) in fields {
        let fits = !name.value.is_empty() && name.value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'=');
        if !fits {
            findings.push(refused(name.place, format!("`{}` is no name of an environment variable", name.value.escape_debug())));
        }
    }
}

/// Values of labels: at most 63 letters, digits, `-`, `_` and `.`.
fn labels(value: &Located<OverrideValue>, findings: &mut Findings) {
    let OverrideValue::Map(fields) = &value.value else { return };
    for (_, label) in fields {
        let Some(text) = label.value.as_text().filter(|text| !text.contains(['{', '}'])) else { continue };
        let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let edges = text.is_empty()
            || (text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.ends_with(|c: char| c.is_ascii_alphanumeric()));
        if text.len() > 63 || !text.chars().all(letter) || !edges {
            findings.push(
                refused(label.place, format!("`{}` is no value of a label", text.escape_debug()))
                    .here("at most 63 letters, digits, `-`, `_` and `.`, a letter or digit at both ends"),
            );
        }
    }
}

/// Two volumes of one name.
fn volumes(value: &Located<OverrideValue>, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    for (name, place) in each(value).filter_map(|item| text(item, "name")) {
        if let Some(first) = seen.insert(name, place) {
            findings.push(refused(place, format!("two volumes are called `{name}`")).here("the second one").also(first, "the first one"));
        }
    }
    for item in each(value).filter(|item| matches!(item.value, OverrideValue::Map(_)) && text(item, "name").is_none()) {
        findings.push(refused(item.place, "a volume needs a name".to_owned()).help("add `name = \"…\"`"));
    }
}

/// Mounts of volumes that no entry of the menu defines. The chart's own values may define one, so this is a warning.
fn mounts(hub: &Hub, value: &Located<OverrideValue>, findings: &mut Findings) {
    let sites = super::sites::of(hub);
    let known_names: Vec<&str> = sites
        .iter()
        .filter_map(|site| find(&site.traits, "volumes"))
        .flat_map(|volumes| each(&volumes.value))
        .filter_map(|item| text(item, "name").map(|(name, _)| name))
        .collect();
    for item in each(value) {
        match text(item, "name") {
            Some((name, place)) if !name.contains('{') && !known_names.contains(&name) => {
                let mut finding = refused(place, format!("no volume on this menu is called `{name}`"))
                    .here("mounted here")
                    .maybe_help(or_nearest(name, known_names.iter().copied()))
                    .help("define it in `override { volumes = … }`, unless the chart's values do");
                finding.severity = Severity::Warning;
                findings.push(finding);
            }
            None if matches!(item.value, OverrideValue::Map(_)) => {
                findings.push(refused(item.place, "a mount needs the name of a volume".to_owned()).help("add `name = \"…\"`"));
            }
            _ => {}
        }
        if matches!(item.value, OverrideValue::Map(_)) && item.value.get("mountPath").is_none() {
            findings.push(refused(item.place, "a mount needs a path".to_owned()).help("add `mountPath = \"/…\"`"));
        }
    }
}

/// Extended resources, such as graphics processors, can't be overcommitted: where both are said, both are the same.
fn extended(site: &Site<'_>, findings: &mut Findings) {
    let (Some(limits), Some(guarantees)) = (find(&site.traits, "extra_resource_limits"), find(&site.traits, "extra_resource_guarantees"))
    else {
        return;
    };
    let OverrideValue::Map(fields) = &guarantees.value.value else { return };
    for (name, guarantee) in fields {
        match limits.value.value.get(&name.value) {
            Some(limit) if limit.value == guarantee.value => {}
            limit => {
                let finding = refused(guarantee.place, format!("guarantee and limit of `{}` differ", name.value)).here("guaranteed");
                let finding = limit.map_or_else(|| finding.clone(), |limit| finding.clone().also(limit.place, "the limit"));
                findings.push(finding.help("say both alike, or the limit only"));
            }
        }
    }
}
