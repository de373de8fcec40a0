//! `{{ … }}`: plain names at once, everything else through minijinja, strict: an unknown name is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use minijinja::value::Value as JinjaValue;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};

use super::context::Context;
use super::scope::{PackageVersion, Scope};
use super::value::{Val, VersionObject, part};
use crate::base::{Span, Spanned, or_nearest};
use crate::diagnostics::{Diagnostic, known};

impl Scope<'_> {
    /// The text that an expression stands for; what is wrong is reported at the expression.
    pub(crate) fn interpolate(&self, cx: &Context<'_>, expression: &Spanned<String>) -> Option<String> {
        let text = expression.node.as_str();
        if is_name(text) {
            return if let Some(value) = self.lookup(cx, text) {
                self.display(cx, expression, &value.ok()?)
            } else {
                self.unknown_value(cx, expression);
                None
            };
        }
        if let Some((name, attribute)) = text.split_once('.').filter(|(name, attribute)| is_name(name) && is_name(attribute)) {
            if name == "packages" {
                return self.package(cx, expression, attribute);
            }
            if let Some(value) = cx.let_value(self.unit, text) {
                return self.display(cx, expression, &value.ok()?);
            }
            match self.lookup(cx, name) {
                Some(Ok(Val::Number(version))) => {
                    if let Some(number) = part(&version, attribute) {
                        return Some(number.to_string());
                    }
                }
                Some(Ok(Val::Map(fields))) => {
                    if let Some(value) = fields.get(attribute) {
                        return self.display(cx, expression, value);
                    }
                }
                _ => {}
            }
        }
        self.expression(cx, expression)
    }

    fn display(&self, cx: &Context<'_>, expression: &Spanned<String>, value: &Val) -> Option<String> {
        let text = value.display();
        if text.is_none() {
            cx.report(
                Diagnostic::new(
                    &known::NO_TEXT,
                    cx.place(self.unit, expression.span),
                    format!("`{}` is {}, which has no text", expression.node, value.kind()),
                )
                .help("take one of its values, or join them: `{{ x | join(\" \") }}`"),
            );
        }
        text
    }

    fn package(&self, cx: &Context<'_>, expression: &Spanned<String>, name: &str) -> Option<String> {
        let place = cx.place(self.unit, expression.span);
        let Some(packages) = self.packages else {
            cx.report(
                Diagnostic::new(&known::UNKNOWN_VALUE, place, "`packages` is known in profiles only")
                    .help("write the version out, or name it by a `let` that the list uses, too"),
            );
            return None;
        };
        match packages(name) {
            PackageVersion::Known(version) => Some(version),
            PackageVersion::Open => {
                cx.report(
                    Diagnostic::new(&known::OPEN_PACKAGE_VERSION, place, format!("the version of `{name}` is not fixed in this cell"))
                        .here("more than one version is possible")
                        .help(format!(
                            "pin it with `{} ==…` in its list, lock it with `jenvc lock`, or drop the version from this text",
                            name.replace('_', "-")
                        )),
                );
                None
            }
            PackageVersion::Missing(names) => {
                let names: Vec<String> = names.iter().map(|name| name.replace(['-', '.'], "_")).collect();
                cx.report(
                    Diagnostic::new(&known::UNKNOWN_PACKAGE, place, format!("no list of this environment holds a package `{name}`"))
                        .maybe_help(or_nearest(name, names.iter().map(String::as_str))),
                );
                None
            }
        }
    }

    fn expression(&self, cx: &Context<'_>, expression: &Spanned<String>) -> Option<String> {
        let source = mark_versions(&expression.node);
        let environment = environment();
        let compiled = match environment.compile_expression(&source) {
            Ok(compiled) => compiled,
            Err(error) => return self.broken(cx, expression, &error),
        };
        let mut values = BTreeMap::new();
        for name in compiled.undeclared_variables(false).into_iter().collect::<BTreeSet<_>>() {
            if is_global(&name) {
                continue;
            }
            match self.lookup(cx, &name) {
                Some(value) => {
                    values.insert(name, value.ok()?.to_jinja());
                }
                None if name == "packages" => return self.broken_package(cx, expression),
                None => {
                    let start =
                        find_word(&expression.node, &name).map_or(expression.span.start as usize, |at| expression.span.start as usize + at);
                    self.unknown_value(cx, &Spanned::new(name.clone(), Span::new(start, start + name.len())));
                    return None;
                }
            }
        }
        match compiled.eval(JinjaValue::from(values)) {
            Ok(value) if value.is_undefined() => {
                let place = cx.place(self.unit, expression.span);
                cx.report(
                    Diagnostic::new(&known::EXPRESSION, place, format!("`{}` has no value", expression.node))
                        .here("something in it does not exist"),
                );
                None
            }
            Ok(value) => Some(value.to_string()),
            Err(error) => self.broken(cx, expression, &error),
        }
    }

    fn broken(&self, cx: &Context<'_>, expression: &Spanned<String>, error: &minijinja::Error) -> Option<String> {
        let place = cx.place(self.unit, expression.span);
        let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        cx.report(
            Diagnostic::new(&known::EXPRESSION, place, format!("`{}` can't be evaluated: {detail}", expression.node))
                .here("what stands in `{{ }}` is a minijinja expression")
                .help("literal braces are written `{{ \"{{\" }}`"),
        );
        None
    }

    fn broken_package(&self, cx: &Context<'_>, expression: &Spanned<String>) -> Option<String> {
        let place = cx.place(self.unit, expression.span);
        cx.report(
            Diagnostic::new(&known::EXPRESSION, place, "`packages.NAME` stands alone in its braces")
                .help("write `{{ packages.torch }}`, with underscores for hyphens"),
        );
        None
    }
}

/// The one environment: no auto-escape, strict, only the pure built-in filters and functions.
fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.add_function("version", |text: String| JinjaValue::from_object(VersionObject(text)));
        for (name, filter) in filters() {
            environment.add_filter(name, filter);
        }
        environment.add_filter("join", minijinja::filters::join);
        environment.add_filter("first", minijinja::filters::first);
        environment.add_filter("last", minijinja::filters::last);
        environment.add_filter("length", minijinja::filters::length);
        environment.add_filter("replace", |text: String, from: String, to: String| text.replace(&from, &to));
        environment.add_filter("default", minijinja::filters::default);
        environment
    })
}

type TextFilter = fn(String) -> String;

/// Filters from text to text.
fn filters() -> [(&'static str, TextFilter); 5] {
    [
        ("lower", |text| text.to_lowercase()),
        ("upper", |text| text.to_uppercase()),
        ("trim", |text| text.trim().to_owned()),
        ("title", |text| text.split(' ').map(capitalised).collect::<Vec<_>>().join(" ")),
        ("string", |text| text),
    ]
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn is_global(name: &str) -> bool {
    name == "version"
}

/// Whether a text is one plain name.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Versions in an expression as version objects: in `python >= 3.12` the number would compare as a float.
fn mark_versions(expression: &str) -> String {
    let mut marked = String::with_capacity(expression.len());
    let mut quote: Option<char> = None;
    let mut word = String::new();
    let flush = |word: &mut String, marked: &mut String| {
        let version =
            word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.') && word.chars().all(|c| c.is_ascii_digit() || c == '.');
        if version {
            marked.push_str("version(\"");
            marked.push_str(word);
            marked.push_str("\")");
        } else {
            marked.push_str(word);
        }
        word.clear();
    };
    for c in expression.chars() {
        match quote {
            Some(open) => {
                marked.push(c);
                if c == open {
                    quote = None;
                }
            }
            None if c.is_ascii_alphanumeric() || c == '_' || (c == '.' && !word.is_empty()) => word.push(c),
            None => {
                flush(&mut word, &mut marked);
                marked.push(c);
                if c == '"' || c == '\'' {
                    quote = Some(c);
                }
            }
        }
    }
    flush(&mut word, &mut marked);
    marked
}

/// The offset of a word in a text.
fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = text.get(..*at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        let part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
        !part(before) && !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_marked_outside_quotes() {
        assert_eq!(mark_versions("a if python >= 3.12 else '3.1'"), "a if python >= version(\"3.12\") else '3.1'");
        assert_eq!(mark_versions("python.minor + 1"), "python.minor + 1");
    }
}
