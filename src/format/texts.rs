//! Texts: as written, but blocks are indented with their statement.

use super::printer::{At, Printer};
use crate::syntax::ast::{Text, TextKind};

impl Printer<'_> {
    /// A text. The lines of a block are moved as a whole: what they have in common is no part of the text.
    pub(super) fn text(&self, text: &Text, at: At) -> String {
        let written = self.verbatim(text.span);
        let quotes = match text.kind {
            TextKind::Block => "\"\"\"",
            TextKind::RawBlock => "'''",
            _ => return written,
        };
        let content = written.strip_prefix(quotes).and_then(|rest| rest.strip_suffix(quotes)).unwrap_or("");
        let mut lines: Vec<&str> = content.split('\n').collect();
        if lines.len() < 2 || !lines.first().is_some_and(|line| blank(line)) {
            return written;
        }
        lines.remove(0);
        if lines.last().is_some_and(|line| blank(line)) {
            lines.pop();
        }
        let common = lines.iter().copied().filter(|line| !blank(line)).map(leading).reduce(shared).map_or(0, str::len);
        let indent = " ".repeat(at.indent + 2);
        let mut out = format!("{quotes}\n");
        for line in lines {
            if !blank(line) {
                out.push_str(&indent);
                out.push_str(line.get(common..).unwrap_or(line));
            }
            out.push('\n');
        }
        out.push_str(&" ".repeat(at.indent));
        out.push_str(quotes);
        out
    }
}

fn blank(line: &str) -> bool {
    line.bytes().all(|byte| byte == b' ' || byte == b'\t')
}

/// The blanks at the beginning of a line.
fn leading(line: &str) -> &str {
    line.get(..line.len() - line.trim_start_matches([' ', '\t']).len()).unwrap_or("")
}

/// What two lines begin with.
fn shared<'t>(left: &'t str, right: &'t str) -> &'t str {
    let same = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count();
    left.get(..same).unwrap_or("")
}
