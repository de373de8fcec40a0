//! Named values: evaluated when first asked for, each once.

use super::context::Context;
use super::definitions::UnitId;
use super::scope::{Broken, Found, Scope};
use crate::diagnostics::{Diagnostic, known};

impl Context<'_> {
    /// The value of a `let` that a file sees; `None` where there is none of this name.
    pub(crate) fn let_value(&self, unit: UnitId, path: &str) -> Option<Found> {
        let index = if let Some((module, name)) = path.rsplit_once('.') {
            self.lets.all.get_index_of(&(Some(module), name))
        } else {
            let own = self.module(unit).and_then(|module| self.lets.all.get_index_of(&(Some(module), path)));
            own.or_else(|| self.lets.all.get_index_of(&(None, path)))
        }?;
        if let Some(value) = self.lets.done.borrow().get(&index) {
            return Some(value.clone().ok_or(Broken));
        }
        let (_, (of, node)) = self.lets.all.get_index(index)?;
        self.lets.done.borrow_mut().insert(index, None);
        let before = self.count_reports();
        let value = Scope::new(*of).value(self, &node.value);
        if value.is_none() && self.count_reports() == before {
            let place = self.place(*of, node.name.span);
            self.report(
                Diagnostic::new(&known::CIRCULAR_VALUE, place, format!("the value of `{}` needs itself", node.name.node))
                    .help("write one of the values out"),
            );
        }
        self.lets.done.borrow_mut().insert(index, value.clone());
        Some(value.ok_or(Broken))
    }
}
