//! `when`, and `if` and `else` of other languages: read as the conditions that they mean, and reported once.

use super::unexpected::Where;
use super::{Builder, shortened};
use crate::base::Span;
use crate::diagnostics::{Edit, known};
use crate::syntax::ast::{Condition, When};
use crate::syntax::grammar::{Node, Rule};

/// A condition, and how it is written.
type Said = (Condition, String);

impl Builder<'_> {
    /// `when python >= 3.12 { … }`, and one for each `else` behind it.
    pub(super) fn whens(&mut self, node: Node<'_>) -> Vec<When> {
        let others: Vec<Node<'_>> = node.clone().into_inner().filter(|part| part.as_rule() == Rule::e_else).collect();
        let word = node.clone().into_inner().find(|part| part.as_rule() == Rule::kw_if).map(|word| word.span());
        let Some(first) = self.when(node) else { return Vec::new() };
        if word.is_none() && others.is_empty() {
            return vec![first];
        }
        let said = (first.condition.clone(), self.slice(first.condition.span()).to_owned());
        let blank = " ".repeat(self.indent(first.span.start));
        let mut edits: Vec<Edit> = word.iter().map(|word| self.edit(*word, "when".to_owned())).collect();
        let mut shown = vec![said.1.clone()];
        let mut at = word;
        let (mut before, mut whens) = (vec![said], vec![first]);
        for other in others {
            let start = other.span().start;
            let (keyword, own, when) = self.branch(other, &before);
            let Some((when, written)) = when else { continue };
            let gap = Span { start, end: when.body.span.start };
            edits.push(self.edit(gap, format!("\n{blank}when {written} ")));
            shown.push(written);
            at.get_or_insert(keyword);
            before.extend(own);
            whens.push(when);
        }
        let at = at.unwrap_or_default();
        let written: Vec<String> = shown.iter().map(|condition| format!("`when {}`", shortened(condition))).collect();
        let finding = self.finding(&known::UNKNOWN_STATEMENT, at, format!("`{}` is no word for a condition", self.slice(at)));
        let finding = finding.here(if whens.len() > 1 { "each `when` has a condition of its own" } else { "the word is `when`" });
        self.report(finding.fix(format!("write {}", written.join(" and ")), false, edits));
        whens
    }

    /// A branch behind the conditions `before`: its word, its own condition, and the `when` that it means.
    fn branch(&mut self, node: Node<'_>, before: &[Said]) -> (Span, Option<Said>, Option<(When, String)>) {
        let (mut keyword, mut own, mut body) = (Span::default(), None, None);
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::kw_else => keyword = part.span(),
                Rule::condition => own = self.condition(part),
                Rule::block => body = Some(self.block(part)),
                _ => self.unexpected(part.trimmed(), Where::Head),
            }
        }
        let own = own.map(|own| {
            let written = self.slice(own.span()).to_owned();
            (own, written)
        });
        let mut all: Vec<Said> = before.iter().map(opposite).collect();
        all.extend(own.iter().map(|(own, written)| {
            let grouped = matches!(own, Condition::Or(..));
            (own.clone(), if grouped { format!("({written})") } else { written.clone() })
        }));
        let written: Vec<&str> = all.iter().map(|(_, written)| written.as_str()).collect();
        let written = written.join(" and ");
        let condition = all.into_iter().map(|(condition, _)| condition).reduce(|all, one| Condition::And(Box::new(all), Box::new(one)));
        let when = condition.zip(body).map(|(condition, body)| {
            let when = When { condition, span: keyword.to(body.span), body };
            (when, written)
        });
        (keyword, own, when)
    }

    pub(super) fn edit(&self, span: Span, text: String) -> Edit {
        Edit { place: self.place(span), text }
    }

    fn when(&mut self, node: Node<'_>) -> Option<When> {
        let span = node.trimmed();
        let mut condition = None;
        let mut body = None;
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::condition => condition = self.condition(part),
                Rule::block => body = Some(self.block(part)),
                Rule::e_condition => condition = Some(self.braced_condition(part.trimmed())),
                Rule::e_head => condition = self.behind_condition(condition.take(), part.trimmed()),
                Rule::missing if condition.is_none() && self.slice(span) == "when" => {
                    self.left_out(part.span(), "the condition", "write a condition and a block, as in `when python >= 3.12 { }`");
                    return None;
                }
                Rule::missing if condition.is_none() => {
                    self.left_out(part.span(), "the condition", "write a condition, as in `when python >= 3.12 { }`");
                }
                Rule::missing => self.left_out(part.span(), "the block", "write `{` on this line and close it behind the statements"),
                _ => {}
            }
        }
        Some(When { condition: condition?, span: Span { end: body.as_ref()?.span.end, ..span }, body: body? })
    }
}

/// The opposite of a condition.
fn opposite((condition, written): &Said) -> Said {
    let alone = matches!(condition, Condition::Compare { .. } | Condition::Operand(_));
    let written = if alone { format!("not {written}") } else { format!("not ({written})") };
    (Condition::Not(Box::new(condition.clone())), written)
}
