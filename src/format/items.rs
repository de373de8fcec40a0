//! What stands at the top of a file.

use super::sequence::{Columns, Node};
use super::{At, Printer, end_column};
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
                let mut regions = Vec::new();
                self.value_regions(&value.value, &mut regions);
                if self.has_odd_comments(value.span, &regions) {
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
        let opening = self.slice(head).find('(').map(|at| Span { start: head.start + Span::new(0, at).end, ..head });
        let parameters = opening.filter(|_| !definition.parameters.is_empty());
        if self.has_odd_comments(head, parameters.as_slice()) {
            return self.verbatim(definition.span);
        }
        let mut out = String::new();
        if definition.replace.is_some() {
            out.push_str("replace ");
        }
        out.push_str(self.slice(definition.keyword.span));
        if let Some(name) = &definition.name {
            out.push(' ');
            out.push_str(&name.node);
        }
        if let Some(opening) = opening {
            let close = self.slice(opening).rfind(')').map_or(opening.end, |at| opening.start + Span::new(0, at + 1).end);
            let nodes: Vec<_> = definition.parameters.iter().map(Node::Parameter).collect();
            let column = end_column(&out, at.indent);
            out.push_str(&self.brackets("()", Span { end: close, ..opening }, &nodes, at, column));
        }
        for word in &definition.words {
            out.push(' ');
            out.push_str(&word.node);
        }
        out.push(' ');
        let column = end_column(&out, at.indent);
        out.push_str(&self.block(&definition.body, "  ", at, column));
        out
    }
}
