//! Floor 3: rules over the IR. Only here can a [`Checked`] be made, so artifacts can't be emitted from an unchecked program.

mod hub;
mod packages;
mod stack;
pub mod why;
mod workflow;

use crate::diagnostics::Findings;
use crate::ir::Program;

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

/// Runs every rule. The findings go to `findings`.
///
/// # Errors
/// Gives the program back where there is an error among the findings.
pub fn check(program: Program, findings: &mut Findings) -> Result<Checked, Box<Program>> {
    packages::rules(&program, findings);
    hub::rules(&program, findings);
    workflow::check(&program, findings);
    if findings.has_errors() { Err(Box::new(program)) } else { Ok(Checked(program)) }
}
