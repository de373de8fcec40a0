//! `jenvc tree`: the stacks with their cells, from the existing images up to what people pick.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::args::Tree;
use super::compiled::{Compiled, failed};
use super::console::Console;
use super::find;
use super::global::Global;
use super::graph::{node, of};
use super::reply::{Misuse, Reply};
use super::table::Screen;
use crate::emit::graph::{Edge, EdgeKind, Graph, Node, NodeCell, NodeKind};

pub(super) fn run(tree: &Tree, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let compiled = Compiled::new(find::program(tree.part.file.as_deref())?, global);
    let Some(graph) = of(&compiled, &tree.part, global)? else { return Ok(failed(&compiled.told(), global, console)) };
    let text = if global.json() {
        let roots: Vec<_> = roots(&graph).map(|(at, root)| object(&graph, at, root, None)).collect();
        format!("{:#}\n", json!({ "version": 1, "roots": roots }))
    } else {
        let mut drawing = Drawing { graph: &graph, screen: console.screen(), text: String::new() };
        for (at, root) in roots(&graph) {
            drawing.line(root, None, 0);
            drawing.children(at, "");
        }
        if let Some(since) = tree.part.since.as_ref().filter(|_| !console.quiet()) {
            let _ = write!(drawing.text, "\n* built anew since {since}\n");
        }
        drawing.text
    };
    Ok(compiled.told().look(text, global, console))
}

fn roots(graph: &Graph) -> impl Iterator<Item = (usize, &Node)> {
    graph.nodes.iter().enumerate().filter(|(_, node)| node.kind == NodeKind::Base)
}

/// What stands on a node or offers it, with the edges to it: entries first, they are nearest.
fn above(graph: &Graph, at: usize) -> Vec<(usize, &Node, &Edge)> {
    let edges = graph.edges.iter().filter(|edge| edge.from == at && edge.kind != EdgeKind::Takes);
    let mut above: Vec<_> = edges.filter_map(|edge| Some((edge.to, graph.nodes.get(edge.to)?, edge))).collect();
    above.sort_by_key(|(to, node, _)| (node.kind != NodeKind::Entry, *to));
    above
}

/// A node with what is above it. Of an image that stands on several, only the cells are told that stand on this one.
fn object(graph: &Graph, at: usize, one: &Node, edge: Option<&Edge>) -> Value {
    let above: Vec<_> = above(graph, at).into_iter().map(|(to, node, edge)| object(graph, to, node, Some(edge))).collect();
    let mut object = node(&shown(one, edge));
    if let (Some(map), false) = (object.as_object_mut(), one.kind == NodeKind::Entry) {
        map.insert("above".to_owned(), Value::Array(above));
    }
    object
}

fn shown(node: &Node, edge: Option<&Edge>) -> Node {
    let stands = |at: &usize| edge.is_none_or(|edge| edge.cells.contains(at));
    let cells = node.cells.iter().enumerate().filter(|(at, _)| stands(at)).map(|(_, cell)| cell.clone()).collect();
    Node { cells, ..node.clone() }
}

struct Drawing<'a> {
    graph: &'a Graph,
    screen: Screen,
    text: String,
}

impl Drawing<'_> {
    fn children(&mut self, at: usize, indent: &str) {
        let above = above(self.graph, at);
        let last = above.len();
        for (number, (to, node, edge)) in above.into_iter().enumerate() {
            let (branch, rest) = if number + 1 == last { ("└── ", "    ") } else { ("├── ", "│   ") };
            self.text.push_str(indent);
            self.text.push_str(branch);
            self.line(node, Some(edge), indent.chars().count() + branch.chars().count());
            self.children(to, &format!("{indent}{rest}"));
        }
    }

    /// One node behind `indent` characters: an entry with its title, an image with its cells, an existing one with its reference.
    /// Cells that the terminal has no room for are counted.
    fn line(&mut self, node: &Node, edge: Option<&Edge>, indent: usize) {
        let line = if let Some(hub) = &node.hub {
            let default = if node.default { ", the default" } else { "" };
            format!("{} {}", self.painted("36", &format!("“{}”", node.title)), self.painted("2", &format!("on {hub}{default}")))
        } else {
            let cells = shown(node, edge).cells;
            let mark = |cell: &NodeCell, name: &str| if cell.touched { self.painted("33", &format!("{name}*")) } else { name.to_owned() };
            let alone = cells.first().filter(|cell| cell.name.is_empty());
            let mut words = vec![self.painted("1", &alone.map_or(node.name.clone(), |cell| mark(cell, &node.name)))];
            let named: Vec<&NodeCell> = cells.iter().filter(|cell| !cell.name.is_empty()).collect();
            let long = indent + node.name.chars().count() + named.iter().map(|cell| cell.name.chars().count() + 1).sum::<usize>();
            if named.len() > 1 && self.screen.width.is_some_and(|width| long > width) {
                let touched = named.iter().filter(|cell| cell.touched).count();
                let more = if touched == 0 { String::new() } else { self.painted("33", &format!(", {touched}*")) };
                words.push(format!("{} cells{more}", named.len()));
            } else {
                words.extend(named.iter().map(|cell| mark(cell, &cell.name)));
            }
            words.extend((node.kind == NodeKind::Base).then(|| self.painted("2", &node.title)));
            words.join(" ")
        };
        self.text.push_str(&line);
        self.text.push('\n');
    }

    fn painted(&self, code: &str, text: &str) -> String {
        self.screen.painted(code, text)
    }
}
