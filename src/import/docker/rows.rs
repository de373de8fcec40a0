//! The rows of the table: what each definition has become, counted as it is written.

use super::define::Sizes;
use crate::import::{Counts, Home, Item, Row, Shared, Work};

/// The managers of package lists.
const MANAGERS: [&str; 7] = ["apt", "dnf", "conda", "pip", "cran", "julia", "npm"];

/// How many images a row names.
const NAMED: usize = 4;

/// Adds a row for each layer and fragment.
pub(super) fn rows(work: &mut Work<'_>, sizes: &Sizes) {
    for definition in &work.draft.definitions {
        if !matches!(definition.home, Home::Layer(_) | Home::Fragment(_)) {
            continue;
        }
        let (name, mut counts) = sizes.get(&definition.name).cloned().unwrap_or_else(|| (definition.head.clone(), Counts::default()));
        count(&definition.items, &mut counts);
        work.ledger.rows.push(Row::Steps { name, counts });
    }
}

/// Adds a row for each layer that images share.
pub(super) fn shared(work: &mut Work<'_>, all: Vec<Shared>) {
    for one in &all {
        let others: Vec<&str> = one.images.iter().map(String::as_str).filter(|name| *name != one.layer).collect();
        let named = match others.as_slice() {
            [one] => (*one).to_owned(),
            [first @ .., last] if others.len() <= NAMED => format!("{} and {last}", first.join(", ")),
            _ => format!("{} images", others.len()),
        };
        let steps = if one.steps == 1 { "1 step".to_owned() } else { format!("{} steps", one.steps) };
        work.ledger.rows.push(Row::Words { name: one.layer.clone(), words: format!("{steps}, shared with {named}") });
    }
    work.ledger.shared = all;
}

fn count(items: &[Item], counts: &mut Counts) {
    for item in items {
        match item {
            Item::Comment(_) => {}
            Item::List { .. } => counts.lists += 1,
            Item::Statement(text) => {
                let word = text.split_whitespace().next().unwrap_or_default();
                match word {
                    "from" | "internal" | "repository" | "matrix" | "tool" | "include" => {}
                    "run" => counts.runs += 1,
                    word if MANAGERS.contains(&word.split('-').next().unwrap_or_default()) => counts.lists += 1,
                    _ => counts.steps += 1,
                }
            }
            Item::Block { head, items } => match head.split_whitespace().next().unwrap_or_default() {
                "env" => counts.steps += items.len(),
                "link" | "user" => {}
                "when" | "variant" => count(items, counts),
                _ if items.iter().any(|item| matches!(item, Item::Block { .. })) => count(items, counts),
                _ => counts.steps += 1,
            },
        }
    }
}
