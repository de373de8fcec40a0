//! Blocks and statements.

use super::printer::{At, Printer, WIDTH, end_column};
use super::regions;
use super::sequence::{Columns, Node};
use crate::base::Span;
use crate::syntax::ast::{Block, Field, Part, Phrase, Stack, Statement, Value, When};
use crate::syntax::words::is_standard_manager;

/// Words that go on with a phrase behind its braces.
const JOINERS: [&str; 9] = ["because", "to", "then", "as", "in", "with", "host", "mode", "owner"];

/// What divides the fields of a statement's block on one line: those of a condition belong together.
pub(super) fn between(head: &str) -> &'static str {
    if matches!(head, "exclude" | "only") { ", " } else { "  " }
}

impl Printer<'_> {
    /// A block. `between` is what divides its fields where it stands on one line; `column` is where its brace stands.
    pub(super) fn block(&self, block: &Block, between: &str, at: At, column: usize) -> String {
        let nodes: Vec<_> = block.statements.iter().map(Node::Statement).collect();
        let mut flat = String::new();
        if self.slice(block.span).contains('\n') {
            return self.broken("{}", block.span, &nodes, at);
        }
        for (number, statement) in block.statements.iter().enumerate() {
            if let Some(before) = number.checked_sub(1).and_then(|before| block.statements.get(before)) {
                flat.push_str(if self.runs_on(before, statement) { ", " } else { between });
            }
            flat.push_str(&self.statement(statement, Columns::default(), At { flat: true, ..at }));
        }
        if flat.is_empty() {
            return "{ }".to_owned();
        }
        if at.flat || column + flat.chars().count() + 4 <= WIDTH {
            return format!("{{ {flat} }}");
        }
        self.broken("{}", block.span, &nodes, at)
    }

    /// Brackets around lines of their own.
    pub(super) fn broken(&self, brackets: &str, span: Span, nodes: &[Node<'_>], at: At) -> String {
        let (open, close) = brackets.split_at(1);
        let inside = Span { start: span.start + 1, end: span.end.saturating_sub(1) };
        let printed = self.sequence(nodes, inside, At { indent: at.indent + 2, flat: false });
        if printed.opening.is_none() && printed.rows.is_empty() {
            return if brackets == "{}" { "{ }".to_owned() } else { brackets.to_owned() };
        }
        let opening = printed.opening.map_or_else(String::new, |comment| format!("  {comment}"));
        format!("{open}{opening}\n{}{}{close}", printed.rows, " ".repeat(at.indent))
    }

    /// Whether the second statement would be read as a part of the first one, on one line without a comma.
    fn runs_on(&self, first: &Statement, second: &Statement) -> bool {
        let word = self.slice(second.span()).split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').next().unwrap_or("");
        match first {
            Statement::Field(_) | Statement::When(_) => false,
            Statement::From(_) => word == "onto",
            Statement::List(list) => list.then.is_none() && (list.body.is_none() || word == "then"),
            Statement::Phrase(phrase) if matches!(phrase.parts.last(), Some(Part::Block(_))) => JOINERS.contains(&word),
            Statement::Phrase(phrase) => {
                let list = matches!(second, Statement::List(list) if list.options.is_empty() && is_standard_manager(&list.manager.node));
                phrase.parts.is_empty() || !(list || matches!(second, Statement::When(_)))
            }
        }
    }

    /// A statement.
    pub(super) fn statement(&self, statement: &Statement, columns: Columns, at: At) -> String {
        match statement {
            Statement::Field(field) => self.field(field, columns, at),
            Statement::Phrase(phrase) => self.phrase(phrase, columns, at),
            Statement::List(list) => self.package_list(list, at),
            Statement::When(when) => self.when(when, at),
            Statement::From(stack) => self.stack(stack, at),
        }
    }

    /// `KEY = VALUE`.
    pub(super) fn field(&self, field: &Field, columns: Columns, at: At) -> String {
        let mut free = Vec::new();
        regions::of_value(&field.value, &mut free);
        if self.has_odd_comments(field.span, &free) {
            return self.verbatim(field.span);
        }
        let key = self.slice(field.key.span);
        let head = format!("{key:width$} = ", width = columns.first);
        let value = self.value(&field.value, at, at.indent + head.chars().count());
        format!("{head}{value}")
    }

    fn when(&self, when: &When, at: At) -> String {
        if self.has_odd_comments(when.span, &[when.body.span]) {
            return self.verbatim(when.span);
        }
        let head = format!("when {} ", self.condition(&when.condition));
        let column = at.indent + head.chars().count();
        format!("{head}{}", self.block(&when.body, "  ", at, column))
    }

    fn stack(&self, stack: &Stack, at: At) -> String {
        let mut free = Vec::new();
        for reference in stack.parts.iter().chain(&stack.onto) {
            regions::of_reference(reference, &mut free);
        }
        if self.has_odd_comments(stack.span, &free) {
            return self.verbatim(stack.span);
        }
        let mut out = "from ".to_owned();
        for (number, reference) in stack.parts.iter().enumerate() {
            if number > 0 {
                out.push_str(" / ");
            }
            let column = end_column(&out, at.indent);
            out.push_str(&self.reference(reference, at, column));
        }
        if let Some(onto) = &stack.onto {
            out.push_str(" onto ");
            let column = end_column(&out, at.indent);
            out.push_str(&self.reference(onto, at, column));
        }
        out
    }

    /// A word and what follows it. Where that is too long for a line, the reason goes to the next one.
    pub(super) fn phrase(&self, phrase: &Phrase, columns: Columns, at: At) -> String {
        let mut free = Vec::new();
        for part in &phrase.parts {
            regions::of_part(part, &mut free);
        }
        if self.has_odd_comments(phrase.span, &free) {
            return self.verbatim(phrase.span);
        }
        if let (Some(file), [part]) = (self.checksum(phrase), phrase.parts.as_slice()) {
            return format!("{file:width$} {}", self.slice(part.span()), width = columns.first);
        }
        let head = phrase.head.as_ref().map_or("", |head| head.node.as_str());
        let between = between(head);
        let whole = self.parts(head, &phrase.parts, between, at, None);
        let reason = phrase.parts.iter().rposition(|part| matches!(part, Part::Word(word) if word.node == "because"));
        let fits =
            |text: &str| text.lines().enumerate().all(|(row, line)| line.chars().count() + if row == 0 { at.indent } else { 0 } <= WIDTH);
        match reason {
            Some(reason) if !at.flat && !fits(&whole) => self.parts(head, &phrase.parts, between, at, Some(reason)),
            _ => whole,
        }
    }

    /// The name of a file of which the phrase says nothing but its checksum.
    pub(super) fn checksum(&self, phrase: &Phrase) -> Option<&str> {
        let [Part::Value(Value::Text(text))] = phrase.parts.as_slice() else { return None };
        let head = phrase.head.as_ref().filter(|_| self.slice(text.span).starts_with("\"sha256:"))?;
        Some(self.slice(head.span))
    }

    /// A word and parts behind it, with a line end before the part `divided`.
    pub(super) fn parts(&self, head: &str, parts: &[Part], between: &str, at: At, divided: Option<usize>) -> String {
        let mut out = head.to_owned();
        for (number, part) in parts.iter().enumerate() {
            if Some(number) == divided {
                out.push('\n');
                out.push_str(&" ".repeat(at.indent + 4));
            } else if !out.is_empty() {
                // What a test expects is a statement of its own, though it is read as a part of the first one.
                let expects = matches!(part, Part::Word(word) if word.node == "expect");
                out.push_str(if expects { between } else { " " });
            }
            let column = end_column(&out, at.indent);
            out.push_str(&self.part(part, between, at, column));
        }
        out
    }

    /// One part, that begins at `column`.
    pub(super) fn part(&self, part: &Part, between: &str, at: At, column: usize) -> String {
        match part {
            Part::Word(word) => word.node.clone(),
            Part::Equals(_) => "=".to_owned(),
            Part::Value(value) => self.value(value, at, column),
            Part::Block(block) => self.block(block, between, at, column),
            Part::Packages(body) => self.list_body(body, at, column),
        }
    }
}
