//! From what the grammar has read to the tree of [`super::ast`], with a finding for everything that is wrong.
//!
//! One file for each part of the grammar; a rule's finding is made beside the code that reads the rule.

mod conditions;
mod constraints;
mod foreign;
mod heads;
mod items;
mod marks;
mod misread;
mod options;
mod otherwise;
mod outside;
mod packages;
mod phrases;
mod statements;
mod texts;
mod tops;
mod unbraced;
mod unclosed;
mod unexpected;
mod values;

use super::ast::{File, Item, Name};
use super::grammar::{Node, Rule};
use super::trivia::{Comment, Trivia};
use crate::base::{FileId, Place, Span, Spanned};
use crate::diagnostics::{Code, Diagnostic, Findings};

/// How much of a line is looked at when a finding is worded, in bytes.
const MAX_LINE: usize = 256;

/// Builds the tree of a file from the nodes of what stands at its top.
pub(super) fn build<'s>(
    file: FileId,
    text: &'s str,
    trivia: &'s Trivia,
    nodes: impl Iterator<Item = Node<'s>>,
    findings: &'s mut Findings,
) -> File {
    let mut builder = Builder {
        file,
        text,
        comments: &trivia.comments,
        findings,
        count: 0,
        swallowed: 0,
        swallowed_brackets: 0,
        hoisted: Vec::new(),
        provided: false,
        marker: false,
        ends: Vec::new(),
        read: 0,
        unclosed: None,
        inside: 0,
    };
    let items = builder.items(nodes);
    builder.report_ends();
    File { items }
}

/// What is known while a tree is built.
struct Builder<'s> {
    file: FileId,
    text: &'s str,
    comments: &'s [Comment],
    findings: &'s mut Findings,
    /// How many findings were made.
    count: usize,
    /// How many closing braces stand in texts that are not closed: blocks that miss them have their finding already.
    swallowed: usize,
    /// The same of brackets and parentheses.
    swallowed_brackets: usize,
    /// Items that stand inside of a definition, where they can't.
    hoisted: Vec<Item>,
    /// Whether a bare version is the known one: inside of `provides`.
    provided: bool,
    /// Whether a condition may have all operators of PEP 508: behind a package.
    marker: bool,
    /// Marks that end nothing: one habit, reported once for a file.
    ends: Vec<Span>,
    /// Up to where a finding covers what the grammar could not read.
    read: u32,
    /// The braces that were last found not to be closed.
    unclosed: Option<Unclosed>,
    /// How many definitions stand inside of others: what follows them there has no finding of its own.
    inside: usize,
}

/// Braces that are not closed where one reading ended: one finding.
struct Unclosed {
    /// Where the reading ended.
    until: u32,
    /// The innermost one.
    opener: Span,
    /// Those around it.
    around: usize,
    /// What closes them.
    closing: String,
}

impl<'s> Builder<'s> {
    fn place(&self, span: Span) -> Place {
        Place::new(self.file, span)
    }

    /// A finding at a span.
    fn finding(&self, code: &'static Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(code, self.place(span), message)
    }

    fn report(&mut self, finding: Diagnostic) {
        self.count += 1;
        if self.count <= super::limits::MAX_FINDINGS {
            self.findings.push(finding);
        }
    }

    /// The text of a span.
    fn slice(&self, span: Span) -> &'s str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The text from an offset to the end of its line, without a comment.
    fn line_behind(&self, from: u32) -> &'s str {
        let rest = self.text.get(from as usize..).unwrap_or("");
        let line = rest.lines().next().unwrap_or("");
        let comment = self.comments.iter().find(|comment| comment.span.start >= from).map(|comment| (comment.span.start - from) as usize);
        line.get(..comment.unwrap_or(line.len()).min(line.len())).unwrap_or(line).trim_end()
    }

    /// The span from an offset to the end of its line, without a comment.
    fn to_line_end(&self, from: u32) -> Span {
        Span::new(from as usize, from as usize + self.line_behind(from).len())
    }

    /// The text from the beginning of its line to an offset; of a long line the end.
    fn line_before(&self, to: u32) -> &'s str {
        let to = to as usize;
        let start = (to.saturating_sub(MAX_LINE)..to).find(|at| self.text.is_char_boundary(*at)).unwrap_or(to);
        let before = self.text.get(start..to).unwrap_or("");
        before.get(before.rfind('\n').map_or(0, |at| at + 1)..).unwrap_or("")
    }

    /// How far the line of an offset is indented, in characters.
    fn indent(&self, at: u32) -> usize {
        let start = at as usize - self.line_before(at).len();
        let line = self.text.get(start..).unwrap_or("");
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    /// The lines of documentation that stand directly above `start`, without their marks.
    fn doc_above(&self, start: u32) -> Option<String> {
        let mut below = start;
        let mut lines = Vec::new();
        let before = self.comments.partition_point(|comment| comment.span.end <= start);
        for comment in self.comments.get(..before).unwrap_or_default().iter().rev() {
            let between = self.slice(Span { start: comment.span.end, end: below });
            if !comment.doc || !between.trim().is_empty() || between.matches('\n').count() != 1 {
                break;
            }
            lines.push(unmarked(self.slice(comment.span)));
            below = comment.span.start;
        }
        lines.reverse();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    /// The comment that stands behind `end` on its line, without its mark.
    fn doc_behind(&self, end: u32) -> Option<String> {
        let next = self.comments.partition_point(|comment| comment.span.start < end);
        let comment = self.comments.get(next)?;
        let between = self.slice(Span { start: end, end: comment.span.start });
        between.bytes().all(|byte| byte == b' ' || byte == b'\t').then(|| unmarked(self.slice(comment.span)).to_owned())
    }
}

/// A comment without its mark.
fn unmarked(comment: &str) -> &str {
    let text = comment.trim_start_matches('#');
    text.strip_prefix(' ').unwrap_or(text).trim_end()
}

/// The words of a node as a name.
fn name_of(node: &Node<'_>) -> Name {
    Spanned::new(node.as_str().to_owned(), node.span())
}

/// Whether a node says that something was left out.
fn is_missing(node: &Node<'_>) -> bool {
    node.as_rule() == Rule::missing
}

/// The beginning of a piece of source, for messages.
pub(super) fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or("").trim_end();
    if line.chars().count() <= 40 && line.len() == text.trim_end().len() {
        return line.to_owned();
    }
    let cut: String = line.chars().take(40).collect();
    format!("{}…", cut.trim_end())
}
