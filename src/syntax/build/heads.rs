//! Parents in the head of a definition, as other languages have them: `layer tools from lab { }`, `layer tools : lab { }`.

use super::Builder;
use crate::base::{Span, Spanned};
use crate::diagnostics::{Edit, known};
use crate::syntax::ast::{Name, Reference, Stack};

/// Words before a parent.
const BEFORE: [&str; 8] = ["from", "extends", "inherits", "on", "onto", ":", "<", "of"];

impl Builder<'_> {
    /// What a definition stands on, where its head says so: reported, with the statement in the block that is meant.
    pub(super) fn root_in_head(&mut self, name: &Name, block: Span) -> Option<Stack> {
        let gap = Span { start: name.span.end, end: block.start };
        let head = self.slice(gap);
        let word = BEFORE.into_iter().find(|word| head.trim_start().starts_with(word))?;
        let root = head.trim_start().strip_prefix(word)?;
        let plain = |root: &str| !root.is_empty() && root.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        let parts: Vec<&str> = root.split('/').map(str::trim).collect();
        if !(root.starts_with(' ') || word == ":") || !parts.iter().all(|part| plain(part)) || head.contains('\n') {
            return None;
        }
        let start = gap.start as usize + head.len() - head.trim_start().len();
        let here = Span::new(start, start + head.trim().len());
        let root = parts.join(" / ");
        let finding = self.finding(&known::BAD_NAME, here, format!("`{}` is not in the head of a definition", head.trim()));
        let edits = vec![
            Edit { place: self.place(Span { start: gap.start, end: here.end }), text: String::new() },
            Edit { place: self.place(Span { start: block.start + 1, end: block.start + 1 }), text: format!(" from {root} ") },
        ];
        self.report(finding.here("what a definition stands on is a statement in its block").fix(
            format!("write `from {root}` in the block"),
            false,
            edits,
        ));
        let end = here.end;
        let reference = |part: &str| {
            let at = part.as_ptr() as usize - self.text.as_ptr() as usize;
            let span = Span::new(at, at + part.len());
            Reference { path: Spanned::new(part.to_owned(), span), arguments: None, span }
        };
        Some(Stack { parts: parts.into_iter().map(reference).collect(), onto: None, span: Span { start: here.start, end } })
    }
}
