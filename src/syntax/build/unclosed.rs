//! Which brace is not closed: the outermost one is seen at the end, the culprit is told by indentation.

use super::{Builder, shortened};
use crate::base::Span;
use crate::diagnostics::known;

/// The longest block, in bytes, in which the brace that is not closed is looked for by indentation.
const MAX_SEARCHED: u32 = 1 << 16;

/// A brace that is not closed.
struct Culprit {
    opener: Span,
    /// The closing brace that it has taken from an outer block.
    taken: Option<u32>,
}

impl Builder<'_> {
    /// Reports a block or a list that is not closed, unless a text that is not closed explains it. `span` goes to the last
    /// thing in it, `until` is where the reading of it ended.
    #[inline(never)]
    pub(super) fn unclosed_block(&mut self, span: Span, until: u32) {
        if self.swallowed > 0 {
            self.swallowed -= 1;
            return;
        }
        let Culprit { opener, taken } = self.culprit(span);
        let word = shortened(self.line_before(opener.start).trim());
        let message = if word.is_empty() { "`{` is not closed".to_owned() } else { format!("the `{{` of `{word}` is not closed") };
        let indent: String = self.line_before(opener.start).chars().take_while(|c| *c == ' ' || *c == '\t').collect();
        let finding = self.finding(&known::UNCLOSED_BRACKET, opener, message).here("opened here");
        let finding = if let Some(taken) = taken {
            let line = taken - Span::new(0, self.line_before(taken).len()).end;
            let place = self.place(Span { start: line, end: line });
            finding.also(self.place(Span { start: taken, end: taken + 1 }), "this `}` ends an outer block, by its indentation").replace(
                "write `}` before it",
                false,
                place,
                format!("{indent}}}\n"),
            )
        } else {
            let place = self.place(span.after());
            let rest = self.text.get(until as usize..).unwrap_or("");
            let code = rest.lines().map(str::trim_start).find(|line| !line.is_empty() && !line.starts_with('#'));
            let label = match code.and_then(|line| line.split_whitespace().next()) {
                Some(next) => format!("`}}` is missing here at the latest, before `{}`", shortened(next)),
                None => "`}` is missing here at the latest".to_owned(),
            };
            let finding = if span.end > opener.end { finding.also(place, label) } else { finding };
            finding.replace("write `}`", false, place, format!("\n{indent}}}"))
        };
        self.report(finding);
    }

    /// The brace that is most likely the one which is not closed: of those inside, the first whose closing brace begins a
    /// line that is indented less than the line of the opening one.
    fn culprit(&self, span: Span) -> Culprit {
        let own = Culprit { opener: Span { start: span.start, end: span.start + 1 }, taken: None };
        if span.end - span.start > MAX_SEARCHED {
            return own;
        }
        let mut open: Vec<u32> = Vec::new();
        let first = self.comments.partition_point(|comment| comment.span.start < span.start);
        let mut comments = self.comments.iter().skip(first).peekable();
        for (at, byte) in self.slice(span).bytes().enumerate() {
            let here = Span::new(0, span.start as usize + at).end;
            while comments.next_if(|comment| comment.span.end <= here).is_some() {}
            if comments.peek().is_some_and(|comment| comment.span.start <= here) {
                continue;
            }
            if byte == b'{' {
                open.push(here);
            } else if byte == b'}' {
                let Some(start) = open.pop() else { continue };
                if self.line_before(here).trim().is_empty() && self.indent(here) < self.indent(start) {
                    return Culprit { opener: Span { start, end: start + 1 }, taken: Some(here) };
                }
            }
        }
        own
    }
}
