//! Which brace is not closed: the outermost one is seen at the end, the culprit is told by indentation.

use super::{Builder, Unclosed, shortened};
use crate::base::Span;
use crate::diagnostics::{Edit, known};

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
        if self.nested(span, until) {
            return;
        }
        let Culprit { opener, taken } = self.culprit(span);
        let word = shortened(self.line_before(opener.start).trim());
        let brace = self.slice(opener);
        let message = if word.is_empty() { format!("`{brace}` is not closed") } else { format!("the `{brace}` of `{word}` is not closed") };
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
            let closing = format!("\n{indent}}}");
            match self
                .unclosed
                .take()
                .filter(|inner| self.slice(Span { start: inner.until, end: until.max(inner.until) }).trim().is_empty())
            {
                Some(inner) => {
                    self.several_unclosed(inner, opener, until, &closing);
                    return;
                }
                None => self.unclosed = Some(Unclosed { until, opener, around: 0, closing: closing.clone() }),
            }
            let mut edits = self.braced(opener);
            let help = if edits.is_empty() { "write `}`" } else { "write `{` and `}`" };
            edits.push(Edit { place, text: closing });
            finding.fix(help, false, edits)
        };
        self.report(finding);
    }

    /// Makes one finding of a brace that is not closed and those inside it.
    fn several_unclosed(&mut self, inner: Unclosed, outer: Span, until: u32, closing: &str) {
        let (place, code) = (self.place(inner.opener), &known::UNCLOSED_BRACKET);
        self.findings.retain_mut(|finding| !(finding.code == code && finding.place() == Some(place)));
        let (around, closing) = (inner.around + 1, inner.closing + closing);
        let brace = self.slice(inner.opener);
        let word = shortened(self.line_before(inner.opener.start).rsplit('{').next().unwrap_or_default().trim());
        let finding = self
            .finding(code, inner.opener, format!("the `{brace}` of `{word}` and {around} around it are not closed"))
            .here("opened here");
        let kept = self.text.get(..inner.until as usize).unwrap_or_default().trim_end().len();
        let end = self.place(Span::new(kept, kept));
        let mut edits = self.braced(inner.opener);
        edits.push(Edit { place: end, text: closing.clone() });
        let finding = finding.also(self.place(outer), "so is this one").fix(format!("write {} `}}`", around + 1), false, edits);
        self.report(finding);
        self.unclosed = Some(Unclosed { until, opener: inner.opener, around, closing });
    }

    /// The brace that belongs in the place of the bracket that opens a list.
    fn braced(&self, opener: Span) -> Vec<Edit> {
        if self.slice(opener) == "{" { Vec::new() } else { vec![Edit { place: self.place(opener), text: "{".to_owned() }] }
    }

    /// Whether a block ends at a definition that is inside of it, which is reported: it is indented as such, and as many braces are
    /// closed as are opened.
    fn nested(&mut self, span: Span, until: u32) -> bool {
        let rest = self.text.get(until as usize..).unwrap_or_default();
        let word = rest.trim_start().split(' ').next().unwrap_or_default();
        let start = until + u32::try_from(rest.len() - rest.trim_start().len()).unwrap_or(0);
        let balanced = self.text.matches('{').count() == self.text.matches('}').count();
        if word.is_empty() || !balanced || self.indent(start) <= self.indent(span.start) || !self.line_before(start).trim().is_empty() {
            return false;
        }
        let word = Span { start, end: start + u32::try_from(word.len()).unwrap_or(0) };
        let text = self.slice(word);
        let finding =
            self.finding(&known::INNER_ITEM, word, format!("`{text}` stands inside of a definition")).here("belongs to the top of a file");
        let around = self.place(Span { start: span.start, end: span.start + 1 });
        self.report(finding.also(around, "inside of this block").help(format!("move the `{text}` out of the block")));
        self.inside += 1;
        true
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
