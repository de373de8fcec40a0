//! Statements of other languages, each read to the end of its line as one mistake: texts without quotes, the choices of
//! `profile_options`, lines of a Dockerfile.

use super::command_lines::package_list;
use super::docker;
use super::other_lines;
use super::words::Check;
use super::yaml;
use crate::base::Span;
use crate::diagnostics::{Diagnostic, Edit, known};
use crate::syntax::ast::{Field, Part, Phrase, Statement, Value};
use crate::syntax::words::Room;

impl Check<'_, '_> {
    /// `choices { small { … } }` in an option, which holds its choices itself: whether that is what it is.
    pub(super) fn choices(&self, phrase: &Phrase) -> bool {
        let ([Part::Block(block)], Some(head)) = (phrase.parts.as_slice(), &phrase.head) else { return false };
        let choice =
            |statement: &Statement| matches!(statement, Statement::Phrase(inner) if matches!(inner.parts.as_slice(), [Part::Block(_)]));
        if head.node != "choices" || block.statements.is_empty() || !block.statements.iter().all(choice) {
            return false;
        }
        let opener = Span { start: head.span.start, end: block.span.start + 1 };
        let closer = Span { start: block.span.end.saturating_sub(1), ..block.span };
        let edits = [opener, closer].into_iter().map(|span| Edit { place: self.place(span), text: String::new() }).collect();
        let finding = Diagnostic::new(&known::UNKNOWN_STATEMENT, self.place(head.span), "an option has no statement `choices`");
        self.cx.report(finding.here("holds what the option itself holds").fix("write the choices directly in the option", false, edits));
        self.block(Room::MenuOption, Room::MenuOption.called(), block);
        true
    }

    /// `unlisted_choice { … }` in an option: whether that is what it is.
    pub(super) fn free_text(&self, phrase: &Phrase) -> bool {
        let Some(head) = phrase.head.as_ref().filter(|head| head.node == "unlisted_choice") else { return false };
        let finding = Diagnostic::new(&known::UNKNOWN_STATEMENT, self.place(head.span), "an option has no statement `unlisted_choice`");
        let finding =
            finding.here("is KubeSpawner's word for a free text").replace("write `unlisted`", false, self.place(head.span), "unlisted");
        self.cx.report_foreign(self.place(phrase.span), finding);
        true
    }

    /// `choices = { small = { … } }`, `choices = ["small"]`: the choices of an option, which holds them itself.
    pub(super) fn choices_as_field(&self, unknown: Diagnostic, field: &Field) -> Diagnostic {
        let unknown = unknown.here("holds what the option itself holds");
        let named =
            |name: &str| name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let choices: Option<Vec<String>> = match &field.value {
            Value::Map(map) => {
                let choice = |inner: &Field| {
                    matches!(inner.value, Value::Map(_)).then(|| format!("{} {}", self.text(inner.key.span), self.text(inner.value.span())))
                };
                map.fields.iter().map(choice).collect()
            }
            Value::List(list) => {
                let choice = |item: &Value| {
                    let name = self.text(item.span()).trim_matches(['"', '\'']);
                    named(name).then(|| format!("{name} {{ title = \"{name}\" }}"))
                };
                list.items.iter().map(choice).collect()
            }
            _ => None,
        };
        match choices.filter(|choices| !choices.is_empty()) {
            Some(choices) => {
                let written = choices.join("  ");
                let shown =
                    if written.len() <= 72 { format!("write `{written}`") } else { "write the choices directly in the option".to_owned() };
                unknown.replace(shown, false, self.place(field.span), written)
            }
            None => unknown.help("write the choices directly in it: `option size { small { … }  large { … } }`"),
        }
    }

    /// `title = My lab`, `title: My lab`: a text without its quotes, to the end of its line.
    pub(super) fn bare_text<'s>(
        &self,
        room: Room,
        field: &Field,
        rest: &mut std::iter::Peekable<impl Iterator<Item = &'s Statement>>,
    ) -> bool {
        let takes_text = room.field(&field.key.text).is_some_and(|word| word.takes.starts_with("a text") || word.takes == "an address");
        let Value::Reference(first) = &field.value else { return false };
        if !takes_text || first.arguments.is_some() {
            return false;
        }
        let start = field.value.span();
        let mut end = start.end;
        let one_line = |end: u32, span: Span| !self.text(Span { start: end, end: span.start }).contains('\n');
        while let Some(Statement::Phrase(phrase)) = rest.peek()
            && one_line(end, phrase.span)
            && phrase.parts.iter().all(|part| matches!(part, Part::Word(_) | Part::Value(Value::Number(_))))
        {
            end = phrase.span.end;
            rest.next();
        }
        if rest.peek().is_none_or(|next| !one_line(end, next.span())) {
            end += self.rest_of_line(end);
        }
        let text = self.text(Span { start: start.start, end }).trim_end();
        // `ref = quay.io/x/y tag = 1.0`: the next field is not of it.
        let text = text.split_once(" = ").and_then(|(before, _)| before.rsplit_once(' ')).map_or(text, |(before, _)| before.trim_end());
        let end = start.start + u32::try_from(text.len()).unwrap_or(0);
        let sign = self.text(Span { start: field.key.span.end, end: start.start });
        if text.len() == start.range().len() && !sign.contains(':') {
            return false;
        }
        let whole = self.place(Span { start: field.span.start, end });
        let finding = Diagnostic::new(
            &known::WRONG_TYPE,
            self.place(start),
            format!("`{}` takes a text in quotes, and `{text}` has none", field.key.text),
        );
        let written = format!("{} = \"{text}\"", field.key.text);
        let finding = if text.contains(['"', '\\']) {
            finding.help("put the text in quotes")
        } else {
            finding.replace(format!("write `{written}`"), false, whole, written.clone())
        };
        self.cx.report_foreign(whole, finding);
        true
    }

    /// `memory = 2 GB`: a unit that a blank parts from its number.
    pub(super) fn unit_apart<'s>(&self, field: &Field, rest: &mut std::iter::Peekable<impl Iterator<Item = &'s Statement>>) -> bool {
        let (Value::Number(number), Some(Statement::Phrase(phrase))) = (&field.value, rest.peek()) else { return false };
        let Some(unit) = &phrase.head else { return false };
        let short = unit.node.trim_end_matches(['B', 'b']).trim_end_matches('i');
        let gap = Span { start: number.span.end, end: unit.span.start };
        if !matches!(short, "K" | "M" | "G" | "T" | "k" | "m" | "g" | "t") || !self.text(gap).bytes().all(|byte| byte == b' ') {
            return false;
        }
        rest.next();
        let place = self.place(number.span.to(unit.span));
        let written = format!("{}{}", number.node, short.to_ascii_uppercase());
        let finding = Diagnostic::new(&known::BAD_VALUE, place, format!("a blank parts `{}` from its unit", number.node));
        self.cx.report_foreign(self.place(field.span), finding.replace(format!("write `{written}`"), false, place, written.clone()));
        true
    }

    /// How much text there is behind a place on its line, without what closes the block and comments.
    pub(super) fn rest_of_line(&self, end: u32) -> u32 {
        let text = self.cx.sources.get(self.place(Span { start: end, end }).file).and_then(|source| source.text.get(end as usize..));
        let line = text.unwrap_or_default().lines().next().unwrap_or_default();
        let line = line.split(['}', '#']).next().unwrap_or_default();
        u32::try_from(line.trim_end().len()).unwrap_or(0)
    }

    /// `cargo ripgrep`, `cargo { bat = 1 }`: a list of an installer whose braces are missing, or begin with what is no package.
    pub(super) fn own_list(&self, phrase: &Phrase) {
        let Some(head) = &phrase.head else { return };
        let manager = head.node.as_str();
        let Some(Part::Block(block)) = phrase.parts.last() else {
            let finding = Diagnostic::new(&known::MISSING_PART, self.place(head.span), format!("`{manager}` takes its packages in braces"));
            let rest = self.text(Span { start: head.span.end, ..phrase.span });
            self.cx.report(match package_list(manager, rest.trim()) {
                Some(written) => finding.replace(format!("write `{written}`"), false, self.place(phrase.span), written.clone()),
                None => finding.help(format!("write `{manager} {{ … }}`")),
            });
            return;
        };
        match block.statements.first() {
            None => {}
            Some(Statement::Field(Field { key, value, span })) => {
                let (name, version) = (&key.text, self.text(value.span()).trim_matches('"'));
                let message = format!("`{}` is a field, and `{manager}` holds packages", self.text(*span));
                let (one, all) = (format!("{name} =={version}"), format!("{name} {version}.*"));
                self.cx.report(
                    Diagnostic::new(&known::BARE_VERSION, self.place(*span), message)
                        .replace(format!("write `{one}` for this one"), false, self.place(*span), one.clone())
                        .replace(format!("write `{all}` for all that begin so"), false, self.place(*span), all.clone()),
                );
            }
            Some(other) => {
                let message = format!("`{manager}` holds packages, and no statements");
                let finding = Diagnostic::new(&known::UNKNOWN_STATEMENT, self.place(other.span()), message);
                self.cx.report_foreign(self.place(block.span), self.quoted_package(finding, other));
            }
        }
    }

    /// `cargo { run 1.2 }`: a package that is called like a statement has quotes.
    fn quoted_package(&self, finding: Diagnostic, statement: &Statement) -> Diagnostic {
        let text = self.text(statement.span());
        let (name, version) = text.split_once(' ').unwrap_or((text, ""));
        let version = version.trim();
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_*=<>~^, ".contains(c));
        if !plain(name) || !plain(version) {
            return finding.help("move it out of the braces");
        }
        let version = if version.starts_with(|c: char| c.is_ascii_digit()) && !version.ends_with('*') {
            format!("=={version}")
        } else {
            version.to_owned()
        };
        let written = format!("\"{name}\" {version}").trim_end().to_owned();
        finding.here("begins a statement").replace(
            format!("write `{written}` for the package"),
            false,
            self.place(statement.span()),
            written.clone(),
        )
    }

    /// A line of a Dockerfile or a block of YAML: whether it is one, and what follows it there is read.
    pub(super) fn other_language<'s>(
        &self,
        room: Room,
        statement: &Statement,
        rest: &mut std::iter::Peekable<impl Iterator<Item = &'s Statement>>,
    ) -> bool {
        let steps = room.statement("run").is_some() || room == Room::Image;
        let line = yaml::block(self.cx, self.unit, room, statement);
        let line = line.or_else(|| other_lines::line(self.cx, self.unit, room, statement));
        let Some(line) = line.or_else(|| docker::line(self.cx, self.unit, statement).filter(|_| steps)) else { return false };
        while rest.next_if(|next| next.span().start < line.place.span.end).is_some() {}
        // What the statement lacks as one of ours was found before.
        self.cx.supersede(&known::MISSING_PART, line.place);
        self.cx.report_foreign(line.place, line.finding);
        true
    }
}
