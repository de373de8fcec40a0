//! What if? A program compiled with one more entry at the end of a definition, in memory.

use super::Policy;
use super::compile::{Outcome, check_with};
use crate::base::{FileId, Files, MAX_FILE_BYTES, MemoryFiles, Overlay};
use crate::diagnostics::{Diagnostic, Severity};
use crate::syntax::ast::{Item, Keyword, Statement};
use crate::syntax::parse;

/// An entry that is supposed to be there.
#[derive(Clone, Copy, Debug)]
pub struct Supposition<'a> {
    /// The layer or environment that gets it, as its last statement.
    pub definition: &'a str,
    /// The list: `pip`.
    pub manager: &'a str,
    /// The entry: `numpy >=2`.
    pub entry: &'a str,
}

/// Compiles a program with an entry that it does not have.
///
/// # Errors
/// Says why the entry can't be put there.
pub fn suppose(files: &dyn Files, main: &str, policy: &Policy, known: &Outcome, what: &Supposition<'_>) -> Result<Outcome, String> {
    if what.entry.contains(['{', '}', '#', '\n']) || entries(what) > 1 {
        return Err(format!("`{}` is no entry of a package list: write one package with its constraint, as in `numpy >=2`", what.entry));
    }
    let own = known.sources.iter().filter(|(_, source)| !source.standard);
    let found = own.filter_map(|(_, source)| {
        let bytes = files.read(&source.name, MAX_FILE_BYTES).ok()?;
        let text = String::from_utf8(bytes.to_vec()).ok()?;
        let end = end_of(&text, what.definition)?;
        Some((source.name.clone(), text, end))
    });
    let Some((name, mut text, end)) = found.into_iter().next() else {
        return Err(format!("the program's own files have no layer or environment `{}` to put it in", what.definition));
    };
    let before = text.get(..end).unwrap_or_default().trim_end_matches([' ', '\t']);
    let gap = if before.ends_with('\n') { "" } else { "\n" };
    text.insert_str(end, &format!("{gap}  {} {{ {} }}\n", what.manager, what.entry));
    let edited: MemoryFiles = [(name, text)].into_iter().collect();
    let outcome = check_with(&Overlay { above: &edited, below: files }, main, policy);
    let broken = outcome.findings.iter().find(|finding| unreadable(finding) && !is_in(finding, known));
    match broken {
        Some(finding) => Err(format!("`{}` is no entry of `{}`: {}", what.entry, what.manager, finding.message)),
        None => Ok(outcome),
    }
}

/// How many entries are in the text of a supposed one.
fn entries(what: &Supposition<'_>) -> usize {
    let parsed = parse(FileId::default(), &format!("layer supposed {{ {} {{ {} }} }}", what.manager, what.entry));
    let definitions = parsed.file.items.iter().filter_map(|item| if let Item::Definition(one) = item { Some(one) } else { None });
    let lists = definitions.flat_map(|one| &one.body.statements).filter_map(|statement| match statement {
        Statement::List(list) => list.body.as_ref(),
        _ => None,
    });
    lists.map(|body| body.items.len()).sum()
}

/// The findings of an outcome that another one does not have. Notes are left out: a supposition breaks nothing by them.
#[must_use]
pub fn news<'o>(after: &'o Outcome, before: &Outcome) -> Vec<&'o Diagnostic> {
    after.findings.iter().filter(|finding| finding.severity != Severity::Note && !is_in(finding, before)).collect()
}

/// Whether an outcome has this finding, be it on another line.
fn is_in(finding: &Diagnostic, outcome: &Outcome) -> bool {
    let same = |other: &Diagnostic| {
        other.code == finding.code && other.message == finding.message && finding.cells.iter().all(|cell| other.cells.contains(cell))
    };
    outcome.findings.iter().any(same)
}

/// Whether a finding is about the text or the values of an entry, rather than about what it means.
fn unreadable(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error && ["J00", "J02", "J03"].iter().any(|subject| finding.code.id.starts_with(subject))
}

/// Where the closing brace of a definition stands.
fn end_of(text: &str, definition: &str) -> Option<usize> {
    let mark = text.len() - text.trim_start_matches('\u{feff}').len();
    let parsed = parse(FileId::default(), text.get(mark..)?);
    let found = parsed.file.items.iter().find_map(|item| match item {
        Item::Definition(one) if matches!(one.keyword.node, Keyword::Layer | Keyword::Environment) => {
            (one.name.as_ref()?.node == definition).then_some(one.body.span)
        }
        _ => None,
    })?;
    let end = mark + found.range().end;
    text.get(..end)?.ends_with('}').then(|| end - 1)
}
