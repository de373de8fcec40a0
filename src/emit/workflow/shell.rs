//! Shell text: words that stay one word, heredocs that end where they should, regular expressions that `grep -E` knows.

/// A string as one shell word.
pub(super) fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':' | '@' | '%' | '+' | ',');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// A text as a heredoc that nothing in it can end and in which nothing is expanded: `<<'TEST'`, the text, `TEST`.
pub(super) fn heredoc(text: &str, name: &str) -> String {
    let mut mark = name.to_owned();
    while text.lines().any(|line| line == mark) {
        mark.push('_');
    }
    let body = text.strip_suffix('\n').unwrap_or(text);
    format!("<<'{mark}'\n{body}\n{mark}\n")
}

/// A regular expression as POSIX knows it: `\d`, `\w` and `\s` become the classes that they stand for, in brackets and outside.
pub(super) fn posix_pattern(pattern: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let Some(next) = chars.next() else {
                    out.push_str("\\\\");
                    break;
                };
                match (class(next), inside) {
                    (Some(class), true) => out.push_str(class),
                    (Some(class), false) => out.extend(["[", class, "]"]),
                    // In brackets a backslash is itself, so what it protects stands bare.
                    (None, true) => out.push(next),
                    (None, false) => out.extend(['\\', next]),
                }
            }
            '[' if !inside => {
                inside = true;
                out.push('[');
            }
            ']' if inside => {
                inside = false;
                out.push(']');
            }
            c => out.push(c),
        }
    }
    out
}

fn class(letter: char) -> Option<&'static str> {
    match letter {
        'd' => Some("0-9"),
        'w' => Some("A-Za-z0-9_"),
        's' => Some("[:space:]"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_one_word() {
        assert_eq!(word("images/base"), "images/base");
        assert_eq!(word("a'b $(c)"), "'a'\\''b $(c)'");
        assert_eq!(word(""), "''");
    }

    #[test]
    fn a_heredoc_ends_once() {
        assert_eq!(heredoc("echo\nTEST\n", "TEST"), "<<'TEST_'\necho\nTEST\nTEST_\n");
    }

    #[test]
    fn patterns_are_posix() {
        assert_eq!(posix_pattern(r"\d[\w.]+"), "[0-9][A-Za-z0-9_.]+");
        assert_eq!(posix_pattern(r"v(\d+\.\d+)"), r"v([0-9]+\.[0-9]+)");
    }
}
