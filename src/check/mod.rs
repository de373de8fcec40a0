//! Floor 3: rules over the IR. Only here can a [`Checked`] be made, so artifacts can't be emitted from an unchecked program.

mod hub;
mod packages;
mod stack;
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
}

/// Runs every rule. The findings go to `findings`; `None` where there is an error among them.
#[must_use]
pub fn check(program: Program, findings: &mut Findings) -> Option<Checked> {
    packages::rules(&program, findings);
    hub::rules(&program, findings);
    workflow::check(&program, findings);
    (!findings.has_errors()).then_some(Checked(program))
}
