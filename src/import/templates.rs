//! Files of which a template engine makes Dockerfiles and menus, or parts of them.

use crate::base::{FileId, Place, Span};
use crate::import::RemarkKind::Decide;
use crate::import::{Item, Work};

/// Remarks that a file, or a part of it, is made by another program.
pub(in crate::import) fn templated(work: &mut Work<'_>, id: FileId) -> Item {
    let (span, words) = match placeholder(&work.text(id)) {
        Some(span) => {
            let text = work.text(id);
            let written = text.get(span.start as usize..span.end as usize).unwrap_or_default();
            (span, format!("`{written}` is filled in by a program that is not read: import what comes of it"))
        }
        None => (Span::new(0, 1), "a template is not read: import what comes of it".to_owned()),
    };
    work.remark(Decide, Place::new(id, span), words)
}

/// The first place that a template engine fills in: `{{ base }}`, `{% if gpu %}`. What `docker inspect --format` and GitHub fill in is
/// something else: `{{.Id}}`, `${{ inputs.tag }}`.
pub(in crate::import) fn placeholder(text: &str) -> Option<Span> {
    let mut from = 0;
    while let Some(at) = text.get(from..)?.find('{').map(|at| from + at) {
        let rest = text.get(at..)?;
        from = at + 1;
        let line = text.get(..at)?.rsplit('\n').next().unwrap_or_default();
        let is_comment = line.trim_start().starts_with('#');
        let Some((open, close)) = [("{{", "}}"), ("{%", "%}")].into_iter().find(|(open, _)| rest.starts_with(open)) else { continue };
        let Some(end) = rest.find(close).filter(|end| !rest.get(..*end).unwrap_or_default().contains('\n')) else { continue };
        let inner = rest.get(open.len()..end)?.trim_matches(['-', ' ']);
        let is_word = inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !inner.contains(" .");
        if is_word && !is_comment && !line.ends_with('$') {
            return Some(Span::new(at, at + end + close.len()));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_engines_fill_in_is_told_from_what_programs_print() {
        let found = |text: &str| placeholder(text).map(|span| text[span.start as usize..span.end as usize].to_owned());
        assert_eq!(found("FROM {{ base }}:1\n").as_deref(), Some("{{ base }}"));
        assert_eq!(found("FROM a\n{%- if gpu %}\nRUN b\n{% endif %}\n").as_deref(), Some("{%- if gpu %}"));
        for text in [
            "RUN docker inspect --format '{{.Id}}' a",
            "RUN x --format '{{json .State}}'",
            "# {{ base }}",
            "ENV A=${{ inputs.a }}",
            "RUN awk '{print}'",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
