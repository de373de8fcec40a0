//! A page of Markdown as a terminal shows it: paragraphs within its width, headings and code in colour.

use super::batch::Style;

/// The page with its paragraphs broken at the width, and without colour as it is otherwise.
#[must_use]
pub fn page(text: &str, style: Style) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut code = false;
    let mut paragraph = String::new();
    for line in text.lines() {
        if goes_on(line, &paragraph, code) {
            paragraph.push(' ');
            paragraph.push_str(line.trim_start());
            continue;
        }
        end(&mut paragraph, &mut shown, style.width);
        let fence = line.starts_with("```");
        code ^= fence;
        if code || fence {
            shown.push_str(&painted(line, if fence { "2" } else { "36" }, style));
        } else if line.starts_with('#') {
            shown.push_str(&painted(line, "1", style));
        } else if line.is_empty() || line.starts_with('|') {
            shown.push_str(line);
        } else {
            line.clone_into(&mut paragraph);
            continue;
        }
        shown.push('\n');
    }
    end(&mut paragraph, &mut shown, style.width);
    shown
}

/// Whether a line belongs to the paragraph, or the item of a list, that is open.
fn goes_on(line: &str, paragraph: &str, code: bool) -> bool {
    let begins = line.is_empty() || ["```", "#", "|", "- "].iter().any(|mark| line.starts_with(mark));
    !code && !begins && !paragraph.is_empty()
}

/// Writes the open paragraph.
fn end(paragraph: &mut String, shown: &mut String, width: usize) {
    if !paragraph.is_empty() {
        shown.push_str(&wrapped(&std::mem::take(paragraph), width));
        shown.push('\n');
    }
}

fn painted(line: &str, code: &str, style: Style) -> String {
    if style.color && !line.is_empty() { format!("\u{1b}[{code}m{line}\u{1b}[0m") } else { line.to_owned() }
}

/// A line broken before words that leave the width; a list goes on behind its mark.
fn wrapped(line: &str, width: usize) -> String {
    let indent = if line.starts_with("- ") { "  " } else { "" };
    let mut text = String::new();
    let mut column = 0;
    for word in line.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > width {
            text.push('\n');
            text.push_str(indent);
            column = indent.len();
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_wrapped_and_coloured() {
        let long = "word ".repeat(30);
        let text = format!("# Title\n\none\ntwo\n\n- {}\n\n```jenv\ncode\nmore\n```\n", long.trim());
        let plain = page(&text, Style::default());
        assert!(plain.lines().all(|line| line.chars().count() <= 80) && plain.contains("\n  word"), "{plain}");
        assert!(plain.contains("\none two\n") && plain.ends_with("code\nmore\n```\n"), "{plain}");
        let colored = page(&text, Style { color: true, width: 80 });
        assert!(colored.contains("\u{1b}[1m# Title") && colored.contains("\u{1b}[36mcode"), "{colored}");
    }
}
