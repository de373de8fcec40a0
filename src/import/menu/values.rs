//! Values of traits as the language writes them.

use super::braces::{Flaw, taken_back};
use super::context::Context;
use super::model::{Note, Set};
use crate::import::RemarkKind::{Mistake, NotExpressible};
use crate::import::quoted;
use crate::import::yaml::{Field, Node, Value, decimal};
use crate::ir::{Chart, Expansion, Merge, TraitKind, find_trait};

/// How many characters a map or list may have that is written on one line.
const SHORT: usize = 88;

/// How texts of a trait are read.
#[derive(Clone, Copy)]
pub(super) struct Texts {
    expansion: Expansion,
    unlisted: bool,
}

impl Texts {
    pub(super) fn of(name: &str, unlisted: bool) -> Self {
        Self { expansion: find_trait(name).map_or(Expansion::No, |known| known.expansion), unlisted }
    }

    /// A key of a map: a name, or a text in quotes. In a free text keys are formatted as well.
    pub(super) fn key(self, key: &str) -> String {
        let key = if self.unlisted { taken_back(key, Expansion::No, true).0 } else { key.to_owned() };
        let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let bare = key.split('-').all(part)
            && !key.starts_with(|c: char| c.is_ascii_digit())
            && !matches!(key.as_str(), "true" | "false" | "none");
        if bare { key } else { quoted(&key) }
    }

    /// A value; `None` where the language has no form for it.
    pub(super) fn value(self, node: &Node, notes: &mut Vec<Note>) -> Option<String> {
        Some(match &node.value {
            Value::Null => "none".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Int(number) if *number >= 0 => number.to_string(),
            Value::Float(number) if *number >= 0.0 => decimal(*number),
            Value::Int(_) | Value::Float(_) => {
                let text = format!("the language has no form for the number `{}`", node.shown().unwrap_or_default());
                notes.push(Note { kind: NotExpressible, place: node.place, text });
                return None;
            }
            Value::Text(text) => self.text(text, node, notes),
            Value::List(items) => list(&items.iter().map(|item| self.value(item, notes)).collect::<Option<Vec<_>>>()?),
            Value::Map(fields) => {
                let one = |field: &Field, notes: &mut Vec<Note>| Some((self.key(&field.key), self.value(&field.value, notes)?));
                map(fields.iter().map(|field| one(field, notes)).collect::<Option<_>>()?)
            }
        })
    }

    fn text(self, text: &str, node: &Node, notes: &mut Vec<Note>) -> String {
        let (text, flaw) = taken_back(text, self.expansion, self.unlisted);
        let said = flaw.map(|flaw| match flaw {
            Flaw::Unknown(name) => {
                (Mistake, format!("nothing fills in `{{{name}}}`: the start fails; braces are doubled where they are meant"))
            }
            Flaw::Alone => (Mistake, "a brace alone: the start fails; braces are doubled where they are meant".to_owned()),
            Flaw::Literal(name) => (NotExpressible, format!("`{{{{{name}}}}}` as it is: the compiled menu fills it in")),
        });
        notes.extend(said.map(|(kind, text)| Note { kind, place: node.place, text }));
        block(&text).unwrap_or_else(|| quoted(&text))
    }
}

/// A text of several lines between three quotes, where every character of it can stand there.
fn block(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.split('\n').collect();
    let plain = |line: &&str| !line.ends_with([' ', '\t', '\r']) && !line.contains(['\t', '\r']);
    let fits = lines.len() > 2 && lines.iter().all(plain) && !text.contains("'''") && !text.ends_with('\'');
    // What all lines have in common is no part of the text.
    let flush = lines.iter().any(|line| !line.is_empty() && !line.starts_with(' '));
    (fits && flush).then(|| format!("'''\n{text}\n'''"))
}

/// `{ a = 1  b = 2 }`
pub(super) fn map(fields: Vec<(String, String)>) -> String {
    let one: Vec<String> = fields.into_iter().map(|(key, value)| format!("{key} = {value}")).collect();
    let line = format!("{{ {} }}", one.join("  "));
    if one.is_empty() {
        return "{ }".to_owned();
    }
    if line.chars().count() <= SHORT && !line.contains('\n') { line } else { format!("{{\n{}\n}}", one.join("\n")) }
}

fn list(items: &[String]) -> String {
    let line = format!("[{}]", items.join(", "));
    if line.chars().count() <= SHORT && !line.contains('\n') { line } else { format!("[\n{},\n]", items.join(",\n")) }
}

/// The value of a trait, in the form that compiles to what `KubeSpawner` makes of the original.
pub(super) fn written(set: &Set, cx: Context<'_>, notes: &mut Vec<Note>) -> Option<String> {
    let name = set.name.as_str();
    let texts = Texts::of(name, cx.unlisted);
    let known = find_trait(name)?;
    let below = cx.entry.and_then(|entry| entry.set(name)).map(|set| &set.value);
    let node = fitted(known.kind, set, notes)?;
    let lists = matches!(Merge::of(name), Merge::Grow | Merge::Objects(_));
    if lists && let Some(items) = as_list(name, &node, cx.chart) {
        let mut shown: Vec<String> = items.iter().map(|item| texts.value(item, notes)).collect::<Option<_>>()?;
        let lost = lost(name, &items, cx.chart);
        if let Some(what) = lost {
            let text = format!("this list replaces the chart's: {what}");
            notes.push(Note { kind: Mistake, place: set.place, text });
        }
        if lost.is_some() || below.is_some() {
            shown.insert(0, "none".to_owned());
        }
        return Some(list(&shown));
    }
    texts.value(&deepened(name, &node, below), notes)
}

/// The items of a list; of a map where the chart has a list, which takes the place of that, sorted by its keys.
pub(super) fn as_list(name: &str, node: &Node, chart: Chart) -> Option<Vec<Node>> {
    let joins = matches!(name, "volumes" | "volume_mounts") && chart.merges_volumes();
    match &node.value {
        Value::List(items) => Some(items.clone()),
        Value::Map(fields) if !joins => {
            let mut fields: Vec<&Field> = fields.iter().filter(|field| field.value.value != Value::Null).collect();
            fields.sort_by(|a, b| a.key.cmp(&b.key));
            Some(fields.into_iter().map(|field| field.value.clone()).collect())
        }
        _ => None,
    }
}

/// What the chart has in a list that these items take the place of, and that the compiler would keep.
fn lost(name: &str, items: &[Node], chart: Chart) -> Option<&'static str> {
    let has = |path: &str, wanted: &str| items.iter().any(|item| item.dig(path).and_then(Node::text) == Some(wanted));
    let dedicated = ["hub.jupyter.org/dedicated", "hub.jupyter.org_dedicated"];
    match name {
        "tolerations" if !dedicated.iter().all(|key| has("key", key)) => Some("pods can't go to nodes that are set aside for users"),
        "node_affinity_preferred" => Some("nodes that are set aside for users are not preferred"),
        "volumes" if chart.merges_volumes() => Some("the volume of the home folder is not among them, unless this list repeats it"),
        "volume_mounts" if chart.merges_volumes() => Some("the home folder is not mounted, unless this list repeats it"),
        _ => None,
    }
}

/// A map of a choice whose values are maps, with what the entry has in the same value: `KubeSpawner` joins maps at every depth, the
/// compiler replaces what is one thing.
fn deepened(name: &str, node: &Node, below: Option<&Node>) -> Node {
    let (Value::Map(own), Some(Value::Map(before))) = (&node.value, below.map(|below| &below.value)) else { return node.clone() };
    if !matches!(Merge::of(name), Merge::Entries | Merge::Objects(_)) {
        return node.clone();
    }
    let one = |field: &Field| {
        let known = before.iter().find(|known| known.key == field.key);
        Field { value: known.map_or_else(|| field.value.clone(), |known| joined(&known.value, &field.value)), ..field.clone() }
    };
    Node { value: Value::Map(own.iter().map(one).collect()), ..node.clone() }
}

fn joined(below: &Node, above: &Node) -> Node {
    let (Value::Map(old), Value::Map(new)) = (&below.value, &above.value) else { return above.clone() };
    let mut fields: Vec<Field> = old.iter().filter(|field| !new.iter().any(|own| own.key == field.key)).cloned().collect();
    for field in new.iter().filter(|field| field.value.value != Value::Null) {
        let known = old.iter().find(|known| known.key == field.key);
        fields
            .push(Field { value: known.map_or_else(|| field.value.clone(), |known| joined(&known.value, &field.value)), ..field.clone() });
    }
    Node { value: Value::Map(fields), ..above.clone() }
}

/// A value of the type that its trait takes; what `KubeSpawner` refuses as it was perhaps meant, or not at all.
fn fitted(kind: TraitKind, set: &Set, notes: &mut Vec<Note>) -> Option<Node> {
    let node = &set.value;
    let scalar = node.shown();
    let fits = match kind {
        TraitKind::Text => node.text().is_some(),
        TraitKind::Int => matches!(node.value, Value::Int(_)),
        TraitKind::Bool => matches!(node.value, Value::Bool(_)),
        TraitKind::Texts | TraitKind::Ints => matches!(node.value, Value::List(_)),
        TraitKind::Command | TraitKind::PullSecrets => matches!(node.value, Value::List(_) | Value::Text(_)),
        TraitKind::Map | TraitKind::TextMap | TraitKind::QuantityMap | TraitKind::Environment => matches!(node.value, Value::Map(_)),
        TraitKind::Objects => matches!(node.value, Value::List(_) | Value::Map(_)),
        TraitKind::Number | TraitKind::Bytes | TraitKind::Hook => true,
    };
    if fits {
        return Some(match kind {
            TraitKind::Texts | TraitKind::Command | TraitKind::TextMap => as_texts(node, &set.name, notes),
            TraitKind::QuantityMap => as_texts(node, "", notes),
            _ => node.clone(),
        });
    }
    let meant = match (kind, &scalar) {
        (TraitKind::Int, Some(text)) => text.parse().ok().map(Value::Int),
        (TraitKind::Text, Some(text)) => Some(Value::Text(node.raw.clone().unwrap_or_else(|| text.clone()))),
        (TraitKind::Bool, Some(text)) => text.to_lowercase().parse().ok().map(Value::Bool),
        (TraitKind::Texts, Some(text)) => Some(Value::List(vec![Node { value: Value::Text(text.clone()), ..node.clone() }])),
        _ => None,
    };
    let left = if meant.is_some() { "" } else { ", and it is left out" };
    let text = format!("KubeSpawner does not take {} for `{}`: the start fails{left}", node.kind(), set.name);
    notes.push(Note { kind: Mistake, place: node.place, text });
    Some(Node { value: meant?, ..node.clone() })
}

/// Numbers and truth values among texts as texts; noted under the name of their trait, if one is given.
fn as_texts(node: &Node, name: &str, notes: &mut Vec<Note>) -> Node {
    let mut text = |item: &Node| match (&item.value, item.shown()) {
        (Value::Bool(_) | Value::Int(_) | Value::Float(_), Some(shown)) => {
            if !name.is_empty() {
                let text = format!("`{name}` takes texts, and this is {}: quote it", item.kind());
                notes.push(Note { kind: Mistake, place: item.place, text });
            }
            Node { value: Value::Text(item.raw.clone().unwrap_or(shown)), ..item.clone() }
        }
        _ => item.clone(),
    };
    let value = match &node.value {
        Value::List(items) => Value::List(items.iter().map(text).collect()),
        Value::Map(fields) => Value::Map(fields.iter().map(|field| Field { value: text(&field.value), ..field.clone() }).collect()),
        other => other.clone(),
    };
    Node { value, ..node.clone() }
}
