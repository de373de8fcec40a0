//! What is inside a text: escapes, interpolations, and the dedenting of blocks.
//!
//! The grammar says where a text ends; here its pieces are told apart. The same reading serves versions in package lists,
//! in which `{{ }}` may stand.

use super::scan::early_end;
use crate::base::{Span, Spanned, push_alone};
use crate::syntax::ast::{Text, TextKind, TextPart};

/// Something wrong inside a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The closing quote is missing.
    Unclosed,
    /// `}}` is missing; the span begins at its `{{`.
    UnclosedInterpolation,
    /// There is nothing between `{{` and `}}`.
    EmptyInterpolation,
    /// `${{`, which other languages read otherwise.
    Dollar,
    /// A backslash before a character that needs none.
    Escape(char),
    /// A backslash at the end of a line.
    Join,
    /// Quotes in a text that has the same ones.
    Quotation,
    /// A text of several lines between single quotes.
    Lines,
    /// `${{ secrets.TOKEN }}`: an expression of GitHub's workflows.
    Expression,
}

/// A text and what is wrong with it.
#[derive(Debug)]
pub(super) struct Reading {
    /// The text.
    pub(super) text: Text,
    /// What is wrong, with places.
    pub(super) flaws: Vec<Spanned<Flaw>>,
}

/// A run of characters that stand in a part of a text just as they stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Which part of the text.
    pub part: usize,
    /// Where in that part, in bytes.
    pub at: usize,
    /// The bytes in the file.
    pub span: Span,
}

/// Where the characters of a text stand that are written as they are meant: all but escapes and the values put in.
/// `token` is the text with its quotes, which begins at `start` in its file.
#[must_use]
pub fn copied(token: &str, start: usize) -> Vec<Copied> {
    pieces(token, start).0.copied
}

/// Reads one token of the rule `text`, which begins at `start` in its file.
pub(super) fn read(token: &str, start: usize) -> Reading {
    let kind = kind_of(token);
    let span = Span::new(start, start + token.len());
    if let Some(end) = early_end(token) {
        let parts = vec![TextPart::Literal(token.get(1..token.len() - 1).unwrap_or("").to_owned())];
        let flaw = Spanned::new(Flaw::Quotation, Span::new(start + end, start + end + 1));
        return Reading { text: Text { parts, kind, span }, flaws: vec![flaw] };
    }
    if token.starts_with("${{") || matches!(kind, TextKind::Plain | TextKind::Raw) && has_lines(token) {
        let expression = token.starts_with('$');
        let inside = if expression { token.trim_matches(['$', '{', '}', ' ']) } else { token.get(1..token.len() - 1).unwrap_or("") };
        let inside = inside.strip_prefix("secrets.").unwrap_or(inside);
        let flaw = if expression { Flaw::Expression } else { Flaw::Lines };
        let text = Text { parts: vec![TextPart::Literal(inside.to_owned())], kind, span };
        return Reading { text, flaws: vec![Spanned::new(flaw, span)] };
    }
    let (pieces, closed) = pieces(token, start);
    let mut flaws = pieces.flaws;
    // Where `}}` is missing the closing quote was taken for a part of the expression: one cause, one finding.
    if !closed && !flaws.iter().any(|flaw| flaw.node == Flaw::UnclosedInterpolation && kind == TextKind::Plain) {
        flaws.push(Spanned::new(Flaw::Unclosed, span));
    }
    Reading { text: Text { parts: pieces.parts, kind, span }, flaws }
}

/// Whether a line ends in a token without a backslash before it.
fn has_lines(token: &str) -> bool {
    token.lines().rev().skip(1).any(|line| !line.trim_end_matches('\r').ends_with('\\'))
}

/// The contexts of expressions in GitHub's workflows.
const CONTEXTS: [&str; 8] = ["secrets.", "github.", "env.", "vars.", "matrix.", "inputs.", "needs.", "steps."];

/// The pieces of a token, and whether it is closed.
fn pieces(token: &str, start: usize) -> (Pieces, bool) {
    let kind = kind_of(token);
    let quotes = kind.quotes().len();
    let mut pieces = Pieces::default();
    let closed = if kind == TextKind::Plain {
        read_plain(token, start, &mut pieces)
    } else {
        let end = content_end(token, kind);
        let content = token.get(quotes..end).unwrap_or("");
        match kind {
            TextKind::Block => read_lines(content, start + quotes, &mut pieces, true),
            TextKind::RawBlock => read_lines(content, start + quotes, &mut pieces, false),
            _ => pieces.copy(content, start + quotes),
        }
        end + quotes <= token.len()
    };
    (pieces, closed)
}

/// The pieces of a version: literal text and interpolations.
pub(super) fn read_version(token: &str, start: usize) -> (Vec<TextPart>, Vec<Spanned<Flaw>>) {
    if !token.is_empty() && !token.contains('{') {
        return (vec![TextPart::Literal(token.to_owned())], Vec::new());
    }
    let mut pieces = Pieces::default();
    pieces.interpolated(token, start);
    (pieces.parts, pieces.flaws)
}

/// Where the interpolation that begins with the `{{` at `at` ends, and whether it is closed.
pub(super) fn interpolation_end(text: &str, at: usize) -> (usize, bool) {
    let rest = text.get(at + 2..).unwrap_or("");
    let mut quote = None;
    let mut escaped = false;
    let mut last = ' ';
    for (offset, c) in rest.char_indices() {
        let here = at + 2 + offset;
        if c == '\n' {
            return (if last == '\r' { here - 1 } else { here }, false);
        }
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(mark) if c == mark => quote = None,
            None if c == '"' || c == '\'' => quote = Some(c),
            None if text.get(here..).is_some_and(|rest| rest.starts_with("}}")) => return (here + 2, true),
            Some(_) | None => {}
        }
        last = c;
    }
    (text.len(), false)
}

fn kind_of(token: &str) -> TextKind {
    if token.starts_with("\"\"\"") {
        TextKind::Block
    } else if token.starts_with("'''") {
        TextKind::RawBlock
    } else if token.starts_with('\'') {
        TextKind::Raw
    } else {
        TextKind::Plain
    }
}

/// Where the content of a text other than a plain one ends: before its closing quotes, or at the end of the token.
fn content_end(token: &str, kind: TextKind) -> usize {
    let quotes = kind.quotes();
    let mark = quotes.chars().next().unwrap_or('"');
    let mut at = quotes.len();
    while let Some(next) = token.get(at..).and_then(|rest| rest.find([mark, '{'])) {
        let here = token.get(at + next..).unwrap_or("");
        if here.starts_with(quotes) {
            return at + next;
        }
        at = if here.starts_with("{{") && kind == TextKind::Block { interpolation_end(token, at + next).0 } else { at + next + 1 };
    }
    token.len()
}

/// Reads a plain text with its quotes; whether it is closed.
fn read_plain(token: &str, start: usize, pieces: &mut Pieces) -> bool {
    let mut at = 1;
    loop {
        let rest = token.get(at..).unwrap_or("");
        let stop = rest.find(['"', '\\', '{']).unwrap_or(rest.len());
        pieces.copy(rest.get(..stop).unwrap_or(""), start + at);
        at += stop;
        let rest = token.get(at..).unwrap_or("");
        if rest.is_empty() {
            return false;
        } else if rest.starts_with('"') {
            return true;
        } else if rest.starts_with("{{") {
            at = pieces.interpolation(token, at, start);
        } else if rest.starts_with('{') {
            pieces.copy("{", start + at);
            at += 1;
        } else {
            at += pieces.escape(rest, start + at);
        }
    }
}

/// Reads the lines of a block: what all lines begin with goes, as do the break after the opening quotes and the blanks
/// before the closing ones.
fn read_lines(content: &str, start: usize, pieces: &mut Pieces, interpolated: bool) {
    let mut lines = Vec::new();
    let mut at = 0;
    for line in content.split('\n') {
        lines.push((start + at, line.strip_suffix('\r').unwrap_or(line)));
        at += line.len() + 1;
    }
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let broken = lines.len() > 1;
    if broken && lines.last().is_some_and(|(_, line)| blank(line)) {
        lines.pop();
    }
    let opening = !(broken && lines.first().is_some_and(|(_, line)| blank(line)));
    if !opening {
        lines.remove(0);
    }
    let indented = lines.iter().skip(usize::from(opening)).filter(|(_, line)| !blank(line)).map(|(_, line)| *line);
    let indent = indented.reduce(common_blanks).map_or(0, |line| line.len() - line.trim_start_matches([' ', '\t']).len());
    for (number, (offset, line)) in lines.into_iter().enumerate() {
        let cut = if opening && number == 0 { 0 } else { indent };
        if number > 0 {
            pieces.literal("\n");
        }
        match line.get(cut..) {
            Some(_) | None if broken && blank(line) => {}
            Some(rest) if interpolated => pieces.interpolated(rest, offset + cut),
            Some(rest) => pieces.copy(rest, offset + cut),
            None => {}
        }
    }
}

/// The part of the leading blanks of `left` that `right` begins with, too.
fn common_blanks<'t>(left: &'t str, right: &'t str) -> &'t str {
    let same = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b && (*a == b' ' || *a == b'\t')).count();
    left.get(..same).unwrap_or("")
}

/// Pieces of a text, as they are read.
#[derive(Default)]
struct Pieces {
    parts: Vec<TextPart>,
    flaws: Vec<Spanned<Flaw>>,
    copied: Vec<Copied>,
}

impl Pieces {
    /// Adds characters that stand at `start` of the file as they are meant.
    fn copy(&mut self, text: &str, start: usize) {
        if text.is_empty() {
            return;
        }
        let before = self.parts.last().map_or(0, |part| if let TextPart::Literal(last) = part { last.len() } else { 0 });
        self.literal(text);
        push_alone(&mut self.copied, Copied { part: self.parts.len() - 1, at: before, span: Span::new(start, start + text.len()) });
    }

    fn literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if let Some(TextPart::Literal(last)) = self.parts.last_mut() {
            last.push_str(text);
        } else {
            push_alone(&mut self.parts, TextPart::Literal(text.to_owned()));
        }
    }

    fn flaw(&mut self, flaw: Flaw, start: usize, end: usize) {
        self.flaws.push(Spanned::new(flaw, Span::new(start, end)));
    }

    /// Text in which only `{{ }}` is special.
    fn interpolated(&mut self, text: &str, start: usize) {
        let mut at = 0;
        while let Some(open) = text.get(at..).and_then(|rest| rest.find("{{")) {
            self.copy(text.get(at..at + open).unwrap_or(""), start + at);
            at = self.interpolation(text, at + open, start);
        }
        self.copy(text.get(at..).unwrap_or(""), start + at);
    }

    /// The interpolation at `at` of `text`, which begins at `start` in its file; gives where it ends in `text`.
    fn interpolation(&mut self, text: &str, at: usize, start: usize) -> usize {
        let (end, closed) = interpolation_end(text, at);
        let dollar = text.get(..at).is_some_and(|before| before.ends_with('$'));
        let inside = text.get(at + 2..end).unwrap_or("").trim_start();
        if dollar && closed && CONTEXTS.iter().any(|context| inside.starts_with(context)) {
            self.flaw(Flaw::Expression, start + at - 1, start + end);
            if let Some(TextPart::Literal(before)) = self.parts.last_mut() {
                before.pop();
            }
            let name = inside.trim_end_matches("}}").trim();
            self.literal(name.strip_prefix("secrets.").unwrap_or(name));
            return end;
        }
        if dollar {
            self.flaw(Flaw::Dollar, start + at - 1, start + at + 2);
        }
        if !closed {
            self.flaw(Flaw::UnclosedInterpolation, start + at, start + end);
            return end;
        }
        let inside = text.get(at + 2..end - 2).unwrap_or("");
        let expression = inside.trim();
        let from = start + at + 2 + (inside.len() - inside.trim_start().len());
        if expression.is_empty() {
            self.flaw(Flaw::EmptyInterpolation, start + at, start + end);
        } else {
            let span = Span::new(from, from + expression.len());
            self.parts.push(TextPart::Interpolation(Spanned::new(expression.to_owned(), span)));
        }
        end
    }

    /// The escape at the beginning of `rest`; gives its length.
    fn escape(&mut self, rest: &str, start: usize) -> usize {
        let next = rest.chars().nth(1);
        let length = 1 + next.map_or(0, char::len_utf8);
        match next {
            Some('n') => self.literal("\n"),
            Some('r') => self.literal("\r"),
            Some('t') => self.literal("\t"),
            Some('"') => self.literal("\""),
            Some('\\') | None => self.literal("\\"),
            Some('\n') => self.flaw(Flaw::Join, start, start + 1),
            Some('\r') if rest.get(2..).is_some_and(|rest| rest.starts_with('\n')) => {
                self.flaw(Flaw::Join, start, start + 1);
                return 3;
            }
            Some(other) => {
                self.flaw(Flaw::Escape(other), start, start + length);
                self.literal(rest.get(..length).unwrap_or(""));
            }
        }
        length
    }
}

#[cfg(test)]
mod tests;
