//! The nearest known name to one that is not known: the hint of every closed set.

use std::collections::BTreeSet;

/// The candidate nearest to `name`: at most a third of its letters (and at least one) may differ, by insertion, deletion,
/// substitution or a swap of neighbours; `-`, `_` and case are taken as equal first. Ties go to the first in order.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |text: &str| text.chars().filter(|c| *c != '-' && *c != '_').flat_map(char::to_lowercase).collect::<Vec<_>>();
    let wanted = fold(name);
    let limit = (wanted.len() / 3).max(1);
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let folded = fold(candidate);
            if folded.len().abs_diff(wanted.len()) > limit || wanted.len() > 64 {
                return None;
            }
            let distance = distance(&wanted, &folded);
            // Of three letters or fewer, another first one makes another word: `gpu` and `cpu`.
            let same_letters = wanted.iter().all(|c| folded.contains(c));
            let other = wanted.len() <= 3 && folded.len() == wanted.len() && wanted.first() != folded.first() && !same_letters;
            (distance <= limit && distance < wanted.len().max(folded.len()) && !other).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many names a help line shows.
const SHOWN: usize = 40;

/// The help line of an unknown name: the near one, else the whole set, those first that share most with it; of a long set the
/// first ones and how many more there are. What is written already is not suggested.
#[must_use]
pub fn or_nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(near) = nearest(name, candidates.clone().into_iter().filter(|candidate| *candidate != name)) {
        return Some(format!("did you mean `{near}`?"));
    }
    let mut seen = BTreeSet::new();
    let mut all: Vec<&str> = candidates.into_iter().filter(|candidate| *candidate != name && seen.insert(*candidate)).collect();
    if all.is_empty() {
        return None;
    }
    if !name.is_empty() {
        all.sort_by_key(|candidate| std::cmp::Reverse(shared(name, candidate)));
    }
    let shown: Vec<String> = all.iter().take(SHOWN).map(|candidate| format!("`{candidate}`")).collect();
    let more = all.len().saturating_sub(SHOWN);
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    Some(format!("known here: {}{rest}", shown.join(", ")))
}

/// How much two names have in common: one holds the other, else the letters that both begin with.
fn shared(name: &str, candidate: &str) -> usize {
    if candidate.contains(name) || (candidate.len() > 2 && name.contains(candidate)) {
        return name.len().min(candidate.len()) + 1;
    }
    let same = name.chars().zip(candidate.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    if same > 1 { same } else { 0 }
}

/// Damerau-Levenshtein distance with neighbouring swaps (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, a) in left.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, b) in right.iter().enumerate() {
            let cell = |values: &[usize], at: usize| values.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut best = (cell(&last, column) + usize::from(a != b)).min(cell(&last, column + 1) + 1).min(cell(&line, column) + 1);
            let swapped = row > 0 && column > 0 && left.get(row - 1) == Some(b) && right.get(column - 1) == Some(a);
            if swapped {
                best = best.min(cell(&before, column - 1) + 1);
            }
            line.push(best);
        }
        before = std::mem::replace(&mut last, line);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let known = ["cpu_limit", "mem_limit", "image", "environment"];
        assert_eq!(nearest("cpuLimit", known), Some("cpu_limit"));
        assert_eq!(nearest("imgae", known), Some("image"));
        assert_eq!(nearest("env", known), None);
        assert_eq!(nearest("x", ["y"]), None);
    }

    #[test]
    fn a_long_list_is_shown_the_nearest_first() {
        assert_eq!(or_nearest("limit", ["cpu", "mem_limit"]).as_deref(), Some("known here: `mem_limit`, `cpu`"));
        assert_eq!(or_nearest("same", ["same"]), None);
        let many: Vec<String> = (0..50).map(|number| format!("value-{number}")).collect();
        let shown = or_nearest("x", many.iter().map(String::as_str)).unwrap();
        assert!(shown.ends_with("`value-39`, and 10 more"), "{shown}");
    }
}
