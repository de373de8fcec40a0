//! Parts of Kubernetes' objects that `KubeSpawner` hands on unread, and that Kubernetes refuses when somebody starts a server.

mod formats;
mod refused;
mod resources;
mod rules;
mod schema;
mod typed;

use std::collections::BTreeMap;

use self::formats::Format;
use super::sites::{Site, find};
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Findings, Severity};
use crate::ir::{Hub, Located, OverrideValue, objects as each};
use refused::refused;

/// What `KubeSpawner` calls the container of the server (`make_pod`).
const SERVER: &str = "notebook";
const POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];

/// What the hub itself says: the names of secrets.
pub(super) fn hub(hub: &Hub, findings: &mut Findings) {
    for secret in &hub.pull_secrets {
        let name = Located::new(OverrideValue::Text(secret.value.clone()), secret.place);
        typed::named(&name, "name", Format::Name, findings);
    }
}

/// The objects of a site, one of all `sites` of a hub.
pub(super) fn objects(sites: &[Site<'_>], site: &Site<'_>, findings: &mut Findings) {
    for one in &site.traits {
        let (name, value) = (one.name.value.as_str(), &one.value);
        typed::check(name, value, site.unlisted, findings);
        match name {
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
                mounts(sites, value, findings);
            }
            "volumes" => unique(value, "name", "volumes", findings),
            "init_containers" => each(&value.value).for_each(|item| before_the_server(item, findings)),
            "extra_annotations" | "common_annotations" => {
                if let OverrideValue::Map(fields) = &value.value {
                    typed::annotations(fields, findings);
                }
            }
            "image_pull_secrets" => each(&value.value).for_each(|item| typed::named(item, "name", Format::Name, findings)),
            "service_account" | "priority_class_name" | "storage_class" => typed::named(value, name, Format::Name, findings),
            "working_dir" => typed::named(value, name, Format::Absolute, findings),
            _ => {}
        }
    }
    containers(sites, site, findings);
    extended(sites, site, findings);
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

/// Amounts of a node's resources.
fn quantities(value: &Located<OverrideValue>, findings: &mut Findings) {
    let OverrideValue::Map(fields) = &value.value else { return };
    resources::resources(fields, findings);
    for (_, amount) in fields {
        if let Some(text) = amount.value.as_text().filter(|text| !text.contains('{') && formats::amount(text).is_none()) {
            findings.push(resources::quantity(text, amount.place));
        }
    }
}

/// Names of environment variables.
fn variables(value: &Located<OverrideValue>, findings: &mut Findings) {
    let OverrideValue::Map(fields) = &value.value else { return };
    for (name, _) in fields {
        if !Format::Variable.takes(&name.value) {
            findings.push(refused(name.place, format!("`{}` is no name of an environment variable", name.value.escape_debug())));
        }
    }
}

/// Names of containers, each once in a pod, and the volumes that they mount.
fn containers(sites: &[Site<'_>], site: &Site<'_>, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    for item in
        ["init_containers", "extra_containers"].iter().filter_map(|name| find(&site.traits, name)).flat_map(|one| each(&one.value.value))
    {
        if let Some(own) = item.value.get("volumeMounts") {
            mounts(sites, own, findings);
        }
        let Some((name, place)) = text(item, "name") else { continue };
        if name == SERVER {
            findings
                .push(refused(place, format!("`{SERVER}` is the name of the server's own container")).help("give this one another name"));
        } else if let Some(first) = seen.insert(name, place) {
            findings
                .push(refused(place, format!("two containers are called `{name}`")).here("the second one").also(first, "the first one"));
        }
    }
}

/// What a container that runs before the server can't have, since it ends, unless it goes on beside the server.
fn before_the_server(item: &Located<OverrideValue>, findings: &mut Findings) {
    if text(item, "restartPolicy").is_some_and(|(policy, _)| policy == "Always") {
        return;
    }
    let OverrideValue::Map(fields) = &item.value else { return };
    let beside = |name: &str| matches!(name, "livenessProbe" | "readinessProbe" | "startupProbe" | "lifecycle");
    if let Some((key, _)) = fields.iter().find(|(key, value)| beside(&key.value) && value.value != OverrideValue::Null) {
        findings.push(
            refused(key.place, format!("a container that runs before the server has no `{}`", key.value))
                .help("drop it, or say `restartPolicy = \"Always\"` of a container that goes on beside the server"),
        );
    }
}

/// Two objects of one list that are one for Kubernetes.
fn unique(value: &Located<OverrideValue>, field: &str, what: &str, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    for (name, place) in each(&value.value).filter_map(|item| text(item, field)) {
        let name = if name.len() > 1 { name.trim_end_matches('/') } else { name };
        if let Some(first) = seen.insert(name, place) {
            let both = if field == "name" { "are called" } else { "are at" };
            findings.push(refused(place, format!("two {what} {both} `{name}`")).here("the second one").also(first, "the first one"));
        }
    }
}

/// Mounts of volumes that no entry of the menu defines. The chart's own values may define one, so this is a warning.
fn mounts(sites: &[Site<'_>], value: &Located<OverrideValue>, findings: &mut Findings) {
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

/// Extended resources, such as graphics processors, can't be overcommitted: guarantee and limit are the same, and there is no
/// guarantee without a limit.
fn extended(sites: &[Site<'_>], site: &Site<'_>, findings: &mut Findings) {
    let Some(Located { value: OverrideValue::Map(fields), .. }) = find(&site.traits, "extra_resource_guarantees").map(|one| &one.value)
    else {
        return;
    };
    let limits = find(&site.traits, "extra_resource_limits");
    for (name, guarantee) in fields.iter().filter(|(name, value)| name.value.contains('/') && value.value != OverrideValue::Null) {
        let limit = limits.and_then(|limits| limits.value.value.get(&name.value));
        match limit {
            Some(limit) if limit.value == guarantee.value => {}
            Some(limit) => findings.push(
                refused(guarantee.place, format!("guarantee and limit of `{}` differ", name.value))
                    .here("guaranteed")
                    .also(limit.place, "the limit")
                    .help("say both alike, or the limit only"),
            ),
            None if limited(sites, &name.value) => {}
            None => findings.push(
                refused(guarantee.place, format!("a guarantee of `{}` needs a limit", name.value))
                    .here("guaranteed, without a limit")
                    .help("say it in `extra_resource_limits` instead: the limit is guaranteed"),
            ),
        }
    }
}

/// Whether any place of a menu limits a resource.
fn limited(sites: &[Site<'_>], name: &str) -> bool {
    let limits = |site: &Site<'_>| find(&site.traits, "extra_resource_limits").is_some_and(|limits| limits.value.value.get(name).is_some());
    sites.iter().any(limits)
}
