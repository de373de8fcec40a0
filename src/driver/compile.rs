//! One compilation, start to end.

use super::library::{standard, standard_names};
use super::policy::Policy;
use super::{joined, policy, trials};
use crate::analyse::{Inputs, analyse, read};
use crate::base::{Files, Remembered, Sources};
use crate::check::{Checked, check_on};
use crate::diagnostics::Findings;
use crate::emit::{Artifact, emit};
use crate::ir::Program;

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
    /// The program as far as it could be read, where an error stands. Nothing is made of it; questions may be asked of it.
    pub refused: Option<Box<Program>>,
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

/// The files that a program is made of: read for their imports, and not compiled.
#[must_use]
pub fn sources(files: &dyn Files, main: &str) -> Sources {
    let mut sources = Sources::default();
    let names = standard_names();
    let inputs = Inputs { files: &Remembered::new(files), standard: &standard, standard_names: &names, main };
    read(&inputs, &mut sources);
    sources
}

/// Everything but the artifacts: [`Outcome::emit`] makes them where they are wanted.
#[must_use]
pub fn check_with(files: &dyn Files, main: &str, policy: &Policy) -> Outcome {
    let files = &Remembered::new(files);
    let mut outcome = once(files, main, policy);
    let mut findings = std::mem::take(&mut outcome.findings);
    trials::run(files, &outcome.sources, outcome.program(), &mut findings, |edited| once(edited, main, policy).findings);
    outcome.findings = findings;
    outcome
}

/// One compilation, with ways out that nobody has tried.
pub(super) fn once(files: &dyn Files, main: &str, policy: &Policy) -> Outcome {
    let mut outcome = Outcome::default();
    let names = standard_names();
    let inputs = Inputs { files, standard: &standard, standard_names: &names, main };
    let program = analyse(&inputs, &mut outcome.sources, &mut outcome.findings);
    let allows = program.as_ref().map(|program| program.allows.clone()).unwrap_or_default();
    let checked = program.map(|program| check_on(program, policy.today, policy.repository.as_ref(), &mut outcome.findings));
    policy::leave_out_the_library(&outcome.sources, &mut outcome.findings);
    joined::signs(&outcome.sources, &mut outcome.findings);
    policy::apply_allows(&allows, &mut outcome.findings);
    policy.apply(&mut outcome.findings);
    match checked {
        Some(Ok(checked)) if !outcome.findings.has_errors() => outcome.checked = Some(checked),
        Some(Ok(checked)) => outcome.refused = Some(Box::new(checked.into_program())),
        Some(Err(program)) => outcome.refused = Some(program),
        None => {}
    }
    outcome
}

impl Outcome {
    /// The program, with or without errors; `None` where it could not be read.
    #[must_use]
    pub fn program(&self) -> Option<&Program> {
        self.checked.as_ref().map(Checked::program).or(self.refused.as_deref())
    }

    /// Makes the artifacts, where no error stands.
    pub fn emit(&mut self) {
        if let Some(checked) = &self.checked {
            self.artifacts = emit(checked, &self.sources);
        }
    }
}
