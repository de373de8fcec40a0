//! Statements and braces outside of a definition.

use super::{Builder, shortened};
use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::words::{Room, habit, is_standard_manager};

/// Statements outside of a definition, one after the other: most often one brace too many explains them.
#[derive(Default)]
pub(super) struct Outside {
    pub(super) first: Option<Span>,
    pub(super) closing: Option<Span>,
}

impl Builder<'_> {
    /// Reports statements and braces outside of a definition: one finding for what has one cause.
    pub(super) fn outside(&mut self, outside: &mut Outside, before: Option<Span>) {
        let Outside { first, closing } = std::mem::take(outside);
        if closing.is_some() && self.inside > 0 {
            self.inside -= 1;
            return;
        }
        if let Some(finding) = closing.and(before).and_then(|end| self.list_without_brace(end)) {
            self.report(finding);
            return;
        }
        let finding = match (first, closing) {
            (None, None) => return,
            (Some(first), Some(closing)) if closing.start > first.start => {
                let finding = self.outside_finding(first).also(self.place(closing), "this `}` closes nothing");
                match before {
                    Some(end) => finding.also(self.place(end), "this `}` ends the definition before it, perhaps too early"),
                    None => finding,
                }
            }
            (Some(first), None) => self.outside_alone(first),
            (first, Some(closing)) => {
                if let Some(first) = first {
                    let finding = self.outside_finding(first);
                    self.report(finding);
                }
                let finding = self.finding(&known::STRAY_BRACE, closing, "`}` closes nothing").here("nothing is open here");
                match before {
                    Some(end) => finding.also(self.place(end), "the definition before it ends here").help("delete one of the two"),
                    None => finding.help("delete it"),
                }
            }
        };
        self.report(finding);
    }

    /// `pip dask }`, `pip [ dask }`: a list without the brace that opens it, so that its closing one ends the definition.
    fn list_without_brace(&self, end: Span) -> Option<Diagnostic> {
        let line = self.line_before(end.start);
        let word = line.split_whitespace().next().filter(|word| is_standard_manager(word) && !line.contains('{'))?;
        let start = end.start as usize - line.len() + (line.len() - line.trim_start().len());
        let word = Span::new(start, start + word.len());
        let behind = Span { start: word.end, end: word.end };
        let finding = self.finding(&known::STRAY_BRACE, word, format!("the `{{` of `{}` is missing", self.slice(word)));
        Some(finding.also(self.place(end), "this `}` ends the definition").replace("write `{`", false, self.place(behind), " {"))
    }

    /// The finding of a statement outside of a definition; what its reading has found is of the same mistake.
    fn outside_alone(&mut self, span: Span) -> Diagnostic {
        let mut finding = self.outside_finding(span);
        let file = self.file;
        let inside = |place: Place| place.file == file && span.start <= place.span.start && place.span.end <= span.end;
        let mut edits = Vec::new();
        self.findings.retain_mut(|found| {
            let sign = found.code == &known::WRONG_ASSIGNMENT;
            let of_reading = sign || [&known::UNEXPECTED_TEXT, &known::MISSING_COMMA, &known::MISSING_PART].contains(&found.code);
            let same = of_reading && found.place().is_some_and(inside);
            if same && sign {
                edits.extend(found.fixes.drain(..).flat_map(|fix| fix.edits));
            }
            !same
        });
        self.ends.retain(|end| !(span.start..=span.end).contains(&end.start));
        let behind = self.text.get(span.end as usize..).unwrap_or_default();
        if behind.trim_start_matches(' ').starts_with(';') {
            self.read = span.end + u32::try_from(behind.find(';').unwrap_or(0) + 1).unwrap_or(0);
        }
        finding.fixes.iter_mut().for_each(|fix| fix.edits.extend(edits.iter().cloned()));
        finding
    }

    fn outside_finding(&self, span: Span) -> Diagnostic {
        let first = self.slice(span).split(|c: char| c.is_whitespace() || matches!(c, '{' | ':' | '=')).next().unwrap_or("");
        let end = Span::new(0, span.start as usize + first.len()).end;
        let word = Span { end, ..span };
        let finding = self.finding(&known::OUTSIDE_DEFINITION, word, format!("`{}` stands outside of a definition", shortened(first)));
        let behind = self.line_behind(end).trim_start();
        if let Some(habit) = habit(Room::Top, first).filter(|habit| !habit.instead.is_empty()) {
            return finding.here("belongs into a block").replace(habit.help, false, self.place(word), habit.instead);
        }
        if let Some(habit) = habit(Room::Top, first) {
            return finding.here("belongs into a block").help(habit.help);
        }
        if behind.starts_with(['=', ':']) && Room::all().all(|room| room.field(first).is_none()) {
            let place = self.place(Span { end: span.start, ..span });
            return finding.here("is a value with a name").replace(format!("write `let {first} = …`"), false, place, "let ");
        }
        finding.here("belongs into a block").help("move it into a `layer`, an `environment`, an `image` or a `project`")
    }
}
