//! What an entry, a choice or a hub's defaults set on the server that starts.

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

    /// These settings, with those of `below` where nothing is said. Lists of pairs and overrides are joined by name.
    #[must_use]
    pub fn over(&self, below: &Self) -> Self {
        let mut all = self.clone();
        all.cpu = all.cpu.or(below.cpu);
        all.memory = all.memory.or(below.memory);
        all.gpu = all.gpu.or_else(|| below.gpu.clone());
        all.url = all.url.or_else(|| below.url.clone());
        all.node = join(&below.node, &self.node);
        all.env = join(&below.env, &self.env);
        let taken = |one: &&Override| !self.overrides.iter().any(|own| own.name.value == one.name.value);
        all.overrides = below.overrides.iter().filter(taken).chain(&self.overrides).cloned().collect();
        all
    }
}

/// The pairs of `below` that `above` does not replace, then those of `above`.
fn join(
    below: &[(Located<String>, Located<String>)],
    above: &[(Located<String>, Located<String>)],
) -> Vec<(Located<String>, Located<String>)> {
    let kept = |(name, _): &&(Located<String>, Located<String>)| !above.iter().any(|(own, _)| own.value == name.value);
    below.iter().filter(kept).chain(above).cloned().collect()
}

/// `2..4`: what is reserved, and what can't be exceeded. A single number is both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds<T> {
    /// What the server gets for sure.
    pub guarantee: Option<T>,
    /// What it gets at most.
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
