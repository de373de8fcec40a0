//! The GitHub workflow: `images.yml`, the graph with a job for each image; `images-cell.yml`, the steps of one cell on one
//! platform; and the scripts beside the Dockerfiles that these steps call.
//!
//! Tags are in the bake file, not here: the workflow changes only when images, cells, platforms or policies do.

mod actions;
mod cell;
mod context;
mod graph;
mod images;
mod scripts;
mod shell;
mod steps;
mod update;
mod yaml;

#[cfg(test)]
mod tests;

pub use actions::known_actions;

use self::graph::Graph;
use crate::check::Checked;
use crate::emit::{Artifact, Plan};
use context::Context;

/// GitHub starts no run from a workflow file that is larger, in bytes
/// (docs.github.com, "Actions limits").
pub const MAX_WORKFLOW_BYTES: usize = 500_000;

/// The workflow, its reusable part and its scripts; nothing where the program asks for none, or has no bake file or no
/// Dockerfiles for it to build.
#[must_use]
pub fn emit(checked: &Checked, plan: &Plan) -> Vec<Artifact> {
    let program = checked.program();
    let outputs = &program.outputs;
    let (Some(output), Some(bake), Some(dockerfiles)) = (&outputs.workflow, &outputs.bake, &outputs.dockerfiles) else {
        return Vec::new();
    };
    let context = Context { program, output, bake, dir: dockerfiles.dir.trim_matches('/') };
    let graph = Graph::new(program, plan, output.pull_requests);
    let mut artifacts = vec![images::emit(&context, &graph), cell::emit(&context, &graph), scripts::ci(&context, &graph)];
    artifacts.extend(program.built().flat_map(|(_, image)| scripts::of_image(program, plan, image)));
    artifacts
}
