//! Values, references and constraints.

use super::printer::{At, Printer, WIDTH};
use super::regions;
use super::sequence::{Columns, Node};
use crate::base::Span;
use crate::syntax::ast::{Bound, Constraint, Reference, Value};

impl Printer<'_> {
    /// A value that begins at `column`.
    pub(super) fn value(&self, value: &Value, at: At, column: usize) -> String {
        match value {
            Value::Text(text) => self.text(text, at),
            Value::Number(number) => number.node.clone(),
            Value::Range(range) => format!("{}..{}", range.from.node, range.to.node),
            Value::Boolean(boolean) => boolean.node.to_string(),
            Value::List(list) => {
                let nodes: Vec<_> = list.items.iter().map(Node::Value).collect();
                self.brackets("[]", list.span, &nodes, at, column)
            }
            Value::Map(map) => {
                let nodes: Vec<_> = map.fields.iter().map(Node::Field).collect();
                self.brackets("{}", map.span, &nodes, at, column)
            }
            Value::Reference(reference) => self.reference(reference, at, column),
            Value::Constraint(constraint) => self.constraint(constraint),
        }
    }

    /// Brackets and what is in them, on one line where they stand on one and fit.
    pub(super) fn brackets(&self, brackets: &str, span: Span, nodes: &[Node<'_>], at: At, column: usize) -> String {
        if self.slice(span).contains('\n') {
            return self.broken(brackets, span, nodes, at);
        }
        let (open, close) = brackets.split_at(1);
        let (pad, between) = if open == "{" { (" ", "  ") } else { ("", ", ") };
        let flat: Vec<_> = nodes.iter().map(|node| self.node(*node, Columns::default(), At { flat: true, ..at })).collect();
        let flat = format!("{open}{pad}{}{pad}{close}", flat.join(between));
        if nodes.is_empty() {
            return if open == "{" { "{ }".to_owned() } else { brackets.to_owned() };
        }
        if at.flat || column + flat.chars().count() <= WIDTH { flat } else { self.broken(brackets, span, nodes, at) }
    }

    /// A name with its arguments.
    pub(super) fn reference(&self, reference: &Reference, at: At, column: usize) -> String {
        let name = &reference.path.node;
        let Some(arguments) = &reference.arguments else { return name.clone() };
        let nodes: Vec<_> = arguments.iter().map(Node::Argument).collect();
        format!("{name}{}", self.brackets("()", regions::arguments(reference), &nodes, at, column + name.chars().count()))
    }

    /// `>=2, <3 | ==1.*`
    pub(super) fn constraint(&self, constraint: &Constraint) -> String {
        let all = |bounds: &Vec<Bound>| bounds.iter().map(|bound| self.bound(bound)).collect::<Vec<_>>().join(", ");
        constraint.alternatives.iter().map(all).collect::<Vec<_>>().join(" | ")
    }

    fn bound(&self, bound: &Bound) -> String {
        match &bound.operator {
            Some(operator) => {
                let version = self.slice(Span { start: operator.span.end, end: bound.span.end });
                format!("{}{}", operator.node.as_str(), version.trim())
            }
            None => self.slice(bound.span).to_owned(),
        }
    }
}
