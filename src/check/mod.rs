//! Floor 3: rules over the IR. Only here can a [`Checked`] be made, so artifacts can't be emitted from an unchecked program.

mod dates;
mod hub;
mod needs;
mod packages;
mod shell;
mod sources;
mod stack;
mod workflow;

use crate::diagnostics::Findings;
use crate::ir::{Date, Program};

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

/// Runs every rule but those about days. The findings go to `findings`; `None` where there is an error among them.
#[must_use]
pub fn check(program: Program, findings: &mut Findings) -> Option<Checked> {
    check_on(program, None, findings)
}

/// Runs every rule; without `today` nothing is said of days that may have passed.
#[must_use]
pub fn check_on(program: Program, today: Option<Date>, findings: &mut Findings) -> Option<Checked> {
    sources::rules(&program, findings);
    needs::rules(&program, findings);
    shell::check(&program, findings);
    if let Some(today) = today {
        dates::check(&program, today, findings);
    }
    packages::rules(&program, findings);
    hub::rules(&program, findings);
    workflow::check(&program, findings);
    (!findings.has_errors()).then_some(Checked(program))
}
