//! What stands at the top of a file.

use super::printer::{At, Printer, end_column};
use super::regions;
use super::sequence::{Columns, Node};
use crate::base::Span;
use crate::syntax::ast::{Definition, ImportTarget, Item};

impl Printer<'_> {
    /// An item.
    pub(super) fn item(&self, item: &Item, columns: Columns, at: At) -> String {
        match item {
            Item::Import(import) => {
                let target = match &import.target {
                    ImportTarget::Path(text) => text.span,
                    ImportTarget::Standard(name) => name.span,
                };
                if self.has_odd_comments(import.span, &[]) {
                    return self.verbatim(import.span);
                }
                let alias = import.alias.as_ref().map_or_else(String::new, |alias| format!(" as {}", alias.node));
                format!("import {}{alias}", self.slice(target))
            }
            Item::Let(value) => {
                let mut free = Vec::new();
                regions::of_value(&value.value, &mut free);
                if self.has_odd_comments(value.span, &free) {
                    return self.verbatim(value.span);
                }
                let head = format!("let {:width$} = ", value.name.node, width = columns.first);
                let printed = self.value(&value.value, at, head.chars().count());
                format!("{head}{printed}")
            }
            Item::Definition(definition) => self.definition(definition, at),
        }
    }

    fn definition(&self, definition: &Definition, at: At) -> String {
        let head = Span { start: definition.span.start, end: definition.body.span.start };
        let parentheses = self.parentheses(head);
        if self.has_odd_comments(head, parentheses.filter(|_| !definition.parameters.is_empty()).as_slice()) {
            return self.verbatim(definition.span);
        }
        let mut out = self.definition_head(definition, parentheses, at);
        out.push(' ');
        let column = end_column(&out, at.indent);
        out.push_str(&self.block(&definition.body, "  ", at, column));
        out
    }

    /// What stands before the block of a definition.
    pub(super) fn definition_head(&self, definition: &Definition, parentheses: Option<Span>, at: At) -> String {
        let mut out = String::new();
        if definition.replace.is_some() {
            out.push_str("replace ");
        }
        out.push_str(self.slice(definition.keyword.span));
        if let Some(name) = &definition.name {
            out.push(' ');
            out.push_str(&name.node);
        }
        if let Some(parentheses) = parentheses {
            let nodes: Vec<_> = definition.parameters.iter().map(Node::Parameter).collect();
            let column = end_column(&out, at.indent);
            out.push_str(&self.brackets("()", parentheses, &nodes, at, column));
        }
        for word in &definition.words {
            out.push(' ');
            out.push_str(&word.node);
        }
        out
    }

    /// The parentheses between a definition's word and its block.
    pub(super) fn parentheses(&self, head: Span) -> Option<Span> {
        let text = self.slice(head);
        let (open, close) = (text.find('(')?, text.rfind(')')?);
        Some(Span::new(head.start as usize + open, head.start as usize + close + 1))
    }
}
