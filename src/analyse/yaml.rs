//! Blocks of YAML where a statement belongs: `provides:` and what is indented below it. Each is one finding, with the statement
//! that is meant where it can be written.

use super::command_lines::package;
use super::context::Context;
use super::definitions::UnitId;
use super::instructions::{Line, below, pair, quoted};
use super::yaml_values::nested;
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{find_trait, snake_case};
use crate::syntax::ast::Statement;
use crate::syntax::words::{Form, Room, Word, habit, is_standard_manager};

/// A line of YAML.
struct Row<'t> {
    /// Whether `- ` begins it.
    item: bool,
    /// What is before `:`.
    key: Option<&'t str>,
    /// What is behind `:`, or all there is.
    value: &'t str,
}

impl<'t> Row<'t> {
    fn of(line: &'t str) -> Self {
        let text = line.trim();
        let content = text.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with(' '));
        let (item, text) = (content.is_some(), content.unwrap_or(text).trim());
        let text = text.split(" #").next().unwrap_or(text).trim_end();
        let pair = text.split_once(':').filter(|(key, value)| is_key(key) && (value.is_empty() || value.starts_with(' ')));
        match pair {
            Some((key, value)) => Self { item, key: Some(key), value: value.trim() },
            None => Self { item, key: None, value: text.trim_matches(['"', '\'']) },
        }
    }
}

fn is_key(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
}

/// The block of YAML that a statement begins in a room.
pub(super) fn block(cx: &Context<'_>, unit: UnitId, room: Room, statement: &Statement) -> Option<Line> {
    let (word, span) = match statement {
        Statement::Phrase(phrase) => phrase.head.as_ref().map(|head| (head.node.as_str(), head.span))?,
        Statement::List(list) => (list.manager.node.as_str(), list.manager.span),
        Statement::Field(field) => (field.key.text.as_str(), field.key.span),
        _ => return None,
    };
    let here = cx.place(unit, span);
    let text = &cx.sources.get(here.file)?.text;
    let sign = text.get(span.end as usize..)?.lines().next()?.trim();
    let before = text.get(..span.start as usize)?;
    let blank = before.get(before.rfind('\n').map_or(0, |at| at + 1)..).filter(|blank| blank.trim().is_empty())?;
    // `env:` and `run:` of a layer are written by the readers of these statements.
    let own = matches!(word, "env" | "run") && room.statement(word).is_some();
    let scalar = sign.strip_prefix(':').map(str::trim).is_some_and(|sign| matches!(sign, "|" | ">" | "|-" | ">-" | "|+" | ">+"));
    if own || !scalar && sign != ":" {
        return None;
    }
    let (lines, whole) = below(text, span)?;
    let place = Place { span: whole, ..here };
    if scalar {
        return Some(Line { place, finding: scalar_text(word, here, place, &lines, blank) });
    }
    let rows: Vec<Row<'_>> = lines.iter().map(|line| Row::of(line)).collect();
    let finding =
        Diagnostic::new(&known::OTHER_LANGUAGE, here, format!("`{word}:` begins a block of YAML")).here("what it holds is in braces");
    let instead = habit(room, word).map_or(word, |habit| habit.instead);
    let statements = match room.field(instead) {
        Some(field) => fact(field, &rows).map(|fact| vec![fact]),
        None => of_spawner(room, word, &lines).or_else(|| renamed(room, instead, &rows)),
    };
    let finding = match statements {
        Some(statements) => {
            let all = statements.join(&format!("\n{blank}"));
            let head = all.split(' ').next().unwrap_or(word);
            let shown = if all.len() <= 72 && statements.len() == 1 { all.clone() } else { format!("{head} {{ … }}") };
            finding.replace(format!("write `{shown}`"), false, place, all)
        }
        None => match habit(room, word).filter(|habit| habit.instead.is_empty()) {
            Some(habit) => finding.help(habit.help),
            None if room.statement(instead).is_none() => finding.maybe_help(or_nearest(word, room.names(Form::Field))),
            None => finding.help(format!("write `{instead} {{ … }}`, and a word or `KEY = value` for each line in it")),
        },
    };
    Some(Line { place, finding })
}

/// `description: >` and the lines of the text below it.
fn scalar_text(word: &str, here: Place, place: Place, lines: &[&str], blank: &str) -> Diagnostic {
    let finding = Diagnostic::new(&known::OTHER_LANGUAGE, here, format!("`{word}:` begins a text of YAML")).here("texts are in quotes");
    if lines.iter().any(|line| line.contains("\"\"\"") || line.contains("{{")) {
        return finding.help(format!("write `{word} = \"\"\"`, the lines, and `\"\"\"`"));
    }
    let text: Vec<String> = lines.iter().map(|line| format!("\n{blank}  {}", line.trim())).collect();
    let text = text.concat();
    finding.replace(format!("write `{word} = \"\"\" … \"\"\"`"), false, place, format!("{word} = \"\"\"{text}\n{blank}  \"\"\""))
}

/// A trait of `KubeSpawner`, by its own name or that of Kubernetes.
fn of_spawner(room: Room, word: &str, lines: &[&str]) -> Option<Vec<String>> {
    let name = snake_case(word);
    let known = room.statement("override").is_some() && find_trait(&name).is_some() && habit(room, word).is_none();
    known.then(|| nested(lines)).flatten().map(|value| vec![format!("override {{ {name} = {value} }}")])
}

/// A statement of another name, and what is below it.
fn renamed(room: Room, word: &str, rows: &[Row<'_>]) -> Option<Vec<String>> {
    let port = |row: &Row<'_>| row.value.rsplit(':').next().filter(|port| port.parse::<u16>().is_ok()).map(|port| format!("expose {port}"));
    match word {
        "expose" => rows.iter().map(port).collect(),
        "env" => fact(room.statement("env")?, rows).map(|fact| vec![fact.replacen(" = ", " ", 1)]),
        _ if room.statement(word).is_some() || habit(room, word).is_none() => {
            written(word, rows).filter(|_| room.statement(word).is_some())
        }
        _ => None,
    }
}

/// A field with a list or names and values below it.
fn fact(field: &Word, rows: &[Row<'_>]) -> Option<String> {
    let word = field.name;
    // `- name: registry`, as Kubernetes lists the names of its objects.
    if field.takes.starts_with("a list") && rows.iter().all(|row| row.item && row.key == Some("name")) {
        let names: Option<Vec<String>> = rows.iter().map(|row| quoted(row.value.trim_matches(['"', '\'']))).collect();
        return Some(format!("{word} = [{}]", names?.join(", ")));
    }
    if rows.iter().all(|row| row.item && row.key.is_none()) {
        let pairs: Option<Vec<String>> =
            rows.iter().map(|row| row.value.split_once('=').and_then(|(name, value)| pair(name, value))).collect();
        return Some(match pairs.filter(|_| word == "env") {
            Some(pairs) => format!("{word} = {{ {} }}", pairs.join("  ")),
            None => format!("{word} = [{}]", rows.iter().map(|row| quoted(row.value)).collect::<Option<Vec<_>>>()?.join(", ")),
        });
    }
    let one = |row: &Row<'_>| pair(row.key.filter(|_| !row.item && !row.value.is_empty())?, row.value.trim_matches(['"', '\'']));
    Some(format!("{word} = {{ {} }}", rows.iter().map(one).collect::<Option<Vec<_>>>()?.join("  ")))
}

/// The statements that a block stands for.
fn written(word: &str, rows: &[Row<'_>]) -> Option<Vec<String>> {
    let plain = |row: &Row<'_>| (row.item && row.key.is_none()).then(|| row.value.to_owned());
    let items = || rows.iter().map(plain).collect::<Option<Vec<String>>>();
    Some(match word {
        _ if is_standard_manager(word) => vec![list(word, rows)?],
        "provides" | "requires" => {
            let groups = rows.chunk_by(|_, next| next.key.is_none());
            let lists = groups.map(|group| list(group.first()?.key.filter(|key| is_standard_manager(key))?, group.get(1..)?));
            vec![format!("{word} {{ {} }}", lists.collect::<Option<Vec<_>>>()?.join("  "))]
        }
        "exclude" | "only" => {
            let field = |row: &Row<'_>| Some(format!("{} = {}", row.key?, value(row.value)));
            let rule =
                |group: &[Row<'_>]| Some(format!("{word} {{ {} }}", group.iter().map(field).collect::<Option<Vec<_>>>()?.join(", ")));
            rows.chunk_by(|_, next| !next.item).map(rule).collect::<Option<_>>()?
        }
        "tags" => vec![format!("tags {{ {} }}", items()?.iter().map(|tag| quoted(tag)).collect::<Option<Vec<_>>>()?.join("  "))],
        "matrix" => {
            let axis = |group: &[Row<'_>]| {
                let (head, values) = group.split_first()?;
                let values: Vec<&str> = values.iter().map(|row| row.value).collect();
                let values = if values.is_empty() { head.value.to_owned() } else { format!("[{}]", values.join(", ")) };
                values.starts_with('[').then_some(())?;
                Some(format!("matrix {} = {values}", head.key?))
            };
            rows.chunk_by(|_, next| next.key.is_none()).map(axis).collect::<Option<_>>()?
        }
        _ => {
            let field = |row: &Row<'_>| {
                let key = row.key.filter(|_| !row.item && !row.value.is_empty())?;
                Some(format!("{key} = {}", value(row.value)))
            };
            vec![format!("{word} {{ {} }}", rows.iter().map(field).collect::<Option<Vec<_>>>()?.join("  "))]
        }
    })
}

/// A list of packages.
fn list(manager: &str, rows: &[Row<'_>]) -> Option<String> {
    let entry = |row: &Row<'_>| if row.item && row.key.is_none() { package(row.value) } else { None };
    let entries: Vec<String> = rows.iter().map(entry).collect::<Option<_>>()?;
    (!entries.is_empty()).then(|| format!("{manager} {{ {} }}", entries.join("  ")))
}

/// A value as it is written here: texts have quotes.
fn value(text: &str) -> String {
    let amount = text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    if amount || text.starts_with(['"', '\'', '[']) || matches!(text, "true" | "false") { text.to_owned() } else { format!("\"{text}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_statements() {
        for (word, lines, meant) in [
            ("pip", "- numpy>=1.26\n- \"dask[complete]\"", "pip { numpy >=1.26  dask[complete] }"),
            ("provides", "conda:\n  - python=3.11\npip:\n  - rich", "provides { conda { python =3.11 }  pip { rich } }"),
            (
                "exclude",
                "- python: 3.11\n  variant: gpu\n- python: 3.12",
                "exclude { python = 3.11, variant = \"gpu\" }\nexclude { python = 3.12 }",
            ),
            ("matrix", "python: [3.11, 3.12]\nvariant:\n  - cpu\n  - gpu", "matrix python = [3.11, 3.12]\nmatrix variant = [cpu, gpu]"),
            ("profile", "title: My lab\nmemory: 2G\ndefault: true", "profile { title = \"My lab\"  memory = 2G  default = true }"),
            ("profile", "option:\n  small: x", ""),
        ] {
            let rows: Vec<Row<'_>> = lines.lines().map(Row::of).collect();
            assert_eq!(written(word, &rows).unwrap_or_default().join("\n"), meant, "{word}: {lines}");
        }
    }
}
