//! Phrases: a word and what follows it on its line.

use super::{Builder, name_of};
use crate::base::Span;
use crate::syntax::ast::{Part, Phrase, Value};
use crate::syntax::grammar::{Node, Rule};

impl Builder<'_> {
    /// The phrase of a node.
    pub(super) fn phrase(&mut self, node: Node<'_>) -> Phrase {
        let span = node.trimmed();
        let mut phrase = Phrase { head: None, parts: Vec::new(), span };
        for (number, part) in node.into_inner().enumerate() {
            if number == 0 && part.as_rule() == Rule::dotted {
                phrase.head = Some(name_of(&part));
            } else if number == 0 && part.as_rule() == Rule::number {
                phrase.parts.push(Part::Value(Value::Number(name_of(&part))));
            } else {
                self.part(part, &mut phrase.parts);
            }
        }
        phrase.span.end = match (phrase.parts.last(), &phrase.head) {
            (Some(part), _) => part.span().end,
            (None, Some(head)) => head.span.end,
            (None, None) => span.end,
        };
        phrase
    }

    /// Adds what a node says to the parts of a phrase or to the options of a list.
    pub(super) fn part(&mut self, node: Node<'_>, parts: &mut Vec<Part>) {
        match node.as_rule() {
            Rule::block => {
                let block = self.block(node);
                parts.push(Part::Block(block));
            }
            Rule::equals => {
                let start = node.span().start;
                parts.push(Part::Equals(Span { start, end: start + 1 }));
                for value in node.into_inner() {
                    if value.as_rule() == Rule::missing {
                        self.left_out(value.span(), "the value", "write a value behind the `=`");
                    } else {
                        parts.extend(self.value(value).map(Part::Value));
                    }
                }
            }
            Rule::packages => {
                for inner in node.into_inner() {
                    if inner.as_rule() == Rule::packages_word {
                        self.provided = inner.as_str() == "provides";
                        parts.push(Part::Word(name_of(&inner)));
                    } else {
                        let body = self.list_body(inner, "");
                        parts.push(Part::Packages(body));
                    }
                }
                self.provided = false;
            }
            Rule::name => parts.push(Part::Word(name_of(&node))),
            _ => match self.value(node) {
                Some(Value::Reference(reference)) if reference.arguments.is_none() => parts.push(Part::Word(reference.path)),
                Some(value) => parts.push(Part::Value(value)),
                None => {}
            },
        }
    }
}
