//! YAML by hand: scalars that every reader takes for the same string, and lists that a reviewer can read.

use std::fmt::Write;

/// The longest line of a flow list.
const WIDTH: usize = 140;

/// A string as a YAML scalar: bare where YAML 1.1 and 1.2 both read it as that string, else in double quotes.
pub(super) fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// A condition, an expression or a command, alone on its line: bare where it may be, for the reviewer's sake.
pub(super) fn line(text: &str) -> String {
    let starts = ["github.", "${{ ", "bash ", "jenvc "].iter().any(|start| text.starts_with(start));
    let inside = !text.contains(": ") && !text.contains(" #") && !text.chars().any(is_special);
    if starts && inside && !text.ends_with([':', ' ']) { text.to_owned() } else { quoted(text) }
}

/// A list in brackets, broken into lines where it would be too long; `indent` is the column of the key before it.
pub(super) fn list(items: &[String], indent: usize, key_width: usize) -> String {
    let scalars: Vec<String> = items.iter().map(|item| scalar(item)).collect();
    let one_line = format!("[{}]", scalars.join(", "));
    if indent + key_width + one_line.len() <= WIDTH {
        return one_line;
    }
    let margin = " ".repeat(indent + 2);
    let mut text = "[".to_owned();
    let mut line = String::new();
    for (at, item) in scalars.iter().enumerate() {
        let word = if at + 1 == scalars.len() { item.clone() } else { format!("{item}, ") };
        if line.is_empty() || margin.len() + line.len() + word.trim_end().len() > WIDTH {
            if !line.is_empty() {
                text.push_str(line.trim_end());
            }
            text.push('\n');
            text.push_str(&margin);
            line.clear();
        }
        line.push_str(&word);
    }
    text.push_str(&line);
    text.push('\n');
    text.push_str(&" ".repeat(indent));
    text.push(']');
    text
}

/// A text that may stand behind `#`: one line, no control characters, nothing that readers of expressions would take for one.
pub(super) fn comment(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").replace("${{", "$ {{")
}

fn is_plain(text: &str) -> bool {
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '.' || c == '/') || text.starts_with("$/");
    let all = text.strip_prefix('$').unwrap_or(text).chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    // What YAML 1.1 takes for a truth value, nothing, a number or a special float; `1e3` and dates begin with a digit.
    let lower = text.to_ascii_lowercase();
    let word = matches!(lower.as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "nan" | "inf" | "." | "..");
    let number = lower.starts_with('.') && lower.chars().nth(1).is_some_and(|c| c.is_ascii_digit() || c == 'i' || c == 'n');
    first && all && !word && !number
}

/// Whether a character ends a line, or is none, for some reader.
fn is_special(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_special(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        serde_yaml::from_str::<String>(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn what_old_readers_take_for_something_else_is_quoted() {
        for word in
            ["yes", "on", "12:30:00", "1e3", "0x1f", "2026-11-22", "~", "", "null", ".5", ".inf", "=", "<<", "a: b", "a #b", "*.x", "- a"]
        {
            assert_eq!(scalar(word), format!("\"{word}\""));
            assert_eq!(read(&scalar(word)), word);
        }
        assert_eq!(scalar("scipy-notebook-py3-12"), "scipy-notebook-py3-12");
        assert_eq!(scalar(".github/workflows/images.yml"), ".github/workflows/images.yml");
    }

    #[test]
    fn long_lists_break_and_read_back() {
        let items: Vec<String> = (0..60).map(|at| format!("image-{at}")).collect();
        let text = format!("        targets: {}\n", list(&items, 8, 9));
        assert!(text.lines().all(|line| line.len() <= WIDTH && line == line.trim_end()), "{text}");
        let value: std::collections::BTreeMap<String, Vec<String>> = serde_yaml::from_str(&text).unwrap();
        assert_eq!(value["targets"], items);
    }

    proptest! {
        #[test]
        fn any_text_reads_back(text in "\\PC*|[ -~]{0,12}|[\\x00-\\x1f\u{85}\u{2028}a:#-]{0,6}") {
            prop_assert_eq!(read(&scalar(&text)), text.clone());
            prop_assert!(!comment(&text).contains('\n'));
        }
    }
}
