//! Words and variables of instructions, as `BuildKit` reads them.

use crate::analyse::milliseconds;

/// What is known of variables: `None` for one that nothing sets.
pub(in crate::import) type Known<'k> = &'k dyn Fn(&str) -> Option<String>;

/// A text with its variables replaced; those that are not known stay as `${NAME}`, and their names are the second value.
pub(in crate::import) fn expand(text: &str, known: Known<'_>) -> (String, Vec<String>) {
    expand_but(text, known, &|_| false)
}

/// The same; `${NAME:-…}` and its like stay as they are where something else may set the variable.
pub(super) fn expand_but(text: &str, known: Known<'_>, open: &dyn Fn(&str) -> bool) -> (String, Vec<String>) {
    let (mut out, mut unknown) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        if c == '\\' && after.starts_with('$') {
            out.push('$');
            rest = after.get(1..).unwrap_or_default();
        } else if let Some((name, filter, more)) = variable(rest) {
            match (known(name), filter) {
                (Some(value), "") => out.push_str(&value),
                (None, filter) if !filter.is_empty() && open(name) => {
                    unknown.push(name.to_owned());
                    out.push_str(rest.get(..rest.len() - more.len()).unwrap_or_default());
                }
                (value, filter) if is_default(filter, '-') => {
                    let other = || expanded(filter, '-', known, &mut unknown);
                    out.push_str(&value.filter(|value| !value.is_empty() || !filter.starts_with(':')).unwrap_or_else(other));
                }
                (value, filter) if is_default(filter, '+') => {
                    if value.is_some_and(|value| !value.is_empty() || !filter.starts_with(':')) {
                        out.push_str(&expanded(filter, '+', known, &mut unknown));
                    }
                }
                (_, "") => {
                    unknown.push(name.to_owned());
                    out.extend(["${", name, "}"]);
                }
                (value, filter) if value.as_deref().is_some_and(|value| changed(value, filter).is_some()) => {
                    out.extend(changed(&value.unwrap_or_default(), filter));
                }
                _ => {
                    unknown.push(name.to_owned());
                    out.push_str(rest.get(..rest.len() - more.len()).unwrap_or_default());
                }
            }
            rest = more;
        } else {
            out.push(c);
            rest = after;
        }
    }
    (out, unknown)
}

/// A value as `${NAME/a/b}`, `${NAME#a}` and `${NAME%a}` change it; `None` where the shell reads a pattern, but for `%.*`.
fn changed(value: &str, filter: &str) -> Option<String> {
    let plain = |text: &str| !text.contains(['*', '?', '[', '\\', '$', '`', '"', '\'']);
    if let Some(rest) = filter.strip_prefix('/') {
        let (all, rest) = rest.strip_prefix('/').map_or((false, rest), |rest| (true, rest));
        let (from, to) = rest.split_once('/').unwrap_or((rest, ""));
        let fine = !from.is_empty() && !from.starts_with(['#', '%']) && plain(from) && plain(to) && !to.contains('&');
        return fine.then(|| if all { value.replace(from, to) } else { value.replacen(from, to, 1) });
    }
    match filter {
        "%.*" => Some(value.rsplit_once('.').map_or(value, |(head, _)| head).to_owned()),
        "%%.*" => Some(value.split_once('.').map_or(value, |(head, _)| head).to_owned()),
        _ => {
            let cut = |end: &str| (!end.is_empty() && !end.starts_with(['#', '%']) && plain(end)).then(|| end.to_owned());
            match filter.strip_prefix('%').and_then(cut) {
                Some(end) => Some(value.strip_suffix(&end).unwrap_or(value).to_owned()),
                None => filter.strip_prefix('#').and_then(cut).map(|begin| value.strip_prefix(&begin).unwrap_or(value).to_owned()),
            }
        }
    }
}

/// Whether what is behind a name in braces is `:-…` or `-…`, or the same with another sign.
fn is_default(filter: &str, sign: char) -> bool {
    filter.strip_prefix(':').unwrap_or(filter).starts_with(sign)
}

/// The text behind the sign, with its own variables replaced.
fn expanded(filter: &str, sign: char, known: Known<'_>, unknown: &mut Vec<String>) -> String {
    let text = filter.split_once(sign).map_or("", |(_, text)| text);
    let (text, names) = expand(text, known);
    unknown.extend(names);
    text
}

/// `$NAME` or `${NAME…}` at the beginning of a text: the name, what is behind it in the braces, and the rest.
pub(super) fn variable(text: &str) -> Option<(&str, &str, &str)> {
    let after = text.strip_prefix('$')?;
    let (inner, braced) = after.strip_prefix('{').map_or((after, false), |inner| (inner, true));
    let end = inner.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if !braced {
        return Some((name, "", rest));
    }
    let end = closing(rest)?;
    Some((name, rest.get(..end)?, rest.get(end + 1..)?))
}

/// Where the brace closes that a text is behind; those of variables within it are whole.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' if text.get(..at).is_some_and(|before| before.ends_with('$')) => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            _ => {}
        }
    }
    None
}

/// The names of the variables in a text.
pub(super) fn names(text: &str) -> Vec<&str> {
    text.match_indices('$').filter_map(|(at, _)| variable(text.get(at..)?).map(|(name, ..)| name)).collect()
}

/// The words of an instruction: split at blanks outside of quotes; quotes and escapes taken off.
pub(super) fn split(text: &str) -> Vec<String> {
    let (mut all, mut word, mut open) = (Vec::new(), None::<String>, None);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match (c, open) {
            ('\\', quote) if quote != Some('\'') => {
                let Some(next) = rest.next() else { break };
                let kept = word.get_or_insert_default();
                // A dollar stays escaped: variables are replaced later.
                if next == '$' || quote == Some('"') && !matches!(next, '"' | '\\') {
                    kept.push('\\');
                }
                kept.push(next);
            }
            ('"' | '\'', None) => {
                open = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(quote)) if c == quote => open = None,
            ('$', Some('\'')) => word.get_or_insert_default().push_str("\\$"),
            (c, None) if c.is_whitespace() => all.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    all.extend(word);
    all
}

/// A list in the form of JSON, if a text is one.
pub(super) fn json(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    if text.starts_with('[') { serde_json::from_str(text).ok() } else { None }
}

/// `A=1 B="x y"`, or `A rest of the line`: names and values.
pub(in crate::import) fn pairs(text: &str) -> Vec<(String, String)> {
    let words = split(text);
    let is_pair = |word: &String| word.split_once('=').is_some_and(|(name, _)| !name.is_empty());
    if words.first().is_some_and(is_pair) {
        return words.iter().filter_map(|word| word.split_once('=')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    }
    let text = text.trim();
    let (name, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    vec![(name.to_owned(), split(value).join(" "))]
}

/// A duration in one unit: `1m30s` is `90000ms`.
pub(super) fn lasting(text: &str) -> String {
    let (mut total, mut rest) = (0, text);
    while !rest.is_empty() {
        let unit = rest.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let end = rest.get(unit..).and_then(|unit| unit.find(|c: char| c.is_ascii_digit())).map_or(rest.len(), |end| unit + end);
        let Some(part) = rest.get(..end).and_then(milliseconds).filter(|_| end < text.len()) else { return text.to_owned() };
        total += part;
        rest = rest.get(end..).unwrap_or_default();
    }
    format!("{total}ms")
}

/// What is behind a command of the compiler's own, which is `ash` where an image has no bash.
pub(super) fn behind<'t>(part: &'t str, command: &str) -> Option<&'t str> {
    part.strip_prefix(command).or_else(|| part.strip_prefix("ash ")?.strip_prefix(command.strip_prefix("bash ")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced() {
        let version = |name: &str| (name == "V").then(|| "v4.1.2".to_owned());
        for (text, wanted) in [
            ("${V/v/}", "4.1.2"),
            ("${V/./_} ${V//./_}", "v4_1.2 v4_1_2"),
            ("${V#v} ${V%.*} ${V%%.*} ${V%.2}", "4.1.2 v4.1 v4 v4.1"),
            ("${V/[0-9]/} ${V#*.} ${V/#v/}", "${V/[0-9]/} ${V#*.} ${V/#v/}"),
        ] {
            assert_eq!(expand(text, &version).0, wanted, "{text}");
        }
        let known = |name: &str| (name == "A").then(|| "1".to_owned());
        for (text, wanted) in
            [("x$A/${A}y", "x1/1y"), ("${B:-2}${A:-3}${A:+4}${B:+5}", "214"), ("\\$A $ $1", "$A $ $1"), ("$B/${C}", "${B}/${C}")]
        {
            assert_eq!(expand(text, &known).0, wanted, "{text}");
        }
        assert_eq!(expand("$B", &known).1, ["B"]);
        let open = |name: &str| name == "B";
        assert_eq!(expand_but("${B:+:}$B${C:+:}${C:-c}${A:+a}", &known, &open).0, "${B:+:}${B}ca");
        assert_eq!(names("a $B ${C:-d} $(x)"), ["B", "C"]);
    }

    #[test]
    fn words_are_split() {
        assert_eq!(split("a 'b c' \"d\\\" e\" f\\ g"), ["a", "b c", "d\" e", "f g"]);
        assert_eq!(pairs("A=1 B=\"x y\""), [("A".to_owned(), "1".to_owned()), ("B".to_owned(), "x y".to_owned())]);
        assert_eq!(pairs("A x  y"), [("A".to_owned(), "x y".to_owned())]);
        assert_eq!(json("[\"a\", \"b\"]"), Some(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(json("[a]"), None);
    }
}
