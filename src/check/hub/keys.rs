//! Keys of options and choices: the page builds the names of its fields of them, and the server cuts those apart again.

use std::collections::BTreeMap;

use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Located, Profile, is_numbered};

/// All keys of an entry.
pub(super) fn options(profile: &Profile, findings: &mut Findings) {
    let mut seen = BTreeMap::new();
    let names: Vec<_> = profile.options.iter().map(|option| (&option.key, option.renamed_from.as_slice())).collect();
    former("option", &names, findings);
    numbered("option", &names, findings);
    for option in &profile.options {
        let names: Vec<_> = option.choices.iter().map(|choice| (&choice.key, choice.renamed_from.as_slice())).collect();
        former("choice", &names, findings);
        numbered("choice", &names, findings);
        key("option", &option.key, findings);
        twice("option", &option.key, &mut seen, findings);
        if option.key.value == "profile" {
            findings.push(
                Diagnostic::new(&known::RESERVED_KEY, option.key.place, "an option can't be called `profile`")
                    .here("its choice would overwrite which entry was picked")
                    .help("call it something else"),
            );
        }
        let mut seen = BTreeMap::new();
        for choice in &option.choices {
            key("choice", &choice.key, findings);
            twice("choice", &choice.key, &mut seen, findings);
            if matches!(choice.key.value.as_str(), "unlisted-choice" | "unlisted_choice") {
                findings.push(
                    Diagnostic::new(&known::RESERVED_KEY, choice.key.place, format!("a choice can't be called `{}`", choice.key.value))
                        .here("the page's own word for the free text")
                        .help("call it something else"),
                );
            }
        }
    }
}

/// Whether a key can stand in the name of a field.
fn key(what: &str, key: &Located<String>, findings: &mut Findings) {
    let text = key.value.as_str();
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let other = |c: char| what == "choice" && matches!(c, ' ' | '+' | '/' | ':' | ',' | '(' | ')' | '=' | '@');
    let bare = text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(|c| letter(c) || other(c)) && !text.ends_with(' ');
    let here = if text.is_empty() {
        "an empty key counts as nothing chosen"
    } else if text.contains("--") {
        "the page cuts the names of its fields at `--`"
    } else if !bare {
        "letters, digits, `-`, `_` and `.`, a letter or digit first; in the key of a choice also ` +/:,()=@`"
    } else {
        return;
    };
    findings.push(
        Diagnostic::new(&known::RESERVED_KEY, key.place, format!("`{text}` can't be the key of {} {what}", article(what))).here(here),
    );
}

/// `an option`, `a choice`.
fn article(what: &str) -> &'static str {
    if what.starts_with('o') { "an" } else { "a" }
}

/// Former names that are somebody's, today or before.
fn former(what: &str, all: &[(&Located<String>, &[Located<String>])], findings: &mut Findings) {
    let mut seen: BTreeMap<&str, (&str, Place)> = BTreeMap::new();
    for (key, names) in all {
        for name in *names {
            let today = all.iter().map(|(other, _)| other).find(|other| other.value == name.value);
            let (message, other, there) = if let Some(today) = today {
                (format!("the {what} `{}` was renamed from `{}`, which is there today", key.value, name.value), today.place, "it is here")
            } else if let Some((first, place)) = seen.insert(&name.value, (&key.value, name.place)).filter(|(first, _)| *first != key.value)
            {
                (format!("both `{first}` and `{}` were renamed from `{}`", key.value, name.value), place, "the other one")
            } else {
                continue;
            };
            findings.push(
                Diagnostic::new(&known::DUPLICATE_KEY, name.place, message)
                    .here("people who saved it can be led to one of them only")
                    .also(other, there)
                    .help("drop one of them"),
            );
        }
    }
}

/// Keys that another one gets, or got, where a number keeps the order.
fn numbered(what: &str, all: &[(&Located<String>, &[Located<String>])], findings: &mut Findings) {
    let names = || all.iter().flat_map(|(key, names)| std::iter::once(*key).chain(names.iter()));
    for (key, _) in all {
        let Some(other) = names().find(|other| is_numbered(&key.value, &other.value, all.len())) else { continue };
        findings.push(
            Diagnostic::new(&known::DUPLICATE_KEY, key.place, format!("the {what} `{}` can't be told from `{}`", key.value, other.value))
                .here(format!("a number before `{}` keeps the order of the page", other.value))
                .also(other.place, "the other one")
                .help("give one of them another name"),
        );
    }
}

/// Whether a key was there before.
fn twice<'a>(what: &str, key: &'a Located<String>, seen: &mut BTreeMap<&'a str, Place>, findings: &mut Findings) {
    if let Some(first) = seen.insert(&key.value, key.place) {
        findings.push(
            Diagnostic::new(&known::DUPLICATE_KEY, key.place, format!("there are two {what}s `{}`", key.value))
                .here("the second time")
                .also(first, "the first time")
                .help("give one of them another name"),
        );
    }
}
