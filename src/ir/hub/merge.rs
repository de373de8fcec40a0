//! How what a hub, its entries and their choices say of one trait comes together: objects with names are joined by name, lists
//! of the pod grow, everything else is replaced by the narrower place.

use super::{Located, OverrideValue, TraitKind, find_trait};
use crate::base::Place;

/// Fields of a map: keys and values with their places.
type Fields = Vec<(Located<String>, Located<OverrideValue>)>;

/// How two values of a trait come together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    /// The narrower place has its way.
    Replace,
    /// A map that joins a map, at every depth, as `KubeSpawner` does it.
    Deep,
    /// A map whose entries are one thing each: an entry is replaced whole.
    Entries,
    /// Objects that this field tells apart, in a list or in a map.
    Objects(&'static str),
    /// A list that grows; equal items are one.
    Grow,
}

impl Merge {
    /// How values of a trait come together.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name {
            "volume_mounts" => Self::Objects("mountPath"),
            "volumes" | "init_containers" | "extra_containers" => Self::Objects("name"),
            "tolerations"
            | "image_pull_secrets"
            | "supplemental_gids"
            | "node_affinity_preferred"
            | "pod_affinity_preferred"
            | "pod_affinity_required"
            | "pod_anti_affinity_preferred"
            | "pod_anti_affinity_required" => Self::Grow,
            "lifecycle_hooks" => Self::Entries,
            _ => match find_trait(name).map(|known| known.kind) {
                Some(TraitKind::Environment | TraitKind::TextMap | TraitKind::QuantityMap) => Self::Entries,
                Some(TraitKind::Map) => Self::Deep,
                _ => Self::Replace,
            },
        }
    }
}

/// `above`, together with what `below` says of the same trait. `none` above takes away what is below.
#[must_use]
pub(super) fn join(name: &str, below: &Located<OverrideValue>, above: &Located<OverrideValue>) -> Located<OverrideValue> {
    use OverrideValue::{List, Map};
    if above.value.begins_anew() {
        return above.clone();
    }
    if below.value.begins_anew() && matches!(above.value, List(_) | Map(_)) {
        let mut all = grown(&below.value, &above.value);
        all.insert(0, Located::new(OverrideValue::Null, below.place));
        return Located::new(List(all), above.place);
    }
    let value = match (Merge::of(name), &below.value, &above.value) {
        (Merge::Deep, Map(old), Map(new)) => Map(deep(old, new)),
        (Merge::Entries, Map(old), Map(new)) => Map(entries(old, new)),
        (Merge::Grow, List(_) | Map(_), List(_) | Map(_)) => List(grown(&below.value, &above.value)),
        (Merge::Objects(field), List(old), List(new)) => {
            let kept = old.iter().filter(|item| !new.iter().any(|other| same(field, item, other)));
            List(kept.chain(new).cloned().collect())
        }
        (Merge::Objects(field), List(_) | Map(_), List(_) | Map(_)) => {
            let (old, new) = (by(field, &below.value), by(field, &above.value));
            let replaced = |key: &str, item| new.iter().any(|(other, value)| other.value == key || same(field, value, item));
            let kept = old.iter().filter(|(key, item)| !replaced(&key.value, item)).cloned();
            Map(kept.chain(new.iter().cloned()).collect())
        }
        _ => above.value.clone(),
    };
    Located::new(value, above.place)
}

/// What a choice has to say so that `KubeSpawner`, which joins maps at every depth, makes `above` of each thing that `below` has
/// as well: keys that only the thing below has are taken away.
#[must_use]
pub(super) fn patch(name: &str, below: &OverrideValue, above: &OverrideValue) -> OverrideValue {
    let (OverrideValue::Map(old), OverrideValue::Map(new)) = (below, above) else { return above.clone() };
    if matches!(Merge::of(name), Merge::Deep | Merge::Replace | Merge::Grow) {
        return above.clone();
    }
    let one = |(key, item): &(Located<String>, Located<OverrideValue>)| {
        let value = get(old, &key.value).map_or_else(|| item.value.clone(), |before| in_place_of(&before.value, &item.value, item.place));
        (key.clone(), Located::new(value, item.place))
    };
    let mut all: Fields = new.iter().map(one).collect();
    if let Merge::Objects(field) = Merge::of(name) {
        // The same thing under another key would be there twice.
        let again = |key: &str, item| {
            let other = new.iter().find(|(_, other)| same(field, item, other))?;
            get(new, key).is_none().then_some(other.1.place)
        };
        let gone = old.iter().filter_map(|(key, item)| Some((key, again(&key.value, item)?)));
        all.extend(gone.map(|(key, place)| (Located::new(key.value.clone(), place), Located::new(OverrideValue::Null, place))));
    }
    OverrideValue::Map(all)
}

/// A map in the place of another one.
fn in_place_of(old: &OverrideValue, new: &OverrideValue, place: Place) -> OverrideValue {
    let (OverrideValue::Map(old), OverrideValue::Map(fields)) = (old, new) else { return new.clone() };
    let gone = old.iter().filter(|(key, value)| value.value != OverrideValue::Null && get(fields, &key.value).is_none());
    let gone = gone.map(|(key, _)| (Located::new(key.value.clone(), place), Located::new(OverrideValue::Null, place)));
    let kept = fields.iter().map(|(key, value)| {
        let value = get(old, &key.value)
            .map_or_else(|| value.clone(), |old| Located::new(in_place_of(&old.value, &value.value, place), value.place));
        (key.clone(), value)
    });
    OverrideValue::Map(kept.chain(gone).collect())
}

fn get<'a>(fields: &'a Fields, key: &str) -> Option<&'a Located<OverrideValue>> {
    fields.iter().find(|(known, _)| known.value == key).map(|(_, value)| value)
}

/// What tells an object apart from others: a name, or a path without a slash at its end.
#[must_use]
pub fn told_apart_by<'a>(field: &str, item: &'a Located<OverrideValue>) -> Option<&'a str> {
    let text = item.value.get(field)?.value.as_text()?;
    Some(if text.len() > 1 { text.trim_end_matches('/') } else { text })
}

/// Whether two objects are one by a field.
fn same(field: &str, a: &Located<OverrideValue>, b: &Located<OverrideValue>) -> bool {
    told_apart_by(field, a).is_some_and(|name| told_apart_by(field, b) == Some(name))
}

fn entries(old: &Fields, new: &Fields) -> Fields {
    let kept = old.iter().filter(|(key, _)| get(new, &key.value).is_none());
    kept.chain(new).cloned().collect()
}

fn deep(old: &Fields, new: &Fields) -> Fields {
    let mut all = entries(old, new);
    for (key, value) in &mut all {
        if let (OverrideValue::Map(fields), Some(OverrideValue::Map(before))) =
            (&mut value.value, get(old, &key.value).map(|old| &old.value))
        {
            *fields = deep(before, fields);
        }
    }
    all
}

/// Whether all items of `above` are in `below` as well.
pub(super) fn adds_nothing(below: &OverrideValue, above: &OverrideValue) -> bool {
    items(above).all(|item| items(below).any(|known| alike(&known.value, &item.value)))
}

/// The items of both, each once.
fn grown(below: &OverrideValue, above: &OverrideValue) -> Vec<Located<OverrideValue>> {
    let mut all: Vec<Located<OverrideValue>> = Vec::new();
    for item in items(below).chain(items(above)) {
        if !all.iter().any(|known| alike(&known.value, &item.value)) {
            all.push(item.clone());
        }
    }
    all
}

/// Whether two values are equal, wherever they are written and in whichever order their keys are.
fn alike(a: &OverrideValue, b: &OverrideValue) -> bool {
    match (a, b) {
        (OverrideValue::Map(a), OverrideValue::Map(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| get(b, &key.value).is_some_and(|other| alike(&value.value, &other.value)))
        }
        (OverrideValue::List(a), OverrideValue::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(&a.value, &b.value)),
        _ => a == b,
    }
}

/// The items of a list, or of a map without those that are taken away.
#[must_use]
pub fn items(value: &OverrideValue) -> Box<dyn Iterator<Item = &Located<OverrideValue>> + '_> {
    match value {
        OverrideValue::List(items) => Box::new(items.iter().filter(|item| item.value != OverrideValue::Null)),
        OverrideValue::Map(fields) => Box::new(fields.iter().map(|(_, item)| item).filter(|item| item.value != OverrideValue::Null)),
        _ => Box::new(std::iter::empty()),
    }
}

/// Objects by keys: those of a map have theirs, those of a list the field that tells them apart.
pub(super) fn by(field: &str, value: &OverrideValue) -> Fields {
    if let OverrideValue::Map(fields) = value {
        return fields.clone();
    }
    let mut fields: Fields = Vec::new();
    for item in items(value) {
        let name = told_apart_by(field, item).unwrap_or("unnamed");
        let taken = |key: &str| get(&fields, key).is_some();
        let key = (1..=fields.len() + 1).map(|at| if at == 1 { name.to_owned() } else { format!("{name}-{at}") }).find(|key| !taken(key));
        fields.push((Located::new(key.unwrap_or_default(), item.place), item.clone()));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::fixture::{list, map, value, words};

    fn plain(value: &OverrideValue) -> String {
        match value {
            OverrideValue::Null => "none".to_owned(),
            OverrideValue::Text(text) => text.clone(),
            OverrideValue::List(items) => format!("[{}]", items.iter().map(|item| plain(&item.value)).collect::<Vec<_>>().join(" ")),
            OverrideValue::Map(fields) => {
                let one = |(key, item): &(Located<String>, Located<OverrideValue>)| format!("{}={}", key.value, plain(&item.value));
                format!("{{{}}}", fields.iter().map(one).collect::<Vec<_>>().join(" "))
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn objects_are_joined_by_name_in_lists_and_maps() {
        let volume = |name: &str, kind: &str| map(&[("name", words(name)), (kind, words("x"))]);
        let (below, above) = (list(&[volume("a", "e"), volume("b", "e")]), list(&[volume("b", "p"), volume("c", "p")]));
        assert_eq!(plain(&join("volumes", &below, &above).value), "[{name=a e=x} {name=b p=x} {name=c p=x}]");
        let keyed = map(&[("own", volume("a", "p"))]);
        assert_eq!(plain(&join("volumes", &below, &keyed).value), "{b={name=b e=x} own={name=a p=x}}");
        let none = value(OverrideValue::Null);
        assert_eq!(plain(&join("volumes", &below, &none).value), "none");
    }

    #[test]
    fn lists_of_the_pod_grow_and_others_are_replaced() {
        let one = |key: &str| map(&[("key", words(key)), ("effect", words("e"))]);
        let other_order = map(&[("effect", words("e")), ("key", words("a"))]);
        let joined =
            join("tolerations", &list(&[one("a")]), &map(&[("x", one("b")), ("y", other_order), ("z", value(OverrideValue::Null))]));
        assert_eq!(plain(&joined.value), "[{key=a effect=e} {key=b effect=e}]");
        assert_eq!(plain(&join("args", &list(&[words("a")]), &list(&[words("b")])).value), "[b]");
        let (a, b) = (map(&[("x", map(&[("y", words("1"))]))]), map(&[("x", map(&[("z", words("2"))]))]));
        assert_eq!(plain(&join("extra_pod_config", &a, &b).value), "{x={y=1 z=2}}");
        assert_eq!(plain(&join("lifecycle_hooks", &a, &b).value), "{x={z=2}}");
    }

    #[test]
    fn a_list_that_begins_with_none_takes_the_place_of_wider_ones() {
        let one = |name: &str| map(&[("name", words(name))]);
        let none = || value(OverrideValue::Null);
        let (plain_list, anew) = (list(&[one("a")]), list(&[none(), one("b")]));
        assert_eq!(plain(&join("volumes", &plain_list, &anew).value), "[none {name=b}]");
        assert_eq!(plain(&join("tolerations", &plain_list, &anew).value), "[none {name=b}]");
        assert_eq!(plain(&join("tolerations", &anew, &plain_list).value), "[none {name=b} {name=a}]");
        assert_eq!(plain(&join("volumes", &anew, &map(&[("x", one("c"))])).value), "[none {name=b} {name=c}]");
    }

    #[test]
    fn what_is_replaced_leaves_nothing_behind() {
        let entry = map(&[("scratch", map(&[("name", words("scratch")), ("emptyDir", map(&[]))]))]);
        let choice = map(&[("scratch", map(&[("name", words("scratch")), ("nfs", words("x"))]))]);
        assert_eq!(plain(&patch("volumes", &entry.value, &choice.value)), "{scratch={name=scratch nfs=x emptyDir=none}}");
        let other_key = map(&[("own", map(&[("name", words("scratch")), ("nfs", words("x"))]))]);
        assert_eq!(plain(&patch("volumes", &entry.value, &other_key.value)), "{own={name=scratch nfs=x} scratch=none}");
        assert_eq!(plain(&patch("extra_pod_config", &entry.value, &choice.value)), "{scratch={name=scratch nfs=x}}");
    }
}
