//! The lines of Dockerfiles: what their readers share.

use super::context::Context;
use crate::base::{Place, Span};
use crate::diagnostics::Diagnostic;
use crate::shell::of_root;

/// A line of another language.
pub(super) struct Line {
    /// Where it is: all that is read of it.
    pub(super) place: Place,
    /// What is wrong, with the statement that is meant where it can be written.
    pub(super) finding: Diagnostic,
}

/// From the beginning of a phrase to the end of its line, with the lines that `\` joins to it; what closes a block around it and
/// comments are left out.
pub(super) fn whole(cx: &Context<'_>, phrase: Place) -> Place {
    let text = cx.sources.get(phrase.file).and_then(|source| source.text.get(phrase.span.start as usize..)).unwrap_or_default();
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if !line.trim_end().ends_with('\\') {
            break;
        }
    }
    let line = text.get(..end).unwrap_or_default();
    let line = line.split(" #").next().unwrap_or(line).trim_end();
    let open = line.matches('{').count();
    let mut kept = line;
    for _ in open..line.matches('}').count() {
        kept = kept.strip_suffix('}').unwrap_or(kept).trim_end();
    }
    Place { span: Span::new(phrase.span.start as usize, phrase.span.start as usize + kept.len()), ..phrase }
}

/// The lines below the one of a word that are indented more than it, or are items of YAML beside it; with the end of the last.
pub(super) fn below(text: &str, word: Span) -> Option<(Vec<&str>, Span)> {
    let before = text.get(..word.start as usize)?;
    let indent = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
    let rest = text.get(word.start as usize..)?;
    let mut at = word.start as usize;
    let (mut rows, mut end) = (Vec::new(), 0);
    for (number, line) in rest.split_inclusive('\n').enumerate() {
        let own = line.len() - line.trim_start().len();
        let blank = line.trim().is_empty();
        if number > 0 && !blank && own <= indent && !(own == indent && line.trim_start().starts_with("- ")) {
            break;
        }
        if number > 0 && !blank {
            rows.push(line.trim_end());
            end = at + line.trim_end().len();
        }
        at += line.len();
    }
    (!rows.is_empty()).then(|| (rows, Span::new(word.start as usize, end)))
}

/// Lines joined by `\` as one.
pub(super) fn unbroken(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(|line| line.trim().trim_end_matches('\\').trim()).collect();
    lines.join(" ")
}

/// A command as a step: of root, where only root can run it.
pub(super) fn step(command: &str) -> Option<String> {
    let root = if of_root(command.trim_matches('"')).is_some() { " as root" } else { "" };
    quoted(command).map(|text| format!("run{root} {text}"))
}

/// A text in the quotes that hold it as it is.
pub(super) fn quoted(text: &str) -> Option<String> {
    let text = match (text.strip_prefix('"').and_then(|text| text.strip_suffix('"')), text.contains('\\')) {
        (Some(inside), false) if !inside.contains('"') => inside,
        _ => text,
    };
    if text.is_empty() {
        return None;
    }
    match (text.contains(['"', '\\']) || text.contains("{{"), text.contains('\'')) {
        (false, _) => Some(format!("\"{text}\"")),
        (true, false) => Some(format!("'{text}'")),
        (true, true) => None,
    }
}

/// A name and a value as `env` and `label` take them.
pub(super) fn pair(name: &str, value: &str) -> Option<String> {
    let legal = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let name = if legal { name.to_owned() } else { quoted(name)? };
    Some(format!("{name} = {}", if value.is_empty() { "\"\"".to_owned() } else { quoted(value)? }))
}
