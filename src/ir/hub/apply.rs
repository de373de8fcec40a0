//! From settings to traits: what an entry or a choice hands to `KubeSpawner`, apart from the image.

use super::{Bounds, Chart, Located, Memory, MilliCpu, Override, OverrideValue, Settings};
use crate::base::Place;

/// The taint that the chart puts on nodes for users, in its two spellings; its user pods tolerate both.
const DEDICATED: [&str; 2] = ["hub.jupyter.org/dedicated", "hub.jupyter.org_dedicated"];

impl Settings {
    /// The traits that these settings set, each name once: those with a word of their own first, then the rest as
    /// written. Volumes become maps where the chart has maps, so that they join its own instead of replacing them;
    /// tolerations keep the chart's.
    #[must_use]
    pub fn traits(&self, chart: Chart) -> Vec<Override> {
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
            for name in ["extra_resource_guarantees", "extra_resource_limits"] {
                set(&mut all, name, gpu.place, map.clone());
            }
        }
        texts(&mut all, "node_selector", &self.node);
        texts(&mut all, "environment", &self.env);
        if let Some(url) = &self.url {
            set(&mut all, "default_url", url.place, OverrideValue::Text(url.value.clone()));
        }
        for own in &self.overrides {
            let value = for_chart(&own.name.value, &own.value.value, chart);
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

/// Sets a trait.
fn set(all: &mut Vec<Override>, name: &str, place: Place, value: OverrideValue) {
    all.push(Override { name: Located::new(name.to_owned(), place), value: Located::new(value, place) });
}

/// Sets guarantee and limit.
fn bounds<T: Copy>(all: &mut Vec<Override>, names: [&str; 2], given: &Located<Bounds<T>>, value: impl Fn(T) -> OverrideValue) {
    for (name, bound) in names.into_iter().zip([given.value.guarantee, given.value.limit]) {
        if let Some(bound) = bound {
            set(all, name, given.place, value(bound));
        }
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

/// The value in the form that the chart's own value can be joined with.
fn for_chart(name: &str, value: &OverrideValue, chart: Chart) -> OverrideValue {
    match (name, value) {
        ("volumes" | "volume_mounts", OverrideValue::List(items)) if chart.merges_volumes() => by_name(items),
        ("tolerations", OverrideValue::List(items)) => OverrideValue::List(with_dedicated(items)),
        _ => value.clone(),
    }
}

/// A list of objects as a map by their names. `KubeSpawner` sorts such a map by its keys, so a second mount of one volume
/// gets a key that sorts after the first.
fn by_name(items: &[Located<OverrideValue>]) -> OverrideValue {
    let mut fields: Vec<(Located<String>, Located<OverrideValue>)> = Vec::new();
    for item in items {
        let name = item.value.get("name").and_then(|name| name.value.as_text()).unwrap_or("unnamed");
        let same = |key: &str| fields.iter().any(|(known, _)| known.value == key);
        let key = (1..=fields.len() + 1).map(|at| if at == 1 { name.to_owned() } else { format!("{name}-{at}") }).find(|key| !same(key));
        fields.push((Located::new(key.unwrap_or_default(), item.place), item.clone()));
    }
    OverrideValue::Map(fields)
}

/// Tolerations with the chart's two before them, unless they are there.
fn with_dedicated(items: &[Located<OverrideValue>]) -> Vec<Located<OverrideValue>> {
    let place = items.first().map_or_else(Place::default, |item| item.place);
    let has = |key: &str| items.iter().any(|item| item.value.get("key").and_then(|own| own.value.as_text()) == Some(key));
    let text = |text: &str| Located::new(OverrideValue::Text(text.to_owned()), place);
    let field = |name: &str, value: &str| (Located::new(name.to_owned(), place), text(value));
    let chart = DEDICATED.into_iter().filter(|key| !has(key)).map(|key| {
        let fields = vec![field("key", key), field("operator", "Equal"), field("value", "user"), field("effect", "NoSchedule")];
        Located::new(OverrideValue::Map(fields), place)
    });
    chart.chain(items.iter().cloned()).collect()
}
