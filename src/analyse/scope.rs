//! Which names a text, a version or a condition sees, and what they are worth there.
//!
//! From near to far: parameters of the fragment, axes of the cell, `name`, `project` and `packages`, the `let`s of the
//! file's module, those of the program.

use super::context::Context;
use super::definitions::UnitId;
use super::named_values::hyphen;
use super::reads::Axes;
use super::value::Val;
use crate::base::{Place, Span, Spanned, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Segment, Segments};
use crate::syntax::ast::{Bound, Constraint, Text, TextPart, Value};
use crate::syntax::words::VERSIONS;
use crate::versions;

/// The versions of packages of a cell, for `{{ packages.torch }}`.
pub(crate) type Packages<'a> = &'a dyn Fn(&str) -> PackageVersion;

/// What is known of the version of a package in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PackageVersion {
    /// Exactly one version is possible.
    Known(String),
    /// It is there, and more than one version is possible.
    Open,
    /// It is not there; the names that are, for a hint.
    Missing(Vec<String>),
}

/// A value that can't be had: why is reported already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken;

/// The value of a name that is there.
pub(crate) type Found = Result<Val, Broken>;

/// The names visible at a place.
#[derive(Clone, Default)]
pub(crate) struct Scope<'a> {
    /// The file.
    pub(crate) unit: UnitId,
    /// Parameters of the fragment.
    pub(crate) parameters: Vec<(String, Val)>,
    /// Axes of the cell.
    pub(crate) axes: Axes<'a>,
    /// Further names: `name`.
    pub(crate) names: Vec<(&'static str, String)>,
    /// The packages of the cell.
    pub(crate) packages: Option<Packages<'a>>,
}

impl<'a> Scope<'a> {
    /// A scope that sees a file's `let`s only.
    pub(crate) fn new(unit: UnitId) -> Self {
        Self { unit, ..Self::default() }
    }

    /// The same for a cell.
    pub(crate) fn of_cell(unit: UnitId, axes: impl Into<Axes<'a>>) -> Self {
        Self { unit, axes: axes.into(), ..Self::default() }
    }

    /// The same scope in another file, as a fragment or another body of the stack sees it.
    pub(crate) fn in_unit(&self, unit: UnitId) -> Self {
        Self { unit, ..self.clone() }
    }

    /// The value of an axis.
    pub(crate) fn axis(&self, name: &str) -> Option<&'a str> {
        self.axes.value(name)
    }

    /// What a name is worth; `None` where nothing has this name.
    pub(crate) fn lookup(&self, cx: &Context<'_>, path: &str) -> Option<Found> {
        if let Some((_, value)) = self.parameters.iter().rev().find(|(name, _)| name == path) {
            return Some(Ok(value.clone()));
        }
        if let Some(value) = self.axis(path) {
            let number = value.starts_with(|c: char| c.is_ascii_digit());
            return Some(Ok(if number { Val::Number(value.to_owned()) } else { Val::Word(value.to_owned()) }));
        }
        if let Some((_, value)) = self.names.iter().find(|(name, _)| *name == path) {
            return Some(Ok(Val::Text(value.clone())));
        }
        if path == "project" {
            return Some(Ok(Val::Text(cx.project_name().to_owned())));
        }
        cx.let_value(self.unit, path)
    }

    /// Everything that a name could have been, for hints.
    pub(crate) fn visible(&self, cx: &Context<'_>) -> Vec<String> {
        let mut all: Vec<String> = self.parameters.iter().map(|(name, _)| name.clone()).collect();
        all.extend(self.axes.names().map(str::to_owned));
        all.extend(self.names.iter().map(|(name, _)| (*name).to_owned()));
        all.push("project".to_owned());
        all.extend(cx.lets.visible(cx.module(self.unit)).into_iter().map(str::to_owned));
        all
    }

    /// The finding for a name that nothing has.
    pub(crate) fn unknown_value(&self, cx: &Context<'_>, name: &Spanned<String>) {
        let all = self.visible(cx);
        let place = cx.place(self.unit, name.span);
        if name.node.contains('-') && all.contains(&name.node.replace('-', "_")) {
            cx.report(hyphen(place, &name.node));
            return;
        }
        if VERSIONS.contains(&name.node.as_str()) {
            let before = cx.sources.get(place.file).and_then(|source| source.text.get(..name.span.start as usize)).unwrap_or_default();
            let start = before.trim_end_matches(['=', '<', '>', '~', '!', ' ']).len();
            if before.ends_with(['=', ' ']) && start < before.len() {
                let bound = Place { span: Span::new(start, name.span.end as usize), ..place };
                let finding = Diagnostic::new(&known::UNKNOWN_VALUE, place, format!("`{}` is no version", name.node));
                cx.report(finding.here("is no number").replace("leave it out: the newest version is taken", false, bound, ""));
                return;
            }
        }
        cx.report(
            Diagnostic::new(&known::UNKNOWN_VALUE, place, format!("there is no value `{}` here", name.node))
                .here("not a parameter, an axis or a `let`")
                .maybe_help(or_nearest(&name.node, all.iter().map(String::as_str))),
        );
    }

    /// The value of an expression of the tree; what is wrong is reported.
    pub(crate) fn value(&self, cx: &Context<'_>, value: &Value) -> Option<Val> {
        Some(match value {
            Value::Text(text) => Val::Text(self.text(cx, text)?),
            Value::Number(number) => Val::Number(number.node.clone()),
            Value::Boolean(boolean) => Val::Boolean(boolean.node),
            Value::Range(range) => Val::Range(range.from.node.clone(), range.to.node.clone()),
            Value::List(list) => Val::List(list.items.iter().map(|item| self.value(cx, item)).collect::<Option<_>>()?),
            Value::Map(map) => {
                let fields = map.fields.iter().map(|field| Some((field.key.text.clone(), self.value(cx, &field.value)?)));
                Val::Map(fields.collect::<Option<_>>()?)
            }
            Value::Reference(reference) => match self.lookup(cx, &reference.path.node) {
                Some(value) => value.ok()?,
                None => Val::Word(reference.path.node.clone()),
            },
            Value::Constraint(constraint) => Val::Constraint(self.constraint(cx, constraint)?.0),
        })
    }

    /// A text with its interpolations put in.
    pub(crate) fn text(&self, cx: &Context<'_>, text: &Text) -> Option<String> {
        if let Some(literal) = text.literal() {
            return Some(literal.to_owned());
        }
        let mut whole = String::new();
        for part in &text.parts {
            match part {
                TextPart::Literal(piece) => whole.push_str(piece),
                TextPart::Interpolation(expression) => whole.push_str(&self.interpolate(cx, expression)?),
            }
        }
        Some(whole)
    }

    /// A text in pieces with their values put in, one for each part.
    pub(crate) fn parts(&self, cx: &Context<'_>, text: &Text) -> Option<Vec<String>> {
        let value = |part: &TextPart| match part {
            TextPart::Literal(piece) => Some(piece.clone()),
            TextPart::Interpolation(expression) => self.interpolate(cx, expression),
        };
        text.parts.iter().map(value).collect()
    }

    /// A text in pieces, those that are the value of an axis marked as such.
    pub(crate) fn segments(&self, cx: &Context<'_>, parts: &[TextPart]) -> Option<Segments> {
        let mut segments = Vec::new();
        for part in parts {
            segments.push(match part {
                TextPart::Literal(piece) => Segment::Literal(piece.clone()),
                TextPart::Interpolation(expression) => match self.axis_of(&expression.node) {
                    Some((name, value)) => Segment::Axis { name, value },
                    None => Segment::Literal(self.interpolate(cx, expression)?),
                },
            });
        }
        Some(Segments(segments))
    }

    /// The axis that an expression is, where it is nothing else and no parameter hides it.
    fn axis_of(&self, expression: &str) -> Option<(String, String)> {
        if self.parameters.iter().any(|(name, _)| name == expression) {
            return None;
        }
        self.axis(expression).map(|value| (expression.to_owned(), value.to_owned()))
    }

    /// A constraint with the values put in; where there are some, the same with axes marked: one list of segments for each bound.
    pub(crate) fn constraint(
        &self,
        cx: &Context<'_>,
        constraint: &Constraint,
    ) -> Option<(versions::Constraint, Option<Vec<Vec<Segments>>>)> {
        if constraint.alternatives.iter().flatten().all(|bound| literal(bound).is_some()) {
            let mut alternatives = Vec::with_capacity(constraint.alternatives.len());
            for bounds in &constraint.alternatives {
                let mut typed = Vec::with_capacity(bounds.len());
                for bound in bounds {
                    typed.push(with_version(bound, literal(bound)?.to_owned()));
                }
                alternatives.push(typed);
            }
            return Some((versions::Constraint { alternatives }, None));
        }
        let mut alternatives = Vec::new();
        let mut marked = Vec::new();
        for alternative in &constraint.alternatives {
            let mut bounds = Vec::new();
            let mut texts = Vec::new();
            for bound in alternative {
                if let Some(inner) = self.whole_constraint(cx, bound) {
                    // A value that is a constraint stands for all its bounds; alternatives in it are kept where it stands alone.
                    if alternative.len() == 1 && constraint.alternatives.len() == 1 {
                        let segments =
                            inner.alternatives.iter().map(|bounds| bounds.iter().map(|bound| Segments::literal(&bound.version)).collect());
                        let segments = segments.collect();
                        return Some((inner, Some(segments)));
                    }
                    for inner_bound in inner.alternatives.into_iter().flatten() {
                        texts.push(Segments::literal(&inner_bound.version));
                        bounds.push(inner_bound);
                    }
                    continue;
                }
                let segments = self.segments(cx, &bound.version)?;
                bounds.push(with_version(bound, segments.plain()));
                texts.push(segments);
            }
            alternatives.push(bounds);
            marked.push(texts);
        }
        Some((versions::Constraint { alternatives }, Some(marked)))
    }

    /// The constraint that a bound is, where it is one interpolation of such a value.
    fn whole_constraint(&self, cx: &Context<'_>, bound: &Bound) -> Option<versions::Constraint> {
        match (&bound.operator, bound.version.as_slice()) {
            (None, [TextPart::Interpolation(name)]) => match self.lookup(cx, &name.node) {
                Some(Ok(Val::Constraint(inner))) => Some(inner),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A bound with the values of its version put in.
fn with_version(bound: &Bound, version: String) -> versions::Bound {
    let op = bound.operator.map_or(versions::Op::Bare, |operator| operator.node);
    versions::Bound { op, version, build: bound.build.as_ref().map(|build| build.node.clone()) }
}

/// The version of a bound, where nothing is put into it.
fn literal(bound: &Bound) -> Option<&str> {
    if let [TextPart::Literal(text)] = bound.version.as_slice() { Some(text) } else { None }
}
