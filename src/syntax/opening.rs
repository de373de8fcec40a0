//! Where a definition begins: the one rule for the end of a text that is not closed and of brackets that are not. It holds less than
//! the grammar's `item_start`, which needs no brace.

use super::ast::Keyword;

/// What follows the `{` of a definition that a line begins with: `layer a {`, `fragment f(a, b = 1) {`, `repo egi apt {`.
pub(super) fn behind_brace(line: &str) -> Option<&str> {
    // No definition's word begins with another letter.
    if !line.starts_with(|c: char| ('e'..='r').contains(&c)) {
        return None;
    }
    let line = line.strip_prefix("replace ").map_or(line, |rest| rest.trim_start_matches(' '));
    let (word, rest) = name(line)?;
    Keyword::from_word(word)?;
    let (_, mut rest) = name(rest)?;
    if let Some(inner) = rest.strip_prefix('(') {
        rest = inner.split(['\n', '{']).next()?.split_once(')').and_then(|(parameters, _)| inner.get(parameters.len() + 1..))?;
        rest = rest.trim_start_matches(' ');
    }
    if let Some((_, after)) = name(rest) {
        rest = after;
    }
    rest.strip_prefix('{').filter(|rest| !rest.starts_with('{'))
}

/// The name that a line begins with, and what follows it and the blanks behind it.
fn name(line: &str) -> Option<(&str, &str)> {
    let end = line.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))).unwrap_or(line.len());
    let (name, rest) = line.split_at_checked(end)?;
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then(|| (name, rest.trim_start_matches([' ', '\t'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_are_told_by_word_name_and_brace() {
        for head in ["layer a {", "replace installer  pip {", "fragment f(a, b = 1) {", "repo egi apt {", "profile lab {", "hub\th {"] {
            assert_eq!(behind_brace(&format!("{head} x")), Some(" x"), "{head}");
        }
        for line in
            ["layer {", "layers a {", "layer a", "layer f(a {", "run a {", "layer a {{ b }}", "layer a b c {", "layer a\n{", "profile {"]
        {
            assert_eq!(behind_brace(line), None, "{line}");
        }
    }
}
