//! `exclude` and `only`: which cells and platforms of a definition exist.
//!
//! Several `only` of one definition unite; `only` of several definitions must all hold. `exclude` takes away from what is left.

use super::axes::Domain;
use super::context::Context;
use super::definitions::UnitId;
use super::parts::Parts;
use super::scope::Scope;
use super::{axes, fields};
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{AxisPoint, Platform};
use crate::syntax::ast::{Block, Field, Statement};

/// A rule that takes cells away: `exclude` or `only`.
#[derive(Clone, Debug)]
pub(crate) struct CellRule {
    /// Whether it names the cells that stay.
    pub(crate) only: bool,
    /// Axes and the values that match.
    pub(crate) axes: Vec<(String, Vec<String>)>,
    /// The platforms that match; `None` where it names none.
    pub(crate) platforms: Option<Vec<Platform>>,
    /// Where it is written.
    pub(crate) origin: Place,
}

impl CellRule {
    /// Whether a point matches on a platform.
    fn names(&self, axes: &[AxisPoint], platform: Platform) -> bool {
        self.matches(axes) && self.platforms.as_ref().is_none_or(|named| named.contains(&platform))
    }

    /// Whether a point matches, platforms aside.
    fn matches(&self, axes: &[AxisPoint]) -> bool {
        self.axes
            .iter()
            .all(|(name, values)| axes.iter().any(|point| *point.axis == **name && values.iter().any(|value| **value == *point.value)))
    }
}

/// The `exclude` and `only` statements at the top of a block. `domains` are the axes of the stack.
pub(crate) fn rules<'a>(cx: &Context<'a>, unit: UnitId, block: &'a Block, domains: &[Domain]) -> Vec<CellRule> {
    let mut rules = Vec::new();
    for statement in &block.statements {
        let Statement::Phrase(phrase) = statement else { continue };
        let only = match phrase.head.as_ref().map(|head| head.node.as_str()) {
            Some("exclude") => false,
            Some("only") => true,
            _ => continue,
        };
        let mut parts = Parts::of(cx, unit, phrase);
        let Some(body) = parts.block() else {
            parts.missing("axes in braces: `{ python = 3.10 }`");
            continue;
        };
        if parts.word("because") {
            parts.text("a reason");
        }
        parts.finish();
        fields::only_fields(cx, unit, if only { "`only`" } else { "`exclude`" }, body);
        let mut rule = CellRule { only, axes: Vec::new(), platforms: None, origin: cx.place(unit, phrase.span) };
        let mut good = true;
        for statement in &body.statements {
            if let Statement::Field(field) = statement {
                good &= rule_field(cx, unit, field, domains, &mut rule);
            }
        }
        if good {
            rules.push(rule);
        }
    }
    rules
}

fn rule_field(cx: &Context<'_>, unit: UnitId, field: &Field, domains: &[Domain], rule: &mut CellRule) -> bool {
    let scope = Scope::new(unit);
    let place = cx.place(unit, field.value.span());
    if field.key.text == "platform" {
        let platforms = super::typed::platforms(cx, &scope, "platform", &field.value);
        let found = platforms.is_some();
        rule.platforms = platforms;
        return found;
    }
    let Some((name, known_values)) = domains.iter().find(|(name, _)| **name == *field.key.text) else {
        let names = domains.iter().map(|(name, _)| &**name).chain(["platform"]);
        cx.report(
            Diagnostic::new(&known::UNKNOWN_AXIS, cx.place(unit, field.key.span), format!("there is no axis `{}` here", field.key.text))
                .maybe_help(or_nearest(&field.key.text, names.collect::<Vec<_>>())),
        );
        return false;
    };
    let mut texts = Vec::new();
    for text in axes::axis_texts(cx, &scope, &field.value) {
        if !known_values.iter().any(|value| **value == *text) {
            cx.report(axes::unknown_value(place, name, &text, known_values.iter().map(|value| &**value)));
            return false;
        }
        texts.push(text);
    }
    rule.axes.push((name.to_string(), texts));
    true
}

/// Takes away the points and platforms that the rules of one definition exclude. A rule that hits nothing is reported.
pub(crate) fn apply<P>(
    cx: &Context<'_>,
    rules: &[CellRule],
    points: &mut Vec<P>,
    of: impl Fn(&mut P) -> (&[AxisPoint], &mut Vec<Platform>),
) {
    let hits = |rule: &CellRule, points: &mut Vec<P>| {
        let hit = points.iter_mut().any(|point| rule.matches(of(point).0));
        if !hit {
            let word = if rule.only { "only" } else { "exclude" };
            cx.report(
                Diagnostic::new(&known::EXCLUDE_HITS_NOTHING, rule.origin, format!("this `{word}` hits no cell"))
                    .here("no cell has these values, or another rule took them already")
                    .help("correct the values, or drop it"),
            );
        }
        hit
    };
    let keep = |points: &mut Vec<P>, stays: &dyn Fn(&[AxisPoint], Platform) -> bool| {
        points.retain_mut(|point| {
            let (axes, platforms) = of(point);
            platforms.retain(|platform| stays(axes, *platform));
            !platforms.is_empty()
        });
    };
    let only: Vec<&CellRule> = rules.iter().filter(|rule| rule.only && hits(rule, points)).collect();
    if !only.is_empty() {
        keep(points, &|axes, platform| only.iter().any(|rule| rule.names(axes, platform)));
    }
    for rule in rules.iter().filter(|rule| !rule.only) {
        if hits(rule, points) {
            keep(points, &|axes, platform| !rule.names(axes, platform));
        }
    }
}
