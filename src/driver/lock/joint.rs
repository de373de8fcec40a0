//! A parent and a child in one question: which versions of the parent's packages suit both.

use std::collections::BTreeMap;

use crate::base::Place;
use crate::check::locked::{Unit, closure, of_requirement, specifiers, way};
use crate::ir::{Lockable, Package, Pin};

/// What a child needs of the packages of a layer below it: specifiers by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Demand {
    /// The child: its cell.
    pub(super) from: u32,
    /// Specifiers by name.
    pub(super) specs: BTreeMap<String, Vec<String>>,
    /// The versions that the joint answer has.
    pub(super) witness: BTreeMap<String, Pin>,
    /// The first entry of the child that leads to each need, and the package that has it; none where that is the entry itself.
    pub(super) brought: BTreeMap<String, (Place, Option<String>)>,
}

/// What the joint answer says that the child needs of the parent: what its own packages require of the parent's, and what its entries say
/// of them.
pub(super) fn demand(parent: &Unit<'_>, child: u32, above: &[&Package], pins: &BTreeMap<String, Pin>) -> Demand {
    let lockable = parent.lockable;
    let theirs = closure(pins, &parent.roots, lockable);
    let mut specs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut brought: BTreeMap<String, (Place, Option<String>)> = BTreeMap::new();
    let mut add = |name: &str, spec: String, from: Option<&Package>, by: Option<String>| {
        if let Some(entry) = from.filter(|_| !spec.is_empty()) {
            brought.entry(name.to_owned()).or_insert((entry.origin, by));
        }
        let all = specs.entry(name.to_owned()).or_default();
        if !spec.is_empty() && !all.contains(&spec) {
            all.push(spec);
        }
    };
    for entry in above.iter().filter(|entry| theirs.contains(&entry.normal) && !entry.overrides) {
        add(&entry.normal, specifiers(&entry.constraint, lockable), Some(entry), None);
    }
    for (who, pin) in pins.iter().filter(|(name, _)| !theirs.contains(*name)) {
        let root = || way(above.iter().map(|entry| entry.normal.as_str()), pins, who, lockable)?.into_iter().next();
        let entry = || root().and_then(|root| above.iter().copied().find(|entry| entry.normal == root));
        for required in
            pin.requires.iter().filter_map(|text| of_requirement(text, lockable)).filter(|required| theirs.contains(&required.name))
        {
            add(&required.name, required.spec.clone(), entry(), Some(format!("{who} {}", pin.version)));
        }
    }
    let witness = pins.iter().filter(|(name, _)| theirs.contains(*name)).map(|(name, pin)| (name.clone(), pin.clone())).collect();
    Demand { from: child, specs, witness, brought }
}

impl Demand {
    /// The same, with exactly the versions of the joint answer.
    pub(super) fn exact(mut self) -> Self {
        self.specs = self.witness.iter().map(|(name, pin)| (name.clone(), vec![format!("=={}", pin.version)])).collect();
        self
    }

    /// It as bounds of a question.
    pub(super) fn constraints(&self) -> impl Iterator<Item = (String, String)> + '_ {
        self.specs.iter().flat_map(|(name, specs)| specs.iter().map(move |spec| (name.clone(), spec.clone())))
    }

    /// Whether a bound of a question is one of its own.
    pub(super) fn says(&self, (name, spec): &(String, String)) -> bool {
        self.specs.get(name).is_some_and(|specs| specs.contains(spec))
    }

    /// Whether pins fulfil it.
    pub(super) fn holds(&self, pins: &BTreeMap<String, Pin>, lockable: Lockable) -> bool {
        self.broken(pins, lockable).is_none()
    }

    /// The first package that pins have in a version that does not fulfil it, and what is wanted of it.
    pub(super) fn broken<'s>(&'s self, pins: &BTreeMap<String, Pin>, lockable: Lockable) -> Option<(&'s String, &'s Vec<String>)> {
        let fits = |(name, specs): (&String, &Vec<String>)| {
            let Some(pin) = pins.get(name) else { return true };
            let set = |spec: &String| of_requirement(&format!("{name}{spec}"), lockable);
            specs.iter().filter_map(set).all(|required| required.set.contains(&pin.version).unwrap_or(true))
        };
        self.specs.iter().find(|need| !fits(*need))
    }
}
