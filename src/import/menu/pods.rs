//! What can be picked of a menu, and what each pick sets: the entry, then a choice of each drop-down, as `KubeSpawner` puts them
//! together, in one form of writing.

use std::collections::BTreeMap;

use super::context::Context;
use super::keys::useful;
use super::model::{Choices, Entry, Set};
use super::sets;
use super::values::as_list;
use crate::base::Place;
use crate::import::Item;
use crate::import::yaml::{Field, Node, Value, decimal};
use crate::ir::{Chart, Memory, Merge, TraitKind, find_trait};

/// How many picks of an entry are compared one by one; beyond, the default one and each choice beside it.
const MOST: usize = 256;

/// What is picked of an entry: the place of a line in each drop-down, its free text behind its choices.
pub(super) type Pick = Vec<usize>;

/// The picks of an entry, the default one first.
pub(super) fn picks(entry: &Entry) -> Vec<Pick> {
    let lines: Vec<usize> = entry.options.iter().map(|option| option.lines.len() + usize::from(useful(option))).collect();
    let default: Pick = entry.options.iter().map(Choices::default_index).collect();
    let all = lines.iter().fold(1, |count: usize, lines| count.saturating_mul(*lines));
    let mut picks = vec![default.clone()];
    for (at, (lines, usual)) in lines.iter().zip(&default).enumerate() {
        let before = if all > MOST { vec![default.clone()] } else { picks.clone() };
        for pick in before {
            picks.extend((0..*lines).filter(|line| line != usual).map(|line| {
                let mut next = pick.clone();
                next.iter_mut().skip(at).take(1).for_each(|slot| *slot = line);
                next
            }));
        }
    }
    picks
}

/// What a pick puts together.
pub(super) struct Pod<'e> {
    /// The image; `None` where it is the hub's own.
    pub(super) image: Option<&'e str>,
    /// The traits in one form of writing, by their names: `mem_limit = "1G"`.
    pub(super) traits: BTreeMap<String, String>,
    /// Where the values of each trait and of the image are.
    pub(super) places: Vec<(&'e str, Place)>,
}

impl<'e> Pod<'e> {
    pub(super) fn of(entry: &'e Entry, pick: &Pick, chart: Chart, guarantee: Option<u64>) -> Self {
        let mut unlisted = false;
        let mut parts = vec![&entry.common];
        for (option, line) in entry.options.iter().zip(pick) {
            let free = || option.unlisted.as_ref().map(|free| &free.common);
            unlisted |= option.lines.len() <= *line;
            parts.extend(option.lines.get(*line).map(|choice| &choice.common).or_else(free));
        }
        let mut all: Vec<Set> = Vec::new();
        for set in parts.iter().flat_map(|part| &part.sets) {
            match all.iter_mut().find(|known| known.name == set.name) {
                Some(known) => known.value = updated(&known.value, &set.value),
                None => all.push(set.clone()),
            }
        }
        requested(&mut all, guarantee);
        let cx = Context { chart, guarantee, entry: None, unlisted };
        let traits = all.iter().filter_map(|set| Some((set.name.clone(), text(set, cx)?))).collect();
        let sets = parts.iter().flat_map(|part| &part.sets).map(|set| (set.name.as_str(), around(&set.value)));
        let mut images = parts.iter().filter_map(|part| part.image.as_ref());
        let places = sets.chain(images.clone().map(|image| ("image", image.place))).collect();
        Self { image: images.next_back().map(|image| image.text.trim()), traits, places }
    }
}

/// What `KubeSpawner` makes of two values: a map joins a map, nothing in it takes a key away, anything else replaces.
fn updated(below: &Node, above: &Node) -> Node {
    let (Value::Map(old), Value::Map(new)) = (&below.value, &above.value) else { return above.clone() };
    let mut fields = old.clone();
    for field in new {
        let known = fields.iter().position(|known| known.key == field.key);
        match known.and_then(|at| fields.get_mut(at)) {
            Some(known) if field.value.value != Value::Null => known.value = updated(&known.value, &field.value),
            Some(_) => fields.retain(|known| known.key != field.key),
            None if field.value.value == Value::Null => {}
            None => fields.push(field.clone()),
        }
    }
    Node { value: Value::Map(fields), ..above.clone() }
}

/// Adds what the API server and the chart put where nothing is said: requests of cards are the limits, memory is what the hub guarantees.
fn requested(all: &mut Vec<Set>, guarantee: Option<u64>) {
    let find = |all: &[Set], name: &str| all.iter().find(|set| set.name == name).cloned();
    if let Some(limits) = find(all, "extra_resource_limits") {
        let own = find(all, "extra_resource_guarantees").map_or_else(|| limits.value.clone(), |own| updated(&limits.value, &own.value));
        all.retain(|set| set.name != "extra_resource_guarantees");
        all.push(Set { name: "extra_resource_guarantees".to_owned(), value: own, ..limits });
    }
    if let (Some(limit), None, Some(bytes)) = (find(all, "mem_limit"), find(all, "mem_guarantee"), guarantee) {
        let value = Node { value: Value::Text(Memory(bytes).to_string()), ..limit.value.clone() };
        all.push(Set { name: "mem_guarantee".to_owned(), value, ..limit });
    }
}

/// A trait in one form of writing; `None` where it adds nothing.
fn text(set: &Set, cx: Context<'_>) -> Option<String> {
    let known = find_trait(&set.name)?;
    let lists = matches!(Merge::of(&set.name), Merge::Grow | Merge::Objects(_));
    let listed = lists.then(|| as_list(&set.name, &set.value, cx.chart)).flatten();
    let value = match (&set.value.value, listed) {
        (_, Some(items)) => {
            let mut items: Vec<Node> = items.iter().map(sorted).collect();
            items.sort_by_cached_key(bare);
            Value::List(items)
        }
        (Value::Map(fields), _) if fields.is_empty() => return None,
        (Value::Text(text), _) if known.kind == TraitKind::Bytes => {
            Value::Text(Memory::parse(text).map_or_else(|_| text.clone(), |memory| memory.to_string()))
        }
        (Value::Map(fields), _) if known.kind == TraitKind::Environment => Value::Map(fields.iter().map(plain).collect()),
        (other, _) => other.clone(),
    };
    let value = sorted(&Node { value, ..set.value.clone() });
    match sets::one_override(&Set { value, ..set.clone() }, cx, &mut Vec::new())? {
        Item::Statement(text) => Some(text),
        _ => None,
    }
}

/// A variable that is an object of a name and a value, as the value; a number as the text that the server gets.
fn plain(field: &Field) -> Field {
    let own = |inner: &Field| inner.key == "value" || inner.key == "name" && inner.value.text() == Some(field.key.as_str());
    let inner = field.value.field("value").filter(|_| field.value.fields().iter().all(own));
    let node = inner.map_or(&field.value, |inner| &inner.value);
    let value = node.shown().map_or_else(|| node.value.clone(), |shown| Value::Text(node.raw.clone().unwrap_or(shown)));
    Field { value: Node { value, ..node.clone() }, ..field.clone() }
}

/// A value with the fields of all its maps in the order of their keys.
fn sorted(node: &Node) -> Node {
    let value = match &node.value {
        Value::Map(fields) => {
            let mut fields: Vec<Field> = fields.iter().map(|field| Field { value: sorted(&field.value), ..field.clone() }).collect();
            fields.sort_by(|a, b| a.key.cmp(&b.key));
            Value::Map(fields)
        }
        Value::List(items) => Value::List(items.iter().map(sorted).collect()),
        other => other.clone(),
    };
    Node { value, ..node.clone() }
}

/// A value without its places.
fn bare(node: &Node) -> String {
    match &node.value {
        Value::Map(fields) => fields.iter().map(|field| field.key.clone() + ":" + &bare(&field.value) + ",").collect(),
        Value::List(items) => items.iter().map(|item| bare(item) + ";").collect(),
        Value::Float(number) => decimal(*number),
        other => format!("{other:?}"),
    }
}

/// From the beginning of a value to its end.
fn around(value: &Node) -> Place {
    let ends = |node: &Node| around(node).span.end;
    let inner = match &value.value {
        Value::Map(fields) => fields.iter().map(|field| ends(&field.value)).max(),
        Value::List(items) => items.iter().map(ends).max(),
        _ => None,
    };
    let mut place = value.place;
    place.span.end = place.span.end.max(inner.unwrap_or_default());
    place
}
