//! `option NAME { … }` and `unlisted NAME { … }`: what else people decide.

use super::blocks::{CHOICE, Draft, Reader, UNLISTED};
use crate::analyse::fields;
use crate::analyse::scope::Scope;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Choice, Located, MenuOption, OptionKind, Unlisted};
use crate::syntax::ast::{Block, Part, Phrase, Statement};

/// `option size { small { … }  large { … }  unlisted { … } }`
pub(super) fn option<'a>(reader: &Reader<'_, 'a>, scope: &Scope<'_>, phrase: &'a Phrase) -> Option<MenuOption> {
    let (key, block) = named(reader, scope, phrase, "option size { small { cpu = 1 } }")?;
    let origin = reader.cx.place(scope.unit, phrase.span);
    let mut option = MenuOption {
        title: Located::new(spoken(&key.value), key.place),
        key,
        kind: OptionKind::Written,
        choices: Vec::new(),
        unlisted: None,
        renamed_from: Vec::new(),
        origin,
    };
    for statement in &block.statements {
        match statement {
            Statement::Field(field) if field.key.text == "renamed_from" => {
                let place = reader.cx.place(scope.unit, field.value.span());
                let names = crate::analyse::typed::texts(reader.cx, scope, "renamed_from", &field.value).unwrap_or_default();
                option.renamed_from = names.into_iter().map(|name| Located::new(name, place)).collect();
            }
            Statement::Field(field) if field.key.text == "title" => {
                if let Some(title) = crate::analyse::typed::text(reader.cx, scope, "title", &field.value) {
                    option.title = Located::new(title, reader.cx.place(scope.unit, field.value.span()));
                }
            }
            Statement::Phrase(phrase) if phrase.head.as_ref().is_some_and(|head| head.node == "unlisted") => {
                let [Part::Block(block)] = phrase.parts.as_slice() else {
                    missing_block(reader, scope, phrase, "unlisted { title = \"Other\"  match = '…' }");
                    continue;
                };
                option.unlisted = Some(free_text(reader, scope, &option.key.value, block, reader.cx.place(scope.unit, phrase.span)));
            }
            Statement::Phrase(phrase) => option.choices.extend(choice(reader, scope, phrase)),
            _ => fields::unknown_statement(reader.cx, scope.unit, "an option", statement, &["title", "renamed_from", "unlisted"]),
        }
    }
    Some(option)
}

/// `small { cpu = 1 }`, `"3 nodes" { … }`
fn choice<'a>(reader: &Reader<'_, 'a>, scope: &Scope<'_>, phrase: &'a Phrase) -> Option<Choice> {
    let head = phrase.head.as_ref();
    let (Some(head), [Part::Block(block)]) = (head, phrase.parts.as_slice()) else {
        missing_block(reader, scope, phrase, "small { cpu = 1 }");
        return None;
    };
    let mut draft = Draft::default();
    reader.block(scope, CHOICE, block, &mut draft);
    let key = Located::new(head.node.clone(), reader.cx.place(scope.unit, head.span));
    Some(Choice {
        title: draft.title.unwrap_or_else(|| Located::new(spoken(&key.value), key.place)),
        key,
        description: draft.description,
        default: draft.default,
        image: draft.image,
        settings: draft.settings,
        groups: draft.groups,
        renamed_from: draft.renamed_from,
        origin: reader.cx.place(scope.unit, phrase.span),
    })
}

/// `unlisted image { title = "Another image"  match = "quay.io/.+:.+" }` with the option that it is for.
pub(super) fn unlisted<'a>(reader: &Reader<'_, 'a>, scope: &Scope<'_>, phrase: &'a Phrase) -> Option<(Located<String>, Unlisted)> {
    let (key, block) = named(reader, scope, phrase, "unlisted image { title = \"Another image\"  match = '…' }")?;
    let free = free_text(reader, scope, &key.value, block, reader.cx.place(scope.unit, phrase.span));
    Some((key, free))
}

fn free_text<'a>(reader: &Reader<'_, 'a>, scope: &Scope<'_>, key: &str, block: &'a Block, origin: Place) -> Unlisted {
    let mut draft = Draft::default();
    reader.block(scope, UNLISTED, block, &mut draft);
    Unlisted {
        title: draft.title.unwrap_or_else(|| Located::new(format!("Another {}", spoken(key).to_lowercase()), origin)),
        in_choices: draft.in_choices,
        pattern: draft.pattern,
        message: draft.message,
        image: key == "image",
        settings: draft.settings,
        groups: draft.groups,
        origin,
    }
}

/// The name and the block of a statement.
fn named<'p>(reader: &Reader<'_, '_>, scope: &Scope<'_>, phrase: &'p Phrase, example: &str) -> Option<(Located<String>, &'p Block)> {
    let [Part::Word(name), Part::Block(block)] = phrase.parts.as_slice() else {
        missing_block(reader, scope, phrase, example);
        return None;
    };
    Some((Located::new(name.node.clone(), reader.cx.place(scope.unit, name.span)), block))
}

fn missing_block(reader: &Reader<'_, '_>, scope: &Scope<'_>, phrase: &Phrase, example: &str) {
    let place = reader.cx.place(scope.unit, phrase.span);
    let word = phrase.head.as_ref().map_or("this", |head| head.node.as_str());
    reader.cx.report(
        Diagnostic::new(&known::MISSING_PART, place, format!("`{word}` needs a name and what it sets, in braces"))
            .help(format!("write `{example}`")),
    );
}

/// A key as a reader would say it: `cuda_12` → `Cuda 12`.
pub(super) fn spoken(key: &str) -> String {
    let plain = key.replace(['_', '-'], " ");
    let mut letters = plain.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
