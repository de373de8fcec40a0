//! What conditions compare with: a value that no cell has makes a condition that never holds.

use super::axes;
use super::condition::Evaluation;
use crate::base::Span;
use crate::diagnostics::{Diagnostic, known};
use crate::requirements::{Key, Marker, Sign, Test};
use crate::syntax::ast::Operand;
use crate::versions::{Op, loose};

impl Evaluation<'_, '_> {
    /// Where one side is an axis, numbers and texts on the other one must be a value of it in some stack.
    pub(super) fn check_literals(&self, axis: &Operand, other: &Operand) {
        let Operand::Name(name) = axis else { return };
        let Some((axis, values)) = self.asked.domains.iter().find(|(known, _)| **known == *name.node) else { return };
        for (literal, span) in literals(other) {
            let place = self.cx.place(self.scope.unit, span);
            if values.iter().any(|value| loose::compare(value, literal).is_eq()) {
                self.cx.idle.clear(place);
            } else if !self.cx.is_standard(self.scope.unit) {
                let known = || axes::unknown_value(place, axis, literal, values.iter().map(|value| &**value));
                self.cx.idle.suspect(place, known);
            }
        }
    }

    /// The same for a Python that no axis names: one that the stack never has.
    pub(super) fn check_python(&self, key: Key, literal: &Operand) {
        let Some(python) = self.asked.python else { return };
        for (literal, span) in literals(literal) {
            let place = self.cx.place(self.scope.unit, span);
            let test = Test::new(key, Sign::Version(Op::Equal), literal.to_owned(), false);
            let verdict =
                test.ok().and_then(|test| Marker::Test(Box::new(test)).decide(self.platform.machine(), &self.asked.pythons(self.cx)));
            if verdict != Some(false) {
                self.cx.idle.clear(place);
            } else if !self.cx.is_standard(self.scope.unit) {
                self.cx.idle.suspect(place, || {
                    Diagnostic::new(&known::UNKNOWN_AXIS_VALUE, place, format!("`python` is never `{literal}` here"))
                        .here("holds in no cell")
                        .help(format!("compare with the Python of the stack, `{python}`, or drop the condition"))
                });
            }
        }
    }
}

/// The numbers and texts of an operand.
fn literals(operand: &Operand) -> Vec<(&str, Span)> {
    match operand {
        Operand::Number(number) => vec![(&number.node, number.span)],
        Operand::Text(text) => text.literal().map(|literal| (literal, text.span)).into_iter().collect(),
        Operand::List(items, _) => items.iter().flat_map(literals).collect(),
        Operand::Name(_) | Operand::Boolean(_) => Vec::new(),
    }
}
