//! Reading `name = value` fields of a block against a closed set, and giving each value its type.

use super::context::Context;
use super::definitions::UnitId;
use super::scope::Scope;
use super::typed;
use super::value::Val;
use crate::base::{IndexMap, Place, Span, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Platform;
use crate::syntax::ast::{Block, Field, Map, Statement, Value};
use crate::syntax::words::{Form, Room};

/// The fields of one block, by name.
pub(crate) struct Fields<'c, 'a> {
    cx: &'c Context<'a>,
    unit: UnitId,
    scope: Scope<'c>,
    room: Room,
    span: Span,
    all: IndexMap<&'a str, &'a Field>,
    /// Whether there is a field that may have been meant for another one.
    misnamed: bool,
}

impl<'c, 'a> Fields<'c, 'a> {
    /// Reads the fields of a block that its room knows; others are reported by the check of words. A repeated one is reported
    /// here. Other statements are left to the caller.
    pub(crate) fn read(cx: &'c Context<'a>, scope: &Scope<'c>, room: Room, block: &'a Block) -> Self {
        let fields = block.statements.iter().filter_map(|statement| match statement {
            Statement::Field(field) => Some(field),
            _ => None,
        });
        Self::collect(cx, scope, room, block.span, fields)
    }

    /// The same for a value in braces, whose words are checked here.
    pub(crate) fn read_map(cx: &'c Context<'a>, scope: &Scope<'c>, room: Room, map: &'a Map) -> Self {
        for field in map.fields.iter().filter(|field| room.field(&field.key.text).is_none()) {
            let (name, place) = (field.key.text.as_str(), cx.place(scope.unit, field.key.span));
            cx.report(Diagnostic::new(&known::UNKNOWN_FIELD, place, format!("{} has no field `{name}`", room.called())).maybe_help(
                or_nearest(name, room.names(Form::Field).filter(|known| map.fields.iter().all(|said| said.key.text != *known))),
            ));
        }
        Self::collect(cx, scope, room, map.span, map.fields.iter())
    }

    fn collect(cx: &'c Context<'a>, scope: &Scope<'c>, room: Room, span: Span, fields: impl Iterator<Item = &'a Field>) -> Self {
        let unit = scope.unit;
        let mut all: IndexMap<&str, &Field> = IndexMap::default();
        let mut misnamed = false;
        for field in fields {
            let name = field.key.text.as_str();
            if let Some(first) = all.get(name) {
                cx.report(
                    Diagnostic::new(&known::DUPLICATE_FIELD, cx.place(unit, field.key.span), format!("`{name}` is said twice"))
                        .here("the second time")
                        .also(cx.place(unit, first.key.span), "the first time")
                        .help("drop one of them"),
                );
            } else if room.field(name).is_some() {
                all.insert(name, field);
            } else {
                misnamed = true;
            }
        }
        Self { cx, unit, scope: scope.clone(), room, span, all, misnamed }
    }

    /// Puts the fields of an inner block over these.
    pub(crate) fn overlay(&mut self, inner: Self) {
        self.all.extend(inner.all);
    }

    /// The field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<&'a Field> {
        debug_assert!(Room::all().any(|room| room.field(name).is_some()), "add the field `{name}` to a table in `src/syntax/words/`");
        self.all.get(name).copied()
    }

    /// Whether the field is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// The place of the value of a field, or of the block where it is not there.
    pub(crate) fn place(&self, name: &str) -> Place {
        self.cx.place(self.unit, self.field(name).map_or(self.span, |field| field.value.span()))
    }

    /// Reports a field that must be there and is not, unless one of an unknown name is reported in its place.
    pub(crate) fn require(&self, name: &str, example: &str) -> bool {
        if !self.has(name) && !self.misnamed {
            let head = Span { start: self.span.start, end: self.span.start + 1 };
            self.cx.report(
                Diagnostic::new(
                    &known::MISSING_FIELD,
                    self.cx.place(self.unit, head),
                    format!("{} needs a field `{name}`", self.room.called()),
                )
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

/// Reports statements of a block that holds `name = value` only, whatever the names are.
pub(crate) fn only_fields(cx: &Context<'_>, unit: UnitId, what: &str, block: &Block) {
    for statement in block.statements.iter().filter(|statement| !matches!(statement, Statement::Field(_))) {
        cx.report(
            Diagnostic::new(&known::UNKNOWN_STATEMENT, cx.place(unit, statement.span()), format!("{what} holds names and values alone"))
                .here("is a statement")
                .help("write `NAME = value`"),
        );
    }
}
