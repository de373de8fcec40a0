//! Conditions of `when` and of markers: true or false for each platform of a cell.

use super::axes;
use super::context::Context;
use super::scope::Scope;
use super::value::Val;
use crate::base::{Span, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Platform;
use crate::syntax::ast::{Comparison, Condition, Operand};
use crate::versions::loose;

/// What a condition may ask about.
pub(crate) struct Asked<'a> {
    /// The axes of the definition with all their values.
    pub(crate) domains: &'a [(std::rc::Rc<str>, Vec<std::rc::Rc<str>>)],
    /// The interpreter's version where no axis says it: what the base is known to hold.
    pub(crate) python: Option<&'a str>,
    /// Whether PEP 508's names may be used: after `;` in a package list.
    pub(crate) marker: bool,
}

/// The names of PEP 508 that are decided here.
const MARKER_NAMES: [&str; 7] =
    ["python_version", "python_full_version", "platform_machine", "sys_platform", "platform_system", "os_name", "implementation_name"];

/// Those of `platforms` for which the condition holds; `None` where it can't be told, and that is reported.
pub(crate) fn holds(
    cx: &Context<'_>,
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    condition: &Condition,
    platforms: &[Platform],
) -> Option<Vec<Platform>> {
    let mut all = Vec::new();
    for platform in platforms {
        if (Evaluation { cx, scope, asked, platform: *platform }).condition(condition)? {
            all.push(*platform);
        }
    }
    Some(all)
}

struct Evaluation<'e, 'a> {
    cx: &'e Context<'a>,
    scope: &'e Scope<'e>,
    asked: &'e Asked<'e>,
    platform: Platform,
}

/// The value of an operand.
#[derive(Clone, Debug, PartialEq)]
enum Term {
    Text(String),
    Number(String),
    Boolean(bool),
    List(Vec<Term>),
}

impl Evaluation<'_, '_> {
    fn condition(&self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Or(left, right) => {
                let (left, right) = (self.condition(left), self.condition(right));
                Some(left? || right?)
            }
            Condition::And(left, right) => {
                let (left, right) = (self.condition(left), self.condition(right));
                Some(left? && right?)
            }
            Condition::Not(inner) => Some(!self.condition(inner)?),
            Condition::Operand(operand) => {
                if let Term::Boolean(value) = self.term(operand)? {
                    Some(value)
                } else {
                    self.cx.report(
                        Diagnostic::new(
                            &known::WRONG_TYPE,
                            self.cx.place(self.scope.unit, operand.span()),
                            "a condition is true or false, and this is a value",
                        )
                        .help("compare it: `variant == cuda12`"),
                    );
                    None
                }
            }
            Condition::Compare { left, operator, right } => {
                self.check_value(left, right)?;
                self.check_value(right, left)?;
                let (a, b) = (self.side(left, right)?, self.side(right, left)?);
                self.compare(&a, operator.node, &b, operator.span)
            }
        }
    }

    /// Where one side is an axis, the other one, if a bare word or a text, must be one of its values.
    fn check_value(&self, axis: &Operand, value: &Operand) -> Option<()> {
        let Operand::Name(name) = axis else { return Some(()) };
        let Some((axis, values)) = self.asked.domains.iter().find(|(known, _)| **known == *name.node) else { return Some(()) };
        let words: Vec<(&str, Span)> = match value {
            Operand::Name(word) => vec![(word.node.as_str(), word.span)],
            Operand::List(items, _) => items
                .iter()
                .filter_map(|item| if let Operand::Name(word) = item { Some((word.node.as_str(), word.span)) } else { None })
                .collect(),
            _ => Vec::new(),
        };
        for (word, span) in words {
            if !values.iter().any(|known| **known == *word) && self.scope.lookup(self.cx, word).is_none() {
                self.cx.report(axes::unknown_value(self.cx.place(self.scope.unit, span), axis, word, values.iter().map(|value| &**value)));
                return None;
            }
        }
        Some(())
    }

    /// The value of one side; a bare word opposite an axis is that axis's value.
    fn side(&self, operand: &Operand, other: &Operand) -> Option<Term> {
        if let (Operand::Name(word), Operand::Name(axis)) = (operand, other) {
            let of_axis = self.asked.domains.iter().find(|(known, _)| **known == *axis.node);
            if of_axis.is_some_and(|(_, values)| values.iter().any(|value| **value == *word.node)) {
                return Some(Term::Text(word.node.clone()));
            }
        }
        if let (Operand::List(items, _), Operand::Name(_)) = (operand, other) {
            return items.iter().map(|item| self.side(item, other)).collect::<Option<_>>().map(Term::List);
        }
        self.term(operand)
    }

    fn term(&self, operand: &Operand) -> Option<Term> {
        match operand {
            Operand::Number(number) => Some(Term::Number(number.node.clone())),
            Operand::Boolean(boolean) => Some(Term::Boolean(boolean.node)),
            Operand::Text(text) => self.scope.text(self.cx, text).map(Term::Text),
            Operand::List(items, _) => items.iter().map(|item| self.term(item)).collect::<Option<_>>().map(Term::List),
            Operand::Name(name) => self.name(&name.node, name.span),
        }
    }

    fn name(&self, name: &str, span: Span) -> Option<Term> {
        if name == "platform" {
            return Some(Term::Text(self.platform.as_str().to_owned()));
        }
        if self.asked.marker
            && let Some(term) = self.marker(name)
        {
            return Some(term);
        }
        match self.scope.lookup(self.cx, name) {
            Some(value) => return term_of(value.ok()?),
            None if name == "python" => {
                if let Some(version) = self.asked.python {
                    return Some(Term::Number(version.to_owned()));
                }
            }
            None => {}
        }
        let mut names: Vec<String> = self.scope.visible(self.cx);
        names.push("platform".to_owned());
        if self.asked.marker {
            names.extend(MARKER_NAMES.map(str::to_owned));
        }
        let place = self.cx.place(self.scope.unit, span);
        let finding = if name.starts_with("python") {
            Diagnostic::new(&known::UNKNOWN_AXIS, place, "the version of Python is not known here")
                .here("neither an axis `python` nor a known Python underneath")
                .help("add `matrix python = […]`, or let the image say `provides { conda { python 3.12 } }`")
        } else {
            Diagnostic::new(&known::UNKNOWN_AXIS, place, format!("there is no axis `{name}` here"))
                .maybe_help(or_nearest(name, names.iter().map(String::as_str)))
        };
        self.cx.report(finding);
        None
    }

    /// The value of one of PEP 508's names in the cell.
    fn marker(&self, name: &str) -> Option<Term> {
        let text = |text: &str| Some(Term::Text(text.to_owned()));
        match name {
            "platform_machine" => text(self.platform.machine()),
            "sys_platform" => text("linux"),
            "platform_system" => text("Linux"),
            "os_name" => text("posix"),
            "implementation_name" => text("cpython"),
            "python_version" | "python_full_version" => {
                self.scope.axis("python").or(self.asked.python).map(|version| Term::Number(version.to_owned()))
            }
            _ => None,
        }
    }

    fn compare(&self, left: &Term, operator: Comparison, right: &Term, span: Span) -> Option<bool> {
        let ordering = match (left, right) {
            (Term::Number(a) | Term::Text(a), Term::Number(b)) | (Term::Number(a), Term::Text(b)) => Some(loose::compare(a, b)),
            (Term::Text(a), Term::Text(b)) => Some(a.cmp(b)),
            (Term::Boolean(a), Term::Boolean(b)) => Some(a.cmp(b)),
            _ => None,
        };
        let both_texts = matches!((left, right), (Term::Text(_), Term::Text(_)));
        match (operator, ordering, right) {
            (Comparison::In, _, Term::List(items)) => Some(items.iter().any(|item| equal(left, item))),
            (Comparison::NotIn, _, Term::List(items)) => Some(!items.iter().any(|item| equal(left, item))),
            (Comparison::Equal, Some(ordering), _) => Some(ordering.is_eq()),
            (Comparison::NotEqual, Some(ordering), _) => Some(ordering.is_ne()),
            (Comparison::GreaterEqual, Some(ordering), _) if !both_texts => Some(ordering.is_ge()),
            (Comparison::LessEqual, Some(ordering), _) if !both_texts => Some(ordering.is_le()),
            (Comparison::Greater, Some(ordering), _) if !both_texts => Some(ordering.is_gt()),
            (Comparison::Less, Some(ordering), _) if !both_texts => Some(ordering.is_lt()),
            _ => {
                let place = self.cx.place(self.scope.unit, span);
                self.cx.report(
                    Diagnostic::new(&known::WRONG_TYPE, place, "these two can't be compared so")
                        .here("versions have an order, words are equal or not, `in` takes a list")
                        .help("use `==`, `!=` or `in [ … ]`"),
                );
                None
            }
        }
    }
}

/// Whether two values are the same; versions are compared as versions.
fn equal(left: &Term, right: &Term) -> bool {
    match (left, right) {
        (Term::Number(a) | Term::Text(a), Term::Number(b)) | (Term::Number(a), Term::Text(b)) => loose::compare(a, b).is_eq(),
        _ => left == right,
    }
}

fn term_of(value: Val) -> Option<Term> {
    Some(match value {
        Val::Number(text) => Term::Number(text),
        Val::Boolean(value) => Term::Boolean(value),
        Val::List(items) => Term::List(items.into_iter().map(term_of).collect::<Option<_>>()?),
        other => Term::Text(other.display()?),
    })
}
