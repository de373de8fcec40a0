//! `rebuild weekly`: an image that is built anew from time to time, though nothing of the program has changed.
//!
//! The slot is an input like any other, kept in `jenv.lock` beside the program, never read from a clock: the same sources
//! give the same tags. `jenvc update --slot` moves it.

use super::context::Context;
use super::graph::Node;
use super::parts::Parts;
use super::typed;
use crate::base::MAX_FILE_BYTES;
use crate::syntax::ast::Statement;

/// The file that keeps the slots.
pub(crate) const LOCK: &str = "jenv.lock";
/// How often an image may be rebuilt.
const PERIODS: [&str; 3] = ["daily", "weekly", "monthly"];

/// The slot of a node that asks for one; `unset` where `jenv.lock` says none yet.
pub(crate) fn slot(cx: &Context<'_>, node: &Node) -> Option<String> {
    let mut period = None;
    for id in &node.bodies {
        let def = cx.names.get(*id)?;
        for statement in &def.node.body.statements {
            let Statement::Phrase(phrase) = statement else { continue };
            if phrase.head.as_ref().is_some_and(|head| head.node == "rebuild") {
                let mut parts = Parts::of(cx, def.unit, phrase);
                if let Some(name) = parts.name("`daily`, `weekly` or `monthly`") {
                    period = typed::member(cx, cx.place(def.unit, name.span), "rebuild", &name.node, &PERIODS);
                }
                parts.finish(&[]);
            }
        }
    }
    period
        .map(|period| cx.files.read(LOCK, MAX_FILE_BYTES).ok().and_then(|bytes| read(&bytes, period)).unwrap_or_else(|| "unset".to_owned()))
}

/// The value of a key in the section `[rebuild]`: `weekly = "2026-W48"`.
fn read(bytes: &[u8], period: &str) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == "[rebuild]";
        } else if let (true, Some((key, value))) = (inside, line.split_once('='))
            && key.trim() == period
        {
            let slot = value.trim().trim_matches('"');
            return (!slot.is_empty() && slot.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:".contains(c))).then(|| slot.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_read_from_their_section() {
        let text = b"# comment\n[other]\nweekly = \"no\"\n[rebuild]\nweekly = \"2026-W48\"\ndaily=\"\"\n";
        assert_eq!(read(text, "weekly").as_deref(), Some("2026-W48"));
        assert_eq!(read(text, "daily"), None);
    }
}
