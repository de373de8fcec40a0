//! A draft as files, in the one style.

use super::Written;
use super::draft::{Definition, Item};
use super::work::Work;
use crate::base::FileId;
use crate::format::format;
use crate::syntax::parse;

/// How many characters a block may have that is written on one line.
const SHORT: usize = 72;

/// The files of the program: `main.jenv` and `hub.jenv`.
pub(super) fn files(work: &Work<'_>) -> Vec<Written> {
    let hub: Vec<String> = work.draft.definitions.iter().map(definition).collect();
    vec![source("main.jenv", &main(work)), source("hub.jenv", &hub.join("\n"))]
}

fn source(path: &str, text: &str) -> Written {
    Written { path: path.to_owned(), text: format(text, &parse(FileId::default(), text)) }
}

fn main(work: &Work<'_>) -> String {
    let draft = &work.draft;
    format!(
        "## Imported by jenvc. What is left to decide is at the lines that begin with `# import:`.\n\nimport \"hub.jenv\"\n\n\
         project {} {{\n# import: name the registry that the images go to\nregistry = \"registry.example.org/owner\"\n}}\n\n{}\n",
        draft.project,
        draft.outputs.join("\n"),
    )
}

fn definition(definition: &Definition) -> String {
    let mut text = format!("{} {{\n", definition.head);
    write_items(&mut text, &definition.items);
    text.push_str("}\n");
    text
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
        _ => None,
    };
    items.iter().map(one).collect::<Option<Vec<_>>>().map(|all| all.join("  "))
}
