//! What an entry, a choice or a hub's defaults set on the server that starts.

use std::collections::BTreeSet;

use super::merge::join;
use super::{Located, Memory, MilliCpu, OverrideValue};
use crate::base::Place;

/// Settings, each absent where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Processor cores.
    pub cpu: Option<Located<Bounds<MilliCpu>>>,
    /// Memory.
    pub memory: Option<Located<Bounds<Memory>>>,
    /// Graphics processors.
    pub gpu: Option<Located<Gpu>>,
    /// Labels that the node must have.
    pub node: Vec<(Located<String>, Located<String>)>,
    /// Environment variables of the server, in order.
    pub env: Vec<(Located<String>, Located<String>)>,
    /// The page that opens: `/lab`.
    pub url: Option<Located<String>>,
    /// Everything else that `KubeSpawner` takes, in order.
    pub overrides: Vec<Override>,
}

/// The trait of a server's variables.
const ENVIRONMENT: &str = "environment";
/// The traits in which graphics processors are asked for.
pub(super) const EXTENDED: [&str; 2] = ["extra_resource_guarantees", "extra_resource_limits"];

/// Whether a resource of a node is a graphics processor or another accelerator, as device plugins name them.
#[must_use]
pub fn is_card(resource: &str) -> bool {
    let Some((domain, name)) = resource.split_once('/') else { return false };
    let maker = matches!(domain, "nvidia.com" | "amd.com" | "gpu.intel.com" | "habana.ai" | "google.com" | "aws.amazon.com");
    name.contains("gpu") || (maker && ["mig-", "tpu", "gaudi", "neuron", "i915", "xe"].iter().any(|start| name.starts_with(start)))
}

impl Settings {
    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// These settings, with those of `below` where nothing is said. Pairs are joined by name, overrides as their trait is.
    #[must_use]
    pub fn over(&self, below: &Self) -> Self {
        let without = self.cards().map(|_| below.without_cards());
        let below = without.as_ref().unwrap_or(below);
        let mut all = self.clone();
        all.cpu = all.cpu.or(below.cpu);
        all.memory = all.memory.or(below.memory);
        all.gpu = all.gpu.or_else(|| below.gpu.clone());
        all.url = all.url.or_else(|| below.url.clone());
        all.node = join_pairs(&below.node, &self.node);
        all.env = join_pairs(&below.env, &self.env);
        let taken = |one: &&Override| !self.overrides.iter().any(|own| own.name.value == one.name.value);
        let own = self.overrides.iter().map(|own| match below.overrides.iter().find(|one| one.name.value == own.name.value) {
            Some(one) => Override { name: own.name.clone(), value: join(&own.name.value, &one.value, &own.value) },
            None => own.clone(),
        });
        all.overrides = below.overrides.iter().filter(taken).filter_map(|one| self.left(one)).chain(own).collect();
        all
    }

    /// The variables that are objects of Kubernetes here: `{ valueFrom = … }`.
    pub(super) fn variables_from(&self) -> impl Iterator<Item = &str> {
        let maps = self.overrides.iter().filter(|one| one.name.value == ENVIRONMENT);
        let fields = maps.filter_map(|one| if let OverrideValue::Map(fields) = &one.value.value { Some(fields) } else { None }).flatten();
        fields.into_iter().filter(|(_, value)| matches!(value.value, OverrideValue::Map(_))).map(|(name, _)| name.value.as_str())
    }

    /// Writes variables of these names as objects: `KubeSpawner` can't join a narrower place's object with a text.
    pub(super) fn variables_as_objects(&mut self, names: &BTreeSet<&str>) {
        let object = |value: &Located<OverrideValue>| {
            let name = Located::new("value".to_owned(), value.place);
            Located::new(OverrideValue::Map(vec![(name, value.clone())]), value.place)
        };
        let (taken, kept) = std::mem::take(&mut self.env).into_iter().partition(|(name, _)| names.contains(name.value.as_str()));
        self.env = kept;
        for one in self.overrides.iter_mut().filter(|one| one.name.value == ENVIRONMENT) {
            let OverrideValue::Map(fields) = &mut one.value.value else { continue };
            for (_, value) in
                fields.iter_mut().filter(|(name, value)| names.contains(name.value.as_str()) && value.value.as_text().is_some())
            {
                *value = object(value);
            }
        }
        let taken: Vec<(Located<String>, Located<String>)> = taken;
        let mut fields = taken.into_iter().map(|(name, text)| {
            let value = Located::new(OverrideValue::Text(text.value), text.place);
            (name, object(&value))
        });
        let Some(first) = fields.next() else { return };
        let place = first.0.place;
        let fields = std::iter::once(first).chain(fields);
        match self.overrides.iter_mut().find(|one| one.name.value == ENVIRONMENT).map(|one| &mut one.value.value) {
            Some(OverrideValue::Map(known)) => known.extend(fields),
            _ => self.overrides.push(Override {
                name: Located::new(ENVIRONMENT.to_owned(), place),
                value: Located::new(OverrideValue::Map(fields.collect()), place),
            }),
        }
    }

    /// Where graphics processors are asked for, if they are.
    #[must_use]
    pub fn cards(&self) -> Option<Place> {
        let maps = self.overrides.iter().filter(|one| EXTENDED.contains(&one.name.value.as_str()));
        let fields = maps.filter_map(|one| if let OverrideValue::Map(fields) = &one.value.value { Some(fields) } else { None }).flatten();
        let own = fields.into_iter().find(|(name, count)| is_card(&name.value) && count.value != OverrideValue::Null);
        self.gpu.as_ref().map(|gpu| gpu.place).or_else(|| own.map(|(_, count)| count.place))
    }

    /// These settings without graphics processors: a narrower place has its own, and a server has those of one kind.
    fn without_cards(&self) -> Self {
        let mut all = Self { gpu: None, ..self.clone() };
        for one in all.overrides.iter_mut().filter(|one| EXTENDED.contains(&one.name.value.as_str())) {
            if let OverrideValue::Map(fields) = &mut one.value.value {
                fields.retain(|(name, _)| !is_card(&name.value));
            }
        }
        all
    }

    /// What is left of an override of a wider place, where a word of these settings sets the same.
    fn left(&self, one: &Override) -> Option<Override> {
        let pairs: &[_] = match one.name.value.as_str() {
            "cpu_guarantee" | "cpu_limit" if self.cpu.is_some() => return None,
            "mem_guarantee" | "mem_limit" if self.memory.is_some() => return None,
            "default_url" if self.url.is_some() => return None,
            "environment" => &self.env,
            "node_selector" => &self.node,
            _ => &[],
        };
        let mut one = one.clone();
        if let OverrideValue::Map(fields) = &mut one.value.value {
            fields.retain(|(key, _)| !pairs.iter().any(|(own, _)| own.value == key.value));
        }
        Some(one)
    }
}

/// The pairs of `below` that `above` does not replace, then those of `above`.
fn join_pairs(
    below: &[(Located<String>, Located<String>)],
    above: &[(Located<String>, Located<String>)],
) -> Vec<(Located<String>, Located<String>)> {
    let kept = |(name, _): &&(Located<String>, Located<String>)| !above.iter().any(|(own, _)| own.value == name.value);
    below.iter().filter(kept).chain(above).cloned().collect()
}

/// `2..4`: what is reserved, and what can't be exceeded. A single number is both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds<T> {
    /// What the server gets for sure; `None` where that is nothing.
    pub guarantee: Option<T>,
    /// What it gets at most; `None` where there is no end.
    pub limit: Option<T>,
}

/// Graphics processors, or another extended resource of a node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Gpu {
    /// How many.
    pub count: u32,
    /// The resource as the node calls it: `nvidia.com/gpu`.
    pub resource: String,
}

impl Gpu {
    /// What NVIDIA's device plugin calls its cards.
    pub const NVIDIA: &'static str = "nvidia.com/gpu";
}

/// One trait of `KubeSpawner` that an entry sets by its own name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The name of the trait: `lifecycle_hooks`.
    pub name: Located<String>,
    /// Its value.
    pub value: Located<OverrideValue>,
}
