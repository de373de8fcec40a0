//! Conditions: of `when`, and of a package behind `;`.

use super::{Builder, name_of};
use crate::base::{Span, Spanned};
use crate::diagnostics::known;
use crate::syntax::ast::{Comparison, Condition, Operand};
use crate::syntax::grammar::{Node, Rule};

/// How many `and`, `or`, `not` and parentheses one condition may have: deeper trees are of no use, and overflow a stack.
const MAX_WORDS: usize = 256;

impl Builder<'_> {
    /// The condition of a node.
    pub(super) fn condition(&mut self, node: Node<'_>) -> Option<Condition> {
        let mut words = 0;
        let span = node.trimmed();
        let condition = self.disjunction(node, &mut words);
        if words > MAX_WORDS {
            let finding = self
                .finding(&known::NESTED_TOO_DEEP, span, format!("a condition has more than {MAX_WORDS} words between its comparisons"))
                .here("is not read as a whole")
                .help("divide it");
            self.report(finding);
        }
        condition
    }

    fn disjunction(&mut self, node: Node<'_>, words: &mut usize) -> Option<Condition> {
        let mut whole: Option<Condition> = None;
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::conjunction => {
                    let right = self.conjunction(part, words);
                    whole = join(whole, right, Condition::Or);
                }
                Rule::missing => self.no_operand(&part),
                _ => self.connective(&part, "or", words),
            }
            if *words > MAX_WORDS {
                break;
            }
        }
        whole
    }

    fn conjunction(&mut self, node: Node<'_>, words: &mut usize) -> Option<Condition> {
        let mut whole: Option<Condition> = None;
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::negation => {
                    let right = self.negation(part, words);
                    whole = join(whole, right, Condition::And);
                }
                Rule::missing => self.no_operand(&part),
                _ => self.connective(&part, "and", words),
            }
            if *words > MAX_WORDS {
                break;
            }
        }
        whole
    }

    fn negation(&mut self, node: Node<'_>, words: &mut usize) -> Option<Condition> {
        let mut negations = 0;
        let mut whole = None;
        for part in node.into_inner() {
            if part.as_rule() == Rule::comparison {
                whole = self.comparison(part, words);
            } else if *words <= MAX_WORDS {
                self.connective(&part, "not", words);
                negations += 1;
            }
        }
        for _ in 0..negations {
            whole = whole.map(|inner| Condition::Not(Box::new(inner)));
        }
        whole
    }

    /// Counts `and`, `or` or `not`; reports other languages' signs for them.
    fn connective(&mut self, node: &Node<'_>, word: &str, words: &mut usize) {
        *words += 1;
        if node.as_str() != word {
            let span = node.span();
            let finding = self.finding(&known::WRONG_OPERATOR, span, format!("`{}` joins no conditions", node.as_str()));
            let text = if word == "not" { "not ".to_owned() } else { word.to_owned() };
            let place = self.place(span);
            self.report(finding.here("is an operator of other languages").replace(format!("write `{word}`"), true, place, text));
        }
    }

    fn comparison(&mut self, node: Node<'_>, words: &mut usize) -> Option<Condition> {
        let mut parts = node.into_inner();
        let first = parts.next()?;
        let group = first.as_rule() == Rule::group;
        let group_span = first.trimmed();
        let mut left = None;
        let mut whole = None;
        if group {
            whole = self.group(first, words);
        } else {
            left = self.operand(first);
        }
        let Some(sign) = parts.next() else { return whole.or_else(|| left.map(Condition::Operand)) };
        if group {
            let finding = self
                .finding(&known::BAD_CONDITION, group_span, "a condition in parentheses is compared")
                .here("is true or false")
                .also(self.place(sign.span()), "compares it")
                .help("write `not` before the parentheses, or compare a value");
            self.report(finding);
            return whole;
        }
        let operator = self.comparison_sign(&sign);
        let right = match parts.next() {
            Some(missing) if missing.as_rule() == Rule::missing => {
                self.no_operand(&missing);
                None
            }
            Some(right) => self.operand(right),
            None => None,
        };
        if let Some(third) = parts.next() {
            let finding = self
                .finding(&known::BAD_CONDITION, third.span(), "a comparison has three sides")
                .here("compares the result once more")
                .also(self.place(sign.span()), "the first comparison")
                .help("write two comparisons with `and` between them");
            self.report(finding);
        }
        Some(Condition::Compare { left: left?, operator, right: right? })
    }

    fn group(&mut self, node: Node<'_>, words: &mut usize) -> Option<Condition> {
        *words += 1;
        let span = node.trimmed();
        let mut whole = None;
        for part in node.into_inner() {
            match part.as_rule() {
                Rule::condition => whole = self.disjunction(part, words),
                Rule::missing => self.no_operand(&part),
                Rule::e_close | Rule::unclosed => self.bracket_end(&part, span),
                _ => {}
            }
        }
        whole
    }

    fn comparison_sign(&mut self, node: &Node<'_>) -> Spanned<Comparison> {
        let span = node.span();
        let (comparison, right) = match node.as_str() {
            "==" => (Comparison::Equal, None),
            "!=" => (Comparison::NotEqual, None),
            ">=" => (Comparison::GreaterEqual, None),
            "<=" => (Comparison::LessEqual, None),
            ">" => (Comparison::Greater, None),
            "<" => (Comparison::Less, None),
            "in" => (Comparison::In, None),
            "=>" => (Comparison::GreaterEqual, Some(">=")),
            "=<" => (Comparison::LessEqual, Some("<=")),
            "<>" | "!==" => (Comparison::NotEqual, Some("!=")),
            "~=" if self.marker => (Comparison::Compatible, None),
            "===" if self.marker => (Comparison::Arbitrary, None),
            "~=" | "=" | "===" => (Comparison::Equal, Some("==")),
            _ => (Comparison::NotIn, None),
        };
        if let Some(right) = right {
            let place = self.place(span);
            let finding = self.finding(&known::WRONG_OPERATOR, span, format!("`{}` compares nothing", node.as_str()));
            let safe = node.as_str() != "~=";
            self.report(finding.here("is no operator of a condition").replace(format!("write `{right}`"), safe, place, right));
        }
        Spanned::new(comparison, span)
    }

    fn operand(&mut self, node: Node<'_>) -> Option<Operand> {
        let span = node.trimmed();
        Some(match node.as_rule() {
            Rule::text => Operand::Text(self.text(&node)),
            Rule::number => Operand::Number(name_of(&node)),
            Rule::operands => Operand::List(self.elements(node, Self::operand), span),
            Rule::dotted => match node.as_str() {
                "true" => Operand::Boolean(Spanned::new(true, span)),
                "false" => Operand::Boolean(Spanned::new(false, span)),
                _ => Operand::Name(name_of(&node)),
            },
            Rule::group => {
                let finding = self.finding(&known::BAD_CONDITION, span, "a condition in parentheses is compared");
                self.report(finding.here("is true or false").help("compare a value"));
                return None;
            }
            _ => return None,
        })
    }

    fn no_operand(&mut self, node: &Node<'_>) {
        let at: Span = node.span();
        self.left_out(at, "what is compared", "write a name, a number or a text");
    }
}

/// Two conditions as one, where there are two.
fn join(left: Option<Condition>, right: Option<Condition>, how: fn(Box<Condition>, Box<Condition>) -> Condition) -> Option<Condition> {
    match (left, right) {
        (Some(left), Some(right)) => Some(how(Box::new(left), Box::new(right))),
        (left, right) => left.or(right),
    }
}
