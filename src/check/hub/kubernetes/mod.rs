//! Parts of Kubernetes' objects that `KubeSpawner` hands on unread, and that Kubernetes refuses when somebody starts a server.

mod formats;
mod schema;
mod typed;

use std::collections::BTreeMap;

use super::sites::{Site, find};
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::ir::{Hub, Located, OverrideValue, objects as each};

const POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];

/// The objects of a site.
pub(super) fn objects(hub: &Hub, site: &Site<'_>, findings: &mut Findings) {
    for one in &site.traits {
        let (name, value) = (one.name.value.as_str(), &one.value);
        typed::check(name, value, site.unlisted, findings);
        match name {
            "tolerations" => each(&value.value).for_each(|item| toleration(item, findings)),
            "image_pull_policy" => member(value, "an image pull policy", &POLICIES, findings),
            "environment" => variables(value, findings),
            "extra_labels" | "common_labels" | "storage_extra_labels" | "node_selector" => {
                if let OverrideValue::Map(fields) = &value.value {
                    typed::labels(fields, findings);
                }
            }
            "extra_resource_limits" | "extra_resource_guarantees" => quantities(value, findings),
            "volume_mounts" => {
                unique(value, "mountPath", "mounts", findings);
                mounts(hub, value, findings);
            }
            "volumes" => unique(value, "name", "volumes", findings),
            "init_containers" | "extra_containers" => unique(value, "name", "containers", findings),
            _ => {}
        }
    }
    extended(site, findings);
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

/// A toleration of any value has none.
fn toleration(item: &Located<OverrideValue>, findings: &mut Findings) {
    let exists = text(item, "operator").is_some_and(|(operator, _)| operator == "Exists");
    if let Some((_, place)) = text(item, "value").filter(|(value, _)| exists && !value.is_empty()) {
        findings.push(
            refused(place, "a toleration with `Exists` has no value".to_owned()).help("drop the value, or write `operator = \"Equal\"`"),
        );
    }
}

/// Amounts of a node's resources: those with a domain before their name are counted in whole numbers.
fn quantities(value: &Located<OverrideValue>, findings: &mut Findings) {
    let OverrideValue::Map(fields) = &value.value else { return };
    for (name, amount) in fields {
        let Some(text) = amount.value.as_text().filter(|text| !text.contains('{')) else { continue };
        if !formats::is_quantity(text) {
            findings.push(typed::quantity(text, amount.place));
        } else if name.value.contains('/') && text.parse::<u64>().is_err() {
            findings.push(refused(amount.place, format!("`{}` is counted in whole numbers, and this is `{text}`", name.value)));
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

/// Two objects of one list that are one for Kubernetes.
fn unique(value: &Located<OverrideValue>, field: &str, what: &str, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    for (name, place) in each(&value.value).filter_map(|item| text(item, field)) {
        if let Some(first) = seen.insert(name, place) {
            let both = if field == "name" { "are called" } else { "are at" };
            findings.push(refused(place, format!("two {what} {both} `{name}`")).here("the second one").also(first, "the first one"));
        }
    }
}

/// Mounts of volumes that no entry of the menu defines. The chart's own values may define one, so this is a warning.
fn mounts(hub: &Hub, value: &Located<OverrideValue>, findings: &mut Findings) {
    let sites = super::sites::of(hub);
    let known_names: Vec<&str> = sites
        .iter()
        .filter_map(|site| find(&site.traits, "volumes"))
        .flat_map(|volumes| each(&volumes.value.value))
        .filter_map(|item| text(item, "name").map(|(name, _)| name))
        .collect();
    for item in each(&value.value) {
        match text(item, "name") {
            Some((name, place)) if !name.contains('{') && !known_names.contains(&name) => {
                let mut finding = refused(place, format!("no volume on this menu is called `{name}`"))
                    .here("mounted here")
                    .maybe_help(or_nearest(name, known_names.iter().copied()))
                    .help("define it in `override { volumes = … }`, unless the chart's values do");
                finding.severity = Severity::Warning;
                findings.push(finding);
            }
            _ => {}
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
