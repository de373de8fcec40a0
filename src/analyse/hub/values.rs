//! Values of `override { … }`: whatever YAML can say, each part with its place.

use crate::analyse::context::Context;
use crate::analyse::scope::Scope;
use crate::analyse::value::Val;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Located, OverrideValue};
use crate::syntax::ast::{Field, Value};

/// The value of a tree; what YAML has no form for is reported.
pub(super) fn read(cx: &Context<'_>, scope: &Scope<'_>, tree: &Value) -> Option<Located<OverrideValue>> {
    let place = cx.place(scope.unit, tree.span());
    let value = match tree {
        Value::List(list) => OverrideValue::List(list.items.iter().map(|item| read(cx, scope, item)).collect::<Option<_>>()?),
        Value::Map(map) => OverrideValue::Map(map.fields.iter().map(|field| pair(cx, scope, field)).collect::<Option<_>>()?),
        Value::Reference(reference) if reference.path.node == "none" => OverrideValue::Null,
        _ => plain(cx, place, scope.value(cx, tree)?)?,
    };
    Some(Located::new(value, place))
}

/// One key of a map with its value.
fn pair(cx: &Context<'_>, scope: &Scope<'_>, field: &Field) -> Option<(Located<String>, Located<OverrideValue>)> {
    Some((Located::new(field.key.text.clone(), cx.place(scope.unit, field.key.span)), read(cx, scope, &field.value)?))
}

/// A value without places of its own: what a `let` or an axis holds.
fn plain(cx: &Context<'_>, place: Place, value: Val) -> Option<OverrideValue> {
    Some(match value {
        Val::Text(text) => OverrideValue::Text(text),
        Val::Boolean(value) => OverrideValue::Bool(value),
        Val::Number(text) => number(text),
        Val::List(items) => {
            let items = items.into_iter().map(|item| Some(Located::new(plain(cx, place, item)?, place)));
            OverrideValue::List(items.collect::<Option<_>>()?)
        }
        Val::Map(fields) => {
            let fields =
                fields.into_iter().map(|(key, value)| Some((Located::new(key, place), Located::new(plain(cx, place, value)?, place))));
            OverrideValue::Map(fields.collect::<Option<_>>()?)
        }
        Val::Word(word) if matches!(word.as_str(), "null" | "None" | "nil" | "undefined") => {
            cx.report(
                Diagnostic::new(&known::WRONG_TYPE, place, format!("`{word}` is no value"))
                    .here("takes away what the hub or its chart sets, if that is meant")
                    .replace("write `none`", false, place, "none".to_owned()),
            );
            return None;
        }
        Val::Word(word) => {
            let quoted = format!("\"{word}\"");
            cx.report(
                Diagnostic::new(&known::WRONG_TYPE, place, format!("`{word}` is a bare word, and an override takes values"))
                    .here("neither a `let` nor an axis")
                    .replace(format!("write `{quoted}`"), false, place, quoted),
            );
            return None;
        }
        Val::Range(..) | Val::Constraint(_) => {
            cx.report(
                Diagnostic::new(&known::WRONG_TYPE, place, format!("an override can't hold {}", value.kind()))
                    .help("use texts, numbers, `true`, `false`, `none`, lists and maps"),
            );
            return None;
        }
    })
}

/// A number as YAML has it; one with a unit (`4G`) is a text.
fn number(text: String) -> OverrideValue {
    match text.parse::<i64>() {
        Ok(whole) if whole.to_string() == text => OverrideValue::Int(whole),
        _ if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.matches('.').count() == 1 => {
            OverrideValue::Decimal(text)
        }
        _ => OverrideValue::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_kind() {
        assert_eq!(number("2".to_owned()), OverrideValue::Int(2));
        assert_eq!(number("0.5".to_owned()), OverrideValue::Decimal("0.5".to_owned()));
        for text in ["4G", "1.2.3", "007", "2026-11-22"] {
            assert_eq!(number(text.to_owned()), OverrideValue::Text(text.to_owned()));
        }
    }
}
