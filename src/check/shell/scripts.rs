//! The scripts of a program.

use crate::ir::{Script, Step, StepKind};

/// The scripts of a step, as somebody wrote them.
pub(crate) fn scripts(step: &Step) -> &[Script] {
    match &step.kind {
        StepKind::Run(run) => std::slice::from_ref(&run.script),
        StepKind::Build(build) => &build.scripts,
        _ => &[],
    }
}
