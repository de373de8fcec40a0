//! The text of one file, and the table of all files that a compilation has read.

use std::sync::{Arc, OnceLock};

use super::{FileId, Place, Span};

/// A line and a column, both counted from 1; the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// One file: its name, relative to the folder of the program with forward slashes, and its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// `layers/grid.jenv`, or `std/jupyter.jenv` for a file of the standard library.
    pub name: String,
    /// The text, without a byte order mark.
    pub text: Arc<str>,
    /// Whether the file is part of the embedded standard library.
    pub standard: bool,
    line_starts: OnceLock<Vec<u32>>,
}

impl Source {
    /// A source. A byte order mark at the beginning of `text` is dropped.
    #[must_use]
    pub fn new(name: impl Into<String>, text: &str) -> Self {
        let text: Arc<str> = Arc::from(text.strip_prefix('\u{feff}').unwrap_or(text));
        Self { name: name.into(), text, standard: false, line_starts: OnceLock::new() }
    }

    /// Where each line starts, looked for when somebody asks.
    fn line_starts(&self) -> &[u32] {
        let starts = || self.text.match_indices('\n').map(|(at, _)| Span::new(at + 1, at + 1).start);
        self.line_starts.get_or_init(|| std::iter::once(0).chain(starts()).collect())
    }

    /// The line and column of a byte offset; offsets past the end give the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_starts().partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts().get(line - 1).copied().unwrap_or(0) as usize;
        let offset = self.floor(offset as usize).max(start);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count());
        Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column + 1).unwrap_or(u32::MAX) }
    }

    /// The text of a span; empty where the span leaves the text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(self.floor(span.start as usize)..self.floor(span.end as usize)).unwrap_or("")
    }

    /// The offset at which a line begins; lines count from 1.
    #[must_use]
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.line_starts().get((line as usize).checked_sub(1)?).copied()
    }

    /// The nearest character boundary at or before `offset`.
    fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset.min(self.text.len()))
    }
}

/// Every file that a compilation has read, by [`FileId`], in the order of reading.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    /// Adds a file and gives its id.
    pub fn add(&mut self, source: Source) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(source);
        id
    }

    /// The file with this id.
    #[must_use]
    pub fn get(&self, id: FileId) -> Option<&Source> {
        self.files.get(id.0 as usize)
    }

    /// The id of the file with this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<FileId> {
        self.iter().find(|(_, source)| source.name == name).map(|(id, _)| id)
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(at, source)| (FileId(u32::try_from(at).unwrap_or(u32::MAX)), source))
    }

    /// The text at a place; empty where there is none.
    #[must_use]
    pub fn text(&self, place: Place) -> &str {
        self.get(place.file).map_or("", |source| source.slice(place.span))
    }

    /// `layers/grid.jenv:12`: the name of the file and the line, for comments in artifacts and for people.
    #[must_use]
    pub fn locate(&self, place: Place) -> String {
        self.get(place.file).map_or_else(String::new, |source| format!("{}:{}", source.name, source.position(place.span.start).line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_the_mark_is_dropped() {
        let source = Source::new("a", "\u{feff}aé漢x\r\nb");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(6), Position { line: 1, column: 4 });
        assert_eq!(source.position(9), Position { line: 2, column: 1 });
        assert_eq!(source.position(99), Position { line: 2, column: 2 });
    }
}
