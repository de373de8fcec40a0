//! Rules over where things come from: what may be another thing tomorrow, and what an image does not say of itself.

mod accounts;
mod architecture;
mod bases;
mod downloads;
mod git;
mod names;

use crate::diagnostics::Findings;
use crate::ir::Program;

/// Runs every rule of this folder.
pub(super) fn rules(program: &Program, findings: &mut Findings) {
    git::check(program, findings);
    downloads::check(program, findings);
    bases::check(program, findings);
    architecture::check(program, findings);
    accounts::check(program, findings);
}
