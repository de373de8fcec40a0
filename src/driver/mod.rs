//! Floor 5: one compilation, start to end.

use crate::analyse::{Inputs, analyse};
use crate::base::{Files, Sources};
use crate::check::{Checked, check_on};
use crate::diagnostics::Findings;
use crate::emit::{Artifact, emit};

pub mod difference;
mod library;
mod policy;
mod trials;

pub use library::{standard, standard_names};
pub use policy::Policy;

/// What came of a compilation.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The artifacts, by path; empty where there is an error.
    pub artifacts: Vec<Artifact>,
    /// Everything that was found.
    pub findings: Findings,
    /// Every file that was read.
    pub sources: Sources,
    /// The program, where no error stands.
    pub checked: Option<Checked>,
}

/// Compiles the program that begins in `main`, a path relative to the root of `files`.
#[must_use]
pub fn compile(files: &dyn Files, main: &str) -> Outcome {
    compile_with(files, main, &Policy::default())
}

/// Compiles, with what the flags say about findings. The program's own `allow` statements hold in either case.
#[must_use]
pub fn compile_with(files: &dyn Files, main: &str, policy: &Policy) -> Outcome {
    let mut outcome = check_with(files, main, policy);
    outcome.emit();
    outcome
}

/// Everything but the artifacts: [`Outcome::emit`] makes them where they are wanted.
#[must_use]
pub fn check_with(files: &dyn Files, main: &str, policy: &Policy) -> Outcome {
    let mut outcome = once(files, main, policy);
    let mut findings = std::mem::take(&mut outcome.findings);
    trials::run(files, &outcome.sources, &mut findings, |edited| once(edited, main, policy).findings);
    outcome.findings = findings;
    outcome
}

/// One compilation, with ways out that nobody has tried.
fn once(files: &dyn Files, main: &str, policy: &Policy) -> Outcome {
    let mut outcome = Outcome::default();
    let names = standard_names();
    let inputs = Inputs { files, standard: &standard, standard_names: &names, main };
    let program = analyse(&inputs, &mut outcome.sources, &mut outcome.findings);
    let allows = program.as_ref().map(|program| program.allows.clone()).unwrap_or_default();
    let checked = program.and_then(|program| check_on(program, policy.today, &mut outcome.findings));
    policy::apply_allows(&allows, &mut outcome.findings);
    policy.apply(&mut outcome.findings);
    outcome.checked = checked.filter(|_| !outcome.findings.has_errors());
    outcome
}

impl Outcome {
    /// Makes the artifacts, where no error stands.
    pub fn emit(&mut self) {
        if let Some(checked) = &self.checked {
            self.artifacts = emit(checked, &self.sources);
        }
    }
}
