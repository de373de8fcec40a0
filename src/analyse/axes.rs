//! Axes: what a definition says of them, and the points that they span.

use std::rc::Rc;

use super::context::Context;
use super::definitions::UnitId;
use super::fields;
use super::parts::Parts;
use super::reads::Axes;
use super::scope::Scope;
use super::value::Val;
use crate::base::{Place, Span, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::AxisPoint;
use crate::syntax::ast::{Block, Part, Phrase, Reference, Statement, Value};
use crate::syntax::words::Room;

/// One axis with its values, in order.
#[derive(Clone, Debug)]
pub(crate) struct Axis<'a> {
    /// Its name.
    pub(crate) name: Rc<str>,
    /// Its values as written; for a variant, with its statements.
    pub(crate) values: Vec<AxisValue<'a>>,
    /// The index of the default value.
    pub(crate) default: usize,
    /// Axes with the same number move together.
    pub(crate) link: Option<usize>,
    /// Whether the axes before it in its link tell its points apart already, so that names leave it out.
    pub(crate) silent: bool,
    /// Where it is written.
    pub(crate) origin: Place,
}

/// A value of an axis.
#[derive(Clone, Debug)]
pub(crate) struct AxisValue<'a> {
    /// As written.
    pub(crate) text: Rc<str>,
    /// The statements of a variant.
    pub(crate) body: Option<(UnitId, &'a Block)>,
}

impl<'a> Axis<'a> {
    /// The statements of the value that a point has, where they are within a span. An axis without such statements is not read.
    pub(crate) fn body_at(&self, point: Axes<'_>, unit: UnitId, within: Span) -> Option<&'a Block> {
        let inner = |value: &&AxisValue<'a>| {
            value.body.is_some_and(|(of, body)| of == unit && within.start <= body.span.start && body.span.end <= within.end)
        };
        if !self.values.iter().any(|value| inner(&value)) {
            return None;
        }
        let value = point.value(&self.name)?;
        self.values.iter().filter(inner).find(|known| *known.text == *value).and_then(|value| value.body).map(|(_, body)| body)
    }

    /// The point at one of its values.
    pub(crate) fn point(&self, index: usize) -> Option<AxisPoint> {
        let value = &self.values.get(index)?.text;
        let short = if self.silent { Rc::from("") } else { short(&self.name, value) };
        Some(AxisPoint { axis: Rc::clone(&self.name), value: Rc::clone(value), short })
    }

    /// Its name and its values, each once: a linked axis may repeat one.
    pub(crate) fn domain(&self) -> Domain {
        let mut values: Vec<Rc<str>> = Vec::new();
        for value in &self.values {
            if !values.contains(&value.text) {
                values.push(Rc::clone(&value.text));
            }
        }
        (Rc::clone(&self.name), values)
    }
}

/// How a point stands in names and tags: `py3.12` for Python, the bare word of a variant, else the axis and its number.
fn short(axis: &str, value: &str) -> Rc<str> {
    let legal =
        |text: &str| text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' || c == '_' { c } else { '-' }).collect::<String>();
    if axis == "python" {
        Rc::from(format!("py{}", legal(value)))
    } else if value.starts_with(|c: char| c.is_ascii_digit()) {
        Rc::from(format!("{}{}", axis.replace('_', "-"), legal(value)))
    } else {
        Rc::from(legal(value))
    }
}

/// The words of statements that may stand in a layer; needed to tell the two forms of `variant` apart.
fn is_statement_word(word: &str) -> bool {
    Room::Layer.statement(word).is_some()
}

/// The axes that a block declares at its top.
pub(crate) fn declared<'a>(cx: &Context<'a>, unit: UnitId, block: &'a Block) -> Vec<Axis<'a>> {
    let mut axes: Vec<Axis<'a>> = Vec::new();
    for (at, statement) in block.statements.iter().enumerate() {
        let Statement::Phrase(phrase) = statement else { continue };
        match phrase.head.as_ref().map(|head| head.node.as_str()) {
            Some("matrix") => axes.extend(matrix(cx, unit, phrase)),
            Some("link") => axes.extend(link(cx, unit, phrase, at)),
            Some("variant") => variant(cx, unit, phrase, &mut axes),
            _ => {}
        }
    }
    let mut seen: Vec<Axis<'a>> = Vec::new();
    for axis in axes {
        match seen.iter().find(|other| other.name == axis.name) {
            Some(other) => cx.report(twice(&axis, other.origin)),
            None => seen.push(axis),
        }
    }
    seen
}

/// The finding for an axis that is declared twice in a stack.
pub(crate) fn twice(axis: &Axis<'_>, first: Place) -> Diagnostic {
    Diagnostic::new(&known::AXIS_TWICE, axis.origin, format!("the axis `{}` is there already", axis.name))
        .here("declared again")
        .also(first, "declared first")
        .help("drop one of them, or give this one another name")
}

fn matrix<'a>(cx: &Context<'a>, unit: UnitId, phrase: &'a Phrase) -> Option<Axis<'a>> {
    let mut parts = Parts::of(cx, unit, phrase);
    let name = parts.name("the name of an axis")?;
    check_name(cx, cx.place(unit, name.span), &name.node);
    let behind = cx.sources.get(cx.place(unit, name.span).file).and_then(|source| source.text.get(name.span.end as usize..));
    let parenthesis = behind.is_some_and(|text| text.trim_start_matches([' ', '=']).starts_with('('));
    if parenthesis || !parts.equals() {
        return without_equals(cx, cx.place(unit, phrase.span), cx.place(unit, name.span));
    }
    let values = value_next(cx, unit, &mut parts, "a list of values")?;
    let default = if parts.word("default") { value_next(cx, unit, &mut parts, "the default value") } else { None };
    parts.finish();
    axis_of(cx, &name.node, cx.place(unit, name.span), values, default, None)
}

/// `matrix python: [3.11, 3.12]`, `matrix python 3.11 3.12`, `matrix python = (3.11, 3.12)`: the axis that is meant, reported.
fn without_equals<'a>(cx: &Context<'a>, phrase: Place, name: Place) -> Option<Axis<'a>> {
    let text = cx.sources.get(name.file).and_then(|source| source.text.get(name.span.end as usize..)).unwrap_or("");
    let line = text.lines().next().unwrap_or("").split(['#', '}', '{']).next().unwrap_or("").trim_end();
    let end = Span::new(0, name.span.end as usize + line.len()).end;
    let whole = Place { span: Span { start: phrase.span.start, end: end.max(phrase.span.end) }, ..phrase };
    cx.supersede_reading(whole);
    let axis = cx.sources.text(name);
    let values: Vec<&str> =
        line.split([':', '=', '[', ']', '(', ')', ',', ' ']).filter(|value| !value.is_empty() && *value != "in").collect();
    let finding = Diagnostic::new(&known::MISSING_PART, name, format!("`matrix {axis}` needs `=` and a list of values"));
    if values.is_empty() {
        cx.report(finding.help(format!("write `matrix {axis} = [3.11, 3.12]`")));
        return None;
    }
    let written = format!("matrix {axis} = [{}]", values.join(", "));
    cx.report(finding.replace(format!("write `{written}`"), false, whole, written.clone()));
    let values = values.into_iter().map(|value| AxisValue { text: Rc::from(value.trim_matches(['"', '\''])), body: None }).collect();
    Some(Axis { name: Rc::from(axis), values, default: 0, link: None, silent: false, origin: name })
}

/// The value that comes next, and where it stands. A bare word is a `let` of that name, or itself.
fn value_next<'a>(cx: &Context<'a>, unit: UnitId, parts: &mut Parts<'_, 'a>, what: &str) -> Option<(Val, Place)> {
    let scope = Scope::new(unit);
    let place = parts.place();
    if let Some(name) = parts.maybe_name() {
        return match scope.lookup(cx, &name.node) {
            Some(value) => Some((value.ok()?, place)),
            None => Some((Val::Word(name.node.clone()), place)),
        };
    }
    let tree = parts.value(what)?;
    Some((scope.value(cx, tree)?, place))
}

fn axis_of<'a>(
    cx: &Context<'_>,
    name: &str,
    origin: Place,
    (values, place): (Val, Place),
    default: Option<(Val, Place)>,
    link: Option<usize>,
) -> Option<Axis<'a>> {
    let values = match values {
        Val::List(values) => values,
        other => without_brackets(cx, name, place, &other)?,
    };
    let mut texts: Vec<AxisValue<'a>> = Vec::new();
    for value in &values {
        match value {
            Val::Number(text) | Val::Word(text) | Val::Text(text) if !text.is_empty() => {
                if link.is_none() && texts.iter().any(|known| &*known.text == text.as_str()) {
                    cx.report(
                        Diagnostic::new(&known::AXIS_TWICE, place, format!("the axis `{name}` has the value `{text}` twice"))
                            .help("drop one of them"),
                    );
                    continue;
                }
                texts.push(AxisValue { text: Rc::from(text.as_str()), body: None });
            }
            other => {
                let finding = Diagnostic::new(&known::WRONG_TYPE, place, format!("a value of the axis `{name}` is {}", other.kind()));
                let each = other.versions_between().map(|versions| format!("write each: `[{}]`", versions.join(", ")));
                cx.report(finding.help(each.unwrap_or_else(|| "give versions or bare words".to_owned())));
            }
        }
    }
    if texts.is_empty() {
        if !cx.has_reported(known::WRONG_TYPE.id, place) {
            let finding = Diagnostic::new(&known::EMPTY_AXIS, place, format!("the axis `{name}` has no values"));
            cx.report(finding.here("no cell can exist").help("give it at least one value, or drop the axis"));
        }
        return None;
    }
    let mut index = 0;
    if let Some((value, place)) = default {
        let text = value.display()?;
        match texts.iter().position(|value| *value.text == *text) {
            Some(at) => index = at,
            None => cx.report(unknown_value(place, name, &text, texts.iter().map(|value| &*value.text))),
        }
    }
    Some(Axis { name: Rc::from(name), values: texts, default: index, link, silent: false, origin })
}

/// The values of an axis whose brackets are missing; that is reported.
fn without_brackets(cx: &Context<'_>, name: &str, place: Place, value: &Val) -> Option<Vec<Val>> {
    let text = cx.sources.get(place.file).and_then(|source| source.text.get(place.span.start as usize..)).unwrap_or("");
    let line = text.lines().next().unwrap_or("").split(['#', '}']).next().unwrap_or("").trim_end();
    let line = line.split(" default ").next().unwrap_or(line).trim_end();
    let items: Vec<&str> = line.split([',', ' ']).map(str::trim).filter(|item| !item.is_empty()).collect();
    let finding =
        Diagnostic::new(&known::WRONG_TYPE, place, format!("the axis `{name}` takes a list of values, and this is {}", value.kind()));
    if !matches!(value, Val::Number(_) | Val::Word(_) | Val::Text(_)) {
        cx.report(finding.help("put the values in brackets: `[3.11, 3.12]`"));
        return None;
    }
    let whole = Span { end: place.span.start + u32::try_from(line.len()).unwrap_or(0), ..place.span };
    let whole = Place { span: whole, ..place };
    cx.supersede(&known::UNEXPECTED_TEXT, whole);
    let list = format!("[{}]", items.join(", "));
    cx.report(finding.replace(format!("put the values in brackets: `{list}`"), false, whole, list));
    let read = |item: &&str| match item.trim_matches(['"', '\'']) {
        text if text.len() < item.len() => Val::Text(text.to_owned()),
        text if text.starts_with(|c: char| c.is_ascii_digit()) => Val::Number(text.to_owned()),
        text => Val::Word(text.to_owned()),
    };
    Some(items.iter().map(read).collect())
}

/// The finding for a value that an axis does not have.
pub(crate) fn unknown_value<'v>(place: Place, axis: &str, value: &str, values: impl Iterator<Item = &'v str> + Clone) -> Diagnostic {
    Diagnostic::new(&known::UNKNOWN_AXIS_VALUE, place, format!("the axis `{axis}` has no value `{value}`"))
        .maybe_help(or_nearest(value, values))
}

fn link<'a>(cx: &Context<'a>, unit: UnitId, phrase: &'a Phrase, number: usize) -> Vec<Axis<'a>> {
    let mut parts = Parts::of(cx, unit, phrase);
    let Some(block) = parts.block() else {
        parts.missing("axes in braces: `{ torch = [2.4, 2.5]  vision = [0.19, 0.20] }`");
        return Vec::new();
    };
    parts.finish();
    fields::only_fields(cx, unit, "`link`", block);
    let mut axes = Vec::new();
    for statement in &block.statements {
        let Statement::Field(field) = statement else { continue };
        check_name(cx, cx.place(unit, field.key.span), &field.key.text);
        if let Some(values) = Scope::new(unit).value(cx, &field.value) {
            let place = cx.place(unit, field.value.span());
            axes.extend(axis_of(cx, &field.key.text, cx.place(unit, field.key.span), (values, place), None, Some(number)));
        }
    }
    let uneven = axes.iter().find(|axis| axes.first().is_some_and(|first| first.values.len() != axis.values.len()));
    if let (Some(axis), Some(first)) = (uneven, axes.first()) {
        cx.report(
            Diagnostic::new(
                &known::UNEVEN_LINK,
                axis.origin,
                format!("`{}` has {} values, and `{}` has {}", axis.name, axis.values.len(), first.name, first.values.len()),
            )
            .here("linked axes move together, value by value")
            .also(first.origin, "the first of them")
            .help("give each the same number of values"),
        );
        let shortest = axes.iter().map(|axis| axis.values.len()).min().unwrap_or(0);
        for axis in &mut axes {
            axis.values.truncate(shortest);
        }
    }
    silence(cx, &mut axes);
    axes
}

/// Marks the linked axes that names can leave out, and reports a point that occurs twice.
fn silence(cx: &Context<'_>, axes: &mut [Axis<'_>]) {
    let mut points: Vec<Vec<Rc<str>>> = vec![Vec::new(); axes.first().map_or(0, |axis| axis.values.len())];
    for at in 0..axes.len() {
        let distinct = points.iter().enumerate().all(|(index, point)| !points.iter().take(index).any(|other| other == point));
        let Some(next) = axes.get_mut(at) else { return };
        next.silent = at > 0 && distinct;
        for (point, value) in points.iter_mut().zip(&next.values) {
            point.push(Rc::clone(&value.text));
        }
    }
    let again = points.iter().enumerate().find(|(index, point)| points.iter().take(*index).any(|other| other == *point));
    if let (Some((_, point)), Some(first)) = (again, axes.first()) {
        let shown: Vec<String> = axes.iter().zip(point).map(|(axis, value)| format!("{} = {value}", axis.name)).collect();
        cx.report(
            Diagnostic::new(&known::AXIS_TWICE, first.origin, format!("the linked axes have the values `{}` twice", shown.join(", ")))
                .here("linked axes may repeat a value, but not all of them at once")
                .help("drop one of the two, or give an axis another value there"),
        );
    }
}

fn check_name(cx: &Context<'_>, place: Place, name: &str) {
    if name.contains('-') {
        cx.report(super::named_values::hyphen(place, name));
    }
    if ["name", "project", "packages", "platform", "true", "false", "and", "or", "not", "in"].contains(&name) {
        cx.report(
            Diagnostic::new(&known::RESERVED_NAME, place, format!("`{name}` can't be the name of an axis")).help("choose another name"),
        );
    }
}

fn variant<'a>(cx: &Context<'a>, unit: UnitId, phrase: &'a Phrase, axes: &mut Vec<Axis<'a>>) {
    let mut parts = Parts::of(cx, unit, phrase);
    let Some(name) = parts.name("a name") else { return };
    let Some(block) = parts.block() else {
        parts.missing("statements in braces");
        return;
    };
    parts.finish();
    let origin = cx.place(unit, name.span);
    if let Some(values) = values_of(block) {
        check_name(cx, origin, &name.node);
        let values = values.into_iter().map(|(name, body)| AxisValue { text: Rc::from(name), body: Some((unit, body)) }).collect();
        axes.push(Axis { name: Rc::from(name.node.as_str()), values, default: 0, link: None, silent: false, origin });
        return;
    }
    let value = AxisValue { text: Rc::from(name.node.as_str()), body: Some((unit, block)) };
    match axes.iter_mut().find(|axis| &*axis.name == "variant") {
        Some(known) if known.values.iter().any(|other| other.text == value.text) => cx.report(
            Diagnostic::new(&known::DUPLICATE_NAME, origin, format!("the variant `{}` is defined twice", name.node))
                .help("give one of them another name, or drop one"),
        ),
        Some(known) => known.values.push(value),
        None => axes.push(Axis { name: Rc::from("variant"), values: vec![value], default: 0, link: None, silent: false, origin }),
    }
}

/// The values of `variant AXIS { cpu { … } cuda12 { … } }`; `None` where the block holds statements of one value.
pub(crate) fn values_of(block: &Block) -> Option<Vec<(&str, &Block)>> {
    let values = block.statements.iter().map(|statement| match statement {
        Statement::Phrase(phrase) => match (&phrase.head, phrase.parts.as_slice()) {
            (Some(head), [Part::Block(body)]) if !is_statement_word(&head.node) => Some((head.node.as_str(), body)),
            _ => None,
        },
        _ => None,
    });
    let values: Vec<_> = values.collect::<Option<_>>()?;
    (!values.is_empty()).then_some(values)
}

/// The values of an axis that a value names: one or a list. A bare word is a value of the axis, unless a `let` of that name
/// holds a version or a list.
pub(crate) fn axis_texts(cx: &Context<'_>, scope: &Scope<'_>, tree: &Value) -> Vec<String> {
    match tree {
        Value::Reference(reference) => match scope.lookup(cx, &reference.path.node) {
            Some(Ok(Val::List(items))) => items.iter().filter_map(Val::display).collect(),
            Some(Ok(value @ Val::Number(_))) => value.display().into_iter().collect(),
            _ => vec![reference.path.node.clone()],
        },
        Value::List(list) => list.items.iter().flat_map(|item| axis_texts(cx, scope, item)).collect(),
        other => scope.value(cx, other).and_then(|value| value.display()).into_iter().collect(),
    }
}

/// The axes that a reference fixes, each with its values: `base(python = 3.11)`.
pub(crate) fn fixed(cx: &Context<'_>, scope: &Scope<'_>, reference: &Reference) -> Vec<(String, Vec<String>)> {
    let mut fixed = Vec::new();
    for argument in reference.arguments.iter().flatten() {
        let Some(name) = &argument.name else {
            cx.report(
                Diagnostic::new(&known::MISSING_PART, cx.place(scope.unit, argument.value.span()), "a fixed axis needs its name")
                    .help("write `python = 3.11`"),
            );
            continue;
        };
        fixed.push((name.node.clone(), axis_texts(cx, scope, &argument.value)));
    }
    fixed
}

/// An axis and all its values in a definition.
pub(crate) type Domain = (Rc<str>, Vec<Rc<str>>);
