//! The graph as Mermaid, which GitHub draws in a fenced block.

use std::fmt::Write as _;

use super::{EdgeKind, Graph, NodeKind};

/// How nodes look; what is touched stands out.
const LOOK: &str = "  classDef base stroke-dasharray:4
  classDef image stroke-width:1px
  classDef entry fill:#e0ecff,stroke:#4a78c2,color:#14284a
  classDef touched fill:#ffe8b3,stroke:#b37400,color:#3d2900
";

/// A flowchart from left to right.
#[must_use]
pub fn mermaid(graph: &Graph) -> String {
    let mut text = "flowchart LR\n".to_owned();
    for (at, node) in graph.nodes.iter().enumerate() {
        let mut lines = vec![escape(if node.kind == NodeKind::Entry { &node.title } else { &node.name })];
        let cells: Vec<_> = node.cells.iter().map(|cell| escape(&cell.name)).filter(|name| !name.is_empty()).collect();
        if !cells.is_empty() {
            lines.push(format!("<small>{}</small>", cells.join(" ")));
        }
        let (open, close) = match node.kind {
            NodeKind::Base => ("[(", ")]"),
            NodeKind::Image => ("[", "]"),
            NodeKind::Entry => ("([", "])"),
        };
        let class = if node.touched() { "touched" } else { node.kind.word() };
        let _ = writeln!(text, "  n{at}{open}\"{}\"{close}:::{class}", lines.join("<br>"));
    }
    for edge in &graph.edges {
        let arrow = match edge.kind {
            EdgeKind::StandsOn => "-->",
            EdgeKind::Takes => "-. files .->",
            EdgeKind::Offers => "---",
        };
        let _ = writeln!(text, "  n{} {arrow} n{}", edge.from, edge.to);
    }
    text.push_str(LOOK);
    text
}

/// Text between the quotes of a node: entities for what Mermaid would read.
fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '#' | '<' | '>' | '&' | '`' | ';' | '\\' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
