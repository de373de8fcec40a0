//! Where comments may stand inside of a statement: between brackets and braces, which are printed with their comments.

use crate::base::Span;
use crate::syntax::ast::{Part, Reference, Value};

/// The regions of a part of a phrase.
pub(super) fn of_part(part: &Part, regions: &mut Vec<Span>) {
    match part {
        Part::Value(value) => of_value(value, regions),
        Part::Block(block) => regions.push(block.span),
        Part::Packages(body) => regions.push(body.span),
        Part::Word(_) | Part::Equals(_) => {}
    }
}

/// The regions of a value.
pub(super) fn of_value(value: &Value, regions: &mut Vec<Span>) {
    match value {
        Value::List(list) => regions.push(list.span),
        Value::Map(map) => regions.push(map.span),
        Value::Reference(reference) => of_reference(reference, regions),
        _ => {}
    }
}

/// The regions of a reference: its parentheses.
pub(super) fn of_reference(reference: &Reference, regions: &mut Vec<Span>) {
    if reference.arguments.is_some() {
        regions.push(arguments(reference));
    }
}

/// The parentheses of a reference.
pub(super) fn arguments(reference: &Reference) -> Span {
    Span { start: reference.path.span.end, end: reference.span.end }
}
