//! A definition that is broken is broken alone: what is found elsewhere stays as it was, wherever a text ends and whatever
//! word is missing. By default, the examples are parsed with a break at each 29th place; `cargo test --test it broken -- --ignored`
//! takes every place, and compiles them with a break at each 101st.

use jenvc::base::{FileId, MemoryFiles, Place, Span};
use jenvc::driver::{Outcome, compile};
use jenvc::syntax::ast::Item;
use jenvc::syntax::parse;

use crate::examples::names;
use crate::support::{ends, files_under, load, project};

/// A text, and where it was broken: the places before, and those behind, are those of the whole text less what is missing.
struct Break {
    text: String,
    /// What is missing, in the whole text.
    gone: Span,
}

impl Break {
    fn new(text: &str, gone: Span) -> Self {
        Self { text: format!("{}{}", &text[..gone.range().start], &text[gone.range().end..]), gone }
    }
}

/// Each item that ends early, at each so many bytes, with all that follows it.
fn ended(text: &str, step: usize) -> impl Iterator<Item = Break> {
    let ends = items(text).into_iter().flat_map(move |(span, _)| {
        span.range().skip(1).step_by(step).map(move |at| Span { start: Span::new(at, at).start, end: span.end })
    });
    ends.filter(|gone| text.is_char_boundary(gone.range().start)).map(|gone| Break::new(text, gone))
}

/// Each prefix, at each so many bytes.
fn prefixes(text: &str, step: usize) -> impl Iterator<Item = Break> {
    let ends = (0..text.len()).step_by(step).filter(|end| text.is_char_boundary(*end));
    ends.map(|end| Break::new(text, Span::new(end, text.len())))
}

/// The text without each so manieth of its tokens: words, texts, marks.
fn without_tokens(text: &str, step: usize) -> impl Iterator<Item = Break> {
    let comments = parse(FileId(0), text).trivia.comments;
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote));
        let of_word = |c: char| c.is_alphanumeric() || "_-.".contains(c);
        let length = if let Some(comment) = comments.iter().find(|comment| comment.span.start as usize == at) {
            comment.span.range().len()
        } else if let Some(quote) = quote {
            let inner = rest[quote.len()..].find(quote).expect("the examples' texts are closed");
            inner + 2 * quote.len()
        } else if rest.starts_with(of_word) {
            rest.find(|c| !of_word(c)).unwrap_or(rest.len())
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        if !rest.starts_with(|c: char| c == '#' || c.is_whitespace()) {
            tokens.push(Span::new(at, at + length));
        }
        at += length;
    }
    tokens.into_iter().step_by(step).map(|gone| Break::new(text, gone))
}

/// The items of a text: where each stands, with the comments above it left out, and its name.
fn items(text: &str) -> Vec<(Span, Option<String>)> {
    let name = |item: &Item| match item {
        Item::Import(_) => None,
        Item::Let(item) => Some(item.name.node.clone()),
        Item::Definition(definition) => definition.name.as_ref().map(|name| name.node.clone()),
    };
    parse(FileId(0), text).file.items.iter().map(|item| (item.span(), name(item))).collect()
}

/// The programs of the examples, each file with its path.
fn texts() -> impl Iterator<Item = (String, String)> {
    files_under("examples").into_iter().filter(|path| ends(path, "jenv")).map(|path| (path.clone(), crate::support::text(&path)))
}

fn one_item_is_broken(step: usize) {
    for (path, text) in texts() {
        let whole = items(&text);
        for Break { text: broken, gone } in prefixes(&text, step).chain(ended(&text, step)).chain(without_tokens(&text, step)) {
            let shift = u32::try_from(text.len() - broken.len()).unwrap();
            let cut = gone.end as usize == text.len();
            let parsed = parse(FileId(0), &broken);
            let now: Vec<&str> = parsed.file.items.iter().map(|item| &broken[item.span().range()]).collect();
            let context = || format!("{path} without {gone:?}, `{}`", text[gone.range()].chars().take(40).collect::<String>());
            for (span, name) in &whole {
                if span.end <= gone.start || span.start >= gone.end && !cut {
                    assert!(now.contains(&&text[span.range()]), "{name:?} is lost in {}", context());
                }
            }
            // The findings are in what is broken: between the end of the item before and the beginning of the next.
            let from = whole.iter().map(|(span, _)| span.end).filter(|end| *end <= gone.start).max().unwrap_or(0);
            let to = whole.iter().map(|(span, _)| span.start).find(|start| *start >= gone.end);
            let to = to.filter(|_| !cut).map_or(broken.len(), |start| (start - shift) as usize);
            for finding in parsed.findings.iter() {
                let place = finding.place().unwrap().span.range();
                assert!(from as usize <= place.start && place.end <= to, "{} in {}", finding.message, context());
            }
        }
    }
}

/// A finding: code, message, and where it is in the whole text, with all that it points at; the images whose cells it hits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    code: &'static str,
    message: String,
    places: Vec<(String, Span)>,
    images: Vec<String>,
}

fn found(outcome: &Outcome, path: &str, gone: Span) -> Vec<Found> {
    let whole = |place: Place| {
        let source = outcome.sources.get(place.file).unwrap();
        let shift = if source.name == path && place.span.start >= gone.start { gone.end - gone.start } else { 0 };
        (source.name.clone(), Span { start: place.span.start + shift, end: place.span.end + shift })
    };
    let each = outcome.findings.iter().map(|finding| Found {
        code: finding.code.id,
        message: finding.message.clone(),
        places: finding.labels.iter().map(|label| whole(label.place)).collect(),
        images: finding.cells.iter().map(|cell| cell.environment.clone()).collect(),
    });
    each.collect()
}

/// All items of a program that need one of some, by the names that stand in them, and those themselves.
fn needing(files: &[(String, String)], all: &[(usize, Span, Option<String>)], broken: &[usize]) -> Vec<usize> {
    let mut reached = broken.to_vec();
    let mut at = 0;
    while let Some(name) = reached.get(at).map(|item| all[*item].2.clone()) {
        let Some(name) = name else {
            at += 1;
            continue;
        };
        let of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        for (other, (file, span, _)) in all.iter().enumerate() {
            if !reached.contains(&other) && files[*file].1[span.range()].split(|c| !of_name(c)).any(|word| word == name) {
                reached.push(other);
            }
        }
        at += 1;
    }
    reached
}

fn what_is_found_elsewhere_stays(step: usize) {
    let mut wrong = Vec::new();
    for example in names() {
        let folder = project().join("examples").join(&example);
        let files: MemoryFiles = load(&folder);
        let prefix = format!("examples/{example}/");
        let texts: Vec<_> = texts().filter_map(|(path, text)| Some((path.strip_prefix(&prefix)?.to_owned(), text))).collect();
        let all: Vec<(usize, Span, Option<String>)> = texts
            .iter()
            .enumerate()
            .flat_map(|(file, (_, text))| items(text).into_iter().map(move |(span, name)| (file, span, name)))
            .collect();
        let before = found(&compile(&files, "main.jenv"), "", Span::default());
        for (file, (path, text)) in texts.iter().enumerate() {
            for Break { text: broken, gone } in ended(text, step).chain(without_tokens(text, step)) {
                // What is broken: the item around. An import or the project is needed by everything.
                let hit: Vec<usize> =
                    (0..all.len()).filter(|at| all[*at].0 == file && all[*at].1.start < gone.end && gone.start < all[*at].1.end).collect();
                if hit.is_empty() || hit.iter().any(|at| all[*at].2.is_none() || text[all[*at].1.range()].starts_with("project")) {
                    continue;
                }
                let needing = needing(&texts, &all, &hit);
                let stays = |found: &Found| {
                    let of_item = |item: usize, name: &str, at: Span| {
                        let (file, span, _) = &all[item];
                        texts[*file].0 == *name && span.start <= at.start && at.end <= span.end
                    };
                    let others = || (0..all.len()).filter(|item| !needing.contains(item));
                    found.places.iter().all(|(name, at)| name.starts_with("std/") || others().any(|item| of_item(item, name, *at)))
                        && !found.places.is_empty()
                        // An image whose tag moves is reported once, at its first user: if that one is broken, at the next.
                        && found.code != "J0432"
                        && found.images.iter().all(|image| needing.iter().all(|item| all[*item].2.as_ref() != Some(image)))
                };
                let mut files = files.clone();
                files.insert(path.as_str(), broken.into_bytes(), false);
                let mut now = found(&compile(&files, "main.jenv"), path, gone);
                now.retain(stays);
                let mut then = before.clone();
                then.retain(stays);
                now.sort();
                then.sort();
                if now != then {
                    let what = text[gone.range()].chars().take(40).collect::<String>();
                    wrong.push(format!("{prefix}{path} without {gone:?}, `{what}`: {now:#?} in the place of {then:#?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} places, among them {}", wrong.len(), wrong.into_iter().take(12).collect::<Vec<_>>().join("\n"));
}

#[test]
fn one_item_is_broken_by_what_is_missing_in_it() {
    one_item_is_broken(29);
}

#[test]
#[ignore = "takes minutes"]
fn one_item_is_broken_by_anything_that_is_missing_in_it() {
    one_item_is_broken(1);
}

#[test]
#[ignore = "takes half a minute"]
fn what_is_found_elsewhere_stays_as_it_was() {
    what_is_found_elsewhere_stays(101);
}
