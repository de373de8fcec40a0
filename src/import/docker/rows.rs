//! The rows of the table: what each definition has become, counted as it is written.

use super::define::Sizes;
use crate::import::{Counts, Home, Item, Row, Work};

/// The managers of package lists.
const MANAGERS: [&str; 7] = ["apt", "dnf", "conda", "pip", "cran", "julia", "npm"];

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
