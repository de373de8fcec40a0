//! `provides pip { … }`, `requires conda env x { … }`: lists that stand behind the word without braces around them.

use super::Builder;
use crate::base::Span;
use crate::diagnostics::known;
use crate::syntax::ast::{ListBody, ListItem, Name, PackageList, Part, Statement};
use crate::syntax::words::is_standard_manager;

/// Whether a list is one of `provides` or `requires`, which hold lists.
fn holds_lists(word: &str) -> bool {
    matches!(word, "provides" | "requires")
}

/// The manager whose list the braces behind `provides conda env x` are, where it stands among the options.
pub(super) fn manager_within(list: &PackageList) -> Option<&Name> {
    match list.options.first() {
        Some(Part::Word(name)) if holds_lists(&list.manager.node) && is_standard_manager(&name.node) => Some(name),
        _ => None,
    }
}

impl Builder<'_> {
    /// Whether a list of a manager follows on the line behind a `provides` or `requires` that has no braces.
    pub(super) fn is_unbraced(&self, list: &PackageList) -> bool {
        let rest = self.text.get(list.span.end as usize..).unwrap_or_default().trim_start_matches([' ', '\t']);
        let next = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        holds_lists(&list.manager.node) && list.body.is_none() && list.options.is_empty() && is_standard_manager(next)
    }

    /// Puts the list that was read last into the `provides` or `requires` before it on its line.
    pub(super) fn embrace(&mut self, statements: &mut Vec<Statement>) {
        let [.., Statement::List(outer), Statement::List(inner)] = statements.as_slice() else { return };
        if !self.is_unbraced(outer) || self.slice(Span { start: outer.span.end, end: inner.span.start }).contains('\n') {
            return;
        }
        let Some(Statement::List(inner)) = statements.pop() else { return };
        if let Some(Statement::List(outer)) = statements.last_mut() {
            outer.span.end = inner.span.end;
            outer.body = Some(self.in_braces(&outer.manager, inner));
        }
    }

    /// Makes a list of its own of the manager among the options and the body that was read as its.
    pub(super) fn split_unbraced(&mut self, list: &mut PackageList) {
        let Some(manager) = manager_within(list).cloned() else { return };
        let span = Span { start: manager.span.start, end: list.span.end };
        let options = list.options.drain(..).skip(1).collect();
        let inner = PackageList { manager, options, body: list.body.take(), then: list.then.take(), span };
        list.body = Some(self.in_braces(&list.manager, inner));
    }

    /// The body that a list was meant to stand in.
    fn in_braces(&mut self, word: &Name, inner: PackageList) -> ListBody {
        let span = inner.span;
        let (word, written) = (&word.node, self.slice(span).to_owned());
        let finding = self
            .finding(&known::UNEXPECTED_PART, inner.manager.span, format!("`{word}` takes its lists in braces"))
            .here("a list without braces around it")
            .replace(format!("write `{word} {{ {} {{ … }} }}`", inner.manager.node), true, self.place(span), format!("{{ {written} }}"));
        self.report(finding);
        ListBody { items: vec![ListItem::List(inner)], span }
    }
}
