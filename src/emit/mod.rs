//! Floor 4: a checked program → artifacts. Total functions: no findings, no I/O, no clock.

mod artifact;
mod bake;
mod catalog;
mod docker;
#[cfg(test)]
mod fixture;
pub mod graph;
pub mod hub;
mod plan;
pub mod workflow;
pub(crate) mod yaml;

pub use artifact::{Artifact, MARK};
pub use plan::{CellPlan, Plan, plan};

use crate::base::Sources;
use crate::check::Checked;

/// Every artifact of a program, sorted by path.
#[must_use]
pub fn emit(checked: &Checked, sources: &Sources) -> Vec<Artifact> {
    let program = checked.program();
    let outputs = &program.outputs;
    let dockerfiles = || docker::lay_out(program, outputs.dockerfiles.is_some().then_some(sources));
    let rest = |plan: &Plan| {
        let mut rest: Vec<Artifact> = outputs.bake.iter().map(|output| bake::emit(program, plan, output)).collect();
        rest.extend(workflow::emit(checked, plan));
        rest.extend(hub::emit(checked, plan));
        rest
    };
    // A catalogue is as much work as all else.
    let (mut artifacts, others) = if outputs.catalogs.is_empty() {
        let (plan, artifacts) = dockerfiles();
        (artifacts, rest(&plan))
    } else {
        let ((plan, mut artifacts), mut pages) = beside(dockerfiles, || catalog::read(program));
        for page in &mut pages {
            page.name(&plan);
        }
        let (others, catalogs) = beside(|| rest(&plan), || catalog::write(&pages));
        artifacts.extend(catalogs);
        (artifacts, others)
    };
    artifacts.extend(others);
    artifacts.sort_by(|one, two| one.path.cmp(&two.path));
    artifacts
}

/// Does the one here and the other on a second thread, where one is to be had.
fn beside<A, B: Send>(here: impl FnOnce() -> A, there: impl Fn() -> B + Sync) -> (A, B) {
    std::thread::scope(|scope| {
        let second = std::thread::Builder::new().spawn_scoped(scope, &there);
        let done = here();
        match second {
            Ok(second) => (done, second.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))),
            Err(_) => (done, there()),
        }
    })
}
