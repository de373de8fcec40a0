//! Texts that still show where their pieces come from.

use std::ops::Range;

use crate::base::{Place, Span, push_alone};

/// A piece of a shell word that the compiler quotes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Characters as they are meant.
    Literal(String),
    /// The value of an axis. Cells that differ only here may share a Dockerfile, with a build argument in its place.
    Axis {
        /// The axis: `python`.
        name: String,
        /// Its value in this cell: `3.12`.
        value: String,
    },
    /// A shell command whose output stands here; it is written as `$(…)` in double quotes.
    Command(String),
}

/// A shell word in pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Segments(pub Vec<Segment>);

impl Segments {
    /// A word of one literal piece.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        Self(vec![Segment::Literal(text.into())])
    }

    /// Adds characters as they are meant, to the last piece where that is such, too.
    pub fn push_literal(&mut self, text: &str) {
        match self.0.last_mut() {
            _ if text.is_empty() => {}
            Some(Segment::Literal(last)) => last.push_str(text),
            _ => {
                // Most words end within what the allocator gives for any text.
                let mut first = String::with_capacity(text.len().max(24));
                first.push_str(text);
                push_alone(&mut self.0, Segment::Literal(first));
            }
        }
    }

    /// Adds another word's pieces.
    pub fn extend(&mut self, other: &Self) {
        for segment in &other.0 {
            match segment {
                Segment::Literal(text) => self.push_literal(text),
                other => self.0.push(other.clone()),
            }
        }
    }

    /// The word with the values of this cell put in; commands as `$(…)`.
    #[must_use]
    pub fn plain(&self) -> String {
        let mut text = String::new();
        for segment in &self.0 {
            match segment {
                Segment::Literal(piece) => text.push_str(piece),
                Segment::Axis { value, .. } => text.push_str(value),
                Segment::Command(command) => {
                    text.push_str("$(");
                    text.push_str(command);
                    text.push(')');
                }
            }
        }
        text
    }
}

/// A piece of a shell command.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ShellPart {
    /// Shell text, as it is.
    Raw(String),
    /// A word that the emitter quotes.
    Word(Segments),
}

/// A shell command in pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ShellText(pub Vec<ShellPart>);

impl ShellText {
    /// A command without words to quote.
    #[must_use]
    pub fn raw(text: impl Into<String>) -> Self {
        Self(vec![ShellPart::Raw(text.into())])
    }

    /// The text with its words unquoted.
    #[must_use]
    pub fn plain(&self) -> String {
        let part = |part: &ShellPart| match part {
            ShellPart::Raw(raw) => raw.clone(),
            ShellPart::Word(word) => word.plain(),
        };
        self.0.iter().map(part).collect()
    }
}

/// A shell script as a person wrote it, and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// One line, or a block whose failing line fails the build.
    pub text: String,
    /// The pieces that stand in a source just as they stand here, in order: interpolated values, escapes and indentation
    /// lie between them.
    pub pieces: Vec<Verbatim>,
    /// The quotes around it: `"`, `'` or three of them; empty where it stands in no source.
    pub quotes: &'static str,
}

/// A piece of a script that is the same in its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verbatim {
    /// Where it begins in the script, in bytes.
    pub at: usize,
    /// Where it stands; as long as the piece.
    pub place: Place,
}

impl Script {
    /// A script that stands in no source.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Puts a text that is in no source at the beginning of the script, or of its second line where a `#!` is the first one.
    pub fn begin_with(&mut self, text: &str) {
        let at = if self.text.starts_with("#!") { self.text.find('\n').map_or(self.text.len(), |end| end + 1) } else { 0 };
        self.text.insert_str(at, text);
        for piece in self.pieces.iter_mut().filter(|piece| piece.at >= at) {
            piece.at += text.len();
        }
    }

    /// Where a range of bytes stands, if it lies in one piece.
    #[must_use]
    pub fn place(&self, range: Range<usize>) -> Option<Place> {
        let piece = self.pieces.iter().rev().find(|piece| piece.at <= range.start)?;
        let start = piece.place.span.start as usize + (range.start - piece.at);
        let end = start + range.len();
        (end <= piece.place.span.end as usize).then(|| Place::new(piece.place.file, Span::new(start, end)))
    }

    /// Where a range of bytes stands, if both of its ends do, though what is between them may be written otherwise.
    #[must_use]
    pub fn spanning(&self, range: Range<usize>) -> Option<Place> {
        self.place(range.clone()).or_else(|| {
            let (start, end) = (self.place(range.start..range.start)?, self.place(range.end..range.end)?);
            (start.file == end.file).then(|| Place::new(start.file, Span { start: start.span.start, end: end.span.start }))
        })
    }
}

/// A piece of a text that a Dockerfile expands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExpandPart {
    /// Characters that reach the image as they are.
    Literal(String),
    /// A name that the stack sets by `env` or `arg`: written `${NAME}`.
    Variable(String),
}

/// A text in a place that a Dockerfile expands: a value of `ENV`, a path of `COPY`, a working directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Expandable(pub Vec<ExpandPart>);

impl Expandable {
    /// A text without variables.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        Self(vec![ExpandPart::Literal(text.into())])
    }

    /// The text as it was written, with `${NAME}` for variables.
    #[must_use]
    pub fn written(&self) -> String {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                ExpandPart::Literal(piece) => text.push_str(piece),
                ExpandPart::Variable(name) => {
                    text.push_str("${");
                    text.push_str(name);
                    text.push('}');
                }
            }
        }
        text
    }
}
