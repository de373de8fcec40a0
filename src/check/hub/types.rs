//! Values of a type that a trait does not take: refused when somebody starts a server, or worse, taken.

use super::sites::Site;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Chart, Effect, Hub, Located, Memory, MilliCpu, OverrideValue, Trait, TraitKind, find_trait};

/// What is wrong with a value: where, what the trait takes there, and a way out.
struct Misfit {
    place: Place,
    wants: &'static str,
    found: String,
    help: Option<String>,
}

/// The values of a site's traits.
pub(super) fn traits(hub: &Hub, site: &Site<'_>, findings: &mut Findings) {
    for one in &site.settings.overrides {
        let Some(known) = find_trait(&one.name.value).filter(|known| !matches!(known.effect, Effect::Creation | Effect::Never)) else {
            continue;
        };
        // What is typed is put in before the value is set.
        let typed =
            if site.unlisted { one.value.value.as_text().map(|text| OverrideValue::Text(text.replace("{value}", "1"))) } else { None };
        let value = typed.filter(|_| known.kind == TraitKind::Bytes).map(|text| Located::new(text, one.value.place));
        if let Some(misfit) = check(known, value.as_ref().unwrap_or(&one.value), hub.chart.value) {
            let message = format!("`{}` takes {}, and this is {}", known.name, misfit.wants, misfit.found);
            findings.push(Diagnostic::new(&known::WRONG_TRAIT_TYPE, misfit.place, message).maybe_help(misfit.help));
        }
    }
}

/// The first misfit of a value.
fn check(known: &Trait, given: &Located<OverrideValue>, chart: Chart) -> Option<Misfit> {
    let value = &given.value;
    if *value == OverrideValue::Null {
        let empty = (known.kind == TraitKind::Text).then(|| "write `\"\"`, which takes away what a wider place sets".to_owned());
        return (!known.nullable).then(|| misfit(given, wants(known.kind, chart), empty));
    }
    let wrong = |help: Option<String>| Some(misfit(given, wants(known.kind, chart), help));
    match (known.kind, value) {
        (TraitKind::Text | TraitKind::Command | TraitKind::PullSecrets, OverrideValue::Text(_))
        | (TraitKind::Bool, OverrideValue::Bool(_))
        | (TraitKind::Map, OverrideValue::Map(_))
        | (TraitKind::Hook, _) => None,
        (TraitKind::Bytes, OverrideValue::Int(number)) if u64::try_from(*number).is_ok_and(|number| Memory(number).lacks_unit()) => {
            Some(Misfit {
                place: given.place,
                wants: "a size such as `4G`",
                found: format!("{number} bytes"),
                help: Some(format!("write `\"{number}G\"`")),
            })
        }
        (TraitKind::Number, OverrideValue::Decimal(_)) | (TraitKind::Int | TraitKind::Number | TraitKind::Bytes, OverrideValue::Int(_)) => {
            negative(given).or_else(|| port(known, given))
        }
        (TraitKind::Bytes, OverrideValue::Text(text)) => bytes(given, text),
        (TraitKind::Texts | TraitKind::Command, OverrideValue::List(items)) => each(items, "texts", |item| item.as_text().is_some()),
        (TraitKind::Ints, OverrideValue::List(items)) => each(items, "whole numbers", |item| matches!(item, OverrideValue::Int(_))),
        (TraitKind::PullSecrets, OverrideValue::List(items)) => {
            each(behind_none(items), "names of secrets", |item| matches!(item, OverrideValue::Text(_) | OverrideValue::Map(_)))
        }
        (TraitKind::Objects, OverrideValue::List(items)) => {
            each(behind_none(items), "values in braces", |item| matches!(item, OverrideValue::Map(_)))
        }
        (TraitKind::Objects, OverrideValue::Map(fields)) if chart.takes_maps() => fields
            .iter()
            .find(|(_, item)| !matches!(item.value, OverrideValue::Map(_)))
            .map(|(_, item)| misfit(item, "values in braces", None)),
        (TraitKind::TextMap | TraitKind::QuantityMap, OverrideValue::Map(fields)) => fields
            .iter()
            .find(|(_, item)| item.value.as_text().is_none() && item.value != OverrideValue::Null)
            .map(|(_, item)| misfit(item, "texts", quoted(&item.value))),
        (TraitKind::Environment, OverrideValue::Map(fields)) => {
            let fits = |item: &OverrideValue| matches!(item, OverrideValue::Text(_) | OverrideValue::Map(_) | OverrideValue::Null);
            fields
                .iter()
                .find(|(_, item)| !fits(&item.value))
                .map(|(_, item)| misfit(item, "texts or Kubernetes' `EnvVar` objects", quoted(&item.value)))
        }
        (TraitKind::Number, OverrideValue::Text(text)) => wrong(MilliCpu::parse(text).ok().map(|cpu| format!("write `{cpu}`"))),
        (TraitKind::Int, OverrideValue::Text(text)) => wrong(text.parse::<i64>().ok().map(|number| format!("write `{number}`"))),
        (TraitKind::Text, _) => wrong(quoted(value)),
        _ => wrong(None),
    }
}

/// A misfit of one value.
fn misfit(given: &Located<OverrideValue>, wants: &'static str, help: Option<String>) -> Misfit {
    Misfit { place: given.place, wants, found: given.value.kind().to_owned(), help }
}

/// What a kind of trait takes, as a reader would say it.
fn wants(kind: TraitKind, chart: Chart) -> &'static str {
    match kind {
        TraitKind::Text => "a text",
        TraitKind::Int => "a whole number",
        TraitKind::Number => "a number without unit and quotes",
        TraitKind::Bool => "`true` or `false`",
        TraitKind::Bytes => "a size such as `4G`",
        TraitKind::Texts => "a list of texts",
        TraitKind::Ints => "a list of whole numbers",
        TraitKind::Command => "a text or a list of texts",
        TraitKind::PullSecrets => "a list of names of secrets",
        TraitKind::Map => "a value in braces",
        TraitKind::TextMap | TraitKind::QuantityMap | TraitKind::Environment => "texts by name, in braces",
        TraitKind::Objects if chart.takes_maps() => "a list of Kubernetes' objects, or such objects by name",
        TraitKind::Objects => "a list of Kubernetes' objects",
        TraitKind::Hook => "a Python function",
    }
}

/// The items of a list that may begin with `none`.
fn behind_none(items: &[Located<OverrideValue>]) -> &[Located<OverrideValue>] {
    match items {
        [first, rest @ ..] if first.value == OverrideValue::Null => rest,
        all => all,
    }
}

/// The first item that is none of those wanted.
fn each(items: &[Located<OverrideValue>], wants: &'static str, fits: impl Fn(&OverrideValue) -> bool) -> Option<Misfit> {
    items.iter().find(|item| !fits(&item.value)).map(|item| misfit(item, wants, quoted(&item.value)))
}

/// A number below zero.
fn negative(given: &Located<OverrideValue>) -> Option<Misfit> {
    let text = match &given.value {
        OverrideValue::Int(number) => number.to_string(),
        OverrideValue::Decimal(text) => text.clone(),
        _ => return None,
    };
    text.starts_with('-').then(|| Misfit { place: given.place, wants: "a number from 0 on", found: format!("`{text}`"), help: None })
}

/// A port that no address has. Those below 1024 need the superuser.
fn port(known: &Trait, given: &Located<OverrideValue>) -> Option<Misfit> {
    let OverrideValue::Int(number) = given.value else { return None };
    let beyond = known.name == "port" && !(0..=65535).contains(&number);
    beyond.then(|| Misfit { place: given.place, wants: "a number up to 65535", found: format!("`{number}`"), help: None })
}

/// A size in a form that `KubeSpawner` does not read: only `K`, `M`, `G` and `T`, each a power of 1024, and never without one.
fn bytes(given: &Located<OverrideValue>, text: &str) -> Option<Misfit> {
    let right = text.ends_with(['K', 'M', 'G', 'T']) && Memory::parse(text).is_ok();
    (!right).then(|| {
        let upper = text.trim_end_matches(['B', 'b']).to_ascii_uppercase();
        let help = Memory::parse(&upper.replace('I', "i")).ok().map(|memory| format!("write `{memory}`"));
        Misfit { place: given.place, wants: "a size such as `4G`", found: format!("`{text}`"), help }
    })
}

/// The value in quotes, where that may be meant.
fn quoted(value: &OverrideValue) -> Option<String> {
    match value {
        OverrideValue::Bool(value) => Some(format!("write `\"{value}\"`")),
        OverrideValue::Int(value) => Some(format!("write `\"{value}\"`")),
        OverrideValue::Decimal(text) => Some(format!("write `\"{text}\"`")),
        _ => None,
    }
}
