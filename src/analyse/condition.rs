//! Conditions of `when` and of markers: true or false for each platform of a cell, or for the build to decide.

use std::rc::Rc;

use super::axes;
use super::context::Context;
use super::reads::Axes;
use super::scope::Scope;
use super::typed::platform;
use super::value::Val;
use crate::base::{Span, Spanned, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::Platform;
use crate::requirements::{Key, Marker, Pythons, Sign, Test};
use crate::syntax::ast::{Comparison, Condition, Operand};
use crate::versions::{Constraint, Op, loose};

/// What other tools call the machine that something is for.
const ARCHITECTURES: [&str; 4] = ["arch", "architecture", "machine", "cpu"];

/// What a condition may ask about.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The axes of the definition with all their values.
    pub(crate) domains: &'a [(Rc<str>, Vec<Rc<str>>)],
    /// The axes, where `python` among them is the interpreter.
    pub(crate) axes: Axes<'a>,
    /// What is known of the interpreter otherwise.
    pub(crate) python: Option<&'a Constraint>,
    /// Whether PEP 508's names may be used: after `;` in a package list.
    pub(crate) marker: bool,
}

impl Asked<'_> {
    /// The interpreters that are possible.
    pub(crate) fn pythons(&self, cx: &Context<'_>) -> Rc<Pythons> {
        let axis = self.axes.value("python").map(|version| Constraint::of(Op::Bare, version));
        match (axis, self.python) {
            (None, known) => cx.pythons(known),
            (axis, None) => cx.pythons(axis.as_ref()),
            (axis, known) => Rc::new(cx.pythons(axis.as_ref()).and(&cx.pythons(known))),
        }
    }
}

/// For which platforms of a cell a marker holds.
pub(crate) struct Decided {
    /// Those for which it is known to hold.
    pub(crate) platforms: Vec<Platform>,
    /// Those for which the build decides, with what is left of the marker.
    pub(crate) open: Vec<(Platform, Marker)>,
}

impl Decided {
    /// Whether it may hold on a platform.
    pub(crate) fn may(&self, platform: Platform) -> bool {
        self.platforms.contains(&platform) || self.open.iter().any(|(open, _)| *open == platform)
    }

    /// What the build has to decide: one marker for all platforms.
    pub(crate) fn left(&self) -> Marker {
        let written = |marker: &Marker| marker.to_string();
        if let [(_, first), rest @ ..] = self.open.as_slice()
            && self.platforms.is_empty()
            && rest.iter().all(|(_, marker)| written(marker) == written(first))
        {
            return first.clone();
        }
        let on = |platform: &Platform| {
            let test = Test::new(Key::PlatformMachine, Sign::Version(Op::Equal), platform.machine(), false);
            test.map(|test| Marker::Test(Box::new(test)))
        };
        let known = self.platforms.iter().filter_map(|platform| on(platform).ok());
        let open =
            self.open.iter().filter_map(|(platform, marker)| Some(Marker::And(Box::new(on(platform).ok()?), Box::new(marker.clone()))));
        known.chain(open).reduce(|left, right| Marker::Or(Box::new(left), Box::new(right))).unwrap_or(Marker::Known(false))
    }
}

/// Those of `platforms` for which the condition holds; `None` where it can't be told, and that is reported.
pub(crate) fn holds(
    cx: &Context<'_>,
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    condition: &Condition,
    platforms: &[Platform],
) -> Option<Vec<Platform>> {
    let decided = decide(cx, scope, asked, condition, platforms)?;
    if decided.open.is_empty() {
        return Some(decided.platforms);
    }
    let known = asked.python.map_or_else(|| "nothing".to_owned(), |known| format!("`python {known}`"));
    cx.report(
        Diagnostic::new(&known::UNKNOWN_AXIS, cx.place(scope.unit, condition.span()), "the version of Python is not known so exactly here")
            .here(format!("what is known is {known}"))
            .help("compare it as far as it is known, or let the image say the whole version: `provides { conda { python 3.12.4 } }`"),
    );
    None
}

/// What a marker comes to on each platform; `None` where it is broken, and that is reported.
pub(crate) fn decide(
    cx: &Context<'_>,
    scope: &Scope<'_>,
    asked: &Asked<'_>,
    condition: &Condition,
    platforms: &[Platform],
) -> Option<Decided> {
    let mut decided = Decided { platforms: Vec::new(), open: Vec::new() };
    for platform in platforms {
        let marker = (Evaluation { cx, scope, asked, platform: *platform }).condition(condition)?;
        let verdict = match &marker {
            Marker::Known(known) => Some(*known),
            marker => marker.decide(platform.machine(), &asked.pythons(cx)),
        };
        match verdict {
            Some(true) => decided.platforms.push(*platform),
            Some(false) => {}
            None => decided.open.push((*platform, marker)),
        }
    }
    Some(decided)
}

pub(super) struct Evaluation<'e, 'a> {
    pub(super) cx: &'e Context<'a>,
    pub(super) scope: &'e Scope<'e>,
    pub(super) asked: &'e Asked<'e>,
    pub(super) platform: Platform,
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
    /// The condition with all that is known now decided.
    fn condition(&self, condition: &Condition) -> Option<Marker> {
        match condition {
            Condition::Or(left, right) => {
                let (left, right) = (self.condition(left), self.condition(right));
                Some(match (left?, right?) {
                    (Marker::Known(left), Marker::Known(right)) => Marker::Known(left || right),
                    (left, right) => Marker::Or(Box::new(left), Box::new(right)),
                })
            }
            Condition::And(left, right) => {
                let (left, right) = (self.condition(left), self.condition(right));
                Some(match (left?, right?) {
                    (Marker::Known(left), Marker::Known(right)) => Marker::Known(left && right),
                    (left, right) => Marker::And(Box::new(left), Box::new(right)),
                })
            }
            Condition::Not(inner) => Some(match self.condition(inner)? {
                Marker::Known(known) => Marker::Known(!known),
                other => Marker::Not(Box::new(other)),
            }),
            Condition::Operand(operand) => {
                if let Term::Boolean(value) = self.term(operand)? {
                    Some(Marker::Known(value))
                } else {
                    self.cx.report(self.uncompared(operand));
                    None
                }
            }
            Condition::Unread(_) => None,
            Condition::Compare { left, operator, right } => {
                if let Some((key, literal, reversed)) = self.key(left, right) {
                    let python = |operand: &Operand| matches!(operand, Operand::Name(name) if name.node == "python");
                    if names_values(operator.node) && (python(left) || python(right)) {
                        self.check_python(key, literal);
                    }
                    return self.test(key, *operator, literal, reversed);
                }
                self.check_value(left, right)?;
                self.check_value(right, left)?;
                if names_values(operator.node) {
                    self.check_literals(left, right);
                    self.check_literals(right, left);
                }
                let (a, b) = (self.side(left, right)?, self.side(right, left)?);
                self.compare(&a, operator.node, &b, operator.span).map(Marker::Known)
            }
        }
    }

    /// A value that is compared with nothing: a name, or a whole condition in quotes.
    fn uncompared(&self, operand: &Operand) -> Diagnostic {
        let place = self.cx.place(self.scope.unit, operand.span());
        let finding = Diagnostic::new(&known::WRONG_TYPE, place, "a condition is true or false, and this is a value");
        let written = if let Operand::Text(text) = operand { text.literal().filter(|text| text.contains(['=', '<', '>'])) } else { None };
        if let Some(written) = written {
            return finding.here("a text, since it is in quotes").replace("write it without quotes", false, place, written);
        }
        let Operand::Name(name) = operand else { return finding.help("compare it: `variant == cuda12`") };
        let values = self.asked.domains.iter().find(|(axis, _)| **axis == *name.node).and_then(|(_, values)| values.first());
        finding.help(format!("compare it: `{} == {}`", name.node, values.map_or("cuda12", |value| value)))
    }

    /// The side that is a name of PEP 508, or the interpreter that no axis names; the other side; whether they are the other way round.
    fn key<'o>(&self, left: &'o Operand, right: &'o Operand) -> Option<(Key, &'o Operand, bool)> {
        let of = |operand: &Operand, literal: &Operand| {
            let Operand::Name(name) = operand else { return None };
            if self.asked.marker
                && let Some(key) = Key::find(&name.node)
            {
                return Some(key);
            }
            let known = name.node == "python" && self.asked.python.is_some() && self.scope.lookup(self.cx, "python").is_none();
            // Of the version, as much is compared as is written.
            known.then(|| if longest(literal) < 3 { Key::PythonVersion } else { Key::PythonFullVersion })
        };
        of(left, right).map(|key| (key, right, false)).or_else(|| of(right, left).map(|key| (key, left, true)))
    }

    /// A comparison with a name of PEP 508. A list stands for one comparison with each of its values.
    fn test(&self, key: Key, operator: Spanned<Comparison>, literal: &Operand, reversed: bool) -> Option<Marker> {
        if let (Operand::List(items, _), Comparison::In | Comparison::NotIn, false) = (literal, operator.node, reversed) {
            let equal = Spanned::new(Comparison::Equal, operator.span);
            let tests = items.iter().map(|item| self.test(key, equal, item, false)).collect::<Option<Vec<_>>>()?;
            let any = tests.into_iter().reduce(|left, right| Marker::Or(Box::new(left), Box::new(right))).unwrap_or(Marker::Known(false));
            return Some(if operator.node == Comparison::In { any } else { Marker::Not(Box::new(any)) });
        }
        let (Term::Text(text) | Term::Number(text)) = self.term(literal)? else { return self.incomparable(operator.span) };
        match Test::new(key, sign(operator.node), text, reversed) {
            Ok(one) => Some(Marker::Test(Box::new(one))),
            Err(problem) => {
                self.cx.report(Diagnostic::new(&known::WRONG_TYPE, self.cx.place(self.scope.unit, operator.span), problem));
                None
            }
        }
    }

    /// Where one side is an axis, the other one, if a bare word or a text, must be one of its values.
    fn check_value(&self, axis: &Operand, value: &Operand) -> Option<()> {
        let Operand::Name(name) = axis else { return Some(()) };
        // A program without a hub has no values of `hub`.
        let known = self.asked.domains.iter().find(|(known, values)| **known == *name.node && !values.is_empty());
        let Some((axis, values)) = known else { return Some(()) };
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
            if of_axis.is_some_and(|(_, values)| values.is_empty() || values.iter().any(|value| **value == *word.node)) {
                return Some(Term::Text(word.node.clone()));
            }
        }
        if let (Operand::Name(word), Operand::Name(axis)) = (operand, other)
            && axis.node == "platform"
            && Platform::usual(&word.node).is_some()
        {
            // The finding has what is meant.
            platform(self.cx, self.cx.place(self.scope.unit, word.span), &word.node);
            return None;
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
        if let Some(value) = self.scope.lookup(self.cx, name) {
            return term_of(value.ok()?);
        }
        let mut names: Vec<String> = self.scope.visible(self.cx);
        names.push("platform".to_owned());
        if self.asked.marker {
            names.extend(Key::names().map(str::to_owned));
        }
        let place = self.cx.place(self.scope.unit, span);
        let finding = if name.starts_with("python") {
            Diagnostic::new(&known::UNKNOWN_AXIS, place, "the version of Python is not known here")
                .here("neither an axis `python` nor a known Python underneath")
                .help("add `matrix python = […]`, or let the image say `provides { conda { python 3.12 } }`")
        } else if ARCHITECTURES.contains(&name) {
            Diagnostic::new(&known::UNKNOWN_AXIS, place, format!("there is no axis `{name}` here"))
                .help("compare the platform: `when platform == \"linux/arm64\" { … }`")
        } else {
            Diagnostic::new(&known::UNKNOWN_AXIS, place, format!("there is no axis `{name}` here"))
                .maybe_help(or_nearest(name, names.iter().map(String::as_str)))
        };
        self.cx.report(finding);
        None
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
            _ => self.incomparable(span),
        }
    }

    fn incomparable<T>(&self, span: Span) -> Option<T> {
        self.cx.report(
            Diagnostic::new(&known::WRONG_TYPE, self.cx.place(self.scope.unit, span), "these two can't be compared so")
                .here("versions have an order, words are equal or not, `in` takes a list")
                .help("use `==`, `!=` or `in [ … ]`"),
        );
        None
    }
}

/// The operator of PEP 508 that is written the same.
fn sign(comparison: Comparison) -> Sign {
    Sign::Version(match comparison {
        Comparison::Equal => Op::Equal,
        Comparison::NotEqual => Op::NotEqual,
        Comparison::GreaterEqual => Op::GreaterEqual,
        Comparison::LessEqual => Op::LessEqual,
        Comparison::Greater => Op::Greater,
        Comparison::Less => Op::Less,
        Comparison::Compatible => Op::Compatible,
        Comparison::Arbitrary => Op::Arbitrary,
        Comparison::In => return Sign::In,
        Comparison::NotIn => return Sign::NotIn,
    })
}

/// The most parts of a version that is written: three of `3.12.4`.
fn longest(operand: &Operand) -> usize {
    match operand {
        Operand::Number(number) => number.node.split('.').count(),
        Operand::Text(text) => text.literal().map_or(1, |text| text.split('.').count()),
        Operand::List(items, _) => items.iter().map(longest).max().unwrap_or(1),
        Operand::Name(_) | Operand::Boolean(_) => 1,
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

/// Whether an operator compares with single values.
pub(super) fn names_values(comparison: Comparison) -> bool {
    matches!(comparison, Comparison::Equal | Comparison::NotEqual | Comparison::In | Comparison::NotIn)
}
