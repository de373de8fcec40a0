//! Values, references with their arguments, and what stands between brackets.

use super::unexpected::Where;
use super::{Builder, is_missing, name_of, shortened};
use crate::base::{Span, Spanned};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{
    Argument, Block, Bound, Constraint, Field, List, Map, Name, Parameter, Range, Reference, Statement, Text, TextKind, TextPart, Value,
};
use crate::syntax::grammar::{Node, Rule};

/// What a pair of brackets holds: elements, the commas between them, and how it ends.
#[derive(Default)]
struct Sequence {
    /// The end of the last element or comma.
    last: Option<Span>,
    /// Whether an element stands there without a comma behind it.
    element: bool,
}

impl Builder<'_> {
    /// The value of a node, where it is one.
    pub(super) fn value(&mut self, node: Node<'_>) -> Option<Value> {
        Some(match node.as_rule() {
            Rule::text => Value::Text(self.text(&node)),
            Rule::numeric => return self.numeric(node),
            Rule::number => Value::Number(name_of(&node)),
            Rule::bracket => Value::List(self.list_value(node)),
            Rule::map => Value::Map(self.map(node)),
            Rule::reference => self.reference_or_boolean(node),
            Rule::e_version => self.word_with_version(&node),
            Rule::constraint | Rule::value_constraint | Rule::lone_constraint => Value::Constraint(self.constraint(node)),
            _ => return None,
        })
    }

    /// `cuda12.4`, `v4.4`: read as the text or the number that is meant.
    fn word_with_version(&mut self, node: &Node<'_>) -> Value {
        let (span, word) = (node.span(), node.as_str());
        let place = self.place(span);
        let finding = self.finding(&known::UNEXPECTED_TEXT, span, format!("`{word}` is neither a name nor a number"));
        let finding = finding.here("a name has no digit behind a dot");
        let number = word.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if let Some(number) = number {
            self.report(finding.replace(format!("write `{number}`"), false, place, number));
            return Value::Number(Spanned::new(number.to_owned(), span));
        }
        self.report(finding.replace(format!("write `\"{word}\"`"), false, place, format!("\"{word}\"")));
        Value::Text(Text { parts: vec![TextPart::Literal(word.to_owned())], kind: TextKind::Plain, span })
    }

    fn reference_or_boolean(&mut self, node: Node<'_>) -> Value {
        match node.as_str() {
            "true" => Value::Boolean(Spanned::new(true, node.span())),
            "false" => Value::Boolean(Spanned::new(false, node.span())),
            _ => Value::Reference(self.reference(node)),
        }
    }

    /// A number, a range, or a version pattern.
    fn numeric(&mut self, node: Node<'_>) -> Option<Value> {
        let span = node.span();
        let mut parts = node.into_inner();
        let first = parts.next()?;
        let from = name_of(&first);
        let Some(next) = parts.next() else { return Some(Value::Number(from)) };
        if next.as_rule() == Rule::pattern {
            let version = vec![TextPart::Literal(format!("{}{}", from.node, next.as_str()))];
            let build = parts.next().map(|build| Box::new(build_string(&build)));
            let bound = Bound { operator: None, version, build, span };
            return Some(Value::Constraint(Constraint { alternatives: vec![vec![bound]], span }));
        }
        if next.as_str().len() > 2 {
            let finding = self.finding(&known::WRONG_OPERATOR, next.span(), format!("`{}` makes no range", next.as_str()));
            let place = self.place(next.span());
            self.report(finding.here("a range has two dots").replace("write `..`", true, place, ".."));
        }
        match parts.next() {
            Some(to) if matches!(to.as_rule(), Rule::number | Rule::none) => Some(Value::Range(Range { from, to: name_of(&to), span })),
            _ => {
                self.left_out(next.span(), "the upper end of the range", "write a number behind the `..`");
                Some(Value::Number(from))
            }
        }
    }

    /// A name with its arguments.
    pub(super) fn reference(&mut self, node: Node<'_>) -> Reference {
        let span = node.trimmed();
        let mut parts = node.into_inner();
        let path = parts.next().map_or_else(|| Spanned::new(String::new(), span), |path| name_of(&path));
        let arguments = parts.next().map(|arguments| self.arguments(arguments));
        Reference { path, arguments, span }
    }

    fn arguments(&mut self, node: Node<'_>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        let mut sequence = Sequence::default();
        let opener = node.span();
        for part in node.into_inner() {
            let span = part.trimmed();
            if part.as_rule() == Rule::argument {
                self.element(&mut sequence, span);
                arguments.extend(self.argument(part));
            } else {
                self.between(&mut sequence, &part, opener);
            }
        }
        arguments
    }

    fn argument(&mut self, node: Node<'_>) -> Option<Argument> {
        let mut name = None;
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(name_of(&part)),
                Rule::missing => {
                    self.left_out(part.span(), "a value", "write a value behind the `=`");
                    return None;
                }
                _ => {
                    let value = self.value(part)?;
                    return Some(Argument { name, value });
                }
            }
        }
        None
    }

    /// `(a, b = 1)` of a fragment.
    pub(super) fn parameters(&mut self, node: Node<'_>) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        let mut sequence = Sequence::default();
        let opener = node.span();
        for part in node.into_inner() {
            if part.as_rule() != Rule::parameter {
                self.between(&mut sequence, &part, opener);
                continue;
            }
            self.element(&mut sequence, part.trimmed());
            let mut inner = part.into_inner();
            let Some(name) = inner.next().map(|name| name_of(&name)) else { continue };
            let default = match inner.next() {
                Some(missing) if is_missing(&missing) => {
                    self.left_out(missing.span(), "a value", "write a value behind the `=`");
                    None
                }
                Some(value) => self.value(value),
                None => None,
            };
            parameters.push(Parameter { name, default });
        }
        parameters
    }

    fn list_value(&mut self, node: Node<'_>) -> List {
        let mut items = Vec::new();
        let mut sequence = Sequence::default();
        let span = node.trimmed();
        if self.slice(span).trim_start_matches('[').trim_start().starts_with("for ") {
            let finding =
                self.finding(&known::OTHER_LANGUAGE, span, "`[for … in …]` is no list here").here("nothing is computed in a list");
            self.report(finding.help("write the values: `[3.11, 3.12]`; `matrix NAME = [ … ]` makes a cell for each"));
            return List { items, span };
        }
        for part in node.into_inner() {
            if part.as_rule() == Rule::e_element
                && let Some(text) = self.unquoted(&sequence, part.trimmed())
            {
                // The word before it is the beginning of the text.
                items.pop();
                sequence = Sequence { last: Some(text.span), element: true };
                items.push(Value::Text(text));
            } else if matches!(part.as_rule(), Rule::comma | Rule::e_element | Rule::e_close | Rule::unclosed) {
                self.between(&mut sequence, &part, span);
            } else {
                self.element(&mut sequence, part.trimmed());
                items.extend(self.value(part));
            }
        }
        if items.len() > 1 {
            self.one_habit(&known::DOLLAR_BRACES, span, "write the names alone");
        }
        List { items, span }
    }

    /// `[linux/amd64]`: the text that an element begins whose quotes are missing.
    fn unquoted(&mut self, sequence: &Sequence, rest: Span) -> Option<Text> {
        let first = sequence.last.filter(|last| sequence.element && last.end == rest.start)?;
        let span = first.to(rest);
        let text = self.slice(span).trim_end();
        if !self.slice(rest).starts_with(['/', ':', '@']) || text.contains(['"', '\'', ' ', '(', '{', '[', ',']) {
            return None;
        }
        let finding = self.finding(&known::UNEXPECTED_TEXT, span, format!("the text `{}` has no quotes", shortened(text)));
        let place = self.place(span);
        self.report(finding.replace(format!("write `\"{text}\"`"), false, place, format!("\"{text}\"")));
        Some(Text { parts: vec![TextPart::Literal(text.to_owned())], kind: TextKind::Plain, span })
    }

    /// The names between brackets: extras of a package.
    pub(super) fn names(&mut self, node: Node<'_>) -> Vec<Name> {
        let mut names = Vec::new();
        let mut sequence = Sequence::default();
        let span = node.trimmed();
        for part in node.into_inner() {
            if part.as_rule() == Rule::name {
                self.element(&mut sequence, part.span());
                names.push(name_of(&part));
            } else {
                self.between(&mut sequence, &part, span);
            }
        }
        names
    }

    /// What stands between brackets of a condition: like a list, its elements read by `read`.
    pub(super) fn elements<T>(&mut self, node: Node<'_>, mut read: impl FnMut(&mut Self, Node<'_>) -> Option<T>) -> Vec<T> {
        let mut items = Vec::new();
        let mut sequence = Sequence::default();
        let span = node.trimmed();
        for part in node.into_inner() {
            if matches!(part.as_rule(), Rule::comma | Rule::e_element | Rule::e_close | Rule::unclosed) {
                self.between(&mut sequence, &part, span);
            } else {
                self.element(&mut sequence, part.span());
                items.extend(read(self, part));
            }
        }
        items
    }

    /// `{ a = 1 }` as a value: fields only.
    fn map(&mut self, node: Node<'_>) -> Map {
        let block = node.into_inner().next().map(|block| self.block(block)).unwrap_or_default();
        self.fields_only(block)
    }

    /// A block of which only the fields count.
    pub(super) fn fields_only(&mut self, block: Block) -> Map {
        let mut fields: Vec<Field> = Vec::new();
        for statement in block.statements {
            match statement {
                Statement::Field(field) => fields.push(field),
                other => {
                    let finding = self
                        .finding(&known::FIELDS_ONLY, other.span(), "something that is no field stands in a value in braces")
                        .here("is not `KEY = value`")
                        .also(self.place(Span { end: block.span.start + 1, ..block.span }), "the value begins here")
                        .help("write `KEY = value`");
                    self.report(finding);
                }
            }
        }
        Map { fields, span: block.span }
    }

    /// Notes an element between brackets; the one before it needs a comma behind it.
    fn element(&mut self, sequence: &mut Sequence, span: Span) {
        if let (true, Some(last)) = (sequence.element, sequence.last) {
            let finding = self.missing_comma(last, span);
            self.report(finding);
        }
        *sequence = Sequence { last: Some(span), element: true };
    }

    #[inline(never)]
    fn missing_comma(&self, last: Span, span: Span) -> Diagnostic {
        self.finding(&known::MISSING_COMMA, span, format!("a comma is missing before `{}`", shortened(self.slice(span))))
            .here("begins the next value")
            .also(self.place(last), "follows this one")
            .replace("write `,` between them", true, self.place(last.after()), ",")
    }

    /// Notes what stands between brackets beside the elements: commas, what can't be read, and the end. `all` is where the
    /// brackets and all in them stand.
    fn between(&mut self, sequence: &mut Sequence, node: &Node<'_>, all: Span) {
        let span = node.trimmed();
        match node.as_rule() {
            Rule::comma => {
                if !sequence.element {
                    let place = self.place(span);
                    let finding = self.finding(&known::STRAY_COMMA, span, "no value stands before the `,`").here("separates nothing");
                    self.report(finding.replace("delete it", true, place, ""));
                }
                *sequence = Sequence { last: Some(span), element: false };
            }
            Rule::e_element if self.slice(span).starts_with(':') && sequence.element && sequence.last.is_some() => {
                let key = sequence.last.map_or("", |last| self.slice(last));
                let colon = Span { end: span.start + 1, ..span };
                let finding = self.finding(&known::WRONG_ASSIGNMENT, colon, format!("`:` gives no value to `{}`", shortened(key)));
                self.report(finding.replace("write `=`", false, self.place(colon), " ="));
                let value = self.line_behind(span.start);
                self.read = Span::new(0, span.start as usize + value.find([',', ')']).unwrap_or(value.len())).end;
                *sequence = Sequence { last: Some(span), element: false };
            }
            Rule::e_element | Rule::e_extra => {
                self.unexpected(span, Where::Element);
                *sequence = Sequence { last: Some(span), element: false };
            }
            Rule::e_close => self.wrong_close(span, all),
            Rule::unclosed => self.unclosed_bracket(all, sequence.last),
            _ => {}
        }
    }

    /// Reports the end of brackets that is not theirs.
    pub(super) fn bracket_end(&mut self, node: &Node<'_>, all: Span) {
        self.between(&mut Sequence::default(), node, all);
    }

    #[inline(never)]
    fn wrong_close(&mut self, span: Span, all: Span) {
        let opener = Span { start: all.start, end: all.start + 1 };
        let (open, close) = if self.slice(opener) == "(" { ("(", ")") } else { ("[", "]") };
        let finding = self
            .finding(&known::UNCLOSED_BRACKET, span, format!("`{open}` is closed with `{}`", self.slice(span)))
            .here(format!("`{close}` belongs here"))
            .also(self.place(opener), "opened here");
        let place = self.place(span);
        self.report(finding.replace(format!("write `{close}`"), true, place, close));
    }

    #[inline(never)]
    fn unclosed_bracket(&mut self, all: Span, last: Option<Span>) {
        if self.swallowed_brackets > 0 {
            self.swallowed_brackets -= 1;
            return;
        }
        let opener = Span { start: all.start, end: all.start + 1 };
        let close = if self.slice(opener) == "(" { ")" } else { "]" };
        let end = last.unwrap_or(opener).after();
        let finding = self
            .finding(&known::UNCLOSED_BRACKET, opener, format!("`{}` is not closed", self.slice(opener)))
            .here("opened here")
            .also(self.place(end), format!("`{close}` is missing here at the latest"))
            .replace(format!("write `{close}`"), false, self.place(end), close);
        self.report(finding);
    }

    /// Reports that something was left out behind `at`.
    #[inline(never)]
    pub(super) fn left_out(&mut self, at: Span, what: &str, help: &str) {
        let before = self.text.get(..at.start as usize).unwrap_or("").trim_end();
        let word = before.len() - before.rfind(|c: char| c.is_whitespace() || "{}()[]".contains(c)).map_or(0, |at| at + 1);
        let end = before.len();
        let label = if at.start == at.end { Span::new(end - word.max(1).min(end), end) } else { at };
        let label = if self.text.is_char_boundary(label.start as usize) { label } else { at };
        let finding = self
            .finding(&known::MISSING_VALUE, label, format!("{what} is missing behind `{}`", shortened(self.slice(label))))
            .here("nothing follows it on its line")
            .help(help);
        self.report(finding);
    }
}

/// The string after `=` of a build.
pub(super) fn build_string(node: &Node<'_>) -> Name {
    let span = node.span();
    Spanned::new(node.as_str().trim_start_matches('=').to_owned(), Span { start: span.start + 1, ..span })
}
