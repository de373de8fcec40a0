//! What the members of a family have in common is written once, with the values of axes in the place of literals; what is left is in
//! blocks for those that have it.

use super::axes::{Axis, conditions, is_name, template};
use crate::import::{Entry, Item};

/// The items of a definition for all members.
pub(super) fn items(all: &[Vec<Item>], axes: &[Axis], declared: &mut Vec<String>) -> Vec<Item> {
    let all: &[Vec<Item>] = &all.iter().map(|items| apart(items)).collect::<Vec<_>>();
    let Some(first) = all.first() else { return Vec::new() };
    // The rows that all members have, by their places in each.
    let mut rows: Vec<Vec<usize>> = (0..first.len()).map(|at| vec![at]).collect();
    for member in 1..all.len() {
        rows = aligned(all, axes, &rows, member);
    }
    let mut out = Vec::new();
    let mut from = vec![0; all.len()];
    let ends: Vec<usize> = all.iter().map(Vec::len).collect();
    for row in rows.iter().chain(std::iter::once(&ends)) {
        let parts: Vec<&[Item]> =
            all.iter().zip(from.iter().zip(row)).map(|(items, (from, to))| items.get(*from..*to).unwrap_or_default()).collect();
        differing(&parts, axes, declared, &mut out);
        let here: Vec<&Item> = all.iter().zip(row).filter_map(|(items, at)| items.get(*at)).collect();
        if here.len() == all.len() {
            out.extend(one(&here, axes));
        }
        from = row.iter().map(|at| at + 1).collect();
    }
    beside(out)
}

/// Each variable in a block of its own.
fn apart(items: &[Item]) -> Vec<Item> {
    let each = |item: &Item| match item {
        Item::Block { head, items } if head == "env" => {
            items.iter().map(|item| Item::Block { head: head.clone(), items: vec![item.clone()] }).collect()
        }
        item => vec![item.clone()],
    };
    items.iter().flat_map(each).collect()
}

/// Variables side by side in one block.
fn beside(items: Vec<Item>) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::new();
    for item in items {
        match (out.last_mut(), item) {
            (Some(Item::Block { head, items }), Item::Block { head: other, items: more }) if head == "env" && other == "env" => {
                items.extend(more);
            }
            (_, Item::Block { head, items }) if head.starts_with("when ") || head.starts_with("variant ") => {
                out.push(Item::Block { head, items: beside(items) });
            }
            (_, item) => out.push(item),
        }
    }
    out
}

/// The rows that go on in one member more: the longest common one.
fn aligned(all: &[Vec<Item>], axes: &[Axis], rows: &[Vec<usize>], member: usize) -> Vec<Vec<usize>> {
    let empty = Vec::new();
    let items = all.get(member).unwrap_or(&empty);
    let alike = |row: &[usize], at: usize| {
        let before: Option<Vec<&Item>> = row.iter().zip(all).map(|(at, items)| items.get(*at)).collect();
        let (Some(mut here), Some(item)) = (before, items.get(at)) else { return false };
        here.push(item);
        one(&here, axes).is_some()
    };
    let width = items.len() + 1;
    let mut lengths = vec![0_u32; (rows.len() + 1) * width];
    let get = |lengths: &[u32], row: usize, at: usize| lengths.get(row * width + at).copied().unwrap_or_default();
    let mut same = vec![false; rows.len() * items.len()];
    for row in (0..rows.len()).rev() {
        for at in (0..items.len()).rev() {
            let is = rows.get(row).is_some_and(|row| alike(row, at));
            if let Some(cell) = same.get_mut(row * items.len() + at) {
                *cell = is;
            }
            let best = if is { get(&lengths, row + 1, at + 1) + 1 } else { get(&lengths, row + 1, at).max(get(&lengths, row, at + 1)) };
            if let Some(cell) = lengths.get_mut(row * width + at) {
                *cell = best;
            }
        }
    }
    let (mut out, mut row, mut at) = (Vec::new(), 0, 0);
    while row < rows.len() && at < items.len() {
        if same.get(row * items.len() + at) == Some(&true) {
            let mut longer = rows.get(row).cloned().unwrap_or_default();
            longer.push(at);
            out.push(longer);
            row += 1;
            at += 1;
        } else if get(&lengths, row + 1, at) >= get(&lengths, row, at + 1) {
            row += 1;
        } else {
            at += 1;
        }
    }
    out
}

/// What several items are in one: equal, or with the values of axes in the place of what differs.
fn one(items: &[&Item], axes: &[Axis]) -> Option<Item> {
    let first = *items.first()?;
    if items.iter().all(|item| plain(item) == plain(first)) {
        return Some(first.clone());
    }
    let texts = |of: &dyn Fn(&Item) -> Option<String>| -> Option<String> {
        let all: Vec<String> = items.iter().map(|item| of(item)).collect::<Option<_>>()?;
        template(&all, axes).map(|text| opened(&text, axes))
    };
    match first {
        Item::Comment(_) => None,
        Item::Statement(_) => {
            let text = texts(&|item| if let Item::Statement(text) = item { Some(text.clone()) } else { None })?;
            Some(Item::Statement(text))
        }
        Item::Block { items: inner, .. } => {
            let head = texts(&|item| if let Item::Block { head, .. } = item { Some(head.clone()) } else { None })?;
            let all: Vec<&Vec<Item>> =
                items.iter().filter_map(|item| if let Item::Block { items, .. } = item { Some(items) } else { None }).collect();
            if all.iter().any(|other| other.len() != inner.len()) {
                return None;
            }
            let each = (0..inner.len()).map(|at| one(&all.iter().filter_map(|items| items.get(at)).collect::<Vec<_>>(), axes));
            Some(Item::Block { head, items: each.collect::<Option<_>>()? })
        }
        Item::List { .. } => list(items, axes),
    }
}

fn list(items: &[&Item], axes: &[Axis]) -> Option<Item> {
    let mut heads = Vec::new();
    let mut tails = Vec::new();
    let mut all: Vec<&Vec<Entry>> = Vec::new();
    for item in items {
        let Item::List { head, entries, tail } = item else { return None };
        heads.push(head.clone());
        tails.push(tail.clone());
        all.push(entries);
    }
    let first = *all.first()?;
    if all.iter().any(|entries| entries.len() != first.len()) {
        return None;
    }
    let entry = |at: usize| -> Option<Entry> {
        let texts: Vec<String> = all.iter().filter_map(|entries| entries.get(at)).map(|entry| entry.text.clone()).collect();
        Some(Entry { text: named(template(&texts, axes)?), ..first.get(at)?.clone() })
    };
    let entries = (0..first.len()).map(entry).collect::<Option<Vec<_>>>()?;
    let [head, tail] = [heads, tails].map(|texts| template(&texts, axes).map(|text| opened(&text, axes)));
    Some(Item::List { head: head?, entries, tail: tail? })
}

/// A statement whose texts see the axes that are in them: between single quotes nothing is an expression.
fn opened(statement: &str, axes: &[Axis]) -> String {
    let expressions: Vec<String> = axes.iter().map(|axis| format!("{{{{ {} }}}}", axis.name)).collect();
    let (mut out, mut rest) = (String::new(), statement);
    while let Some(at) = rest.find(['"', '\'']) {
        let (before, text) = rest.split_at(at);
        out.push_str(before);
        let quote = ["\"\"\"", "'''"].into_iter().find(|quote| text.starts_with(quote)).or_else(|| text.get(..1)).unwrap_or_default();
        let inner = text.get(quote.len()..).unwrap_or_default();
        let escaped = |end: &usize| quote == "\"" && inner.get(..*end).is_some_and(is_escaped);
        let end = inner.match_indices(quote).map(|(end, _)| end).find(|end| !escaped(end)).unwrap_or(inner.len());
        let whole = inner.get(..end).unwrap_or_default();
        let has = quote.starts_with('\'') && expressions.iter().any(|expression| whole.contains(expression));
        match quote {
            "'" if has => out.push_str(&double(whole, &expressions)),
            "'''" if has && !whole.contains("\"\"\"") => out.extend(["\"\"\"", whole, "\"\"\""]),
            _ => out.extend([quote, whole, quote]),
        }
        rest = inner.get(end + quote.len()..).unwrap_or_default();
    }
    out + rest
}

/// Whether what follows a text is behind a backslash that counts.
fn is_escaped(text: &str) -> bool {
    text.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1
}

/// A text between double quotes, in which these expressions are meant.
fn double(text: &str, expressions: &[String]) -> String {
    let (mut out, mut rest) = ("\"".to_owned(), text);
    while let Some(c) = rest.chars().next() {
        let meant = expressions.iter().find(|expression| rest.starts_with(expression.as_str()));
        let taken = match (meant, c) {
            (Some(expression), _) => expression.as_str(),
            (None, '"') => "\\\"",
            (None, '\\') => "\\\\",
            (None, '{') if rest.starts_with("{{") => "{{ \"{{\" }}",
            _ => rest.get(..c.len_utf8()).unwrap_or_default(),
        };
        let length = match (meant, c) {
            (Some(expression), _) => expression.len(),
            (None, '{') if rest.starts_with("{{") => 2,
            _ => c.len_utf8(),
        };
        out.push_str(taken);
        rest = rest.get(length..).unwrap_or_default();
    }
    out + "\""
}

/// An entry whose name has the value of an axis in it is in quotes.
fn named(entry: String) -> String {
    let mut inner = false;
    let end = entry.char_indices().find(|(at, c)| {
        let rest = entry.get(*at..).unwrap_or_default();
        inner = inner && !rest.starts_with("}}") || rest.starts_with("{{");
        *c == ' ' && !inner
    });
    let (name, rest) = entry.split_at(end.map_or(entry.len(), |(at, _)| at));
    if name.contains("{{") && !name.starts_with('"') { format!("\"{name}\"{rest}") } else { entry }
}

/// An item without what is said of one member alone.
fn plain(item: &Item) -> Item {
    match item {
        Item::Comment(words) if words.starts_with("import: ") => Item::Comment(words.splitn(3, ": ").last().unwrap_or_default().to_owned()),
        other => other.clone(),
    }
}

/// What the members have between two common items.
fn differing(parts: &[&[Item]], axes: &[Axis], declared: &mut Vec<String>, out: &mut Vec<Item>) {
    if parts.iter().all(|part| part.is_empty()) {
        return;
    }
    let mut groups: Vec<(&[Item], Vec<usize>)> = Vec::new();
    for (at, part) in parts.iter().enumerate().filter(|(_, part)| !part.is_empty()) {
        match groups.iter_mut().find(|(known, _)| known == part) {
            Some((_, members)) => members.push(at),
            None => groups.push((part, vec![at])),
        }
    }
    let own: Vec<&Axis> = axes.iter().filter(|axis| !axis.inherited).collect();
    if let ([axis], 1) = (own.as_slice(), axes.len())
        && !declared.contains(&axis.name)
        && axis.values.iter().all(|value| is_name(value))
    {
        declared.push(axis.name.clone());
        let block = |at: usize| {
            let items = parts.get(at).map(|part| part.to_vec()).unwrap_or_default();
            Item::Block { head: axis.values.get(at).cloned().unwrap_or_default(), items }
        };
        return if axis.name == "variant" {
            out.extend((0..parts.len()).map(block).map(|item| match item {
                Item::Block { head, items } => Item::Block { head: format!("variant {head}"), items },
                other => other,
            }));
        } else {
            out.push(Item::Block { head: format!("variant {}", axis.name), items: (0..parts.len()).map(block).collect() });
        };
    }
    for (part, members) in groups {
        for condition in conditions(&members, parts.len(), axes) {
            out.push(Item::Block { head: format!("when {condition}"), items: part.to_vec() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(name: &str, values: &[&str]) -> Axis {
        Axis { name: name.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect(), inherited: false, with: None }
    }

    #[test]
    fn texts_see_the_axes_that_are_in_them() {
        let axes = [axis("variant", &["cpu", "gpu"])];
        for (statement, wanted) in [
            (r#"run 'echo "{{ variant }}" \d {{.Id}}'"#, r#"run "echo \"{{ variant }}\" \\d {{ "{{" }}.Id}}""#),
            (r#"run 'echo "{{ other }}"'"#, r#"run 'echo "{{ other }}"'"#),
            (r#"run "a \"'{{ variant }}'\"" 'b'"#, r#"run "a \"'{{ variant }}'\"" 'b'"#),
            ("run '''\n  {{ variant }}\n  '''", "run \"\"\"\n  {{ variant }}\n  \"\"\""),
        ] {
            assert_eq!(opened(statement, &axes), wanted);
        }
    }

    #[test]
    fn what_differs_is_in_blocks() {
        let statement = |text: &str| Item::Statement(text.to_owned());
        let all = [
            vec![statement("run \"a\""), statement("run \"x cpu\"")],
            vec![statement("run \"a\""), statement("expose 1"), statement("run \"x gpu\"")],
        ];
        let mut declared = Vec::new();
        let merged = items(&all, &[axis("variant", &["cpu", "gpu"])], &mut declared);
        assert_eq!(
            merged,
            [
                statement("run \"a\""),
                Item::Block { head: "variant cpu".to_owned(), items: vec![] },
                Item::Block { head: "variant gpu".to_owned(), items: vec![statement("expose 1")] },
                statement("run \"x {{ variant }}\""),
            ]
        );
    }
}
