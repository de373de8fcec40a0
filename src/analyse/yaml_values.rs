//! Nested values of YAML as values of the language: `- key: gpu` becomes `[{ key = "gpu" }]`.

use super::instructions::pair;

/// The value that indented lines stand for; `None` where they can't be read.
pub(super) fn nested(lines: &[&str]) -> Option<String> {
    let lines: Vec<String> = lines.iter().map(|line| line.split(" #").next().unwrap_or(line).trim_end().to_owned()).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.trim().is_empty()).collect();
    value(&lines)
}

fn value(lines: &[&str]) -> Option<String> {
    let first = lines.first()?;
    let own = indent(first);
    let groups = groups(lines, own)?;
    if first.trim_start().starts_with("- ") {
        let items: Option<Vec<String>> = groups.iter().map(|group| item(group)).collect();
        return Some(format!("[{}]", items?.join(", ")));
    }
    if groups.len() == 1 && !is_pair(first.trim()) {
        return (lines.len() == 1).then(|| scalar(first.trim())).flatten();
    }
    let fields: Option<Vec<String>> = groups.iter().map(|group| field(group)).collect();
    fields.map(|fields| format!("{{ {} }}", fields.join("  ")))
}

/// Lines in groups that each begin at an indentation.
fn groups<'l>(lines: &'l [&'l str], own: usize) -> Option<Vec<&'l [&'l str]>> {
    let listed = lines.first()?.trim_start().starts_with("- ");
    // `- ` may be as far to the left as the key that it belongs to.
    let begins = |line: &&str| indent(line) == own && (listed || !line.trim_start().starts_with("- "));
    let starts: Vec<usize> = lines.iter().enumerate().filter(|(_, line)| begins(line)).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(lines.len()));
    lines
        .iter()
        .all(|line| indent(line) >= own)
        .then(|| starts.iter().zip(ends).filter_map(|(start, end)| lines.get(*start..end)).collect())
}

fn item(group: &[&str]) -> Option<String> {
    let (first, rest) = group.split_first()?;
    let inner = first.replacen("- ", "  ", 1);
    let mut lines = vec![inner.as_str()];
    lines.extend(rest);
    value(&lines)
}

fn field(group: &[&str]) -> Option<String> {
    let (first, rest) = group.split_first()?;
    let (key, behind) = first.trim().split_once(':')?;
    let name = pair(key.trim_matches(['"', '\'']), "x")?;
    let value = if rest.is_empty() { scalar(behind.trim())? } else { value(rest).filter(|_| behind.trim().is_empty())? };
    Some(format!("{} = {value}", name.split(" = ").next()?))
}

/// A value on one line.
fn scalar(text: &str) -> Option<String> {
    let plain = text.trim_matches(['"', '\'']);
    match text {
        "" | "|" | ">" | "~" | "null" => None,
        "true" | "false" => Some(text.to_owned()),
        _ if text.starts_with(['[', '{', '&', '*', '!']) || plain.contains(['"', '\\']) => None,
        _ if text.parse::<f64>().is_ok() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => Some(text.to_owned()),
        _ => Some(format!("\"{plain}\"")),
    }
}

fn is_pair(text: &str) -> bool {
    text.split_once(':').is_some_and(|(key, value)| !key.contains(' ') && (value.is_empty() || value.starts_with(' ')))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_yaml_become_values() {
        for (lines, meant) in [
            ("- key: gpu\n  operator: Exists", "[{ key = \"gpu\"  operator = \"Exists\" }]"),
            ("- a\n- b", "[\"a\", \"b\"]"),
            ("requests:\n  cpu: 2\n  memory: 4G", "{ requests = { cpu = 2  memory = \"4G\" } }"),
            (
                "nodeAffinity:\n  terms:\n  - matchExpressions:\n    - key: pool\n      values:\n      - gpu",
                "{ nodeAffinity = { terms = [{ matchExpressions = [{ key = \"pool\"  values = [\"gpu\"] }] }] } }",
            ),
            ("example.org/pool: gpu", "{ \"example.org/pool\" = \"gpu\" }"),
            ("a: |\n  text", ""),
        ] {
            let lines: Vec<&str> = lines.lines().collect();
            assert_eq!(nested(&lines).unwrap_or_default(), meant, "{lines:?}");
        }
    }
}
