//! Floor 3: rules over the IR. Only here can a [`Checked`] be made, so artifacts can't be emitted from an unchecked program.

mod causes;
mod cuda;
mod dates;
mod hub;
pub mod locked;
mod needs;
mod packages;
mod shell;
mod sources;
mod stack;
mod stages;
pub mod why;
mod workflow;

pub(crate) use workflow::SHARED_FROM;
#[cfg(test)]
pub(crate) use workflow::workflow_bytes;

pub use hub::{is_image_reference, meant_trait, readable_pattern};
pub(crate) use locked::rules_of_lock;
pub(crate) use stack::{also_called, cell_ref};

use crate::diagnostics::Findings;
use crate::ir::{Date, Program, Repository};

/// A program that every rule has looked at and that has no error.
#[derive(Clone, Debug)]
pub struct Checked(Program);

impl Checked {
    /// The program.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.0
    }

    /// The program, no longer as a checked one.
    #[must_use]
    pub fn into_program(self) -> Program {
        self.0
    }
}

/// Runs every rule but those about days. The findings go to `findings`.
///
/// # Errors
/// Gives the program back where there is an error among the findings.
pub fn check(program: Program, findings: &mut Findings) -> Result<Checked, Box<Program>> {
    check_on(program, None, None, findings)
}

/// Runs every rule; without `today` nothing is said of days that may have passed, without `repository` nothing of where the program is.
///
/// # Errors
/// Gives the program back where there is an error among the findings.
pub fn check_on(
    program: Program,
    today: Option<Date>,
    repository: Option<&Repository>,
    findings: &mut Findings,
) -> Result<Checked, Box<Program>> {
    sources::rules(&program, findings);
    needs::rules(&program, findings);
    stages::rules(&program, findings);
    shell::check(&program, findings);
    shell::idle::check(&program, findings);
    shell::root::check(&program, findings);
    shell::packages(&program, findings);
    cuda::rules(&program, findings);
    if let Some(today) = today {
        dates::check(&program, today, findings);
    }
    packages::rules(&program, findings);
    locked::rules_of_lock(&program, findings);
    hub::rules(&program, findings);
    workflow::check(&program, repository, findings);
    if findings.has_errors() { Err(Box::new(program)) } else { Ok(Checked(program)) }
}
