//! Texts and names, as the language writes them.

/// A name that is not taken: the wanted one, or with a number behind it.
pub(crate) fn free(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    if !taken(wanted) {
        return wanted.to_owned();
    }
    let mut numbered = (2..).map(|number| format!("{wanted}-{number}"));
    numbered.find(|name| !taken(name)).unwrap_or_default()
}

/// The output of the workflow, which GitHub reads at the top of a repository alone, of a program in a folder of it; empty for the top.
#[must_use]
pub fn workflow(folder: &str) -> String {
    let root = if folder.is_empty() { String::new() } else { format!("  root = {}", quoted(folder)) };
    format!("output workflow {{ path = \".github/workflows/images.yml\"{root} }}")
}

/// The words of a line that is a comment, without the signs around them.
#[must_use]
pub fn comment(line: &str) -> Option<&str> {
    let words = line.trim().strip_prefix('#')?.trim_start_matches('#').trim();
    Some(words.strip_suffix("###").map_or(words, |words| words.trim_end_matches('#').trim_end()))
}

/// A text between quotes: single ones where double ones would need marks in it.
#[must_use]
pub fn quoted(text: &str) -> String {
    if text.contains(['"', '\\']) && !text.contains(['\'', '\n', '\r', '\t']) {
        return format!("'{text}'");
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("{{") {
            out.push_str("{{ \"{{\" }}");
            rest = after;
            continue;
        }
        match next {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
        rest = rest.get(next.len_utf8()..).unwrap_or_default();
    }
    out.push('"');
    out
}

/// A text of several lines between three quotes, as it is; in quotes of the other kind, or on one line, where it can't be.
#[must_use]
pub fn block(text: &str) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let plain = !text.contains('\r') && !text.lines().any(|line| line.ends_with([' ', '\t']));
    let quotes = ["\"\"\"", "'''"].into_iter().find(|quotes| {
        let quote = quotes.get(..1).unwrap_or_default();
        !text.contains(quotes) && !text.ends_with(quote) && (*quotes == "'''" || !text.contains("{{"))
    });
    match quotes {
        Some(quotes) if plain && text.contains('\n') => {
            let lines: String = text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect();
            format!("{quotes}\n{lines}    {quotes}")
        }
        _ => quoted(text),
    }
}

/// The text of a file as `file` has it, where each line of `text` has its end: between three quotes where they leave it as it is.
#[must_use]
pub fn lines(text: &str) -> String {
    let value = text.strip_suffix('\n').unwrap_or(text);
    let starts = value.lines().any(|line| !line.is_empty() && !line.starts_with([' ', '\t']));
    if starts && value.contains('\n') && !value.ends_with('\n') { block(text) } else { quoted(value) }
}

/// A name of the language from any words: small letters, digits, and `-` between them; `other` where nothing is left.
#[must_use]
pub fn name(words: &str, other: &str) -> String {
    let mut name = String::new();
    for c in words.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    let name = name.trim_end_matches('-');
    match name.chars().next() {
        None => other.to_owned(),
        Some(c) if c.is_ascii_digit() => format!("{other}-{name}"),
        Some(_) if matches!(name, "true" | "false" | "none") => format!("{other}-{name}"),
        Some(_) => name.to_owned(),
    }
}

/// A number of bytes: `312 MB`
#[must_use]
pub fn bytes(count: u64) -> String {
    match count {
        0 => "nothing".to_owned(),
        count if count < 1 << 10 => format!("{count} bytes"),
        count if count < 1 << 20 => format!("{} kB", count >> 10),
        count => format!("{} MB", count >> 20),
    }
}

/// A number of things: `1 entry`, `3 entries`.
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A reference without tag and digest.
#[must_use]
pub fn repository(reference: &str) -> &str {
    let path = reference.split('@').next().unwrap_or(reference);
    path.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).map_or(path, |(path, _)| path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;
    use crate::syntax::parse;

    #[test]
    fn texts_are_read_as_they_were_meant() {
        for text in ["a\"b\\c\td", "{{ x }} {{{", "é漢\n  b\n\n c \"\"\"", "'''\n\"\"\"", "a\nb '''", "a\r\nb", "x \ny"] {
            for written in [quoted(text), block(text)] {
                let program = format!("layer a {{\n  run {written}\n}}\n");
                let parsed = parse(FileId::default(), &program);
                assert!(!parsed.findings.has_errors(), "{program}");
            }
        }
        assert_eq!(block("a\n  b"), "\"\"\"\n    a\n      b\n    \"\"\"");
        assert_eq!(block("a {{ b }}\nc"), "'''\n    a {{ b }}\n    c\n    '''");
    }

    #[test]
    fn names_are_names() {
        let wanted = [("ML_CPU", "ml-cpu"), ("3.11", "image-3-11"), ("--", "image"), ("a..b-", "a-b"), ("true", "image-true")];
        for (words, expected) in wanted {
            assert_eq!(name(words, "image"), expected);
        }
    }
}
