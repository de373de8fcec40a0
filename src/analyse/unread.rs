//! Statements with an unknown word whose line goes on with what could not be read: one mistake.

use super::words::Check;
use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, Edit, known};
use crate::syntax::ast::{Block, Field, Phrase, Statement, Value};
use crate::syntax::words::{Form, Room, Word, habit};

impl Check<'_, '_> {
    /// The whole of a statement whose line goes on with what could not be read; what was said of the rest is dropped.
    pub(super) fn unread(&self, statement: Span) -> Option<Place> {
        let length = self.rest_of_line(statement.end);
        let rest = self.place(Span { start: statement.end, end: statement.end + length });
        if length == 0 || !self.cx.has_reported(known::UNEXPECTED_TEXT.id, rest) {
            return None;
        }
        self.cx.supersede(&known::UNEXPECTED_TEXT, rest);
        Some(self.place(Span { end: rest.span.end, ..statement }))
    }

    /// An unknown field with a value that could not be read: `image: quay.io/jupyter/base-notebook`.
    pub(super) fn unread_field(&self, room: Room, block: &Block, unknown: Diagnostic, field: &Field) -> Option<Diagnostic> {
        let whole = self.unread(field.span)?;
        let value = self.text(Span { start: field.value.span().start, ..whole.span }).trim();
        let habit = habit(room, &field.key.text);
        let plain = !value.contains(['"', '\\', '{', '[', '(']);
        Some(match habit {
            Some(habit) if super::words::said(block, habit.instead) => self.drop_of_two(unknown, whole.span, habit.instead),
            Some(habit) if plain && room.field(habit.instead).is_some_and(|word| word.takes.starts_with("a text")) => {
                let written = format!("{} = \"{value}\"", habit.instead);
                unknown.replace(format!("write `{written}`"), false, whole, written.clone())
            }
            Some(habit) => unknown.help(habit.help),
            None => unknown.maybe_help(crate::base::or_nearest(&field.key.text, room.names(Form::Field))),
        })
    }

    /// A place with the `;` behind it.
    pub(super) fn with_end(&self, span: Span) -> Place {
        let behind = self.text(Span { start: span.end, end: span.end + self.rest_of_line(span.end) });
        let end = u32::from(behind.starts_with(';'));
        self.place(Span { end: span.end + end, ..span })
    }

    /// `url: /lab`: a text without quotes behind a colon.
    pub(super) fn bare_value(&self, finding: &Diagnostic, known: &Word, statement: &Statement, head: Span) -> Option<Diagnostic> {
        let rest = self.place(Span { start: head.end, end: head.end + self.rest_of_line(head.end) });
        let value = self.cx.sources.text(rest).trim_start().strip_prefix(':')?.trim();
        let alone = matches!(statement, Statement::Phrase(phrase) if phrase.parts.is_empty());
        let text = alone && known.takes.starts_with("a text") && !value.is_empty() && !value.contains(['"', '\\', '{', '[']);
        let written = format!("{} = \"{value}\"", known.name);
        let whole = Place { span: Span { start: head.start, ..rest.span }, ..rest };
        text.then(|| finding.clone().replace(format!("write `{written}`"), false, whole, written.clone()))
    }

    /// `matrix python = [3.11, 3.12] default = 3.12`: a word behind another statement, with the `=` of a field.
    pub(super) fn default_of_axis(&self, unknown: &Diagnostic, field: &Field) -> Option<Diagnostic> {
        let before = self.text(Span { start: 0, end: field.span.start });
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
        if field.key.text != "default" || !(line.starts_with("matrix ") || line.starts_with("link ")) {
            return None;
        }
        let gap = self.place(Span { start: field.key.span.end, end: field.value.span().start });
        let written = format!("default {}", self.text(field.value.span()));
        Some(unknown.clone().here("belongs to the axis before it").replace(format!("write `{written}`"), false, gap, " "))
    }

    /// `memory { guarantee = 2G  limit = 4G }`: an amount as Kubernetes has it.
    pub(super) fn amounts(&self, finding: &Diagnostic, word: &str, statement: &Statement) -> Option<Diagnostic> {
        let Statement::Phrase(Phrase { parts, span, .. }) = statement else { return None };
        let [crate::syntax::ast::Part::Block(block)] = parts.as_slice() else { return None };
        let said = |names: &[&str]| {
            block.statements.iter().find_map(|statement| match statement {
                Statement::Field(Field { key, value: value @ Value::Number(_), .. }) if names.contains(&key.text.as_str()) => {
                    Some(self.text(value.span()))
                }
                _ => None,
            })
        };
        let (least, most) = (said(&["guarantee", "request", "requests", "min"]), said(&["limit", "limits", "max"]));
        let value = match (least, most) {
            (Some(least), Some(most)) => format!("{least}..{most}"),
            (Some(one), None) | (None, Some(one)) => one.to_owned(),
            (None, None) => return None,
        };
        let written = format!("{word} = {value}");
        let edits = vec![Edit { place: self.place(*span), text: written.clone() }];
        (block.statements.len() <= 2).then(|| finding.clone().fix(format!("write `{written}`"), false, edits))
    }
}
