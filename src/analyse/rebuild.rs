//! `rebuild weekly`: an image that is built anew from time to time, though nothing of the program has changed.
//!
//! The slot is an input like any other, kept in `jenv.lock` beside the program, never read from a clock: the same sources
//! give the same tags. `jenvc update` moves it.

use super::context::Context;
use super::graph::Node;
use super::parts::Parts;
use super::typed;
use crate::ir::{Located, Period};
use crate::syntax::ast::Statement;

/// How often a node is to be rebuilt; the last definition of its stack that says so wins.
pub(crate) fn period(cx: &Context<'_>, node: &Node) -> Option<Located<Period>> {
    let mut period = None;
    for id in &node.bodies {
        let def = cx.names.get(*id)?;
        for statement in &def.node.body.statements {
            let Statement::Phrase(phrase) = statement else { continue };
            if phrase.head.as_ref().is_some_and(|head| head.node == "rebuild") {
                let mut parts = Parts::of(cx, def.unit, phrase);
                if let Some(name) = parts.name("`daily`, `weekly` or `monthly`") {
                    let place = cx.place(def.unit, name.span);
                    let word = typed::member(cx, place, "rebuild", &name.node, &Period::WORDS);
                    period = word.and_then(Period::find).map(|period| Located::new(period, place));
                }
                parts.finish();
            }
        }
    }
    period
}

/// The slot of a node that asks for one; `unset` where `jenv.lock` says none yet.
pub(crate) fn slot(cx: &Context<'_>, node: &Node) -> Option<String> {
    let period = period(cx, node)?;
    let slot = cx.lock(period.place).slots.get(&period.value);
    Some(slot.map_or_else(|| "unset".to_owned(), Clone::clone))
}
