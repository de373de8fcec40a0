//! What the fields of one object of Kubernetes have to say together (`pkg/apis/core/validation` of Kubernetes 1.34).

use super::refused::refused;
use super::{formats, resources as amounts};
use crate::base::Place;
use crate::diagnostics::Findings;
use crate::ir::{Located, OverrideValue};

/// The fields of an object.
type Fields = [(Located<String>, Located<OverrideValue>)];

/// Fields of a type of which an object has one; `true` where it needs one. A volume without a source is an empty folder.
const ONE_OF: [(&str, &[&str], bool); 6] = [
    ("LifecycleHandler", &["exec", "httpGet", "tcpSocket", "sleep"], true),
    ("Probe", &["exec", "httpGet", "tcpSocket", "grpc"], true),
    ("EnvVarSource", &["configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"], true),
    ("EnvFromSource", &["configMapRef", "secretRef"], true),
    ("EnvVar", &["value", "valueFrom"], false),
    ("VolumeMount", &["subPath", "subPathExpr"], false),
];

/// Fields that Kubernetes requires and its schemas do not, with the types that they are of.
const ALSO_NEEDED: [(&str, &str); 10] = [
    ("Container", "image"),
    ("ConfigMapVolumeSource", "name"),
    ("ConfigMapProjection", "name"),
    ("ConfigMapKeySelector", "name"),
    ("ConfigMapEnvSource", "name"),
    ("SecretVolumeSource", "secretName"),
    ("SecretProjection", "name"),
    ("SecretKeySelector", "name"),
    ("SecretEnvSource", "name"),
    ("LocalObjectReference", "name"),
];

/// The fields that a type needs beside those of its schema.
pub(super) fn also_needed(kind: &str) -> impl Iterator<Item = &'static str> + use<'_> {
    ALSO_NEEDED.iter().filter(move |(known, _)| *known == kind).map(|(_, field)| *field)
}

/// The fields of one object.
pub(super) fn between(kind: &str, fields: &Fields, place: Place, findings: &mut Findings) {
    match kind {
        "Volume" => one_of(kind, fields, &|name| name != "name", None, findings),
        "VolumeProjection" => one_of(kind, fields, &|_| true, Some(place), findings),
        "Toleration" => toleration(fields, place, findings),
        "NodeSelectorRequirement" | "LabelSelectorRequirement" => requirement(fields, place, findings),
        "ResourceRequirements" => resources(fields, findings),
        _ => {}
    }
    if let Some((_, names, needed)) = ONE_OF.iter().find(|(known, ..)| *known == kind) {
        one_of(kind, fields, &|name| names.contains(&name), needed.then_some(place), findings);
    }
}

/// Of some fields there is one: not two, and where a place is given, not none.
fn one_of(kind: &str, fields: &Fields, is_one: &dyn Fn(&str) -> bool, needed: Option<Place>, findings: &mut Findings) {
    let mut there = fields.iter().filter(|(key, value)| is_one(&key.value) && value.value != OverrideValue::Null);
    match (there.next(), there.next(), needed) {
        (Some((first, _)), Some((second, _)), _) => {
            let what = match kind {
                "Volume" => "a volume has one source",
                "VolumeProjection" | "EnvVarSource" | "EnvFromSource" => "one source is meant",
                "LifecycleHandler" | "Probe" => "one thing is done",
                _ => "one of two fields is said",
            };
            findings.push(
                refused(second.place, format!("{what}, and here are `{}` and `{}`", first.value, second.value))
                    .here("the second one")
                    .also(first.place, "the first one")
                    .help("drop one of them"),
            );
        }
        (None, _, Some(place)) if fields.is_empty() => {
            findings.push(refused(place, format!("nothing is in this `{kind}`")).here("one of its fields is needed"));
        }
        _ => {}
    }
}

/// A field of an object.
fn get<'a>(fields: &'a Fields, name: &str) -> Option<&'a Located<OverrideValue>> {
    fields.iter().find(|(key, _)| key.value == name).map(|(_, value)| value).filter(|value| value.value != OverrideValue::Null)
}

fn text<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    get(fields, name)?.value.as_text()
}

/// A toleration: of any value it has none, of any key it says `Exists`, and only who is thrown off a node has a time.
fn toleration(fields: &Fields, place: Place, findings: &mut Findings) {
    let exists = text(fields, "operator") == Some("Exists");
    if let Some(value) = get(fields, "value").filter(|value| exists && value.value.as_text() != Some("")) {
        findings.push(
            refused(value.place, "a toleration with `Exists` has no value".to_owned())
                .help("drop the value, or write `operator = \"Equal\"`"),
        );
    }
    // A key that is misspelt has its finding.
    let fields_of = ["key", "operator", "value", "effect", "tolerationSeconds"];
    let misspelt = fields.iter().any(|(key, _)| !fields_of.contains(&key.value.as_str()));
    if !exists && text(fields, "key").is_none_or(str::is_empty) && !misspelt {
        findings.push(
            refused(place, "a toleration without a key is one of every key, and says `Exists`".to_owned())
                .help("add `key = \"…\"`, or `operator = \"Exists\"`"),
        );
    }
    if let Some(seconds) = get(fields, "tolerationSeconds").filter(|_| text(fields, "effect").is_some_and(|effect| effect != "NoExecute")) {
        findings.push(
            refused(seconds.place, "`tolerationSeconds` belongs to the effect `NoExecute`".to_owned())
                .help("drop it, or write `effect = \"NoExecute\"`"),
        );
    }
}

/// How many values a condition on labels has depends on its operator.
fn requirement(fields: &Fields, place: Place, findings: &mut Findings) {
    let values = match get(fields, "values") {
        Some(Located { value: OverrideValue::List(items), .. }) => items.as_slice(),
        Some(_) => return,
        None => &[],
    };
    let place = get(fields, "values").map_or(place, |values| values.place);
    let Some(operator) = text(fields, "operator") else { return };
    let number = |item: &Located<OverrideValue>| item.value.as_text().is_some_and(|text| text.parse::<i64>().is_ok());
    let wants = match operator {
        "In" | "NotIn" if values.is_empty() => "takes at least one value",
        "Exists" | "DoesNotExist" if !values.is_empty() => "takes no values",
        "Gt" | "Lt" if values.len() != 1 || !values.iter().all(number) => "takes one whole number, in quotes",
        _ => return,
    };
    findings.push(refused(place, format!("`{operator}` {wants}")).help("mend `values`, or take another `operator`"));
}

/// What a container asks for at least is not above what it gets at most.
fn resources(fields: &Fields, findings: &mut Findings) {
    for word in ["limits", "requests"] {
        if let Some(Located { value: OverrideValue::Map(all), .. }) = get(fields, word) {
            amounts::resources(all, findings);
        }
    }
    let (Some(limits), Some(Located { value: OverrideValue::Map(requests), .. })) = (get(fields, "limits"), get(fields, "requests")) else {
        return;
    };
    for (name, request) in requests {
        let Some(limit) = limits.value.get(&name.value) else { continue };
        if let (Some(least), Some(most)) = (amount(request), amount(limit))
            && least > most
        {
            findings.push(
                refused(request.place, format!("`{}` is requested above its limit", name.value))
                    .here("asked for")
                    .also(limit.place, "the limit")
                    .help("raise the limit, or ask for less"),
            );
        }
    }
}

fn amount(value: &Located<OverrideValue>) -> Option<f64> {
    match &value.value {
        OverrideValue::Text(text) | OverrideValue::Decimal(text) => formats::amount(text),
        OverrideValue::Int(number) => formats::amount(&number.to_string()),
        _ => None,
    }
}
