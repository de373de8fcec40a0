//! From settings to traits: what an entry or a choice hands to `KubeSpawner`, apart from the image.

use super::definition::Hub;
use super::merge::{by, items, told_apart_by};
use super::settings::{EXTENDED, is_card};
use super::{Bounds, Chart, Located, Memory, MilliCpu, Override, OverrideValue, Settings};
use crate::base::Place;

/// The taint that the chart puts on nodes for users, in its two spellings; its user pods tolerate both.
const DEDICATED: [&str; 2] = ["hub.jupyter.org/dedicated", "hub.jupyter.org_dedicated"];
/// The label by which the chart prefers nodes for users (`scheduling.userPods.nodeAffinity.matchNodePurpose`).
const PURPOSE: &str = "hub.jupyter.org/node-purpose";

impl Settings {
    /// The traits that these settings set, each name once: those with a word of their own first, then the rest as
    /// written. Volumes become maps where the chart has maps, so that they join its own instead of replacing them;
    /// tolerations keep the chart's; a list that begins with `none` replaces all of it.
    #[must_use]
    pub fn traits(&self, hub: &Hub) -> Vec<Override> {
        self.traits_over(&Self::default(), hub)
    }

    /// Whether these settings take away what wider places and the chart have in a list.
    pub(super) fn begins_anew(&self, name: &str) -> bool {
        self.overrides.iter().any(|one| one.name.value == name && one.value.value.begins_anew())
    }

    /// The same, where the entry has taken away what the chart has in some lists.
    pub(super) fn traits_over(&self, entry: &Self, hub: &Hub) -> Vec<Override> {
        let mut all = Vec::new();
        if let Some(cpu) = &self.cpu {
            bounds(&mut all, ["cpu_guarantee", "cpu_limit"], cpu, |cpu: MilliCpu| number(&cpu.to_string()));
        }
        if let Some(memory) = &self.memory {
            bounds(&mut all, ["mem_guarantee", "mem_limit"], memory, |memory: Memory| number(&memory.to_string()));
        }
        if let Some(gpu) = &self.gpu {
            let count = Located::new(OverrideValue::Text(gpu.value.count.to_string()), gpu.place);
            let resource = Located::new(gpu.value.resource.clone(), gpu.place);
            let map = OverrideValue::Map(vec![(resource, count)]);
            for name in EXTENDED {
                set(&mut all, name, gpu.place, map.clone());
            }
        }
        texts(&mut all, "node_selector", &self.node);
        texts(&mut all, "environment", &self.env);
        if let Some(url) = &self.url {
            set(&mut all, "default_url", url.place, OverrideValue::Text(url.value.clone()));
        }
        for own in &self.overrides {
            let value = for_chart(&own.name.value, &own.value.value, hub, entry.begins_anew(&own.name.value));
            let known = all.iter_mut().find(|known| known.name.value == own.name.value);
            match (known.map(|known| &mut known.value.value), value) {
                (Some(OverrideValue::Map(fields)), OverrideValue::Map(more)) => fields.extend(more),
                (Some(known), value) => *known = value,
                (None, value) => all.push(Override { name: own.name.clone(), value: Located::new(value, own.value.place) }),
            }
        }
        all
    }
}

/// Takes away the cards of a wider place, where a choice has others in a trait: a server has those of one kind.
pub(super) fn without_cards(all: &mut Vec<Override>, below: &[Override], name: &str, place: Place) {
    let Some(OverrideValue::Map(old)) = below.iter().find(|one| one.name.value == name).map(|one| &one.value.value) else { return };
    let own = all
        .iter()
        .find(|one| one.name.value == name)
        .and_then(|one| if let OverrideValue::Map(new) = &one.value.value { Some(new) } else { None });
    let said = |key: &str| own.is_some_and(|new| new.iter().any(|(own, _)| own.value == key));
    let gone = old.iter().filter(|(key, value)| is_card(&key.value) && value.value != OverrideValue::Null && !said(&key.value));
    let gone: Vec<_> = gone.map(|(key, _)| (Located::new(key.value.clone(), place), Located::new(OverrideValue::Null, place))).collect();
    if gone.is_empty() {
        return;
    }
    match all.iter_mut().find(|one| one.name.value == name).map(|one| &mut one.value.value) {
        Some(OverrideValue::Map(fields)) => fields.extend(gone),
        Some(_) => {}
        None => set(all, name, place, OverrideValue::Map(gone)),
    }
}

/// Sets a trait.
fn set(all: &mut Vec<Override>, name: &str, place: Place, value: OverrideValue) {
    all.push(Override { name: Located::new(name.to_owned(), place), value: Located::new(value, place) });
}

/// Sets guarantee and limit; where there is to be none, that of the hub or its chart is taken away.
fn bounds<T: Copy>(all: &mut Vec<Override>, names: [&str; 2], given: &Located<Bounds<T>>, value: impl Fn(T) -> OverrideValue) {
    for (name, bound) in names.into_iter().zip([given.value.guarantee, given.value.limit]) {
        set(all, name, given.place, bound.map_or(OverrideValue::Null, &value));
    }
}

/// A whole number, a decimal number, or a text with a unit.
fn number(text: &str) -> OverrideValue {
    match text.parse() {
        Ok(whole) => OverrideValue::Int(whole),
        Err(_) if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => OverrideValue::Decimal(text.to_owned()),
        Err(_) => OverrideValue::Text(text.to_owned()),
    }
}

/// Sets a map of texts, where there is something in it.
fn texts(all: &mut Vec<Override>, name: &str, pairs: &[(Located<String>, Located<String>)]) {
    let Some((first, _)) = pairs.first() else { return };
    let place = first.place;
    let fields = pairs.iter().map(|(key, value)| (key.clone(), Located::new(OverrideValue::Text(value.value.clone()), value.place)));
    set(all, name, place, OverrideValue::Map(fields.collect()));
}

/// The value in the form that the chart's own value can be joined with; `anew` where the entry has taken that away.
fn for_chart(name: &str, value: &OverrideValue, hub: &Hub, anew: bool) -> OverrideValue {
    let chart = hub.chart.value;
    match (name, value) {
        // What the chart has is to go.
        (_, OverrideValue::List(_)) if value.begins_anew() => OverrideValue::List(items(value).cloned().collect()),
        ("volumes", OverrideValue::List(_)) if chart.merges_volumes() => OverrideValue::Map(by("name", value)),
        ("volume_mounts", OverrideValue::List(_) | OverrideValue::Map(_)) if chart.merges_volumes() => {
            let mut mounts = by("mountPath", value);
            // What is mounted over the home folder takes the place of the chart's own mount: there can't be two.
            let over_home = |item: &Located<OverrideValue>| told_apart_by("mountPath", item) == Some(hub.home());
            if !mounts.iter().any(|(key, _)| key.value == Chart::HOME_VOLUME)
                && let Some((key, _)) = mounts.iter_mut().find(|(_, item)| over_home(item))
            {
                Chart::HOME_VOLUME.clone_into(&mut key.value);
            }
            OverrideValue::Map(mounts)
        }
        ("volumes" | "volume_mounts", OverrideValue::Map(_)) if !chart.merges_volumes() => {
            OverrideValue::List(items(value).cloned().collect())
        }
        ("tolerations", OverrideValue::List(_) | OverrideValue::Map(_)) if !anew => OverrideValue::List(with_dedicated(value)),
        ("node_affinity_preferred", OverrideValue::List(_) | OverrideValue::Map(_)) if !anew => OverrideValue::List(with_purpose(value)),
        _ => value.clone(),
    }
}

/// Where a list begins, and texts and fields that stand there.
struct At(Place);

impl At {
    fn of(value: &OverrideValue) -> Self {
        Self(items(value).next().map_or_else(Place::default, |item| item.place))
    }

    fn text(&self, text: &str) -> Located<OverrideValue> {
        Located::new(OverrideValue::Text(text.to_owned()), self.0)
    }

    fn map(&self, fields: Vec<(&str, Located<OverrideValue>)>) -> Located<OverrideValue> {
        let fields = fields.into_iter().map(|(name, value)| (Located::new(name.to_owned(), self.0), value));
        Located::new(OverrideValue::Map(fields.collect()), self.0)
    }

    fn list(&self, item: Located<OverrideValue>) -> Located<OverrideValue> {
        Located::new(OverrideValue::List(vec![item]), self.0)
    }
}

/// Tolerations with the chart's two before them, unless they are there.
fn with_dedicated(value: &OverrideValue) -> Vec<Located<OverrideValue>> {
    let at = At::of(value);
    let has = |key: &str| items(value).any(|item| item.value.get("key").and_then(|own| own.value.as_text()) == Some(key));
    let chart = DEDICATED.into_iter().filter(|key| !has(key)).map(|key| {
        at.map(vec![("key", at.text(key)), ("operator", at.text("Equal")), ("value", at.text("user")), ("effect", at.text("NoSchedule"))])
    });
    chart.chain(items(value).cloned()).collect()
}

/// Preferences of nodes with the chart's before them, for nodes that are set aside for people, unless it is there.
fn with_purpose(value: &OverrideValue) -> Vec<Located<OverrideValue>> {
    let at = At::of(value);
    let named = |item: &Located<OverrideValue>| {
        let expressions = item.value.get("preference").and_then(|preference| preference.value.get("matchExpressions"));
        expressions
            .is_some_and(|all| items(&all.value).any(|one| one.value.get("key").and_then(|key| key.value.as_text()) == Some(PURPOSE)))
    };
    let expression = at.map(vec![("key", at.text(PURPOSE)), ("operator", at.text("In")), ("values", at.list(at.text("user")))]);
    let preference = at.map(vec![("matchExpressions", at.list(expression))]);
    let weight = Located::new(OverrideValue::Int(100), at.0);
    let chart = (!items(value).any(named)).then(|| at.map(vec![("weight", weight), ("preference", preference)]));
    chart.into_iter().chain(items(value).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Profile;
    use super::super::fixture::{choice, hub, list, map, option, profile, text, with, words};
    use super::*;

    /// What the pod has in a trait, as text, with the last choice of each option.
    fn pod(hub: &Hub, name: &str) -> String {
        let pods = hub.pods(&hub.menu[0]);
        pods.last().and_then(|pod| pod.get(name)).map(|one| one.value.value.to_string()).unwrap_or_default()
    }

    fn mount(name: &str, path: &str) -> Located<OverrideValue> {
        list(&[map(&[("name", words(name)), ("mountPath", words(path))])])
    }

    #[test]
    fn what_is_mounted_over_the_home_folder_replaces_its_mount() {
        let lab = |path: &str| hub(vec![Profile { settings: with("volume_mounts", mount("data", path)), ..profile("Lab") }]);
        for path in ["/home/jovyan", "/home/jovyan/"] {
            assert_eq!(pod(&lab(path), "volume_mounts").matches("mountPath").count(), 1, "{path}");
        }
        let mut elsewhere = lab("/home/jovyan");
        elsewhere.home = Some(text("/data/"));
        assert_eq!(pod(&elsewhere, "volume_mounts").matches("mountPath").count(), 2);
        let mut same = lab("/data");
        same.home = Some(text("/data"));
        assert_eq!(pod(&same, "volume_mounts").matches("mountPath").count(), 1);
    }

    #[test]
    fn cards_of_a_choice_take_the_place_of_the_entrys() {
        let cards = |name: &str| with("extra_resource_limits", map(&[(name, words("1"))]));
        for (own, there) in [("amd.com/gpu", 1), ("nvidia.com/mig-1g.5gb", 1), ("nvidia.com/gpu", 1), ("ephemeral-storage", 2)] {
            let options = vec![option("card", vec![choice("usual", Settings::default()), choice("own", cards(own))])];
            let hub = hub(vec![Profile { settings: cards("nvidia.com/gpu"), options, ..profile("Lab") }]);
            assert_eq!(pod(&hub, "extra_resource_limits").matches("\"1\"").count(), there, "{own}");
        }
    }

    #[test]
    fn a_variable_is_an_object_where_a_choice_has_one() {
        let from = map(&[("valueFrom", map(&[("fieldRef", map(&[("fieldPath", words("status.podIP"))]))]))]);
        let secret = with("environment", map(&[("A", from)]));
        let plain = Settings { env: vec![(text("A"), text("1")), (text("B"), text("2"))], ..Settings::default() };
        let options = vec![option("kind", vec![choice("plain", Settings::default()), choice("own", secret)])];
        let hub = hub(vec![Profile { settings: plain, options, ..profile("Lab") }]);
        let entry = hub.entry(&hub.menu[0]).traits(&hub);
        assert_eq!(entry.last().map(|one| one.value.value.to_string()).as_deref(), Some("{ B = \"2\"  A = { value = \"1\" } }"));
        assert!(!pod(&hub, "environment").contains("\"1\""));
    }
}
