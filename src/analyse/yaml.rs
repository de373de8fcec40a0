//! Blocks of YAML where a statement belongs: `provides:` and what is indented below it. Each is one finding, with the statement
//! that is meant where it can be written.

use super::command_lines::package;
use super::context::Context;
use super::definitions::UnitId;
use super::instructions::{Line, quoted};
use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::Statement;
use crate::syntax::words::is_standard_manager;

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

/// The block of YAML that a statement begins.
pub(super) fn block(cx: &Context<'_>, unit: UnitId, statement: &Statement) -> Option<Line> {
    let (word, span) = match statement {
        Statement::Phrase(phrase) => phrase.head.as_ref().map(|head| (head.node.as_str(), head.span))?,
        Statement::List(list) => (list.manager.node.as_str(), list.manager.span),
        _ => return None,
    };
    let here = cx.place(unit, span);
    let text = &cx.sources.get(here.file)?.text;
    let rest = text.get(span.end as usize..)?;
    let mut lines = rest.split_inclusive('\n');
    let first = lines.next()?;
    // These two have statements of their own.
    if first.trim() != ":" || matches!(word, "env" | "run") {
        return None;
    }
    let before = text.get(..span.start as usize)?;
    let indent = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let blank = before.get(before.len() - indent..).filter(|blank| blank.trim().is_empty())?;
    let (mut rows, mut length, mut end) = (Vec::new(), first.len(), 0);
    for line in lines {
        let own = line.len() - line.trim_start().len();
        let listed = own == indent && line.trim_start().starts_with("- ");
        if !line.trim().is_empty() && own <= indent && !listed {
            break;
        }
        length += line.len();
        if !line.trim().is_empty() {
            end = length - (line.len() - line.trim_end().len());
            rows.push(Row::of(line));
        }
    }
    if rows.is_empty() {
        return None;
    }
    let place = Place { span: Span::new(span.start as usize, span.end as usize + end), ..here };
    let finding =
        Diagnostic::new(&known::OTHER_LANGUAGE, here, format!("`{word}:` begins a block of YAML")).here("what it holds is in braces");
    let finding = match written(word, &rows) {
        Some(statements) => {
            let all = statements.join(&format!("\n{blank}"));
            let shown = if all.len() <= 72 && statements.len() == 1 { all.clone() } else { format!("{word} {{ … }}") };
            finding.replace(format!("write `{shown}`"), false, place, all)
        }
        None => finding.help(format!("write `{word} {{ … }}`, and a word or `KEY = value` for each line in it")),
    };
    Some(Line { place, finding })
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
