//! What an entry, a choice or a free text sets, in the words of the language: processor, memory, cards, nodes, variables, the page; the
//! rest is an `override`.

use super::context::Context;
use super::model::{Common, Note, Set};
use super::values::{self, Texts};
use crate::base::Place;
use crate::import::RemarkKind::{Changed, Mistake};
use crate::import::yaml::{Field, Node, Value, decimal};
use crate::import::{Item, quoted};
use crate::ir::{Gpu, Memory, MilliCpu, TraitKind, find_trait, is_card};

/// What the chart guarantees where nothing is said (`singleuser.memory.guarantee`).
const CHART_GUARANTEE: u64 = 1 << 30;

/// The statements for what is set, in the order of the language's pages.
pub(super) fn statements(common: &Common, cx: Context<'_>, notes: &mut Vec<Note>) -> Vec<Item> {
    let mut left: Vec<Set> = common.sets.clone();
    let mut items = Vec::new();
    if let Some(text) = cpu(&mut left, notes) {
        items.push(Item::Statement(format!("cpu = {text}")));
    }
    if let Some(text) = memory(&mut left, cx, notes) {
        items.push(Item::Statement(format!("memory = {text}")));
    }
    cards(&left, cx, notes);
    if let Some(text) = gpu(&mut left, cx) {
        items.push(Item::Statement(format!("gpu = {text}")));
    }
    for (name, word) in [("node_selector", "node"), ("environment", "env")] {
        items.extend(pairs(&mut left, name, cx, notes).map(|text| Item::Statement(format!("{word} = {text}"))));
    }
    if let Some(at) = left.iter().position(|set| set.name == "default_url") {
        items.extend(url(&left.remove(at), cx, notes));
    }
    let rest: Vec<Item> = left.iter().filter_map(|set| one_override(set, cx, notes)).collect();
    if !rest.is_empty() {
        items.push(Item::Block { head: "override".to_owned(), items: rest });
    }
    items
}

fn take(left: &mut Vec<Set>, name: &str) -> Option<Set> {
    left.iter().position(|set| set.name == name).map(|at| left.remove(at))
}

fn mistake(notes: &mut Vec<Note>, place: Place, text: String) {
    notes.push(Note { kind: Mistake, place, text });
}

/// A guarantee and a limit as one word: `2`, `0.5..4`, `2..none`. Where there is one alone, or neither is a number, they stay traits.
fn range(left: &mut Vec<Set>, names: [&str; 2], mut amount: impl FnMut(&Set) -> Option<String>) -> Option<String> {
    let [from, to] = names.map(|name| left.iter().find(|set| set.name == name).cloned());
    let (from, to) = (from?, to?);
    if from.value.value == Value::Null && to.value.value == Value::Null {
        return None;
    }
    let texts = [amount(&from)?, amount(&to)?];
    left.retain(|set| !names.contains(&set.name.as_str()));
    let [from, to] = texts;
    Some(if from == to { from } else { format!("{from}..{to}") })
}

fn cpu(left: &mut Vec<Set>, notes: &mut Vec<Note>) -> Option<String> {
    // `cpu` rounds to thousandths as Kubernetes does; the variables of the server would show it.
    let decimals = |number: f64| decimal(number).split_once('.').map_or(0, |(_, rest)| rest.len());
    let fine = |set: &Set| matches!(set.value.value, Value::Float(number) if decimals(number) > 3);
    if left.iter().any(|set| set.name.starts_with("cpu_") && fine(set)) {
        return None;
    }
    range(left, ["cpu_guarantee", "cpu_limit"], |set| cores(set, notes))
}

/// Cores: a number; a text stops the start.
fn cores(set: &Set, notes: &mut Vec<Note>) -> Option<String> {
    match &set.value.value {
        Value::Null => Some("none".to_owned()),
        Value::Int(number) if *number >= 0 => Some(number.to_string()),
        Value::Float(number) if *number >= 0.0 => Some(decimal(*number)),
        Value::Text(text) => {
            let meant = MilliCpu::parse(text).ok()?;
            mistake(
                notes,
                set.value.place,
                format!("`{}` takes a number, and `\"{text}\"` is a text: the start fails; `{meant}` is meant", set.name),
            );
            Some(meant.to_string())
        }
        _ => None,
    }
}

fn memory(left: &mut Vec<Set>, cx: Context<'_>, notes: &mut Vec<Note>) -> Option<String> {
    if let Some(both) = range(left, ["mem_guarantee", "mem_limit"], |set| bytes(set, notes)) {
        return Some(both);
    }
    // A limit below what the chart guarantees: the pod is refused, unless the hub says another guarantee.
    let limit = left.iter().find(|set| set.name == "mem_limit")?.clone();
    let said = |name: &str| left.iter().any(|set| set.name == name) || cx.entry.is_some_and(|entry| entry.set(name).is_some());
    let text = bytes(&limit, &mut Vec::new())?;
    let most = Memory::parse(&text).ok()?.0;
    if said("mem_guarantee") || most >= CHART_GUARANTEE {
        return None;
    }
    take(left, "mem_limit");
    let known = cx.guarantee.filter(|least| *least <= most);
    let least = known.map_or_else(|| text.clone(), |least| Memory(least).to_string());
    if known.is_none() {
        let text =
            format!("`{text}` is below the 1G that the chart guarantees: the start fails, unless other values say less; it is both now");
        notes.push(Note { kind: Changed, place: limit.value.place, text });
    }
    Some(if least == text { text } else { format!("{least}..{text}") })
}

/// Bytes as `KubeSpawner` reads them; what it refuses as it was perhaps meant.
fn bytes(set: &Set, notes: &mut Vec<Note>) -> Option<String> {
    let place = set.value.place;
    let number = |number: u64, notes: &mut Vec<Note>| {
        if Memory(number).lacks_unit() {
            mistake(notes, place, format!("{number} are bytes; `{number}G` is meant"));
            return format!("{number}G");
        }
        Memory(number).to_string()
    };
    match &set.value.value {
        Value::Null => Some("none".to_owned()),
        Value::Int(bytes) => u64::try_from(*bytes).ok().map(|bytes| number(bytes, notes)),
        // Python's `int()` drops what is behind the point.
        Value::Float(bytes) if *bytes >= 0.0 => decimal(bytes.trunc()).parse().ok().map(|bytes| number(bytes, notes)),
        Value::Text(text) if text.ends_with(['K', 'M', 'G', 'T']) && Memory::parse(text).is_ok() => Some(text.clone()),
        Value::Text(text) => {
            let upper = text.trim().trim_end_matches(['B', 'b', 'i']).to_ascii_uppercase();
            let meant = Memory::parse(&upper).ok()?;
            let meant = if meant.lacks_unit() { Memory(meant.0 << 30) } else { meant };
            mistake(notes, place, format!("KubeSpawner refuses `{text}` for `{}`: the start fails; `{meant}` is meant", set.name));
            Some(meant.to_string())
        }
        _ => None,
    }
}

/// Notes cards of the entry that a choice with cards of another kind does not get: a server has those of one kind.
fn cards(left: &[Set], cx: Context<'_>, notes: &mut Vec<Note>) {
    for set in left.iter().filter(|set| set.name.starts_with("extra_resource_")) {
        let is_new = |field: &&Field| is_card(&field.key) && set.value.get(&field.key).is_none();
        let of_entry = cx.entry.into_iter().flat_map(|entry| &entry.sets).filter(|own| own.name.starts_with("extra_resource_"));
        let lost = of_entry.flat_map(|own| own.value.fields()).find(is_new);
        if let Some(lost) = lost.filter(|_| set.value.fields().iter().any(|field| is_card(&field.key))) {
            let text = format!("`{}` of the entry is not given here any longer: a server has cards of one kind", lost.key);
            notes.push(Note { kind: Changed, place: set.value.place, text });
        }
    }
}

/// Cards: one resource called `…/gpu`, a whole number of it, limited or guaranteed alike.
fn gpu(left: &mut Vec<Set>, cx: Context<'_>) -> Option<String> {
    let limits = left.iter().find(|set| set.name == "extra_resource_limits")?;
    let [field] = limits.value.fields() else { return None };
    let count: u32 = field.value.shown()?.parse().ok()?;
    let same = |set: &Set| {
        let [other] = set.value.fields() else { return false };
        other.key == field.key && other.value.shown() == field.value.shown()
    };
    let guaranteed = left.iter().find(|set| set.name == "extra_resource_guarantees").is_none_or(same);
    let of_entry = |name: &str| cx.entry.and_then(|entry| entry.set(name)).map_or(&[][..], |set| set.value.fields());
    let other = of_entry("extra_resource_limits").iter().chain(of_entry("extra_resource_guarantees")).any(|known| known.key != field.key);
    if !field.key.to_lowercase().contains("gpu") || !guaranteed || other {
        return None;
    }
    let text =
        if field.key == Gpu::NVIDIA { count.to_string() } else { format!("{{ count = {count}  resource = {} }}", quoted(&field.key)) };
    left.retain(|set| !set.name.starts_with("extra_resource_"));
    Some(text)
}

/// Pairs of texts as `{ NAME = "value" }`; what is no text stays in the trait.
fn pairs(left: &mut Vec<Set>, name: &str, cx: Context<'_>, notes: &mut Vec<Note>) -> Option<String> {
    let at = left.iter().position(|set| set.name == name)?;
    let set = left.get(at)?.clone();
    if !matches!(set.value.value, Value::Map(_)) {
        return None;
    }
    let texts = Texts::of(name, cx.unlisted);
    let (plain, other): (Vec<Field>, Vec<Field>) = set.value.fields().iter().cloned().partition(|field| field.value.shown().is_some());
    let mut shown = Vec::new();
    for field in &plain {
        let value = field.value.shown().unwrap_or_default();
        if field.value.text().is_none() {
            let raw = field.value.raw.as_ref().unwrap_or(&value);
            mistake(notes, field.value.place, format!("`{}` is {}, and `{name}` takes texts: the start fails", raw, field.value.kind()));
        }
        let node = Node { value: Value::Text(field.value.raw.clone().unwrap_or(value)), ..field.value.clone() };
        shown.push((texts.key(&field.key), texts.value(&node, notes)?));
    }
    left.remove(at);
    if !other.is_empty() {
        let node = Node { value: Value::Map(other), ..set.value };
        left.insert(at, Set { value: node, ..set });
    }
    (!shown.is_empty()).then(|| values::map(shown))
}

fn url(set: &Set, cx: Context<'_>, notes: &mut Vec<Note>) -> Option<Item> {
    let Some(text) = set.value.text() else {
        mistake(notes, set.place, format!("`default_url` is {}: the start fails", set.value.kind()));
        return None;
    };
    let mut node = set.value.clone();
    if !text.starts_with('/') && !text.contains("://") {
        let text = format!("/{text}");
        notes.push(Note {
            kind: Changed,
            place: set.value.place,
            text: format!("`default_url` without `/` at its beginning is `{text}` now"),
        });
        node.value = Value::Text(text);
    }
    Some(Item::Statement(format!("url = {}", Texts::of("default_url", cx.unlisted).value(&node, notes)?)))
}

/// A trait by its own name.
pub(super) fn one_override(set: &Set, cx: Context<'_>, notes: &mut Vec<Note>) -> Option<Item> {
    let value = match find_trait(&set.name).map(|known| known.kind) {
        _ if set.value.value == Value::Null => "none".to_owned(),
        Some(TraitKind::Number) => cores(set, notes)?,
        Some(TraitKind::Bytes) => match bytes(set, notes)? {
            text if text == "none" => text,
            text => quoted(&text),
        },
        _ => values::written(set, cx, notes)?,
    };
    Some(Item::Statement(format!("{} = {value}", set.name)))
}
