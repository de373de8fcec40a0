//! Neighbours of one shape, such as `probe … = … matching …` or lists of packages on one line: their parts are in columns.

use std::fmt::Write as _;

use super::printer::{At, Printer, WIDTH};
use super::sequence::{Node, Row};
use super::statements::between;
use crate::base::Span;
use crate::syntax::ast::{Definition, Item, ListItem, PackageList, Part, Phrase, Statement};
use crate::syntax::words::Room;

/// Statements whose words are no names, so that columns of them would say nothing.
const WORDY: [&str; 4] = ["run", "finish", "build", "fetch"];

/// The widest column that others are aligned with.
const WIDEST: usize = 50;

/// The pieces of a line, and what they have in common with those of others.
struct Shape {
    key: String,
    cells: Vec<String>,
}

impl Printer<'_> {
    /// Aligns neighbouring lines of one shape. Comments between them do not part them; blank lines do.
    pub(super) fn align_shapes(&self, rows: &mut [Row<'_>], at: At) {
        let shapes: Vec<_> = rows.iter().map(|row| self.shape(row, at)).collect();
        let mut start = 0;
        while start < rows.len() {
            let Some(first) = shapes.get(start).and_then(Option::as_ref) else {
                start += 1;
                continue;
            };
            let mut run = vec![(start, first)];
            let mut end = start + 1;
            while let (Some(row), Some(shape)) = (rows.get(end), shapes.get(end)) {
                match shape {
                    _ if row.blank => break,
                    Some(shape) if shape.key == first.key => run.push((end, shape)),
                    None if row.node.is_none() => {}
                    _ => break,
                }
                end += 1;
            }
            for (number, text) in aligned(&run, at.indent) {
                if let Some(row) = rows.get_mut(number) {
                    row.text = text;
                }
            }
            start = end;
        }
    }

    /// The shape of what stands on one line; `None` where it has none that others could share.
    fn shape(&self, row: &Row<'_>, at: At) -> Option<Shape> {
        let at = At { flat: true, ..at };
        let node = row.node.filter(|_| !row.text.contains('\n'))?;
        let shape = match node {
            Node::Item(Item::Definition(definition)) => self.definition_shape(definition, at),
            Node::Statement(Statement::List(list)) | Node::Package(ListItem::List(list)) => self.list_shape(list, at)?,
            Node::Statement(Statement::Phrase(phrase)) => self.phrase_shape(phrase, at)?,
            Node::Statement(Statement::When(when)) => {
                let head = format!("when {}", self.condition(&when.condition));
                Shape { key: "when".to_owned(), cells: vec![head, self.block(&when.body, "  ", at, 0)] }
            }
            _ => return None,
        };
        // What was printed otherwise, as it was written, stays.
        (shape.cells.join(" ") == row.text).then_some(shape)
    }

    fn definition_shape(&self, definition: &Definition, at: At) -> Shape {
        let head = Span { start: definition.span.start, end: definition.body.span.start };
        let head = self.definition_head(definition, self.parentheses(head), at);
        Shape {
            key: format!("definition {}", self.slice(definition.keyword.span)),
            cells: vec![head, self.block(&definition.body, "  ", at, 0)],
        }
    }

    fn list_shape(&self, list: &PackageList, at: At) -> Option<Shape> {
        let head = self.parts(&list.manager.node, &list.options, "  ", at, None);
        let key = if list.options.is_empty() { "list".to_owned() } else { format!("list {}", list.manager.node) };
        let body = self.list_body(list.body.as_ref()?, at, 0);
        let then = list.then.as_ref().map(|then| format!("then {}", self.text(then, at)));
        Some(Shape { key, cells: [head, body].into_iter().chain(then).collect() })
    }

    fn phrase_shape(&self, phrase: &Phrase, at: At) -> Option<Shape> {
        let head = phrase.head.as_ref().map(|head| head.node.as_str()).filter(|head| !WORDY.contains(head))?;
        if let [Part::Block(body)] = phrase.parts.as_slice() {
            // A choice of an option, a value of an axis: a name of one's own and its braces.
            let word = Room::all().any(|room| room.statement(head).is_some());
            let cells = vec![head.to_owned(), self.block(body, "  ", at, 0)];
            return (!word).then(|| Shape { key: "named block".to_owned(), cells });
        }
        if self.checksum(phrase).is_some() || phrase.parts.len() < 2 {
            return None;
        }
        let mut key = head.to_owned();
        for (number, part) in phrase.parts.iter().enumerate() {
            key.push_str(match part {
                Part::Word(_) if number == 0 => " value",
                Part::Word(word) if !matches!(word.node.as_str(), "append" | "prepend") => &word.node,
                Part::Word(_) => " word",
                Part::Equals(_) => " =",
                Part::Value(_) => " value",
                Part::Block(_) => " block",
                Part::Packages(_) => " list",
            });
        }
        let parts = phrase.parts.iter().map(|part| self.part(part, between(head), at, 0));
        Some(Shape { key, cells: [head.to_owned()].into_iter().chain(parts).collect() })
    }
}

/// The lines of a run in columns, up to the first column that would be too wide; none where a line would be too long.
fn aligned(run: &[(usize, &Shape)], indent: usize) -> Vec<(usize, String)> {
    if run.len() < 2 {
        return Vec::new();
    }
    let width = |column: usize| run.iter().filter_map(|(_, shape)| shape.cells.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<_> = (0..).map_while(width).take_while(|width| *width <= WIDEST).collect();
    let line = |shape: &Shape| {
        let mut line = String::new();
        for (column, cell) in shape.cells.iter().enumerate() {
            let width = widths.get(column).copied().unwrap_or(0);
            let _ = write!(line, "{cell:<width$} ");
        }
        line.trim_end().to_owned()
    };
    let lines: Vec<_> = run.iter().map(|(number, shape)| (*number, line(shape))).collect();
    if lines.iter().all(|(_, line)| indent + line.chars().count() <= WIDTH) { lines } else { Vec::new() }
}
