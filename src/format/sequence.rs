//! Things in a row, between brackets or in a file: one on a line, with comments, blank lines and alignment.

use super::printer::{At, Printer};
use super::regions;
use crate::base::Span;
use crate::syntax::ast::{Argument, Field, Item, ListItem, Parameter, Statement, Value};

/// The widest name that others are aligned with.
const WIDEST_NAME: usize = 40;
/// The widest line that comments of others are aligned with.
const WIDEST_LINE: usize = 80;

/// One thing in a row.
#[derive(Clone, Copy)]
pub(super) enum Node<'a> {
    /// At the top of a file.
    Item(&'a Item),
    /// In a block.
    Statement(&'a Statement),
    /// In a value in braces.
    Field(&'a Field),
    /// In a package list.
    Package(&'a ListItem),
    /// In brackets.
    Value(&'a Value),
    /// In parentheses.
    Argument(&'a Argument),
    /// In the parentheses of a definition.
    Parameter(&'a Parameter),
}

impl Node<'_> {
    fn span(self) -> Span {
        match self {
            Self::Item(Item::Import(import)) => import.span,
            Self::Item(Item::Let(value)) => value.span,
            Self::Item(Item::Definition(definition)) => definition.span,
            Self::Statement(statement) => statement.span(),
            Self::Field(field) => field.span,
            Self::Package(ListItem::Entry(entry)) => entry.span,
            Self::Package(ListItem::List(list)) => list.span,
            Self::Package(ListItem::Fact(fact)) => fact.span,
            Self::Value(value) => value.span(),
            Self::Argument(argument) => argument.name.as_ref().map_or(argument.value.span(), |name| name.span.to(argument.value.span())),
            Self::Parameter(parameter) => {
                parameter.default.as_ref().map_or(parameter.name.span, |value| parameter.name.span.to(value.span()))
            }
        }
    }

    /// What is put behind it on a line of its own.
    fn separator(self) -> &'static str {
        if matches!(self, Self::Value(_) | Self::Argument(_) | Self::Parameter(_)) { "," } else { "" }
    }
}

/// How wide the columns are that neighbours share.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Columns {
    /// A key before its `=`, the name of a package with its extras.
    pub(super) first: usize,
    /// The constraint of a package.
    pub(super) second: usize,
}

/// What became of a row.
pub(super) struct Printed {
    /// The comment behind the opening bracket.
    pub(super) opening: Option<String>,
    /// The lines, each with its end.
    pub(super) rows: String,
}

/// A line, or several, of one thing or of a comment.
pub(super) struct Row<'a> {
    /// Whether a blank line stands above it.
    pub(super) blank: bool,
    /// `None` for a comment.
    pub(super) node: Option<Node<'a>>,
    columns: Columns,
    /// What is printed, without indentation.
    pub(super) text: String,
    comment: Option<String>,
}

impl Printer<'_> {
    /// Prints things on lines of their own. `within` is what holds them and their comments: a file, or brackets.
    pub(super) fn sequence(&self, nodes: &[Node<'_>], within: Span, at: At) -> Printed {
        let (opening, mut rows) = self.rows(nodes, within);
        self.align_names(&mut rows);
        for row in &mut rows {
            if let Some(node) = row.node {
                row.text = format!("{}{}", self.node(node, row.columns, at), node.separator());
            }
        }
        self.align_shapes(&mut rows, at);
        divide_definitions(&mut rows);
        let widths = comment_columns(&rows, at.indent);
        let mut out = String::new();
        let indent = " ".repeat(at.indent);
        for (row, column) in rows.iter().zip(widths) {
            if row.blank && !out.is_empty() {
                out.push('\n');
            }
            let line = format!("{indent}{}", row.text);
            out.push_str(&line);
            if let Some(comment) = &row.comment {
                let width = super::printer::end_column(&line, 0);
                out.push_str(&" ".repeat(column.saturating_sub(width).max(2)));
                out.push_str(comment);
            }
            out.push('\n');
        }
        Printed { opening, rows: out }
    }

    /// The rows of things and comments, in their order; the comment behind the opening bracket apart.
    fn rows<'a>(&self, nodes: &[Node<'a>], within: Span) -> (Option<String>, Vec<Row<'a>>) {
        let mut rows: Vec<Row<'a>> = Vec::new();
        let mut opening = None;
        let mut before = within.start;
        let ends = nodes.iter().map(|node| (node.span().start, Some(*node))).chain([(within.end, None)]);
        for (until, node) in ends {
            for comment in self.comments_in(Span { start: before, end: until.max(before) }) {
                let text = self.slice(comment.span).trim_end().to_owned();
                let breaks = self.breaks(before, comment.span.start);
                before = comment.span.end;
                match rows.last_mut() {
                    Some(last) if breaks == 0 && last.node.is_some() && last.comment.is_none() => last.comment = Some(text),
                    None if breaks == 0 && within.start > 0 && opening.is_none() => opening = Some(text),
                    _ => rows.push(Row { blank: breaks > 1, node: None, columns: Columns::default(), text, comment: None }),
                }
            }
            if node.is_some() {
                let blank = self.breaks(before, until) > 1;
                rows.push(Row { blank, node, columns: Columns::default(), text: String::new(), comment: None });
                before = node.map_or(until, |node| node.span().end);
            }
        }
        (opening, rows)
    }

    /// Gives neighbours the same columns.
    fn align_names(&self, rows: &mut [Row<'_>]) {
        let mut start = 0;
        while start < rows.len() {
            let run = rows.get(start..).unwrap_or_default();
            let mut length = 0;
            let mut shared = Columns::default();
            for row in run {
                // A comment between two lines does not part them.
                let between = length > 0 && row.node.is_none() && !row.blank;
                let own = if between { Some(Columns::default()) } else { row.node.and_then(|node| self.columns(node)) };
                let Some(own) = own.filter(|_| length == 0 || !row.blank) else { break };
                shared.first = shared.first.max(if own.first > WIDEST_NAME { 0 } else { own.first });
                shared.second = shared.second.max(if own.second > WIDEST_NAME { 0 } else { own.second });
                length += 1;
            }
            for row in rows.iter_mut().skip(start).take(length) {
                row.columns = shared;
            }
            start += length.max(1);
        }
    }

    /// The widths of what neighbours are aligned by, for things that are.
    fn columns(&self, node: Node<'_>) -> Option<Columns> {
        let width = |text: &str| Some(Columns { first: text.chars().count(), second: 0 });
        match node {
            Node::Item(Item::Let(value)) => width(&value.name.node),
            Node::Statement(Statement::Field(field)) | Node::Field(field) => width(self.slice(field.key.span)),
            Node::Statement(Statement::Phrase(phrase)) => self.checksum(phrase).and_then(width),
            Node::Package(ListItem::Entry(entry)) => Some(self.entry_columns(entry)),
            _ => None,
        }
    }

    /// Whether a value between brackets has comments that stand in no brackets of its own.
    fn is_odd(&self, node: Node<'_>) -> bool {
        let value = match node {
            Node::Value(value) => Some(value),
            Node::Argument(argument) => Some(&argument.value),
            Node::Parameter(parameter) => parameter.default.as_ref(),
            _ => None,
        };
        let mut free = Vec::new();
        if let Some(value) = value {
            regions::of_value(value, &mut free);
        }
        self.has_odd_comments(node.span(), &free)
    }

    /// One thing, without what follows it.
    pub(super) fn node(&self, node: Node<'_>, columns: Columns, at: At) -> String {
        match node {
            Node::Item(item) => self.item(item, columns, at),
            Node::Statement(statement) => self.statement(statement, columns, at),
            Node::Field(field) => self.field(field, columns, at),
            Node::Package(item) => self.list_item(item, columns, at),
            Node::Value(_) | Node::Argument(_) | Node::Parameter(_) if self.is_odd(node) => self.verbatim(node.span()),
            Node::Value(value) => self.value(value, at, at.indent),
            Node::Argument(argument) => match &argument.name {
                Some(name) => format!("{} = {}", name.node, self.value(&argument.value, at, at.indent + name.node.len() + 3)),
                None => self.value(&argument.value, at, at.indent),
            },
            Node::Parameter(parameter) => match &parameter.default {
                Some(value) => format!("{} = {}", parameter.name.node, self.value(value, at, at.indent + parameter.name.node.len() + 3)),
                None => parameter.name.node.clone(),
            },
        }
    }
}

/// Definitions of several lines have a blank line around them.
fn divide_definitions(rows: &mut [Row<'_>]) {
    let mut after: Option<usize> = None;
    let mut long_before = false;
    for at in 0..rows.len() {
        let Some(row) = rows.get(at) else { break };
        let Some(node) = row.node else { continue };
        let long = matches!(node, Node::Item(Item::Definition(_))) && row.text.contains('\n');
        if let Some(first) = after.filter(|_| long || long_before)
            && !rows.get(first..=at).unwrap_or_default().iter().any(|row| row.blank)
            && let Some(row) = rows.get_mut(first)
        {
            row.blank = true;
        }
        after = Some(at + 1);
        long_before = long;
    }
}

/// Where the comment of each row begins; neighbours share a column.
fn comment_columns(rows: &[Row<'_>], indent: usize) -> Vec<usize> {
    let mut columns = vec![0; rows.len()];
    let width = |row: &Row<'_>| indent + row.text.chars().count();
    let aligned = |row: &Row<'_>| row.comment.is_some() && !row.text.contains('\n') && width(row) <= WIDEST_LINE;
    let mut start = 0;
    while start < rows.len() {
        let run = rows.get(start..).unwrap_or_default();
        let length = run.iter().enumerate().take_while(|(at, row)| aligned(row) && (*at == 0 || !row.blank)).count();
        let widest = run.iter().take(length).map(width).max().unwrap_or(0);
        for column in columns.iter_mut().skip(start).take(length) {
            *column = widest + 2;
        }
        start += length.max(1);
    }
    columns
}
