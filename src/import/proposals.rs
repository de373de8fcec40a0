//! Packages that several layers ask for, at places where taking them out would change the order of steps: proposals, which a person
//! decides on.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Definition, Home, Item};
use super::ledger::Proposal;
use super::work::Work;

/// How many packages a proposal has at least, and how many entries it saves.
const LEAST: (usize, usize) = (3, 4);
/// How many proposals are made.
const MOST: usize = 5;

/// A package as a list asks for it: what the list begins with, and the entry.
type Asked = (String, String);

/// Adds the proposals for the layers of the draft, those that save most first.
pub(super) fn propose(work: &mut Work<'_>) {
    let layers: Vec<&Definition> =
        work.draft.definitions.iter().filter(|one| matches!(one.home, Home::Layer(_)) && one.head.starts_with("layer ")).collect();
    let asked: Vec<BTreeSet<Asked>> = layers.iter().map(|layer| asked(layer)).collect();
    let below: Vec<Vec<usize>> = (0..layers.len()).map(|at| below(&layers, at)).collect();
    let mut by_layers: BTreeMap<Vec<usize>, BTreeSet<Asked>> = BTreeMap::new();
    for one in asked.iter().flatten().collect::<BTreeSet<_>>() {
        let all: Vec<usize> = (0..layers.len()).filter(|at| asked.get(*at).is_some_and(|asked| asked.contains(one))).collect();
        // What a layer below asks for is there already.
        let there = |at: usize| below.get(at).is_some_and(|below| below.iter().any(|other| all.contains(other)));
        let own: Vec<usize> = all.iter().copied().filter(|at| !there(*at)).collect();
        if own.len() > 1 {
            by_layers.entry(own).or_default().insert(one.clone());
        }
    }
    let mut candidates: Vec<(Vec<usize>, BTreeSet<Asked>)> = Vec::new();
    for members in by_layers.keys() {
        let wider = by_layers.iter().filter(|(others, _)| members.iter().all(|at| others.contains(at)));
        candidates.push((members.clone(), wider.flat_map(|(_, packages)| packages.iter().cloned()).collect()));
    }
    let saved = |members: &[usize], packages: &BTreeSet<Asked>| (members.len() - 1) * packages.len();
    let enough = |(members, packages): &&(Vec<usize>, BTreeSet<Asked>)| packages.len() >= LEAST.0 && saved(members, packages) >= LEAST.1;
    let mut proposals = Vec::new();
    while let Some((members, packages)) = candidates.iter().filter(enough).max_by_key(|(one, packages)| saved(one, packages)).cloned() {
        proposals.extend(proposal(work, &layers, &members, &packages));
        for (_, left) in candidates.iter_mut().filter(|(others, _)| others.iter().any(|at| members.contains(at))) {
            // What is taken out of one layer is in no other proposal for it.
            left.retain(|package| !packages.contains(package));
        }
    }
    proposals.truncate(MOST);
    work.ledger.proposals = proposals;
}

/// The packages that a layer asks for itself, whatever the cell.
fn asked(layer: &Definition) -> BTreeSet<Asked> {
    let lists =
        layer.items.iter().filter_map(|item| if let Item::List { head, entries, .. } = item { Some((head, entries)) } else { None });
    lists
        .flat_map(|(head, entries)| entries.iter().map(move |entry| (head.clone(), entry.text.clone())))
        .filter(|(_, text)| !text.is_empty() && !text.contains('\n'))
        .collect()
}

/// What a layer is built on, as it says.
fn parent(layer: &Definition) -> Option<&str> {
    let from = layer.items.iter().find_map(|item| if let Item::Statement(text) = item { text.strip_prefix("from ") } else { None });
    from.and_then(|from| from.split(" / ").next())
}

/// The layers that a layer is built on.
fn below(layers: &[&Definition], above: usize) -> Vec<usize> {
    let mut all = Vec::new();
    let mut at = Some(above);
    while let Some(name) = at.and_then(|at| layers.get(at)).and_then(|layer| parent(layer)).and_then(|parent| parent.split('(').next()) {
        at = layers.iter().position(|layer| layer.name == name).filter(|at| !all.contains(at));
        all.extend(at);
    }
    all
}

/// `None` where the lists are whole and on several parents: those become an open layer in any case.
fn proposal(work: &Work<'_>, layers: &[&Definition], members: &[usize], packages: &BTreeSet<Asked>) -> Option<Proposal> {
    let all: Vec<&Definition> = members.iter().filter_map(|at| layers.get(*at).copied()).collect();
    let mut lists: Vec<(String, Vec<String>)> = Vec::new();
    // In the order of the first layer.
    for item in all.first().map(|layer| layer.items.as_slice()).unwrap_or_default() {
        let Item::List { head, entries, .. } = item else { continue };
        let own = entries.iter().map(|entry| &entry.text).filter(|text| packages.contains(&(head.clone(), (*text).clone())));
        match lists.iter_mut().find(|(known, _)| known == head) {
            Some((_, known)) => known.extend(own.cloned()),
            None => lists.push((head.clone(), own.cloned().collect())),
        }
    }
    lists.retain(|(_, entries)| !entries.is_empty());
    // Lists that nothing is left of.
    let mut gone: Vec<(usize, Option<u64>)> = Vec::new();
    for (at, layer) in all.iter().enumerate() {
        for item in &layer.items {
            let Item::List { head, entries, .. } = item else { continue };
            let texts = || entries.iter().map(|entry| &entry.text).filter(|text| !text.is_empty());
            if texts().next().is_some() && texts().all(|text| packages.contains(&(head.clone(), text.clone()))) {
                let name = texts().next().and_then(|text| text.split([' ', '[']).next()).unwrap_or_default();
                let place = work.packages.get(&(layer.home.path(), name.to_owned()));
                gone.push((at, place.and_then(|place| work.sizes.get(place)).copied()));
            }
        }
    }
    let parents: BTreeSet<Option<&str>> = all.iter().map(|layer| parent(layer)).collect();
    let mut sizes: BTreeMap<usize, u64> = BTreeMap::new();
    gone.iter().filter_map(|(at, size)| Some((*at, (*size)?))).for_each(|(at, size)| *sizes.entry(at).or_default() += size);
    let one = parents.len() == 1;
    let whole = gone.len() == all.len() * lists.len();
    (one || !whole).then(|| Proposal {
        layers: all.iter().map(|layer| layer.name.clone()).collect(),
        parent: parents.first().copied().flatten().filter(|_| one).map(str::to_owned),
        entries: if whole { 0 } else { (members.len() - 1) * packages.len() },
        steps: if one { gone.len().saturating_sub(lists.len()) } else { 0 },
        bytes: if one { sizes.values().sum::<u64>() - sizes.values().max().copied().unwrap_or_default() } else { 0 },
        lists,
    })
}
