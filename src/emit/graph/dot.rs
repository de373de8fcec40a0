//! The graph as DOT, which Graphviz and many editors draw.

use std::fmt::Write as _;

use super::{EdgeKind, Graph, NodeKind};

/// A directed graph from left to right.
#[must_use]
pub fn dot(graph: &Graph) -> String {
    let mut text = "digraph images {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n".to_owned();
    for (at, node) in graph.nodes.iter().enumerate() {
        let mut label = quoted(if node.kind == NodeKind::Entry { &node.title } else { &node.name });
        let cells: Vec<_> = node.cells.iter().map(|cell| quoted(&cell.name)).filter(|name| !name.is_empty()).collect();
        if !cells.is_empty() {
            let _ = write!(label, "\\n{}", cells.join(" "));
        }
        let look = match node.kind {
            _ if node.touched() => ", style=\"rounded,filled\", fillcolor=\"#ffe8b3\", color=\"#b37400\"",
            NodeKind::Base => ", style=\"rounded,dashed\"",
            NodeKind::Image => "",
            NodeKind::Entry => ", style=\"rounded,filled\", fillcolor=\"#e0ecff\", color=\"#4a78c2\"",
        };
        let _ = writeln!(text, "  n{at} [label=\"{label}\", tooltip=\"{}\"{look}];", quoted(&node.title));
    }
    for edge in &graph.edges {
        let look = match edge.kind {
            EdgeKind::StandsOn => "",
            EdgeKind::Takes => " [style=dashed, label=\"files\"]",
            EdgeKind::Offers => " [dir=none]",
        };
        let _ = writeln!(text, "  n{} -> n{}{look};", edge.from, edge.to);
    }
    text.push_str("}\n");
    text
}

/// Text between quotes.
fn quoted(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c])).collect()
}
