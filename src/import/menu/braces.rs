//! Braces of texts that `KubeSpawner` or `JupyterHub` format, taken back: what is written `{{` there is `{` in the language, and the
//! names that are filled in stay.

use crate::ir::Expansion;

/// What is wrong with the braces of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// A name that nothing fills in: the start fails.
    Unknown(String),
    /// A brace alone: the start fails.
    Alone,
    /// `{{username}}` is to be shown as it is, which the language has no way to say.
    Literal(String),
}

/// The text as the language writes it. In a free text it is formatted once more before, with `value` alone.
pub(super) fn taken_back(text: &str, expansion: Expansion, unlisted: bool) -> (String, Option<Flaw>) {
    let mut flaw = None;
    let mut text = text.to_owned();
    if unlisted {
        text = once(&text, &["value"], true, &mut flaw);
    }
    if expansion != Expansion::No {
        let names: Vec<&str> = expansion.names().iter().copied().chain(unlisted.then_some("value")).collect();
        text = once(&text, &names, false, &mut flaw);
    }
    (text, flaw)
}

/// One reading of `str.format`. Unknown names stay where `lenient`.
fn once(text: &str, names: &[&str], lenient: bool, flaw: &mut Option<Flaw>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let brace = from.get(..1).unwrap_or_default();
        if from.get(1..).is_some_and(|after| after.starts_with(brace)) {
            let inner = from.get(2..).and_then(|inner| inner.split_once('}')).map(|(name, _)| name);
            if let Some(name) = inner.filter(|name| brace == "{" && names.contains(name)) {
                flaw.get_or_insert(Flaw::Literal(name.to_owned()));
            }
            out.push_str(brace);
            rest = from.get(2..).unwrap_or_default();
            continue;
        }
        let name = from.strip_prefix('{').and_then(|inner| inner.split_once('}')).map(|(name, _)| name);
        match name {
            Some(name) if names.contains(&name) || lenient && name.chars().all(|c| c.is_alphanumeric() || c == '_') => {
                out.push_str(from.get(..name.len() + 2).unwrap_or_default());
                rest = from.get(name.len() + 2..).unwrap_or_default();
            }
            name => {
                flaw.get_or_insert(name.map_or(Flaw::Alone, |name| Flaw::Unknown(name.to_owned())));
                out.push_str(brace);
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_are_taken_back() {
        let kube = |text| taken_back(text, Expansion::Kubespawner, false);
        assert_eq!(kube("/home/{username}"), ("/home/{username}".to_owned(), None));
        assert_eq!(kube("{{\"a\": 1}}"), ("{\"a\": 1}".to_owned(), None));
        assert_eq!(kube("{\"a\": 1}").1, Some(Flaw::Unknown("\"a\": 1".to_owned())));
        assert_eq!(kube("{user}").1, Some(Flaw::Unknown("user".to_owned())));
        assert_eq!(kube("a } b").1, Some(Flaw::Alone));
        assert_eq!(kube("{{username}}").1, Some(Flaw::Literal("username".to_owned())));
        assert_eq!(taken_back("{\"a\": 1}", Expansion::No, false), ("{\"a\": 1}".to_owned(), None));
        assert_eq!(taken_back("{value}", Expansion::No, true), ("{value}".to_owned(), None));
        assert_eq!(taken_back("{{{{x}}}} {value} {username}", Expansion::Kubespawner, true), ("{x} {value} {username}".to_owned(), None));
    }
}
