//! Conditions of other languages: what they mean here, in one finding.

use super::Builder;
use super::unexpected::Where;
use crate::base::Span;
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Comparison, Condition, Operand};

/// What compares in other languages, and what does so here.
const COMPARING: [(&str, &str); 15] = [
    ("is not", "!="),
    ("isnt", "!="),
    ("is", "=="),
    ("equals", "=="),
    ("eq", "=="),
    ("-eq", "=="),
    ("matches", "=="),
    ("like", "=="),
    (":", "=="),
    ("ne", "!="),
    ("-ne", "!="),
    ("-ge", ">="),
    ("-gt", ">"),
    ("-le", "<="),
    ("-lt", "<"),
];

impl Builder<'_> {
    /// `{ python == 3.12 }`, `${python} == 3.12`: a condition in braces of another language.
    pub(super) fn braced_condition(&mut self, span: Span) -> Condition {
        let text = self.slice(span);
        let start = span.start as usize;
        let at = |from: usize, to: usize| Span::new(start + from, start + to);
        let mut edits = Vec::new();
        let mut from = 0;
        for run in text.split_inclusive(|c: char| !" {}$%".contains(c)) {
            let marks = run.trim_end_matches(|c: char| !" {}$%".contains(c));
            let kept = if from == 0 { marks } else { marks.trim_end() };
            if !kept.trim().is_empty() {
                edits.push(self.edit(at(from, from + kept.len()), String::new()));
            }
            let sign = from + marks.len();
            let alone = |other: Option<&u8>| !other.is_some_and(|byte| b"=!<>~".contains(byte));
            match text.as_bytes().get(sign) {
                Some(b':') => edits.push(self.edit(at(sign, sign + 1), " ==".to_owned())),
                Some(b'=')
                    if alone(text.as_bytes().get(sign + 1))
                        && alone(sign.checked_sub(1).and_then(|before| text.as_bytes().get(before))) =>
                {
                    edits.push(self.edit(at(sign, sign), "=".to_owned()));
                }
                _ => {}
            }
            from += run.len();
        }
        let finding = if text.contains('{') {
            let finding = self.finding(&known::BAD_CONDITION, span, "a condition stands without braces");
            let finding = finding.here("the braces behind it are those of `when`");
            // A text may have braces of its own.
            if text.contains(['"', '\'']) { finding.help("leave them out") } else { finding.fix("leave them out", false, edits) }
        } else {
            let finding = self.finding(&known::BAD_CONDITION, span, "a name in a condition has no `$`");
            finding.here("is the value itself").fix("leave it out", false, edits)
        };
        self.report(finding);
        Condition::Unread(span)
    }

    /// What stands between a condition and its block: the rest of a comparison that is written as elsewhere, or what does not
    /// belong there. `None` where what follows is no block of `when`.
    pub(super) fn behind_condition(&mut self, condition: Option<Condition>, head: Span) -> Option<Condition> {
        let condition = condition?;
        let text = self.slice(head);
        let name = matches!(condition.last(), Condition::Operand(Operand::Name(_)));
        let sign = COMPARING
            .into_iter()
            .find(|(sign, _)| text.strip_prefix(sign).is_some_and(|rest| *sign == ":" || rest.starts_with(' ')) && text.len() > sign.len());
        let finding = match sign {
            Some((sign, meant)) if name => {
                let place = Span { end: head.start + u32::try_from(sign.len()).unwrap_or(0), ..head };
                let blank = if self.line_before(head.start).ends_with(' ') { "" } else { " " };
                let finding = self.finding(&known::WRONG_OPERATOR, place, format!("`{sign}` compares nothing"));
                let place = self.place(place);
                finding.here("is no operator of a condition").replace(format!("write `{meant}`"), false, place, format!("{blank}{meant}"))
            }
            None if name && !text.contains(' ') && !text.starts_with(|c: char| c.is_ascii_punctuation() && !"\"'[".contains(c)) => {
                let left = self.slice(condition.last().span());
                let finding = self.finding(&known::WRONG_OPERATOR, head, format!("nothing compares `{left}` with this"));
                let place = self.place(Span { end: head.start, ..head });
                finding.here("an operator is missing before it").replace("write `==`", false, place, "== ")
            }
            None if name => {
                self.unexpected(head, Where::Head);
                return Some(Condition::Unread(condition.span().to(head)));
            }
            _ if text.starts_with(": ") => {
                let colon = Span { end: head.start + 1, ..head };
                let finding = self.finding(&known::UNEXPECTED_TEXT, colon, "`:` begins no block");
                self.report(finding.here("a block has braces").help("write `{ }` around all that the condition is for"));
                return None;
            }
            _ => match self.behind_comparison(&condition, head) {
                Some(finding) => finding,
                None => return Some(condition),
            },
        };
        self.report(finding);
        Some(Condition::Unread(condition.span().to(head)))
    }

    /// What is wrong with the comparison itself, by what stands behind it; where it is whole, what is there has a finding of its own.
    fn behind_comparison(&mut self, condition: &Condition, head: Span) -> Option<Diagnostic> {
        let text = self.slice(head);
        let word = |word: &str| text.strip_prefix(word).is_some_and(|rest| rest.trim().is_empty());
        if let Condition::Compare { operator, right, .. } = condition.last()
            && let Some(values) = several(self.slice(right.span()), text)
        {
            let finding = self.finding(&known::BAD_CONDITION, right.span().to(head), "several values stand in brackets");
            let edits = vec![
                self.edit(
                    operator.span,
                    if matches!(operator.node, Comparison::NotEqual | Comparison::NotIn) { "not in" } else { "in" }.to_owned(),
                ),
                self.edit(right.span().to(head), values.clone()),
            ];
            return Some(finding.here("a comparison has one value").fix(format!("write `{values}`"), false, edits));
        }
        if text.starts_with(".*") || text.starts_with('*') {
            let finding = self.finding(&known::BAD_CONDITION, head, "a condition has no `*`");
            return Some(finding.here("is no part of a version here").help("compare with bounds: `python >= 3.11 and python < 3.12`"));
        }
        if word("then") || word("do") || word("->") || word("=>") {
            let finding = self.finding(&known::UNEXPECTED_TEXT, head, format!("`{text}` can't stand here"));
            let place = self.place(Span { end: head.end + 1, ..head });
            self.report(finding.here("the block begins with `{`").replace("delete it", false, place, ""));
            return None;
        }
        self.unexpected(head, Where::Head);
        None
    }
}

/// `3.11, 3.12`, `3.11 | 3.12` as a list; `None` where what stands behind a value is no other value.
fn several(first: &str, rest: &str) -> Option<String> {
    let mark = if rest.starts_with(',') { "," } else { "|" };
    let values: Vec<&str> =
        rest.strip_prefix(mark)?.trim_start_matches('|').split(mark).map(str::trim).filter(|value| !value.is_empty()).collect();
    let value = |value: &&str| value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-\"".contains(&byte));
    (!values.is_empty() && values.iter().all(value)).then(|| format!("[{first}, {}]", values.join(", ")))
}
