//! Which blocks of a definition hold at a point of its axes: those of its variants and conditions.

use super::axes::{Axis, Domain};
use super::condition::{self, Asked};
use super::context::Context;
use super::reads::Axes;
use super::scope::Scope;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Platform;
use crate::syntax::ast::{Block, Field, Statement};

/// A point of a definition.
#[derive(Clone, Copy)]
pub(crate) struct AtPoint<'p, 'a> {
    /// The point.
    pub(crate) axes: Axes<'p>,
    /// The axes that the definition declares itself.
    pub(crate) own: &'p [Axis<'a>],
    /// All axes with their values.
    pub(crate) domains: &'p [Domain],
}

impl<'a> AtPoint<'_, 'a> {
    /// The blocks within `block` that hold here and may have fields: those of the variants, then those of conditions.
    pub(crate) fn blocks(&self, cx: &Context<'a>, scope: &Scope<'_>, block: &'a Block) -> Vec<&'a Block> {
        let mut all: Vec<&'a Block> = self.own.iter().filter_map(|axis| axis.body_at(self.axes, scope.unit, block.span)).collect();
        let outer: Vec<&'a Block> = std::iter::once(block).chain(all.iter().copied()).collect();
        for block in outer {
            self.conditions(cx, scope, block, &mut all);
        }
        all
    }

    fn conditions(&self, cx: &Context<'a>, scope: &Scope<'_>, block: &'a Block, all: &mut Vec<&'a Block>) {
        for statement in &block.statements {
            let Statement::When(when) = statement else { continue };
            let inner = &when.body.statements;
            if !inner.iter().any(|statement| matches!(statement, Statement::Field(_) | Statement::When(_))) {
                continue;
            }
            let asked = Asked { domains: self.domains, axes: Axes::default(), python: None, marker: false };
            let Some(holds) = condition::holds(cx, scope, &asked, &when.condition, &Platform::ALL) else { continue };
            if holds.len() == Platform::ALL.len() {
                all.push(&when.body);
                self.conditions(cx, scope, &when.body, all);
            } else if !holds.is_empty() {
                for statement in inner {
                    if let Statement::Field(field) = statement {
                        cx.report(by_platform(cx, scope, field));
                    }
                }
            }
        }
    }
}

/// The finding for a field under a condition that holds for some platforms only.
fn by_platform(cx: &Context<'_>, scope: &Scope<'_>, field: &Field) -> Diagnostic {
    let key = &field.key;
    Diagnostic::new(&known::UNEXPECTED_PART, cx.place(scope.unit, key.span), format!("`{}` can't depend on the platform", key.text))
        .here("one reference names the image for every platform")
        .help("write an image of its own for the platform")
}
