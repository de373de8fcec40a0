//! Values of Kubernetes' objects at any depth: unknown keys, wrong types, what is missing, texts that can't be read.

use super::formats::{self, Format};
use super::refused::refused;
use super::resources::{quantity, unfit};
use super::rules;
use super::schema::{Kind, Shape, shape};
use crate::base::{Place, nearest};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Chart, Expansion, Located, OverrideValue, find_trait};

/// What a trait holds, as the table of types has it; `None` where it is no object of Kubernetes.
fn held(name: &str) -> Option<Shape> {
    let item = match name {
        "volumes" => "Volume",
        "volume_mounts" => "VolumeMount",
        "init_containers" | "extra_containers" => "Container",
        "tolerations" => "Toleration",
        "node_affinity_preferred" => "PreferredSchedulingTerm",
        "node_affinity_required" => "NodeSelectorTerm",
        "pod_affinity_preferred" | "pod_anti_affinity_preferred" => "WeightedPodAffinityTerm",
        "pod_affinity_required" | "pod_anti_affinity_required" => "PodAffinityTerm",
        "environment" => "EnvVar",
        "image_pull_secrets" => "LocalObjectReference",
        "lifecycle_hooks" => return Some(shape("Lifecycle")),
        "extra_container_config" => return Some(shape("Container")),
        "extra_pod_config" => return Some(shape("PodSpec")),
        "container_security_context" => return Some(shape("SecurityContext")),
        "pod_security_context" => return Some(shape("PodSecurityContext")),
        "storage_selector" => return Some(shape("LabelSelector")),
        _ => return None,
    };
    Some(Shape::List(item))
}

/// What is wrong with the objects of one trait.
pub(super) struct Reader<'a> {
    /// The trait: `volumes`.
    name: &'a str,
    /// Whether the object at hand joins one that the chart has.
    partial: bool,
    /// Whether braces in its texts may be placeholders.
    expands: bool,
    findings: &'a mut Findings,
}

/// Looks at the value of a trait.
pub(super) fn check(name: &str, value: &Located<OverrideValue>, unlisted: bool, findings: &mut Findings) {
    let Some(holds) = held(name) else { return };
    let expands = unlisted || find_trait(name).is_some_and(|known| known.expansion != Expansion::No);
    let mut reader = Reader { name, expands, partial: false, findings };
    match (holds, &value.value) {
        // Objects by names of one's own, or in a list; whether the trait takes the one or the other is another rule's business.
        (Shape::List(item), _) => {
            let own = |one: &&Located<OverrideValue>| value.value.get(Chart::HOME_VOLUME).is_some_and(|home| home == *one);
            for one in crate::ir::objects(&value.value).filter(|one| matches!(one.value, OverrideValue::Map(_))) {
                // What joins the chart's own volume or mount need not be whole.
                reader.partial = own(&one);
                reader.value(shape(item), one, true);
            }
        }
        (holds, OverrideValue::Map(_)) => reader.value(holds, value, true),
        _ => {}
    }
}

impl Reader<'_> {
    /// A value that is to have a shape. `outer` is the object that `KubeSpawner` itself reads, by names in camel case or in snake case.
    fn value(&mut self, holds: Shape, given: &Located<OverrideValue>, outer: bool) {
        use OverrideValue::{List, Map, Text};
        match (holds, &given.value) {
            (Shape::Quantity, Text(text)) => self.quantity(text, given.place),
            (Shape::List(item), List(items)) => items.iter().for_each(|one| self.value(shape(item), one, false)),
            (Shape::Map(item), Map(fields)) => fields.iter().for_each(|(_, one)| self.value(shape(item), one, false)),
            (Shape::Object(kind), Map(fields)) => self.object(kind, fields, given.place, outer),
            _ => {}
        }
    }

    fn object(&mut self, kind: &'static Kind, fields: &[(Located<String>, Located<OverrideValue>)], place: Place, outer: bool) {
        let mut unknown = false;
        for (key, value) in fields {
            let snake = outer && !self.name.ends_with("security_context");
            let known_name = if snake { camel_case(&key.value) } else { key.value.clone() };
            let Some(holds) = kind.field(&known_name) else {
                unknown = true;
                self.unknown(kind, key);
                continue;
            };
            if !fits(holds, &value.value) {
                self.wrong(&key.value, holds, value);
                continue;
            }
            self.text(kind, &known_name, value);
            self.range(kind, &known_name, value);
            self.value(holds, value, false);
        }
        let has = |name: &str| fields.iter().any(|(key, value)| camel_case(&key.value) == name && value.value != OverrideValue::Null);
        // `KubeSpawner` puts these in itself.
        let whole = self.name == "environment" || (self.name.starts_with("extra_") && self.name.ends_with("_config"));
        // A key that is unknown is perhaps the one that is missing.
        for name in
            kind.needed().chain(rules::also_needed(kind.name)).filter(|name| !(unknown || has(name) || outer && (whole || self.partial)))
        {
            self.findings.push(
                refused(place, format!("`{name}` is missing in this value of `{}`", self.name))
                    .here(format!("Kubernetes takes no `{}` without it", kind.name))
                    .help(format!("add `{name} = …`")),
            );
        }
        rules::between(kind.name, fields, place, self.findings);
    }

    /// Texts of a format, unless something is filled into them.
    fn text(&mut self, kind: &Kind, field: &str, value: &Located<OverrideValue>) {
        if matches!(field, "nodeSelector" | "matchLabels")
            && let OverrideValue::Map(pairs) = &value.value
        {
            return labels(pairs, self.findings);
        }
        let Some(format) = formats::of(kind.name, field) else { return };
        let items = if let OverrideValue::List(items) = &value.value { items.as_slice() } else { std::slice::from_ref(value) };
        for item in items {
            let Some(text) = item.value.as_text().filter(|text| !(format.takes(text) || self.expands && text.contains('{'))) else {
                continue;
            };
            self.findings.push(unfit(text, field, format, item.place));
        }
    }

    /// Whole numbers of a range. A mode is a number like any other, not octal digits.
    fn range(&mut self, kind: &Kind, field: &str, value: &Located<OverrideValue>) {
        let (OverrideValue::Int(number), Some((least, most))) = (&value.value, formats::range(kind.name, field)) else { return };
        if (least..=most).contains(number) {
            return;
        }
        let finding = refused(value.place, format!("`{number}` can't be the `{field}`"));
        let octal = i64::from_str_radix(&number.to_string(), 8).ok().filter(|_| most == 0o777);
        self.findings.push(match octal.filter(|mode| (least..=most).contains(mode)) {
            Some(mode) => {
                finding.here("a number to the base of ten here").help(format!("write `{mode}`, which is {number} in octal digits"))
            }
            None if most > 65535 => finding.here(format!("it is at least {least}")),
            None => finding.here(format!("from {least} to {most}")),
        });
    }

    fn quantity(&mut self, text: &str, place: Place) {
        if !(formats::amount(text).is_some() || self.expands && text.contains('{')) {
            self.findings.push(quantity(text, place));
        }
    }

    fn unknown(&mut self, kind: &Kind, key: &Located<String>) {
        let name = key.value.as_str();
        let camel = camel_case(name);
        let near = kind.field(&camel).map(|_| camel).or_else(|| nearest(name, kind.names()).map(str::to_owned));
        let finding = Diagnostic::new(&known::UNKNOWN_KUBERNETES_KEY, key.place, format!("`{}` of Kubernetes has no `{name}`", kind.name))
            .here(format!("in the value of `{}`", self.name));
        self.findings.push(match near {
            Some(near) => finding.replace(format!("did you mean `{near}`?"), false, key.place, near),
            None if kind.names().count() <= 12 => {
                let names: Vec<String> = kind.names().map(|name| format!("`{name}`")).collect();
                finding.help(format!("it has {}", names.join(", ")))
            }
            None => finding,
        });
    }

    fn wrong(&mut self, field: &str, holds: Shape, value: &Located<OverrideValue>) {
        let message = format!("`{field}` takes {}, and this is {}", wants(holds), value.value.kind());
        let finding = Diagnostic::new(&known::WRONG_KUBERNETES_TYPE, value.place, message).here(format!("in the value of `{}`", self.name));
        self.findings.push(match (holds, &value.value) {
            (Shape::Text, OverrideValue::Int(number)) => finding.help(format!("write `\"{number}\"`")),
            (Shape::Text, OverrideValue::Decimal(number)) => finding.help(format!("write `\"{number}\"`")),
            (Shape::Text, OverrideValue::Bool(value)) => finding.help(format!("write `\"{value}\"`")),
            (Shape::Whole, OverrideValue::Text(text)) if text.parse::<i64>().is_ok() => finding.help(format!("write `{text}`")),
            (Shape::Bool, OverrideValue::Text(text)) if matches!(text.as_str(), "true" | "false") => {
                finding.help(format!("write `{text}`"))
            }
            (Shape::List("text"), OverrideValue::Text(text)) => {
                let words: Vec<String> = text.split_whitespace().map(|word| format!("{word:?}")).collect();
                finding.help(format!("write `[{}]`", words.join(", ")))
            }
            _ => finding,
        });
    }
}

/// Whether a value has a shape, what is in it aside.
fn fits(holds: Shape, value: &OverrideValue) -> bool {
    use OverrideValue::{Bool, Decimal, Int, List, Map, Null, Text};
    match (holds, value) {
        (_, Null) | (Shape::Any, _) => true,
        (Shape::List(item), List(items)) => items.iter().all(|one| fits(shape(item), &one.value)),
        (Shape::Map(item), Map(fields)) => fields.iter().all(|(_, one)| fits(shape(item), &one.value)),
        _ => matches!(
            (holds, value),
            (Shape::Text, Text(_))
                | (Shape::Whole, Int(_))
                | (Shape::Number, Int(_) | Decimal(_))
                | (Shape::Bool, Bool(_))
                | (Shape::Quantity, Int(_) | Decimal(_) | Text(_))
                | (Shape::Port, Int(_) | Text(_))
                | (Shape::Object(_), Map(_))
        ),
    }
}

/// A shape as a reader would say it.
fn wants(holds: Shape) -> &'static str {
    match holds {
        Shape::Text => "a text",
        Shape::Whole => "a whole number",
        Shape::Number => "a number",
        Shape::Bool => "`true` or `false`",
        Shape::Quantity => "a quantity such as `\"4Gi\"`",
        Shape::Port => "a number or the name of a port",
        Shape::List("text") => "a list of texts",
        Shape::List(_) => "a list of values in braces",
        Shape::Map(_) => "texts by name, in braces",
        Shape::Object(_) | Shape::Any => "a value in braces",
    }
}

/// Keys and values of labels.
pub(super) fn labels(pairs: &[(Located<String>, Located<OverrideValue>)], findings: &mut Findings) {
    for (key, value) in pairs {
        if !Format::LabelKey.takes(&key.value) && !key.value.contains('{') {
            findings.push(unfit(&key.value, "a key of a label", Format::LabelKey, key.place));
        }
        if let Some(text) = value.value.as_text().filter(|text| !text.contains('{') && !Format::LabelValue.takes(text)) {
            findings.push(unfit(text, "a value of a label", Format::LabelValue, value.place));
        }
    }
}

/// Keys of annotations; their values are any texts.
pub(super) fn annotations(pairs: &[(Located<String>, Located<OverrideValue>)], findings: &mut Findings) {
    for (key, _) in pairs.iter().filter(|(key, _)| !formats::is_annotation_key(&key.value) && !key.value.contains('{')) {
        findings.push(unfit(&key.value, "the key of an annotation", Format::LabelKey, key.place));
    }
}

/// A text of a trait that has a format.
pub(super) fn named(value: &Located<OverrideValue>, name: &str, format: Format, findings: &mut Findings) {
    if let Some(text) = value.value.as_text().filter(|text| !format.takes(text) && !text.contains('{')) {
        findings.push(unfit(text, name, format, value.place));
    }
}

/// `claimName` of `claim_name`, as `KubeSpawner` takes it in the outermost objects.
fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    let mut upper = false;
    for letter in name.chars() {
        if letter == '_' {
            upper = true;
        } else {
            camel.push(if std::mem::take(&mut upper) { letter.to_ascii_uppercase() } else { letter });
        }
    }
    camel
}
