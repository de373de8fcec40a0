//! Package lists: one package on a line, its constraint and what follows in columns.

use super::printer::{At, Printer, WIDTH, end_column};
use super::regions;
use super::sequence::{Columns, Node};
use crate::base::Span;
use crate::syntax::ast::{Entry, EntryPart, ListBody, ListItem, PackageList, Text};

impl Printer<'_> {
    /// A list with its manager.
    pub(super) fn package_list(&self, list: &PackageList, at: At) -> String {
        let mut free: Vec<Span> = list.body.iter().map(|body| body.span).collect();
        for part in &list.options {
            regions::of_part(part, &mut free);
        }
        if self.has_odd_comments(list.span, &free) {
            return self.verbatim(list.span);
        }
        let mut out = self.parts(&list.manager.node, &list.options, "  ", at, None);
        if let Some(body) = &list.body {
            out.push(' ');
            let column = end_column(&out, at.indent);
            out.push_str(&self.list_body(body, at, column));
        }
        if let Some(then) = &list.then {
            out.push_str(" then ");
            out.push_str(&self.text(then, at));
        }
        out
    }

    /// The braces of a list; `column` is where the first one stands.
    pub(super) fn list_body(&self, body: &ListBody, at: At, column: usize) -> String {
        let nodes: Vec<_> = body.items.iter().map(Node::Package).collect();
        if self.slice(body.span).contains('\n') {
            return self.broken("{}", body.span, &nodes, at);
        }
        let bare = |item: &ListItem| matches!(item, ListItem::Entry(entry) if entry.parts.is_empty());
        let between = if body.items.iter().all(bare) { " " } else { "  " };
        let flat: Vec<_> = nodes.iter().map(|node| self.node(*node, Columns::default(), At { flat: true, ..at })).collect();
        let flat = format!("{{ {} }}", flat.join(between));
        if nodes.is_empty() {
            return "{ }".to_owned();
        }
        if at.flat || column + flat.chars().count() <= WIDTH { flat } else { self.broken("{}", body.span, &nodes, at) }
    }

    /// One thing in a list.
    pub(super) fn list_item(&self, item: &ListItem, columns: Columns, at: At) -> String {
        match item {
            ListItem::Entry(entry) => self.entry(entry, columns, at),
            ListItem::List(list) => self.package_list(list, at),
            ListItem::Fact(fact) => format!("{} {}", fact.name.node, self.text(&fact.value, at)),
        }
    }

    /// How wide the name and the constraint of a package are; nothing for what has no part behind it.
    pub(super) fn entry_columns(&self, entry: &Entry) -> Columns {
        let mut parts = entry.parts.iter();
        let Some(first) = parts.next() else { return Columns::default() };
        let name = self.name_and_extras(entry).chars().count();
        let second = match first {
            EntryPart::Constraint(constraint) if parts.next().is_some() => self.constraint(constraint).chars().count(),
            _ => 0,
        };
        Columns { first: name, second }
    }

    fn name_and_extras(&self, entry: &Entry) -> String {
        let name = self.slice(entry.name.span);
        if entry.extras.is_empty() {
            return name.to_owned();
        }
        let extras: Vec<_> = entry.extras.iter().map(|extra| extra.node.as_str()).collect();
        format!("{name}[{}]", extras.join(", "))
    }

    fn entry(&self, entry: &Entry, columns: Columns, at: At) -> String {
        if self.has_odd_comments(entry.span, &[]) {
            return self.verbatim(entry.span);
        }
        let mut out = self.name_and_extras(entry);
        let mut width = columns.first;
        for (number, part) in entry.parts.iter().enumerate() {
            let text = self.entry_part(part, at);
            let long = end_column(&out, at.indent) + text.chars().count() > WIDTH;
            if matches!(part, EntryPart::Because(_)) && long && !at.flat {
                out = format!("{}\n{}{text}", out.trim_end(), " ".repeat(at.indent + 4));
                continue;
            }
            out.push_str(&" ".repeat(width.saturating_sub(out.chars().count())));
            out.push(' ');
            width = match part {
                EntryPart::Constraint(_) if number == 0 => out.chars().count() + columns.second,
                _ => 0,
            };
            out.push_str(&text);
        }
        out
    }

    fn entry_part(&self, part: &EntryPart, at: At) -> String {
        let option =
            |word: &str, text: &Option<Text>| text.as_ref().map_or_else(String::new, |text| format!(" {word} {}", self.text(text, at)));
        match part {
            EntryPart::Constraint(constraint) => self.constraint(constraint),
            EntryPart::Marker(condition) => format!("; {}", self.condition(condition)),
            EntryPart::Git(git) => {
                format!("git {}{}{}", self.text(&git.url, at), option("rev", &git.rev), option("subdirectory", &git.subdirectory))
            }
            EntryPart::Url(archive) => format!("url {}{}", self.text(&archive.url, at), option("sha256", &archive.sha256)),
            EntryPart::Path(text) => format!("path {}", self.text(text, at)),
            EntryPart::Resolved(text) => format!("resolved {}", self.text(text, at)),
            EntryPart::Because(text) => format!("because {}", self.text(text, at)),
            EntryPart::Until(date) => format!("until {}", date.node),
            EntryPart::Pin(_) => "pin".to_owned(),
            EntryPart::Override(_) => "override".to_owned(),
            EntryPart::Enable(word) => format!("enable {}", word.node),
        }
    }
}
