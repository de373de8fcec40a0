//! `jenvc graph`: what stands on what, drawn.

use serde_json::{Value, json};

use super::args::{Graph as Arguments, Part};
use super::compiled::{Compiled, failed};
use super::console::Console;
use super::global::{Format, Global};
use super::reply::{Exit, Misuse, Reply};
use super::{diff, find};
use crate::base::or_nearest;
use crate::driver::difference::Difference;
use crate::emit::graph::{Graph, Node, NodeCell, dot, mermaid, svg};
use crate::emit::plan;

pub(super) fn run(graph: &Arguments, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    // Where nothing is said, clap gives the default of the option for all subcommands.
    let format = graph.format.filter(|format| *format != Format::Human);
    if format.is_none() && console.is_terminal() {
        let words =
            "a terminal shows no SVG: write `jenvc graph > graph.svg`, or `jenvc tree` for a drawing in text; `--format svg` prints it";
        return Err(Misuse(words.to_owned()));
    }
    let compiled = Compiled::new(find::program(graph.part.file.as_deref())?, global);
    let Some(drawn) = of(&compiled, &graph.part, global)? else { return Ok(failed(&compiled.told(), global, console)) };
    let text = match format.unwrap_or(Format::Svg) {
        Format::Mermaid => mermaid(&drawn),
        Format::Dot => dot(&drawn),
        Format::Json => format!("{:#}\n", object(&drawn)),
        _ => svg(&drawn),
    };
    if format == Some(Format::Json) {
        return Ok(Reply::new(text, Exit::Clean));
    }
    Ok(compiled.told().look(text, global, console))
}

/// The part of the graph that is asked for, marked where a revision is named; `None` where the program has errors.
pub(super) fn of(compiled: &Compiled, part: &Part, global: &Global) -> Result<Option<Graph>, Misuse> {
    let Some(checked) = &compiled.outcome.checked else { return Ok(None) };
    let (program, plan) = (checked.program(), plan(checked));
    let mut graph = match &part.name {
        None => Graph::of(program, &plan),
        Some(name) => Graph::needed_by(program, &plan, name).ok_or_else(|| {
            let entries = program.hubs.iter().flat_map(|hub| &hub.menu).map(|profile| profile.definition.as_str());
            let hint = or_nearest(name, program.images.iter().map(|image| image.name.as_str()).chain(entries));
            Misuse(format!("there is no image or environment `{name}`{}", hint.map(|hint| format!("; {hint}")).unwrap_or_default()))
        })?,
    };
    if let Some(since) = &part.since {
        let difference = Difference::between(&diff::before(compiled, since, global)?, checked);
        graph.touch(|image, cell| difference.images.iter().any(|change| change.image == image && change.cell == cell));
    }
    Ok(Some(graph))
}

fn object(graph: &Graph) -> Value {
    let nodes = graph.nodes.iter().map(node).collect::<Vec<_>>();
    let edges = graph.edges.iter().map(|edge| json!({ "from": edge.from, "to": edge.to, "kind": edge.kind.word() })).collect::<Vec<_>>();
    json!({ "version": 1, "nodes": nodes, "edges": edges })
}

/// A node, as `graph` and `tree` tell it to programs.
pub(super) fn node(node: &Node) -> Value {
    if let Some(hub) = &node.hub {
        return json!({ "kind": node.kind.word(), "name": node.name, "title": node.title, "hub": hub, "default": node.default });
    }
    let cell = |cell: &NodeCell| json!({ "name": cell.name, "reference": cell.reference, "touched": cell.touched });
    let cells = node.cells.iter().map(cell).collect::<Vec<_>>();
    json!({ "kind": node.kind.word(), "name": node.name, "repository": node.title, "cells": cells })
}
