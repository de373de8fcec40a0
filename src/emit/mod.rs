//! Floor 4: a checked program → artifacts. Total functions: no findings, no I/O, no clock.

mod artifact;
mod bake;
mod catalog;
pub(crate) mod docker;
#[cfg(test)]
mod fixture;
pub mod graph;
pub mod hub;
mod plan;
pub mod workflow;
pub(crate) mod yaml;

pub use artifact::{Artifact, MARK};
pub use plan::{CellPlan, Plan};

use crate::base::Sources;
use crate::check::Checked;

/// The plans of all cells of a checked program.
#[must_use]
pub fn plan(checked: &Checked) -> Plan {
    docker::lay_out(checked.program(), None).0
}

/// Every artifact of a program, sorted by path.
#[must_use]
pub fn emit(checked: &Checked, sources: &Sources) -> Vec<Artifact> {
    let program = checked.program();
    let outputs = &program.outputs;
    let (plan, dockerfiles) = docker::lay_out(program, outputs.dockerfiles.is_some().then_some(sources));
    let mut artifacts = dockerfiles;
    artifacts.extend(outputs.bake.as_ref().map(|output| bake::emit(program, &plan, output)));
    artifacts.extend(workflow::emit(checked, &plan));
    artifacts.extend(hub::emit(checked, &plan));
    artifacts.extend(catalog::emit(program));
    artifacts.sort_by(|one, two| one.path.cmp(&two.path));
    artifacts
}
