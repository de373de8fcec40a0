//! Values and the types that fields ask for. A value of another type is an error that names both.

use super::context::Context;
use super::scope::Scope;
use super::shown;
use super::value::Val;
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Date, Platform, Secret};
use crate::syntax::ast::Value;

fn wrong(place: Place, field: &str, wanted: &str, value: &Val) -> Diagnostic {
    let found = match value.display() {
        Some(text) if text.len() <= 40 && !text.contains('\n') => format!("`{text}` is {}", value.kind()),
        _ => format!("this is {}", value.kind()),
    };
    Diagnostic::new(&known::WRONG_TYPE, place, format!("`{field}` takes {wanted}, and {found}"))
        .here(format!("{} stands here", value.kind()))
}

fn read<T>(
    cx: &Context<'_>,
    scope: &Scope<'_>,
    field: &str,
    wanted: &str,
    tree: &Value,
    convert: impl FnOnce(&Val) -> Option<T>,
) -> Option<T> {
    let value = scope.value(cx, tree)?;
    let converted = convert(&value);
    let place = cx.place(scope.unit, tree.span());
    if converted.is_none() && !cx.has_reported(known::WRONG_TYPE.id, place) {
        let finding = wrong(place, field, wanted, &value);
        // What is wrong inside goes with the whole.
        if matches!(tree, Value::Map(_)) {
            cx.supersede_reading(place);
        }
        cx.report(match meant(field, wanted, &value) {
            _ if matches!(&value, Val::Word(word) if NOTHING.contains(&word.as_str())) => finding.help(format!("leave `{field}` out")),
            Some(meant) => finding.replace(format!("write `{meant}`"), false, place, meant.clone()),
            None => finding,
        });
    }
    converted
}

/// What other languages write for no value.
const NOTHING: [&str; 4] = ["null", "nil", "None", "none"];

/// A value of another type as one of the type that is wanted, where it can only mean one.
fn meant(field: &str, wanted: &str, value: &Val) -> Option<String> {
    let quoted = |value: &Val| match value {
        Val::Word(text) | Val::Text(text) if field == "platforms" => Platform::usual(text).map(|platform| format!("\"{platform}\"")),
        Val::Word(text) | Val::Number(text) | Val::Text(text) if !text.contains(['"', '\\', '\n']) => Some(format!("\"{text}\"")),
        _ => None,
    };
    match (wanted, value) {
        (_, Val::Word(_) | Val::Number(_)) if wanted.starts_with("a text") => quoted(value),
        (_, Val::List(items)) if wanted.starts_with("a text") => {
            if let [one] = items.as_slice() {
                quoted(one)
            } else {
                None
            }
        }
        ("a list of texts", Val::List(items)) if !items.is_empty() => {
            items.iter().map(quoted).collect::<Option<Vec<_>>>().map(|items| format!("[{}]", items.join(", ")))
        }
        ("a list of texts", Val::Word(_) | Val::Number(_)) => quoted(value).map(|text| format!("[{text}]")),
        ("`true` or `false`", Val::Word(text) | Val::Text(text) | Val::Number(text)) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some("true".to_owned()),
            "false" | "no" | "off" | "0" => Some("false".to_owned()),
            _ => None,
        },
        ("a whole number", Val::Boolean(value)) => Some(u8::from(*value).to_string()),
        ("a whole number", Val::Text(text) | Val::Word(text)) if ["nvidia.com/gpu", "nvidia"].contains(&text.as_str()) => {
            Some("1".to_owned())
        }
        ("a whole number", Val::Text(text) | Val::Word(text)) if field == "gpu" && text == "amd" => {
            Some("{ count = 1  resource = \"amd.com/gpu\" }".to_owned())
        }
        ("a whole number", Val::Text(text)) if field == "gpu" && text.contains('/') && !text.contains(['"', ' ']) => {
            Some(format!("{{ count = 1  resource = \"{text}\" }}"))
        }
        ("a whole number", Val::Text(text)) => {
            let number = text.rsplit([' ', ':', '=']).next().unwrap_or_default();
            number.parse::<u32>().is_ok().then(|| number.to_owned())
        }
        _ => None,
    }
}

/// A text.
pub(crate) fn text(cx: &Context<'_>, scope: &Scope<'_>, field: &str, tree: &Value) -> Option<String> {
    shown::check(cx, scope, field, tree);
    read(cx, scope, field, "a text in quotes", tree, |value| match value {
        Val::Text(text) => Some(text.clone()),
        Val::Number(text) | Val::Word(text) if matches!(tree, Value::Reference(_)) && scope.lookup(cx, text_of(tree)).is_some() => {
            Some(text.clone())
        }
        _ => None,
    })
}

fn text_of(tree: &Value) -> &str {
    match tree {
        Value::Reference(reference) => &reference.path.node,
        _ => "",
    }
}

/// `true` or `false`.
pub(crate) fn boolean(cx: &Context<'_>, scope: &Scope<'_>, field: &str, tree: &Value) -> Option<bool> {
    read(cx, scope, field, "`true` or `false`", tree, |value| match value {
        Val::Boolean(value) => Some(*value),
        _ => None,
    })
}

/// A whole number.
pub(crate) fn count(cx: &Context<'_>, scope: &Scope<'_>, field: &str, tree: &Value) -> Option<u32> {
    read(cx, scope, field, "a whole number", tree, |value| match value {
        Val::Number(text) => text.parse().ok(),
        _ => None,
    })
}

/// A number or version as written.
pub(crate) fn number(cx: &Context<'_>, scope: &Scope<'_>, field: &str, tree: &Value) -> Option<String> {
    read(cx, scope, field, "a number", tree, |value| match value {
        Val::Number(text) => Some(text.clone()),
        _ => None,
    })
}

/// A duration (`30s`, `5m`, `2h`, `500ms`) in milliseconds.
pub(crate) fn duration(cx: &Context<'_>, scope: &Scope<'_>, field: &str, tree: &Value) -> Option<u64> {
    read(cx, scope, field, "a duration such as `30s` or `5m`", tree, |value| match value {
        Val::Number(text) => milliseconds(text),
        _ => None,
    })
}

/// The milliseconds of a duration as written.
pub(crate) fn milliseconds(text: &str) -> Option<u64> {
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(split);
    let factor = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// A list of texts; one text is a list of one.
pub(crate) fn texts(cx: &Context<'_>, scope: &Scope<'_>, field: &str, tree: &Value) -> Option<Vec<String>> {
    read(cx, scope, field, "a list of texts", tree, |value| match value {
        Val::Text(text) => Some(vec![text.clone()]),
        Val::List(items) => items.iter().map(|item| if let Val::Text(text) = item { Some(text.clone()) } else { None }).collect(),
        _ => None,
    })
}

/// Names and the names that they stand for: `{ "my-torch" = "torch" }`.
pub(crate) fn aliases(cx: &Context<'_>, scope: &Scope<'_>, field: &str, tree: &Value) -> Option<Vec<(String, String)>> {
    read(cx, scope, field, "names with a text each: `{ \"my-torch\" = \"torch\" }`", tree, |value| match value {
        Val::Map(map) => {
            map.iter().map(|(name, other)| if let Val::Text(other) = other { Some((name.clone(), other.clone())) } else { None }).collect()
        }
        _ => None,
    })
}

/// Platforms, sorted and once each; an unknown one is reported with the nearest.
pub(crate) fn platforms(cx: &Context<'_>, scope: &Scope<'_>, field: &str, tree: &Value) -> Option<Vec<Platform>> {
    let names = texts(cx, scope, field, tree)?;
    let mut all = Vec::new();
    for name in &names {
        let items = if let Value::List(list) = tree { list.items.as_slice() } else { &[] };
        let written = items.iter().find(|item| matches!(item, Value::Text(text) if text.literal() == Some(name))).unwrap_or(tree);
        all.push(platform(cx, cx.place(scope.unit, written.span()), name)?);
    }
    all.sort_unstable();
    all.dedup();
    if all.is_empty() {
        cx.report(
            Diagnostic::new(&known::BAD_VALUE, cx.place(scope.unit, tree.span()), format!("`{field}` is empty"))
                .help("name at least one platform, such as `\"linux/amd64\"`"),
        );
        return None;
    }
    Some(all)
}

/// The platform of this name.
pub(crate) fn platform(cx: &Context<'_>, place: Place, name: &str) -> Option<Platform> {
    let found = Platform::find(name);
    if found.is_none() {
        let finding = Diagnostic::new(&known::UNKNOWN_WORD, place, format!("there is no platform `{name}`"));
        let finding = finding.here("images are built on GitHub's native runners");
        let written = Platform::usual(name).map(|usual| format!("\"{}\"", usual.as_str()));
        cx.report(match written.filter(|_| cx.sources.text(place).trim_matches(['"', '\'']) == name) {
            Some(written) => finding.replace(format!("write `{written}`"), false, place, written.clone()),
            None => finding.maybe_help(or_nearest(name, Platform::ALL.into_iter().map(Platform::as_str))),
        });
    }
    found
}

/// A bare word (or a text) of a closed set.
pub(crate) fn word(cx: &Context<'_>, scope: &Scope<'_>, field: &str, tree: &Value, set: &[&'static str]) -> Option<&'static str> {
    let place = cx.place(scope.unit, tree.span());
    let written = match tree {
        Value::Reference(reference) if reference.arguments.is_none() => reference.path.node.clone(),
        _ => match scope.value(cx, tree)? {
            Val::Text(text) | Val::Word(text) => text,
            value => {
                cx.report(wrong(place, field, "a word", &value).maybe_help(or_nearest("", set.iter().copied())));
                return None;
            }
        },
    };
    member(cx, place, field, &written, set)
}

/// The member of a closed set with this name; an unknown one is reported with the nearest.
pub(crate) fn member(cx: &Context<'_>, place: Place, field: &str, written: &str, set: &[&'static str]) -> Option<&'static str> {
    let found = set.iter().copied().find(|member| *member == written);
    if found.is_none() {
        cx.report(
            Diagnostic::new(&known::UNKNOWN_WORD, place, format!("`{field}` can't be `{written}`"))
                .maybe_help(or_nearest(written, set.iter().copied())),
        );
    }
    found
}

/// A date (`2026-12-31`).
pub(crate) fn date(cx: &Context<'_>, place: Place, written: &str) -> Option<Date> {
    let found = Date::parse(written);
    if found.is_none() {
        cx.report(
            Diagnostic::new(&known::BAD_VALUE, place, format!("`{written}` is no date")).help("write year, month and day: `2026-12-31`"),
        );
    }
    found
}

/// A file mode in octal digits: `755`.
pub(crate) fn mode(cx: &Context<'_>, place: Place, written: &str) -> Option<u32> {
    let found = if (3..=4).contains(&written.len()) { u32::from_str_radix(written, 8).ok() } else { None };
    if found.is_none() {
        cx.report(
            Diagnostic::new(&known::BAD_VALUE, place, format!("`{written}` is no file mode"))
                .help("write three or four octal digits: `755`"),
        );
    }
    found
}

/// A SHA-256 checksum: 64 hexadecimal digits, perhaps behind `sha256:`. Gives the digits in lower case.
pub(crate) fn sha256(cx: &Context<'_>, place: Place, written: &str) -> Option<String> {
    checksum(cx, place, written, "take the output of `sha256sum FILE`")
}

/// A SHA-256 checksum, with the way to get it.
pub(crate) fn checksum(cx: &Context<'_>, place: Place, written: &str, way: &str) -> Option<String> {
    let digits = written.strip_prefix("sha256:").unwrap_or(written);
    let right = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !right {
        cx.report(
            Diagnostic::new(&known::BAD_VALUE, place, format!("`{written}` is no SHA-256 checksum"))
                .here(format!("{} characters of the 64 hexadecimal digits", digits.chars().count()))
                .help(way),
        );
    }
    right.then(|| digits.to_ascii_lowercase())
}

/// Whether GitHub and a shell take a name for a secret.
pub(crate) fn secret_name(cx: &Context<'_>, place: Place, name: &str) -> bool {
    let fine = Secret::may_be_called(name);
    if !fine {
        cx.report(
            Diagnostic::new(&known::BAD_SECRET_NAME, place, format!("GitHub takes no secret called `{}`", Secret::shown(name)))
                .here(Secret::NAMES)
                .help("write the name of the secret, not its value"),
        );
    }
    fine
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_exist() {
        assert_eq!(Date::parse("2028-02-29").map(|date| date.to_string()).as_deref(), Some("2028-02-29"));
        for wrong in ["2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-01-01"] {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_have_units() {
        assert_eq!(milliseconds("5m"), Some(300_000));
        assert_eq!(milliseconds("500ms"), Some(500));
        assert_eq!(milliseconds("5"), None);
    }
}
