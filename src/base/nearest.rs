//! The nearest known name to one that is not known: the hint of every closed set.

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
            (distance <= limit && distance < wanted.len().max(folded.len())).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The help line of an unknown name: ``write `x` `` where one is near, else the whole set where it is short.
#[must_use]
pub fn or_nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(near) = nearest(name, candidates.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let all: Vec<_> = candidates.into_iter().take(13).map(|candidate| format!("`{candidate}`")).collect();
    (!all.is_empty() && all.len() <= 12).then(|| format!("known here: {}", all.join(", ")))
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
}
