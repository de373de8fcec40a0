//! What an entry, a choice or a hub's defaults set on the server that starts.

use super::merge::join;
use super::{Located, Memory, MilliCpu, OverrideValue};

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

impl Settings {
    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// These settings, with those of `below` where nothing is said. Pairs are joined by name, overrides as their trait is.
    #[must_use]
    pub fn over(&self, below: &Self) -> Self {
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
