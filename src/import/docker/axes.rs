//! Axes: their values, the conditions that hold for some of them, and texts in which they stand for what differs.

use crate::import::{Item, quoted};

/// An axis of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Axis {
    /// Its name.
    pub(super) name: String,
    /// Its value in each member.
    pub(super) values: Vec<String>,
    /// Whether what the family is built on has it.
    pub(super) inherited: bool,
    /// The axis that it moves together with, by its place.
    pub(super) with: Option<usize>,
}

/// Values, each once, in their order.
pub(super) fn distinct(values: &[String]) -> Vec<&String> {
    let mut all: Vec<&String> = Vec::new();
    for value in values {
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all
}

/// Texts in one: equal, or with axes in the place of values. What it says in each member is exactly what was there.
pub(super) fn template(texts: &[String], axes: &[Axis]) -> Option<String> {
    let first = texts.first()?;
    if texts.iter().all(|text| text == first) {
        return Some(first.clone());
    }
    let mut order: Vec<&Axis> = axes.iter().collect();
    order.sort_by_key(|axis| std::cmp::Reverse(axis.values.iter().map(String::len).max()));
    let with = |axes: &[&Axis]| {
        let filled = |(at, text): (usize, &String)| {
            axes.iter().fold(text.clone(), |text, axis| match axis.values.get(at) {
                Some(value) => in_place(&text, value, &format!("{{{{ {} }}}}", axis.name)),
                None => text,
            })
        };
        let mut all = texts.iter().enumerate().map(filled);
        let one = all.next()?;
        all.all(|other| other == one).then_some(one)
    };
    // Two axes may have one value in some of the members.
    with(&order).or_else(|| order.iter().find_map(|axis| with(&[*axis])))
}

/// A text with an expression in the place of a value, where that is a word of its own.
fn in_place(text: &str, value: &str, expression: &str) -> String {
    if value.is_empty() {
        return text.to_owned();
    }
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let numeric = value.starts_with(|c: char| c.is_ascii_digit());
    let letters = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(value) {
        let (before, found) = rest.split_at(at);
        let after = found.get(value.len()..).unwrap_or_default();
        let last = before.chars().last().or_else(|| out.chars().last());
        let next = after.chars().next();
        let inside = if numeric {
            digit(last) || digit(next) || before.ends_with('.') && digit(before.chars().rev().nth(1))
        } else {
            letters(last) || letters(next)
        };
        out.push_str(before);
        out.push_str(if inside { value } else { expression });
        rest = after;
    }
    out + rest
}

/// What holds for some members and no others.
pub(super) fn conditions(members: &[usize], count: usize, axes: &[Axis]) -> Vec<String> {
    for axis in axes {
        let of: Vec<String> = members.iter().filter_map(|at| axis.values.get(*at).cloned()).collect();
        let wanted = distinct(&of);
        let all = (0..count).filter(|at| axis.values.get(*at).is_some_and(|value| wanted.contains(&value))).collect::<Vec<_>>();
        if all == members {
            return match wanted.as_slice() {
                [one] => vec![format!("{} == {}", axis.name, value(one))],
                several => vec![format!("{} in [{}]", axis.name, several.iter().map(|text| value(text)).collect::<Vec<_>>().join(", "))],
            };
        }
    }
    let free = || axes.iter().filter(|axis| axis.with.is_none());
    let each =
        |at: &usize| free().filter_map(|axis| Some(format!("{} == {}", axis.name, value(axis.values.get(*at)?)))).collect::<Vec<_>>();
    members.iter().map(|at| each(at).join(" and ")).collect()
}

/// The value of an axis as the language writes it.
pub(super) fn value(text: &str) -> String {
    let mut parts = text.split('.');
    let version = parts.all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    if version || is_name(text) { text.to_owned() } else { quoted(text) }
}

pub(super) fn is_name(text: &str) -> bool {
    crate::import::name(text, "v") == text
}

/// The axes that a definition declares itself.
pub(super) fn declarations(axes: &[Axis], known: &dyn Fn(&Axis) -> bool) -> Vec<Item> {
    let mut out = Vec::new();
    let listed = |axis: &Axis, values: &[&String]| {
        format!("{} = [{}]", axis.name, values.iter().map(|text| value(text)).collect::<Vec<_>>().join(", "))
    };
    for (at, axis) in axes.iter().enumerate().filter(|(_, axis)| axis.with.is_none() && !known(axis)) {
        let linked: Vec<&Axis> = axes.iter().filter(|other| other.with == Some(at)).collect();
        let values = distinct(&axis.values);
        if linked.is_empty() {
            out.push(Item::Statement(format!("matrix {}", listed(axis, &values))));
            continue;
        }
        let of = |other: &Axis| -> Vec<String> {
            values
                .iter()
                .filter_map(|value| axis.values.iter().position(|known| known == *value))
                .filter_map(|at| other.values.get(at).cloned())
                .collect()
        };
        let mut items = vec![Item::Statement(listed(axis, &values))];
        for other in linked {
            let values = of(other);
            items.push(Item::Statement(listed(other, &values.iter().collect::<Vec<_>>())));
        }
        out.push(Item::Block { head: "link".to_owned(), items });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(name: &str, values: &[&str]) -> Axis {
        Axis { name: name.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect(), inherited: false, with: None }
    }

    #[test]
    fn values_are_words_of_their_own() {
        let axes = [axis("python", &["3.1", "3.11"])];
        let of = |one: &str, two: &str| template(&[one.to_owned(), two.to_owned()], &axes);
        assert_eq!(of("python ==3.1.*", "python ==3.11.*").as_deref(), Some("python =={{ python }}.*"));
        assert_eq!(of("py3.1 x3.12", "py3.11 x3.12").as_deref(), Some("py{{ python }} x3.12"));
        assert_eq!(of("a 13.1", "a 13.11"), None);
        assert_eq!(of("a", "b"), None);
    }

    #[test]
    fn members_have_conditions() {
        assert_eq!(conditions(&[0, 2], 3, &[axis("a", &["1", "2", "1"])]), ["a == 1"]);
        assert_eq!(conditions(&[0, 1], 3, &[axis("a", &["x y", "2", "1"])]), ["a in [\"x y\", 2]"]);
    }
}
