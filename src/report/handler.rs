//! The report handler: draws any miette diagnostic with `annotate-snippets`, several files in one drawing.
//!
//! Labels are sorted by the file they are in, the file of the primary one first. How remarks and patches come along is
//! told in [`super::advice`].

use std::fmt;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet, normalize_untrusted_str};
use miette::{Diagnostic, LabeledSpan, ReportHandler, Severity, SourceCode};

use super::batch::Style;

/// Draws excerpts.
pub(super) struct Excerpts {
    renderer: Renderer,
    width: usize,
}

/// A part of one file, and what is marked in it: spans in bytes of `text`.
struct Excerpt {
    name: String,
    text: String,
    first_line: usize,
    marks: Vec<Mark>,
}

struct Mark {
    range: Range<usize>,
    text: Option<String>,
    primary: bool,
}

/// Columns left of the source text for line numbers of up to four digits: `1234 | `.
const GUTTER: usize = 7;

/// Columns before the text of a remark: the gutter and `= note: `.
const REMARK: usize = 13;

impl Excerpts {
    pub(super) fn new(style: Style) -> Self {
        let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
        Self { renderer: renderer.term_width(style.width), width: style.width }
    }

    /// A text that the renderer takes as it is: broken into lines, control characters made visible.
    fn wrapped(&self, text: &str, before: usize) -> String {
        let lines: Vec<_> = wrap(text, self.width, before).lines().map(normalize_untrusted_str).collect();
        lines.join("\n")
    }
}

impl ReportHandler for Excerpts {
    fn debug(&self, error: &dyn Diagnostic, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = error.code().map(|code| code.to_string()).unwrap_or_default();
        let level = match error.severity() {
            Some(Severity::Warning) => Level::WARNING,
            Some(Severity::Advice) => Level::NOTE,
            Some(Severity::Error) | None => Level::ERROR,
        };
        let before = code.len() + "warning[]: ".len();
        let mut main = Group::with_title(level.primary_title(wrap(&error.to_string(), self.width, before)).id(code));
        for mut excerpt in excerpts(error, self.width) {
            let beside = long_labels(&mut excerpt, self.width);
            main = main.element(annotated(excerpt));
            for text in beside {
                main = main.element(Level::NOTE.with_name("here").message(self.wrapped(&text, REMARK)));
            }
        }
        let mut patches = Vec::new();
        for advice in error.related().into_iter().flatten() {
            let edits = excerpts(advice, self.width);
            let text = advice.to_string();
            if let Some(name) = advice.code() {
                let lines: Vec<_> = text.lines().map(normalize_untrusted_str).collect();
                main = main.element(Level::NOTE.with_name(name.to_string()).message(lines.join("\n")));
            } else if advice.labels().is_none() {
                main = main.element(Level::NOTE.message(self.wrapped(&text, REMARK)));
            } else if edits.iter().any(|edit| widest(&edit.text) > self.width) {
                main = main.element(Level::HELP.message(self.wrapped(&text, REMARK)));
            } else {
                let title = Level::HELP.secondary_title(self.wrapped(&text, "help: ".len()));
                patches.push(Group::with_title(title).elements(edits.into_iter().map(patched)));
            }
        }
        for help in error.help().map(|help| help.to_string()).unwrap_or_default().lines() {
            main = main.element(Level::HELP.message(self.wrapped(help, REMARK)));
        }
        patches.insert(0, main);
        f.write_str(&self.renderer.render(&patches))
    }
}

fn annotated<'a>(excerpt: Excerpt) -> Snippet<'a, Annotation<'a>> {
    let marks = excerpt.marks.into_iter().map(|mark| {
        let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(mark.range).label(mark.text)
    });
    let marks: Vec<_> = marks.collect();
    Snippet::source(excerpt.text).path(excerpt.name).line_start(excerpt.first_line).annotations(marks)
}

fn patched<'a>(excerpt: Excerpt) -> Snippet<'a, Patch<'a>> {
    let patches = excerpt.marks.into_iter().map(|mark| Patch::new(mark.range, mark.text.unwrap_or_default())).collect::<Vec<_>>();
    Snippet::source(excerpt.text).path(excerpt.name).line_start(excerpt.first_line).patches(patches)
}

/// Takes the labels out of an excerpt that would run over the width beside their marks.
fn long_labels(excerpt: &mut Excerpt, width: usize) -> Vec<String> {
    let text = &excerpt.text;
    let fits = |range: &Range<usize>, label: &str| {
        let line = text.get(..range.end).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let marked = columns(text.get(range.start.max(line)..range.end).unwrap_or(""));
        let end = columns(text.get(line..range.end).unwrap_or(""));
        // Of a line that is too long, the renderer shows the part around the mark.
        let whole = columns(text.get(line..).and_then(|rest| rest.lines().next()).unwrap_or(""));
        let end = if GUTTER + whole > width { end.min(width / 2).max(marked) } else { end };
        GUTTER + end + 1 + columns(label) <= width
    };
    let long = excerpt.marks.iter_mut().filter(|mark| mark.text.as_deref().is_some_and(|label| !fits(&mark.range, label)));
    long.filter_map(|mark| mark.text.take()).collect()
}

/// The parts of files that the labels are in, one a file; a long line brings each of its labels in a part of its own.
fn excerpts(error: &dyn Diagnostic, width: usize) -> Vec<Excerpt> {
    let Some(code) = error.source_code() else { return Vec::new() };
    let mut labels: Vec<LabeledSpan> = error.labels().into_iter().flatten().collect();
    labels.sort_by_key(|label| !label.primary());
    let mut files: Vec<Vec<LabeledSpan>> = Vec::new();
    for label in labels {
        let together = |known: &&mut Vec<LabeledSpan>| {
            let all: Vec<_> = known.iter().chain([&label]).cloned().collect();
            let names = known.first().map(|first| name_of(code, first)) == Some(name_of(code, &label));
            names && excerpt(code, &all).is_some_and(|excerpt| widest(&excerpt.text) <= width)
        };
        match files.iter_mut().find(together) {
            Some(known) => known.push(label),
            None => files.push(vec![label]),
        }
    }
    files.iter().filter_map(|labels| excerpt(code, labels)).collect()
}

fn name_of(code: &dyn SourceCode, label: &LabeledSpan) -> Option<String> {
    code.read_span(label.inner(), 0, 0).ok()?.name().map(str::to_owned)
}

/// The lines from the first label of a file to the last; of those that no label is near, only their ends are kept, since the
/// renderer folds them and would read every byte of them first.
fn excerpt(code: &dyn SourceCode, labels: &[LabeledSpan]) -> Option<Excerpt> {
    let mut sorted: Vec<&LabeledSpan> = labels.iter().collect();
    sorted.sort_by_key(|label| label.offset());
    let mut parts: Vec<Part> = Vec::new();
    for label in sorted {
        let part = Part::of(code, label)?;
        match parts.last_mut() {
            Some(before) if part.line <= before.last_line + NEAR => {
                let start = before.start.min(part.start);
                let end = before.end.max(part.end);
                *before = Part::of(code, &LabeledSpan::new(None, start, end - start))?;
            }
            _ => parts.push(part),
        }
    }
    let first = parts.first()?;
    let (name, first_line) = (first.name.clone(), first.line + 1);
    let mut text = String::new();
    let mut marks = Vec::new();
    let mut line = first.line;
    for part in &parts {
        text.extend(std::iter::repeat_n('\n', part.line - line));
        let moved = |offset: usize| text.len() + offset - part.start;
        let here = |label: &&LabeledSpan| (part.start..=part.end).contains(&label.offset());
        marks.extend(labels.iter().enumerate().filter(|(_, label)| here(label)).map(|(at, label)| {
            let range = moved(label.offset())..moved(label.offset() + label.len());
            (at, Mark { range, text: label.label().map(str::to_owned), primary: label.primary() })
        }));
        text.push_str(&part.text);
        line = part.last_line;
    }
    marks.sort_by_key(|(at, _)| *at);
    Some(Excerpt { name, first_line, marks: marks.into_iter().map(|(_, mark)| mark).collect(), text })
}

/// The most lines between two labels that are drawn as they are: the renderer shows up to this many, and folds more.
const NEAR: usize = 4;

/// Whole lines of a file.
struct Part {
    name: String,
    text: String,
    /// The offsets of its first byte and of its end in the row of all files.
    start: usize,
    end: usize,
    /// Its first and last line, from 0.
    line: usize,
    last_line: usize,
}

impl Part {
    fn of(code: &dyn SourceCode, label: &LabeledSpan) -> Option<Self> {
        let contents = code.read_span(label.inner(), 0, 0).ok()?;
        let text = std::str::from_utf8(contents.data()).ok()?.to_owned();
        let start = contents.span().offset();
        let line = contents.line();
        let last_line = line + text.matches('\n').count();
        Some(Self { name: contents.name().unwrap_or_default().to_owned(), start, end: start + text.len(), line, last_line, text })
    }
}

/// The columns of the widest line.
fn widest(text: &str) -> usize {
    text.lines().map(columns).max().unwrap_or(0)
}

/// The columns that a text takes: wide characters are those beyond the scripts of two bytes, near enough for a decision.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c == '\t' { 4 } else { 1 + usize::from(c.len_utf8() > 2) }).sum()
}

/// Breaks a text between words so that it fits `width` columns after `before` of them; what is in backticks stays together
/// where it fits at all.
fn wrap(text: &str, width: usize, before: usize) -> String {
    let room = width.saturating_sub(before).max(20);
    let mut lines = String::new();
    let mut used = 0;
    for word in words(text) {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            lines.push('\n');
            used = 0;
        } else if used > 0 {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += length;
    }
    lines
}

/// The pieces between which a line may break: at spaces outside of backticks.
fn words(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c: char| {
        quoted ^= c == '`';
        c.is_whitespace() && !quoted
    })
    .filter(|word| !word.is_empty())
    .collect()
}
