//! A page of Markdown as a terminal shows it: paragraphs within its width, headings and code in colour.

use super::Style;

/// The page as it is without colour, but for lines that are wider than the terminal.
#[must_use]
pub fn page(text: &str, style: Style) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut code = false;
    for line in text.lines() {
        let fence = line.starts_with("```");
        code ^= fence;
        if code || fence {
            shown.push_str(&painted(line, if fence { "2" } else { "36" }, style));
        } else if line.starts_with('#') {
            shown.push_str(&painted(line, "1", style));
        } else {
            shown.push_str(&wrapped(line, style.width));
        }
        shown.push('\n');
    }
    shown
}

fn painted(line: &str, code: &str, style: Style) -> String {
    if style.color && !line.is_empty() { format!("\u{1b}[{code}m{line}\u{1b}[0m") } else { line.to_owned() }
}

/// A line broken before words that leave the width; a list goes on behind its mark.
fn wrapped(line: &str, width: usize) -> String {
    if line.chars().count() <= width.max(80) {
        return line.to_owned();
    }
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
        let text = format!("# Title\n\n- {}\n\n```jenv\ncode\n```\n", "word ".repeat(30).trim());
        let plain = page(&text, Style::default());
        assert!(plain.lines().all(|line| line.chars().count() <= 80) && plain.contains("\n  word"), "{plain}");
        let colored = page(&text, Style { color: true, width: 80 });
        assert!(colored.contains("\u{1b}[1m# Title") && colored.contains("\u{1b}[36mcode"), "{colored}");
    }
}
