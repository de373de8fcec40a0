//! Rules over where things come from: what may be another thing tomorrow, and what an image does not say of itself.

mod accounts;
mod architecture;
mod bases;
mod downloads;
mod git;

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

/// The last part of an address: `wdf.git` of `https://gitlab.com/wdfpipe/wdf.git`.
fn last_part(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or(url)
}
