//! Conditions, with the parentheses that they need.

use super::printer::Printer;
use crate::syntax::ast::{Comparison, Condition, Operand};

impl Printer<'_> {
    /// A condition on one line.
    pub(super) fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Or(left, right) => {
                let right = if matches!(**right, Condition::Or(..)) { self.grouped(right) } else { self.condition(right) };
                format!("{} or {right}", self.condition(left))
            }
            Condition::And(left, right) => {
                let left = if matches!(**left, Condition::Or(..)) { self.grouped(left) } else { self.condition(left) };
                let right =
                    if matches!(**right, Condition::Or(..) | Condition::And(..)) { self.grouped(right) } else { self.condition(right) };
                format!("{left} and {right}")
            }
            Condition::Not(inner) if matches!(**inner, Condition::Or(..) | Condition::And(..)) => format!("not {}", self.grouped(inner)),
            Condition::Not(inner) => format!("not {}", self.condition(inner)),
            Condition::Compare { left, operator, right } => {
                format!("{} {} {}", self.operand(left), sign(operator.node), self.operand(right))
            }
            Condition::Operand(operand) => self.operand(operand),
            Condition::Unread(span) => self.slice(*span).to_owned(),
        }
    }

    fn grouped(&self, condition: &Condition) -> String {
        format!("({})", self.condition(condition))
    }

    fn operand(&self, operand: &Operand) -> String {
        match operand {
            Operand::Name(name) | Operand::Number(name) => name.node.clone(),
            Operand::Text(text) => self.slice(text.span).to_owned(),
            Operand::Boolean(boolean) => boolean.node.to_string(),
            Operand::List(items, _) => format!("[{}]", items.iter().map(|item| self.operand(item)).collect::<Vec<_>>().join(", ")),
        }
    }
}

fn sign(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Equal => "==",
        Comparison::NotEqual => "!=",
        Comparison::GreaterEqual => ">=",
        Comparison::LessEqual => "<=",
        Comparison::Greater => ">",
        Comparison::Less => "<",
        Comparison::Compatible => "~=",
        Comparison::Arbitrary => "===",
        Comparison::In => "in",
        Comparison::NotIn => "not in",
    }
}
