//! Floor 5: one compilation, start to end.

use crate::analyse::{Inputs, analyse};
use crate::base::{Files, Sources};
use crate::check::{Checked, check};
use crate::diagnostics::Findings;
use crate::emit::{Artifact, emit};

mod library;

pub use library::{standard, standard_names};

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
    let mut outcome = Outcome::default();
    let names = standard_names();
    let inputs = Inputs { files, standard: &standard, standard_names: &names, main };
    let program = analyse(&inputs, &mut outcome.sources, &mut outcome.findings);
    outcome.checked = program.and_then(|program| check(program, &mut outcome.findings));
    if let Some(checked) = &outcome.checked {
        outcome.artifacts = emit(checked, &outcome.sources);
    }
    outcome
}
