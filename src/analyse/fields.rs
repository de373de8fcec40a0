//! Reading `name = value` fields of a block against a closed set, and giving each value its type.

use indexmap::IndexMap;

use super::context::{Context, UnitId};
use super::scope::Scope;
use super::typed;
use super::value::Val;
use crate::base::{Place, Span, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Platform;
use crate::syntax::ast::{Block, Field, Map, Statement, Value};

/// The fields of one block, by name.
pub(crate) struct Fields<'c, 'a> {
    cx: &'c Context<'a>,
    unit: UnitId,
    scope: Scope<'c>,
    what: &'c str,
    span: Span,
    all: IndexMap<&'a str, &'a Field>,
}

impl<'c, 'a> Fields<'c, 'a> {
    /// Reads the fields of a block. A field that is not in `known` is reported with the nearest one, and so is a repeated
    /// one. Other statements are left to the caller, who gets them through [`Fields::rest`]. `what` names the block in
    /// messages: ``the `project` block``.
    pub(crate) fn read(cx: &'c Context<'a>, scope: &Scope<'c>, what: &'c str, block: &'a Block, known: &[&str]) -> Self {
        let fields = block.statements.iter().filter_map(|statement| match statement {
            Statement::Field(field) => Some(field),
            _ => None,
        });
        Self::collect(cx, scope, what, block.span, fields, known)
    }

    /// The same for a value in braces.
    pub(crate) fn read_map(cx: &'c Context<'a>, scope: &Scope<'c>, what: &'c str, map: &'a Map, known: &[&str]) -> Self {
        Self::collect(cx, scope, what, map.span, map.fields.iter(), known)
    }

    fn collect(
        cx: &'c Context<'a>,
        scope: &Scope<'c>,
        what: &'c str,
        span: Span,
        fields: impl Iterator<Item = &'a Field>,
        known: &[&str],
    ) -> Self {
        let unit = scope.unit;
        let mut all: IndexMap<&str, &Field> = IndexMap::new();
        for field in fields {
            let name = field.key.text.as_str();
            let place = cx.place(unit, field.key.span);
            if !known.contains(&name) {
                let near = crate::base::nearest(name, known.iter().copied());
                let finding = Diagnostic::new(&known::UNKNOWN_FIELD, place, format!("{what} has no field `{name}`"));
                cx.report(match near {
                    Some(near) => finding.replace(format!("did you mean `{near}`?"), false, place, near),
                    None => finding.maybe_help(or_nearest(name, known.iter().copied())),
                });
            } else if let Some(first) = all.get(name) {
                cx.report(
                    Diagnostic::new(&known::DUPLICATE_FIELD, place, format!("`{name}` is said twice"))
                        .here("the second time")
                        .also(cx.place(unit, first.key.span), "the first time")
                        .help("drop one of them"),
                );
            } else {
                all.insert(name, field);
            }
        }
        Self { cx, unit, scope: scope.clone(), what, span, all }
    }

    /// Puts the fields of an inner block over these.
    pub(crate) fn overlay(&mut self, inner: Self) {
        self.all.extend(inner.all);
    }

    /// The field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&'a Field> {
        self.all.get(name).copied()
    }

    /// Whether the field is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.all.contains_key(name)
    }

    /// The place of the value of a field, or of the block where it is not there.
    pub(crate) fn place(&self, name: &str) -> Place {
        self.cx.place(self.unit, self.field(name).map_or(self.span, |field| field.value.span()))
    }

    /// Reports a field that must be there and is not.
    pub(crate) fn require(&self, name: &str, example: &str) -> bool {
        if !self.has(name) {
            let head = Span { start: self.span.start, end: self.span.start + 1 };
            self.cx.report(
                Diagnostic::new(&known::MISSING_FIELD, self.cx.place(self.unit, head), format!("{} needs a field `{name}`", self.what))
                    .here("not said in these braces")
                    .help(format!("add `{name} = {example}`")),
            );
        }
        self.has(name)
    }

    /// The value of a field, its type still open.
    pub(crate) fn value(&self, name: &str) -> Option<Val> {
        self.scope.value(self.cx, &self.field(name)?.value)
    }

    /// A text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        typed::text(self.cx, &self.scope, name, &self.field(name)?.value)
    }

    /// A boolean.
    pub(crate) fn boolean(&self, name: &str) -> Option<bool> {
        typed::boolean(self.cx, &self.scope, name, &self.field(name)?.value)
    }

    /// A whole number from 0 to 4294967295.
    pub(crate) fn count(&self, name: &str) -> Option<u32> {
        typed::count(self.cx, &self.scope, name, &self.field(name)?.value)
    }

    /// A duration in milliseconds.
    pub(crate) fn duration(&self, name: &str) -> Option<u64> {
        typed::duration(self.cx, &self.scope, name, &self.field(name)?.value)
    }

    /// A list of texts; one text is a list of one.
    pub(crate) fn texts(&self, name: &str) -> Option<Vec<String>> {
        typed::texts(self.cx, &self.scope, name, &self.field(name)?.value)
    }

    /// Names and the names that they stand for.
    pub(crate) fn aliases(&self, name: &str) -> Option<Vec<(String, String)>> {
        typed::aliases(self.cx, &self.scope, name, &self.field(name)?.value)
    }

    /// A list of platforms.
    pub(crate) fn platforms(&self, name: &str) -> Option<Vec<Platform>> {
        typed::platforms(self.cx, &self.scope, name, &self.field(name)?.value)
    }

    /// A word of a closed set.
    pub(crate) fn word(&self, name: &str, set: &[&'static str]) -> Option<&'static str> {
        typed::word(self.cx, &self.scope, name, &self.field(name)?.value, set)
    }

    /// A version or another number, as written.
    pub(crate) fn number(&self, name: &str) -> Option<String> {
        typed::number(self.cx, &self.scope, name, &self.field(name)?.value)
    }

    /// The syntax tree of a value.
    pub(crate) fn tree(&self, name: &str) -> Option<&'a Value> {
        self.field(name).map(|field| &field.value)
    }
}

/// The statements of a block that are no fields, each reported as not belonging there but for those that `take` takes.
pub(crate) fn rest<'a>(
    cx: &Context<'_>,
    unit: UnitId,
    what: &str,
    block: &'a Block,
    words: &[&str],
    mut take: impl FnMut(&'a Statement) -> bool,
) {
    for statement in &block.statements {
        if !matches!(statement, Statement::Field(_)) && !take(statement) {
            unknown_statement(cx, unit, what, statement, words);
        }
    }
}

/// The finding for a statement that a block does not hold.
pub(crate) fn unknown_statement(cx: &Context<'_>, unit: UnitId, what: &str, statement: &Statement, words: &[&str]) {
    let (word, span) = match statement {
        Statement::Phrase(phrase) => match &phrase.head {
            Some(head) => (head.node.as_str(), head.span),
            None => ("", phrase.span),
        },
        Statement::List(list) => (list.manager.node.as_str(), list.manager.span),
        Statement::When(when) => ("when", when.span),
        Statement::From(stack) => ("from", stack.span),
        Statement::Field(field) => (field.key.text.as_str(), field.key.span),
    };
    let place = cx.place(unit, span);
    let message =
        if word.is_empty() { format!("a text alone means nothing in {what}") } else { format!("{what} has no statement `{word}`") };
    let finding = Diagnostic::new(&known::UNKNOWN_STATEMENT, place, message);
    cx.report(match crate::base::nearest(word, words.iter().copied()) {
        Some(near) if !word.is_empty() && near != word => finding.replace(format!("did you mean `{near}`?"), false, place, near),
        _ => finding.maybe_help(or_nearest(word, words.iter().copied())),
    });
}
