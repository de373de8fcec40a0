//! A draft as files, in the one style.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::draft::{Definition, Entry, Home, Item};
use super::request::Written;
use super::text::quoted;
use super::work::Work;
use crate::base::{FileId, Kind, MAX_FILE_BYTES};
use crate::format::format;
use crate::syntax::parse;

/// The file that the program begins in.
pub const MAIN: &str = "main.jenv";
/// How many characters a block may have that is written on one line.
const SHORT: usize = 72;

/// The files of the program: `main.jenv`, the others by their names, then the copies.
pub(super) fn files(work: &Work<'_>) -> Vec<Written> {
    let mut homes: BTreeMap<Home, String> = BTreeMap::new();
    for definition in &work.draft.definitions {
        let text = homes.entry(definition.home.clone()).or_default();
        if !text.is_empty() {
            text.push('\n');
        }
        write_definition(text, definition);
    }
    let own = homes.remove(&Home::Main).unwrap_or_default();
    let mut files = vec![source(MAIN, &(main(work, homes.keys()) + &own))];
    files.extend(homes.iter().map(|(home, text)| source(&home.path(), text)));
    files.extend(copies(work));
    files
}

fn source(path: &str, text: &str) -> Written {
    let text = format(text, &parse(FileId::default(), text));
    Written { path: path.to_owned(), bytes: Arc::from(text.into_bytes()), executable: false }
}

fn main<'h>(work: &Work<'_>, homes: impl Iterator<Item = &'h Home>) -> String {
    let draft = &work.draft;
    let mut text = "## Imported by jenvc. What is left to decide is at the lines that begin with `# import:`.\n\n".to_owned();
    let homes: Vec<_> = homes.collect();
    let mut imports: Vec<String> = Vec::new();
    for home in &homes {
        let folder = match home {
            Home::Layer(_) => "layers/*.jenv".to_owned(),
            Home::Fragment(_) => "fragments/*.jenv".to_owned(),
            other => other.path(),
        };
        if !imports.contains(&folder) {
            imports.push(folder);
        }
    }
    for path in &imports {
        line(&mut text, &format!("import {}", quoted(path)));
    }
    draft.standard.iter().for_each(|module| line(&mut text, &format!("import {module}")));
    let name = &draft.project.name;
    match draft.project.registry.as_deref() {
        Some(registry) if draft.project.fields.is_empty() => {
            line(&mut text, &format!("\nproject {name} {{ registry = {} }}", quoted(registry)));
            text.push('\n');
        }
        registry => {
            line(&mut text, &format!("\nproject {name} {{"));
            if registry.is_none() {
                text.push_str("# import: name the registry that the images go to\n");
            }
            line(&mut text, &format!("registry = {}", quoted(registry.unwrap_or("registry.example.org/owner"))));
            draft.project.fields.iter().for_each(|field| line(&mut text, field));
            text.push_str("}\n\n");
        }
    }
    draft.outputs.values().for_each(|output| line(&mut text, output));
    text
}

fn write_definition(text: &mut String, definition: &Definition) {
    definition.doc.iter().for_each(|words| line(text, &format!("## {words}")));
    let short = |inner: &String| definition.head.len() + inner.len() < SHORT + 24;
    if let Some(inner) = one_line(&definition.items).filter(short).filter(|_| definition.home == Home::Images) {
        return line(text, &format!("{} {{ {inner} }}", definition.head));
    }
    line(text, &format!("{} {{", definition.head));
    write_items(text, &definition.items);
    text.push_str("}\n");
}

fn write_items(text: &mut String, items: &[Item]) {
    for item in items {
        match item {
            Item::Comment(words) => line(text, &format!("# {}", words.replace('\n', " "))),
            Item::Statement(statement) => line(text, statement),
            Item::Block { head, items } => match one_line(items) {
                Some(inner) if head.len() + inner.len() < SHORT => line(text, &format!("{head} {{ {inner} }}")),
                _ => {
                    line(text, &format!("{head} {{"));
                    write_items(text, items);
                    text.push_str("}\n");
                }
            },
            Item::List { head, entries, tail } => write_list(text, head, entries, tail),
        }
    }
}

fn line(text: &mut String, words: &str) {
    text.push_str(words.trim_end());
    text.push('\n');
}

/// Statements that have no comment and no line break, side by side.
fn one_line(items: &[Item]) -> Option<String> {
    let one = |item: &Item| match item {
        Item::Statement(statement) if !statement.contains('\n') => Some(statement.clone()),
        Item::List { head, entries, tail } if tail.is_empty() => list_line(head, entries),
        _ => None,
    };
    items.iter().map(one).collect::<Option<Vec<_>>>().map(|all| all.join("  "))
}

/// A list on one line, where it is short and nothing in it needs a line of its own.
fn list_line(head: &str, entries: &[Entry]) -> Option<String> {
    let plain = entries.iter().all(|entry| entry.comments.is_empty() && entry.because.is_none() && !entry.text.contains('\n'));
    let packages: Vec<_> = entries.iter().map(|entry| entry.text.as_str()).collect();
    let line = format!("{head} {{ {} }}", packages.join("  "));
    (plain && line.chars().count() < SHORT + 24).then_some(line)
}

/// Adds a list, on one line where it is short.
pub(super) fn write_list(text: &mut String, head: &str, entries: &[Entry], tail: &str) {
    if let Some(short) = list_line(head, entries) {
        return line(text, &format!("{short} {tail}"));
    }
    line(text, &format!("{head} {{"));
    for entry in entries {
        entry.comments.iter().for_each(|words| line(text, &format!("# {words}")));
        let because = entry.because.as_ref().map(|words| format!(" because {}", quoted(words))).unwrap_or_default();
        if !entry.text.is_empty() {
            line(text, &format!("{}{because}", entry.text));
        }
    }
    line(text, &format!("}} {tail}"));
}

/// The files that are copied; of a folder all that is in it.
fn copies(work: &Work<'_>) -> Vec<Written> {
    let mut written: Vec<Written> = Vec::new();
    for copied in &work.draft.copied {
        let mut waiting = vec![(copied.from.clone(), copied.to.clone())];
        while let Some((from, to)) = waiting.pop() {
            match work.files.kind(&from) {
                Ok(Kind::Folder) => {
                    let names = work.files.list(&from).unwrap_or_default();
                    let inner =
                        |folder: &str, name: &str| format!("{}/{name}", folder.trim_end_matches('/')).trim_start_matches('/').to_owned();
                    let kept = names.into_iter().filter(|entry| entry.name != ".git");
                    waiting.extend(kept.map(|entry| (inner(&from, &entry.name), inner(&to, &entry.name))));
                }
                Ok(Kind::File { executable }) => {
                    let bytes = work.files.read(&from, MAX_FILE_BYTES);
                    written.extend(bytes.map(|bytes| Written { path: to, bytes, executable }));
                }
                _ => {}
            }
        }
    }
    written.sort_by(|a, b| a.path.cmp(&b.path));
    written.dedup_by(|a, b| a.path == b.path);
    written
}
