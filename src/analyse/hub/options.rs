//! `option NAME { … }` and `unlisted NAME { … }`: what else people decide.

use super::draft::{Draft, Reader};
use super::images;
use crate::analyse::context::Context;
use crate::analyse::fields::Fields;
use crate::analyse::scope::Scope;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Builds, Choice, Located, MenuOption, OptionKind, Settings, Unlisted};
use crate::syntax::ast::{Block, Part, Phrase, Statement, Value};
use crate::syntax::words::Room;

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
        builds: None,
        origin,
    };
    for statement in &block.statements {
        match statement {
            Statement::Field(field) if field.key.text == "dynamic_image_building" => {
                option.builds = building(reader, scope, &field.value);
            }
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
                let free = free_text(reader, scope, &option.key.value, block, reader.cx.place(scope.unit, phrase.span));
                set_free_text(reader.cx, &mut option, free);
            }
            // Has its finding.
            Statement::Phrase(phrase) if phrase.head.as_ref().is_some_and(|head| head.node == "unlisted_choice") => {}
            Statement::Phrase(phrase) => option.choices.extend(choice(reader, scope, phrase)),
            _ => {}
        }
    }
    // A choice that is written as a field has its finding.
    let unknown = |statement: &Statement| matches!(statement, Statement::Field(field) if Room::MenuOption.field(&field.key.text).is_none());
    if option.choices.is_empty() && block.statements.iter().any(unknown) {
        return None;
    }
    if option.brings_images() {
        option.unlisted.iter_mut().for_each(Unlisted::take_image);
    }
    Some(option)
}

/// Gives an option its free text; it can have one.
pub(super) fn set_free_text(cx: &Context<'_>, option: &mut MenuOption, free: Unlisted) {
    if let Some(first) = &option.unlisted {
        cx.report(
            Diagnostic::new(&known::DUPLICATE_KEY, free.origin, format!("the option `{}` has two free texts", option.key.value))
                .here("the second one")
                .also(first.origin, "the first one")
                .help("make one pattern of the two: `match = 'a|b'`"),
        );
        return;
    }
    option.unlisted = Some(free);
}

/// `dynamic_image_building = true`, `{ enabled = true }` as fancy-profiles has it, or `{ on = base }`.
fn building<'a>(reader: &Reader<'_, 'a>, scope: &Scope<'_>, tree: &'a Value) -> Option<Builds> {
    let place = reader.cx.place(scope.unit, tree.span());
    let (enabled, on) = match tree {
        Value::Map(map) => {
            let fields = Fields::read_map(reader.cx, scope, Room::Building, map);
            let on = fields.tree("on").and_then(|tree| images::read(reader, scope, tree));
            (fields.boolean("enabled").unwrap_or(on.is_some() || !fields.has("enabled")), on)
        }
        _ => (crate::analyse::typed::boolean(reader.cx, scope, "dynamic_image_building", tree)?, None),
    };
    enabled.then_some(Builds { on, place })
}

/// The free text by which the page hands on what was built: it admits what the hub pushes, unless the program says what it admits.
pub(super) fn admit_built(option: &mut MenuOption, pushes_to: &Located<String>) {
    let Some(builds) = &option.builds else { return };
    let place = builds.place;
    let free = option.unlisted.get_or_insert_with(|| Unlisted {
        title: Located::new("Image that was built".to_owned(), place),
        in_choices: None,
        pattern: None,
        message: None,
        image: true,
        settings: Settings::default(),
        groups: Vec::new(),
        origin: place,
    });
    // What BinderHub puts behind the prefix: a name made of the repository, and a commit.
    let escaped = |text: &str| text.chars().map(|c| if c == '.' { "\\.".to_owned() } else { c.to_string() }).collect::<String>();
    let built = || format!("{}[a-z0-9][a-z0-9._\\-]*:[A-Za-z0-9_][A-Za-z0-9._\\-]*", escaped(&pushes_to.value));
    free.pattern.get_or_insert_with(|| Located::new(built(), pushes_to.place));
}

/// `small { cpu = 1 }`, `"3 nodes" { … }`
fn choice<'a>(reader: &Reader<'_, 'a>, scope: &Scope<'_>, phrase: &'a Phrase) -> Option<Choice> {
    let (key, block) = match (&phrase.head, phrase.parts.as_slice()) {
        (Some(head), [Part::Block(block)]) => (Located::new(head.node.clone(), reader.cx.place(scope.unit, head.span)), block),
        (None, [key, Part::Block(block)]) => (written_key(reader, scope, key)?, block),
        _ => {
            missing_block(reader, scope, phrase, "small { cpu = 1 }");
            return None;
        }
    };
    let mut draft = Draft::default();
    reader.block(scope, Room::Choice, block, &mut draft);
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
    reader.block(scope, Room::Unlisted, block, &mut draft);
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
    let [key, Part::Block(block)] = phrase.parts.as_slice() else {
        missing_block(reader, scope, phrase, example);
        return None;
    };
    Some((written_key(reader, scope, key)?, block))
}

/// A key: a name, a number, or a text in quotes.
fn written_key(reader: &Reader<'_, '_>, scope: &Scope<'_>, part: &Part) -> Option<Located<String>> {
    let place = reader.cx.place(scope.unit, part.span());
    let key = match part {
        Part::Word(name) | Part::Value(Value::Number(name)) => name.node.clone(),
        Part::Value(text @ Value::Text(_)) => crate::analyse::typed::text(reader.cx, scope, "the key", text)?,
        _ => {
            reader.cx.report(Diagnostic::new(&known::UNEXPECTED_PART, place, "a key is a name, or a text in quotes"));
            return None;
        }
    };
    Some(Located::new(key, place))
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
