//! Texts that people read on the login page: a name in the braces of another language stands there as it is written.

use super::context::Context;
use super::scope::Scope;
use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, Edit, known};
use crate::syntax::ast::{TextKind, TextPart, Value};

/// The fields that are shown.
const SHOWN: [&str; 3] = ["title", "description", "message"];

/// Reports names of the program that other languages would put in: `${name}`, `{name}`, `$name`, `%name%`, and `{{ name }}`
/// between single quotes.
pub(super) fn check(cx: &Context<'_>, scope: &Scope<'_>, field: &str, tree: &Value) {
    let Value::Text(text) = tree else { return };
    let literal = |part: &TextPart| matches!(part, TextPart::Literal(piece) if piece.contains(['$', '{', '%']));
    if !SHOWN.contains(&field) || !text.parts.iter().any(literal) {
        return;
    }
    let place = cx.place(scope.unit, text.span);
    let written = cx.sources.get(place.file).and_then(|source| source.text.get(text.span.range())).unwrap_or_default();
    let names = scope.visible(cx);
    let raw = matches!(text.kind, TextKind::Raw | TextKind::RawBlock);
    let mut found: Vec<(usize, usize, &str)> = names.iter().flat_map(|name| meant(written, name, raw)).collect();
    found.sort_unstable();
    found.dedup_by_key(|(from, ..)| *from);
    let Some((first, length, name)) = found.first().copied() else { return };
    let at = |from: usize, length: usize| {
        let start = text.span.start as usize + from;
        Place { span: Span::new(start, start + length), ..place }
    };
    let shown = written.get(first..first + length).unwrap_or_default();
    let finding = Diagnostic::new(&known::NAME_AS_IT_IS, at(first, length), format!("`{shown}` is shown as it is"));
    let nothing = "nothing is put in between single quotes";
    cx.report(if !raw {
        let title = if found.len() == 1 { format!("write `{{{{ {name} }}}}`") } else { "write two braces around each name".to_owned() };
        let edit = |(from, length, name): (usize, usize, &str)| Edit { place: at(from, length), text: format!("{{{{ {name} }}}}") };
        finding.here("an interpolation has two braces").fix(title, false, found.iter().copied().map(edit).collect())
    } else if !found.iter().all(|(from, ..)| written.get(*from..).is_some_and(|rest| rest.starts_with("{{"))) {
        finding.here(nothing).help(format!("write `{{{{ {name} }}}}`, and the text between `\"`"))
    } else if written.contains('"') {
        finding.here(nothing).help("write the text between `\"`")
    } else {
        let plain = written.replace('\\', "\\\\").replace('\'', "\"");
        finding.here(nothing).replace("write it between `\"`", false, place, plain)
    });
}

/// Where a name stands in the manner of another language, and in a raw text in that of this one: its first byte, its length, the name.
fn meant<'n>(written: &str, name: &'n str, raw: bool) -> Vec<(usize, usize, &'n str)> {
    let mut forms = vec![format!("${{{name}}}"), format!("%{name}%"), format!("{{{name}}}"), format!("${name}")];
    if raw {
        forms.extend([format!("{{{{ {name} }}}}"), format!("{{{{{name}}}}}")]);
    }
    let outside = |from: usize, form: &str| {
        let before = written.get(..from).and_then(|before| before.chars().next_back());
        let after = written.get(from + form.len()..).and_then(|after| after.chars().next());
        let wordy = after.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let inner = form.starts_with('{') && matches!(before, Some('{' | '$'));
        !inner && after != Some('}') && before != Some('\\') && !(wordy && form.ends_with(name))
    };
    let all = |form: &String| -> Vec<(usize, usize, &'n str)> {
        let places = written.match_indices(form.as_str()).filter(|(from, form)| outside(*from, form));
        places.map(|(from, form)| (from, form.len(), name)).collect()
    };
    forms.iter().flat_map(all).collect()
}
