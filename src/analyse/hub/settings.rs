//! The fields that say what a server gets: processor, memory, cards, nodes, environment.

use crate::analyse::context::Context;
use crate::analyse::fields::Fields;
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
fn bounds<T: Copy>(
    cx: &Context<'_>,
    fields: &Fields<'_, '_>,
    name: &str,
    wanted: &str,
    parse: impl Fn(&str) -> Result<T, QuantityError>,
) -> Option<Located<Bounds<T>>> {
    fields.field(name)?;
    let place = fields.place(name);
    let (from, to) = match fields.value(name)? {
        Val::Range(from, to) => (from, to),
        Val::Number(text) => (text.clone(), text),
        other => {
            let finding = Diagnostic::new(&known::WRONG_TYPE, place, format!("`{name}` takes {wanted}, and this is {}", other.kind()));
            cx.report(match other.display().filter(|text| parse(text).is_ok()) {
                Some(text) => finding.replace(format!("write `{text}`"), true, place, text),
                None => finding.here(format!("{} stands here", other.kind())),
            });
            return None;
        }
    };
    let one = |text: &str| match parse(text) {
        Ok(value) => Some(value),
        Err(problem) => {
            cx.report(bad_quantity(place, name, text, wanted, &problem));
            None
        }
    };
    // `none` takes away what the hub or its chart says.
    let end = |text: &str| if text == "none" { Some(None) } else { one(text).map(Some) };
    Some(Located::new(Bounds { guarantee: end(&from)?, limit: end(&to)? }, place))
}

fn bad_quantity(place: Place, name: &str, text: &str, wanted: &str, problem: &QuantityError) -> Diagnostic {
    let finding = Diagnostic::new(&known::BAD_VALUE, place, format!("`{text}` is no amount for `{name}`"));
    match problem {
        QuantityError::Number => finding.help(format!("`{name}` takes {wanted}")),
        QuantityError::Unit(Some(unit)) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            finding.here("a number alone is bytes").help(format!("write `{text}{unit}`"))
        }
        QuantityError::Unit(Some(unit)) => {
            finding.here("this unit is unknown").help(format!("write `{unit}`; units are `K`, `M`, `G` and `T`"))
        }
        QuantityError::Unit(None) => finding.here("this unit is unknown").help(format!("`{name}` takes {wanted}")),
    }
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
        cx.report(
            Diagnostic::new(&known::WRONG_TYPE, place, format!("`{name}` takes names and values in braces"))
                .help(format!("write `{name} = {{ NAME = \"value\" }}`")),
        );
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
