//! The Kubernetes objects around the values.

use super::super::yaml::{Key, Yaml, to_text};
use super::context::Context;
use super::values;
use crate::ir::HubOutput;

/// What Flux watches, so that a change reaches the hub at once instead of at the next interval.
const WATCH: (&str, &str) = ("reconcile.fluxcd.io/watch", "Enabled");
/// What keeps Flux from putting variables into the text.
const NO_SUBSTITUTION: (&str, &str) = ("kustomize.toolkit.fluxcd.io/substitute", "disabled");
/// The key of a `ConfigMap` in which a `HelmRelease` looks for values.
const VALUES_KEY: &str = "values.yaml";

/// The `ConfigMap`.
pub(super) fn configmap(context: Context<'_>, output: &HubOutput) -> Yaml {
    let labels = Yaml::map([(WATCH.0, Yaml::text(WATCH.1))]);
    let annotations = Yaml::map([(NO_SUBSTITUTION.0, Yaml::text(NO_SUBSTITUTION.1))]);
    let mut metadata = metadata(context, &configmap_name(context, output));
    metadata.push((Key::Borrowed("labels"), labels));
    metadata.push((Key::Borrowed("annotations"), annotations));
    let text = to_text(&values::values(context, output.pre_pull));
    Yaml::map([
        ("apiVersion", Yaml::text("v1")),
        ("kind", Yaml::text("ConfigMap")),
        ("metadata", Yaml::Map(metadata)),
        ("data", Yaml::map([(VALUES_KEY, Yaml::Block(text))])),
    ])
}

/// The `HelmRelease`. It holds no values of its own, which would win over those of the `ConfigMap`.
pub(super) fn helmrelease(context: Context<'_>, output: &HubOutput) -> Yaml {
    let name = output.name.as_deref().unwrap_or(&context.hub.name);
    let chart = context.hub.chart.value;
    let (kind, source) = output.chart_source.as_ref().map_or(("HelmRepository", "jupyterhub"), |(kind, name)| (kind, name));
    let spec = Yaml::map([
        ("chart", Yaml::text("jupyterhub")),
        ("version", Yaml::text(format!("{chart}.x"))),
        ("sourceRef", Yaml::map([("kind", Yaml::text(kind)), ("name", Yaml::text(source))])),
    ]);
    let values = Yaml::map([
        ("kind", Yaml::text("ConfigMap")),
        ("name", Yaml::text(values_from(context, output))),
        ("valuesKey", Yaml::text(VALUES_KEY)),
    ]);
    Yaml::map([
        ("apiVersion", Yaml::text("helm.toolkit.fluxcd.io/v2")),
        ("kind", Yaml::text("HelmRelease")),
        ("metadata", Yaml::Map(metadata(context, name))),
        (
            "spec",
            Yaml::map([("interval", Yaml::text("30m")), ("chart", Yaml::map([("spec", spec)])), ("valuesFrom", Yaml::List(vec![values]))]),
        ),
    ])
}

/// Name and, where the hub says it, namespace.
fn metadata(context: Context<'_>, name: &str) -> Vec<(Key, Yaml)> {
    let mut fields = vec![(Key::Borrowed("name"), Yaml::text(name))];
    if let Some(namespace) = &context.hub.namespace {
        fields.push((Key::Borrowed("namespace"), Yaml::text(&namespace.value)));
    }
    fields
}

/// What the `ConfigMap` is called.
fn configmap_name(context: Context<'_>, output: &HubOutput) -> String {
    output.name.clone().unwrap_or_else(|| context.hub.default_configmap())
}

/// The `ConfigMap` that a `HelmRelease` takes its values from: the one it names, else the one of the same hub.
fn values_from(context: Context<'_>, output: &HubOutput) -> String {
    let same_hub = |other: &&HubOutput| other.hub == output.hub;
    output.values_from.clone().unwrap_or_else(|| {
        let own = context.program.outputs.configmaps.iter().find(same_hub);
        own.map_or_else(|| context.hub.default_configmap(), |own| configmap_name(context, own))
    })
}
