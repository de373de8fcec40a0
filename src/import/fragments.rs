//! Runs of statements that are in several definitions become a fragment that each of them includes; of lists alone, an open layer.

use std::collections::{BTreeMap, HashMap};

use super::draft::{Definition, Home, Item};
use super::text::{free, name};
use super::work::Work;

/// How many statements a run has at least, comments apart.
const LEAST: usize = 3;
/// How many packages a list has at least that counts as much as such a run.
const PACKAGES: usize = 4;
/// How many statements are looked at: what is compared grows with their square.
const MOST: usize = 6000;

/// Where a statement is: the definition, and its place there.
type At = (usize, usize);

/// Takes repeated runs out of the layers, the longest first.
pub(super) fn fragments(work: &mut Work<'_>) {
    let mut known: HashMap<Item, usize> = HashMap::new();
    let mut rows: Vec<(usize, Vec<usize>)> = Vec::new();
    for (at, definition) in work.draft.definitions.iter().enumerate() {
        if matches!(definition.home, Home::Layer(_)) {
            let mut ids = Vec::new();
            for item in &definition.items {
                let next = known.len();
                ids.push(if stays(item) { usize::MAX } else { *known.entry(plain(item)).or_insert(next) });
            }
            rows.push((at, ids));
        }
    }
    if rows.iter().map(|(_, ids)| ids.len()).sum::<usize>() > MOST {
        return;
    }
    while let Some(places) = longest(&rows, &work.draft.definitions) {
        let (length, places) = places;
        take(work, &mut rows, length, &places);
    }
    // The other fragments that a compiler wrote out are none of this program.
    work.draft.definitions.iter_mut().for_each(|definition| forget(&mut definition.items));
}

/// Drops the comments that name fragments of another program.
fn forget(items: &mut Vec<Item>) {
    items.retain(|item| !matches!(item, Item::Comment(words) if is_include(words)));
    for item in items {
        if let Item::Block { items, .. } = item {
            forget(items);
        }
    }
}

/// Whether a comment is the one that jenvc writes above the steps of a fragment.
fn is_include(comment: &str) -> bool {
    comment.strip_prefix("include ").is_some_and(|name| !name.split('(').next().unwrap_or(name).contains(' '))
}

/// What has to stay in a definition: what it is built on, how it is called, what only it can name.
fn stays(item: &Item) -> bool {
    match item {
        Item::Statement(text) => {
            let word = text.split_whitespace().next().unwrap_or_default();
            matches!(word, "from" | "internal" | "repository" | "matrix" | "include" | "title" | "description" | "authors" | "tool")
                || text.contains(" with ") && word == "run" && !text.contains("with \"")
        }
        Item::Block { head, .. } => head.starts_with("when ") || head.starts_with("variant") || head == "link",
        Item::Comment(_) | Item::List { .. } => false,
    }
}

/// The line of a block without which a variable needs a value: which have one is known of some layers and not of others.
const LOOSE: &str = "\n    set +u";

/// An item without the place that a remark names, and without what its layer alone says.
fn plain(item: &Item) -> Item {
    match item {
        Item::Comment(words) if words.starts_with("import: ") => Item::Comment(words.splitn(4, ':').last().unwrap_or_default().to_owned()),
        Item::Comment(words) if is_include(words) => Item::Comment(called(words).unwrap_or_default()),
        Item::Statement(text) => Item::Statement(text.replacen(LOOSE, "", 1)),
        other => other.clone(),
    }
}

fn weight(items: &[Item]) -> usize {
    let one = |item: &Item| match item {
        Item::Comment(_) => 0,
        Item::List { entries, .. } if entries.iter().filter(|entry| !entry.text.is_empty()).count() >= PACKAGES => LEAST,
        _ => 1,
    };
    items.iter().map(one).sum()
}

/// The run that saves the most lines, and everywhere it is.
fn longest(rows: &[(usize, Vec<usize>)], definitions: &[Definition]) -> Option<(usize, Vec<At>)> {
    let all: Vec<(At, usize)> = rows
        .iter()
        .flat_map(|(row, ids)| ids.iter().enumerate().map(move |(place, id)| ((*row, place), *id)).chain([((*row, ids.len()), usize::MAX)]))
        .collect();
    let mut by_id: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, (_, id)) in all.iter().enumerate().filter(|(_, (_, id))| *id != usize::MAX) {
        by_id.entry(*id).or_default().push(index);
    }
    let weight_of = |(row, place): At, length: usize| {
        definitions.get(row).and_then(|definition| definition.items.get(place..place + length)).map_or(0, weight)
    };
    let mut best: Option<(usize, usize, Vec<At>)> = None;
    let length_of = |one: usize, two: usize| {
        let same = |step: &usize| match (all.get(one + step), all.get(two + step)) {
            (Some((_, one)), Some((_, two))) => one == two && *one != usize::MAX,
            _ => false,
        };
        (0..all.len()).take_while(same).count()
    };
    for indices in by_id.values().filter(|indices| indices.len() > 1) {
        for (at, one) in indices.iter().enumerate() {
            let before = |index: usize| index.checked_sub(1).and_then(|index| all.get(index)).map(|(_, id)| *id);
            for two in indices.get(at + 1..).unwrap_or_default() {
                // A run that begins earlier has been seen there.
                if before(*one).is_some_and(|id| id != usize::MAX) && before(*one) == before(*two) {
                    continue;
                }
                let length = length_of(*one, *two).min(two - one);
                let Some((place, _)) = all.get(*one) else { continue };
                if weight_of(*place, length) < LEAST {
                    continue;
                }
                let mut places: Vec<At> = Vec::new();
                let mut from = 0;
                for index in indices {
                    if *index >= from && length_of(*one, *index) >= length || index == one {
                        // A stack takes a fragment once, however often its layers name it.
                        let place = all.get(*index).map(|(place, _)| *place);
                        let apart = |row: usize| {
                            places.iter().all(|(known, _)| !is_on(definitions, *known, row) && !is_on(definitions, row, *known))
                        };
                        places.extend(place.filter(|(row, _)| apart(*row)));
                        from = index + length;
                    }
                }
                if places.len() < 2 {
                    continue;
                }
                let saved = (places.len() - 1) * weight_of(*place, length);
                if best.as_ref().is_none_or(|(known, ..)| saved > *known) {
                    best = Some((saved, length, places));
                }
            }
        }
    }
    best.map(|(_, length, places)| (length, places))
}

/// Whether a definition is another one, or is built on it.
fn is_on(definitions: &[Definition], above: usize, below: usize) -> bool {
    let mut at = Some(above);
    for _ in 0..definitions.len() {
        let Some(definition) = at.and_then(|at| definitions.get(at)) else { return false };
        if at == Some(below) {
            return true;
        }
        let from =
            definition.items.iter().find_map(|item| if let Item::Statement(text) = item { text.strip_prefix("from ") } else { None });
        let parent = from.and_then(|from| from.split([' ', '(']).next());
        at = definitions.iter().position(|other| Some(other.name.as_str()) == parent && matches!(other.home, Home::Layer(_)));
    }
    false
}

fn take(work: &mut Work<'_>, rows: &mut [(usize, Vec<usize>)], length: usize, places: &[At]) {
    let Some((row, place)) = places.first().copied() else { return };
    let Some(items) = work.draft.definitions.get(row).and_then(|definition| definition.items.get(place..place + length)) else { return };
    let mut items = items.to_vec();
    for (at, item) in items.iter_mut().enumerate() {
        let same = |(row, place): &At| work.draft.definitions.get(*row)?.items.get(place + at);
        let loose = |item: &&Item| matches!(item, Item::Statement(text) if text.contains(LOOSE));
        places.iter().filter_map(same).find(loose).into_iter().for_each(|loose| item.clone_from(loose));
    }
    let comment = match items.first() {
        Some(Item::Comment(words)) if !words.starts_with("import: ") => Some(words.clone()),
        _ => None,
    };
    let wanted = comment.as_deref().and_then(called).unwrap_or_else(|| of_items(&items));
    let called = free(&wanted, |name| work.draft.definitions.iter().any(|one| one.name.eq_ignore_ascii_case(name)));
    let mut doc = Vec::new();
    if let Some(words) = comment {
        items.remove(0);
        doc.extend(Some(words).filter(|words| !is_include(words)));
    }
    let open = items.iter().all(|item| matches!(item, Item::List { .. }));
    for (row, place) in places.iter().rev() {
        let Some(definition) = work.draft.definitions.get_mut(*row) else { continue };
        let stacked = open && stack(&mut definition.items, *place, &called);
        let statement = (!stacked).then(|| Item::Statement(format!("include {called}")));
        definition.items.splice(*place..*place + length, statement.clone()).for_each(drop);
        if let Some((_, ids)) = rows.iter_mut().find(|(at, _)| at == row) {
            ids.splice(*place..*place + length, statement.map(|_| usize::MAX)).for_each(drop);
        }
    }
    let (home, kind) = if open { (Home::Layer(called.clone()), "layer") } else { (Home::Fragment(called.clone()), "fragment") };
    work.draft.definitions.push(Definition { home, head: format!("{kind} {called}"), name: called, doc, items });
}

/// Puts an open layer into the stack of a definition, where the steps before a place are none. Whether it could.
fn stack(items: &mut [Item], place: usize, layer: &str) -> bool {
    let is_head = |item: &Item| match item {
        Item::Statement(text) => {
            let word = text.split_whitespace().next().unwrap_or_default();
            matches!(word, "from" | "internal" | "repository" | "title" | "description" | "authors")
        }
        Item::Comment(_) => true,
        Item::Block { .. } | Item::List { .. } => false,
    };
    let Some(before) = items.get_mut(..place).filter(|before| before.iter().all(is_head)) else { return false };
    let from = before
        .iter_mut()
        .find_map(|item| if let Item::Statement(text) = item { Some(text).filter(|text| text.starts_with("from ")) } else { None });
    from.map(|text| text.extend([" / ", layer])).is_some()
}

/// A name from a comment: of few words, or what a compiler wrote.
fn called(comment: &str) -> Option<String> {
    let words = comment.strip_prefix("include ").unwrap_or(comment);
    let words = words.split(['(', ',', ':', ';']).next().unwrap_or(words);
    let words = words.rsplit('.').next().filter(|_| comment.starts_with("include ")).unwrap_or(words);
    let words: Vec<&str> = words.split_whitespace().filter(|word| !matches!(*word, "the" | "a" | "an" | "of" | "for")).collect();
    let name = name(&words.join("-"), "steps");
    (words.len() <= 4 && name.len() > 2).then_some(name)
}

/// A name from what the statements do.
fn of_items(items: &[Item]) -> String {
    let first = items.iter().find_map(|item| match item {
        Item::List { head, entries, .. } => {
            let package = entries.iter().find(|entry| !entry.text.is_empty())?.text.split([' ', '[']).next()?;
            Some(format!("{}-{package}", head.split_whitespace().next().unwrap_or_default()))
        }
        Item::Statement(text) if text.starts_with("copy ") || text.starts_with("fetch ") => {
            text.split('"').nth(1)?.trim_end_matches('/').rsplit('/').next().map(str::to_owned)
        }
        _ => None,
    });
    name(&first.unwrap_or_else(|| "common-steps".to_owned()), "steps")
}
