//! The fields that say what a server gets: processor, memory, cards, nodes, environment.

use crate::analyse::context::Context;
use crate::analyse::fields::Fields;
use crate::analyse::pairs::named_values;
use crate::analyse::scope::Scope;
use crate::analyse::value::Val;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Bounds, Gpu, Located, Memory, MilliCpu, QuantityError, Settings};
use crate::syntax::ast::{Field, Value};
use crate::syntax::words::Room;

/// Puts what the fields say over what is said already.
pub(super) fn read<'a>(cx: &Context<'a>, scope: &Scope<'_>, fields: &Fields<'_, 'a>, settings: &mut Settings) {
    let own = Settings {
        cpu: bounds(cx, fields, "cpu", "cores: `2`, `0.5`, `500m` or a range `2..4`", MilliCpu::parse),
        memory: bounds(cx, fields, "memory", "memory: `4G` or a range `4G..16G`", memory),
        gpu: gpu(cx, scope, fields),
        node: fields.tree("node").map_or_else(Vec::new, |tree| pairs(cx, scope, "node", tree)),
        env: fields.tree("env").map_or_else(Vec::new, |tree| pairs(cx, scope, "env", tree)),
        url: fields.text("url").map(|url| Located::new(url, fields.place("url"))),
        overrides: Vec::new(),
    };
    *settings = own.over(settings);
}

/// `2..4`: guarantee and limit; a single number is both.
fn bounds<T: Copy + PartialOrd>(
    cx: &Context<'_>,
    fields: &Fields<'_, '_>,
    name: &str,
    wanted: &str,
    parse: impl Fn(&str) -> Result<T, QuantityError>,
) -> Option<Located<Bounds<T>>> {
    fields.field(name)?;
    let place = fields.place(name);
    if cx.is_foreign(|| place) {
        return None;
    }
    let (from, to) = match fields.value(name)? {
        Val::Range(from, to) => (from, to),
        Val::Number(text) => (text.clone(), text),
        other => {
            let finding = Diagnostic::new(&known::WRONG_TYPE, place, format!("`{name}` takes {wanted}, and this is {}", other.kind()));
            let text = spelled(&other).and_then(|text| Some((meant(&text, &parse)?, parse(&text).is_ok())));
            cx.report(match text {
                Some((text, safe)) => finding.replace(format!("write `{text}`"), safe, place, text),
                None => finding.here(format!("is {}", other.kind())),
            });
            return None;
        }
    };
    let one = |text: &str| match parse(text) {
        Ok(value) => Some(value),
        Err(problem) => {
            let whole = if from == to { meant(&from, &parse) } else { meant(&format!("{from}..{to}"), &parse) };
            let finding = bad_quantity(place, name, text, &problem);
            cx.report(match whole {
                Some(whole) => finding.replace(format!("write `{whole}`"), false, place, whole),
                None => finding.help(format!("write {wanted}")),
            });
            None
        }
    };
    // `none` takes away what the hub or its chart says.
    let end = |text: &str| if text == "none" { Some(None) } else { one(text).map(Some) };
    Some(Located::new(Bounds { guarantee: end(&from)?, limit: end(&to)? }, place))
}

/// An amount that is written as a text, a list of two, or as Kubernetes has it: `{ requests = 1G  limits = 2G }`.
fn spelled(value: &Val) -> Option<String> {
    match value {
        Val::List(ends) => {
            let [from, to] = ends.as_slice() else { return None };
            Some(format!("{}..{}", from.display()?, to.display()?))
        }
        Val::Map(map) => {
            let end = |names: &[&str]| map.iter().find(|(name, _)| names.contains(&name.as_str())).and_then(|(_, value)| value.display());
            match (end(&["min", "guarantee", "request", "requests"]), end(&["max", "limit", "limits"])) {
                (Some(from), Some(to)) => Some(format!("{from}..{to}")),
                (one, other) => one.or(other),
            }
        }
        other => other.display(),
    }
}

fn bad_quantity(place: Place, name: &str, text: &str, problem: &QuantityError) -> Diagnostic {
    let finding = Diagnostic::new(&known::BAD_VALUE, place, format!("`{text}` is no amount for `{name}`"));
    match problem {
        QuantityError::Unit(_) if text.bytes().all(|byte| byte.is_ascii_digit()) => finding.here("a number alone is bytes"),
        QuantityError::Unit(_) if text.contains('-') => finding.here("a range has `..` between its ends"),
        QuantityError::Unit(_) => finding.here("this unit is unknown"),
        QuantityError::Number => finding,
    }
}

/// The amount or range that a text stands for: `2GB` is `2G`, `2G-4G` a range, and a number without a unit is gigabytes where it is
/// small, else megabytes.
fn meant<T: PartialOrd>(text: &str, parse: &impl Fn(&str) -> Result<T, QuantityError>) -> Option<String> {
    let range = ["..", "-", "–", ":"].iter().find_map(|mark| text.split_once(mark));
    if let Some((from, to)) = range {
        let (from, to) = (meant(from.trim(), parse)?, meant(to.trim(), parse)?);
        let turned = parse(&from).ok().zip(parse(&to).ok()).is_some_and(|(from, to)| from > to);
        let (from, to) = if turned { (to, from) } else { (from, to) };
        return Some(format!("{from}..{to}"));
    }
    let unit = match parse(text) {
        Ok(_) => return Some(text.to_owned()),
        Err(QuantityError::Unit(Some(unit))) => unit,
        Err(_) => return None,
    };
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
    let Ok(alone) = text.parse::<u64>() else { return Some(format!("{number}{unit}")) };
    Some(if alone < 128 { format!("{alone}{unit}") } else { Memory(alone << 20).to_string() })
}

/// Memory; so few bytes that a unit must be missing are not taken.
fn memory(text: &str) -> Result<Memory, QuantityError> {
    Memory::parse(text).and_then(|memory| if memory.lacks_unit() { Err(QuantityError::Unit(Some("G"))) } else { Ok(memory) })
}

/// `gpu = 1`, or `gpu = { count = 1  resource = "amd.com/gpu" }`.
fn gpu<'a>(cx: &Context<'a>, scope: &Scope<'_>, fields: &Fields<'_, 'a>) -> Option<Located<Gpu>> {
    let tree = fields.tree("gpu")?;
    let place = fields.place("gpu");
    if let Value::Map(map) = tree {
        let inner = Fields::read_map(cx, scope, Room::Gpu, map);
        let count = if inner.has("count") { inner.count("count")? } else { 1 };
        let resource = if inner.has("resource") { inner.text("resource")? } else { Gpu::NVIDIA.to_owned() };
        return Some(Located::new(Gpu { count, resource }, place));
    }
    Some(Located::new(Gpu { count: fields.count("gpu")?, resource: Gpu::NVIDIA.to_owned() }, place))
}

/// A map of texts.
fn pairs(cx: &Context<'_>, scope: &Scope<'_>, name: &str, tree: &Value) -> Vec<(Located<String>, Located<String>)> {
    let Value::Map(map) = tree else {
        let place = cx.place(scope.unit, tree.span());
        let finding = Diagnostic::new(&known::WRONG_TYPE, place, format!("`{name}` takes names and values in braces"));
        let text = |span| cx.sources.text(cx.place(scope.unit, span));
        let listed = if let Value::List(list) = tree { named_values(list, &text) } else { None };
        cx.report(match listed {
            Some(pairs) => finding.replace(format!("write `{name} = {{ {pairs} }}`"), false, place, format!("{{ {pairs} }}")),
            None => finding.help(format!("write `{name} = {{ NAME = \"value\" }}`")),
        });
        return Vec::new();
    };
    map.fields.iter().filter_map(|field| pair(cx, scope, field)).collect()
}

/// One name with its text.
pub(super) fn pair(cx: &Context<'_>, scope: &Scope<'_>, field: &Field) -> Option<(Located<String>, Located<String>)> {
    let place = cx.place(scope.unit, field.value.span());
    let value = scope.value(cx, &field.value)?;
    let Some(text) = value.display() else {
        let message = format!("`{}` takes a text, and this is {}", field.key.text, value.kind());
        cx.report(Diagnostic::new(&known::WRONG_TYPE, place, message).help("write it in quotes"));
        return None;
    };
    Some((Located::new(field.key.text.clone(), cx.place(scope.unit, field.key.span)), Located::new(text, place)))
}
