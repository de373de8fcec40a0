//! J0433: constraints whose day has passed. Which day it is comes from outside; without it nothing is said.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Date, Package, Program};

/// J0433
pub(super) fn check(program: &Program, today: Date, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    let bases = program.bases.iter().flat_map(|base| base.provides.iter());
    let packages = program.recipes().into_iter().flat_map(|recipe| &recipe.packages).chain(bases);
    for package in packages {
        if let Some(until) = package.until.filter(|until| *until < today)
            && seen.insert(package.origin)
        {
            findings.push(finding(package, until));
        }
    }
}

fn finding(package: &Package, until: Date) -> Diagnostic {
    let here = package.because.as_ref().map_or_else(|| "its day has passed".to_owned(), |reason| format!("its reason was: {reason}"));
    Diagnostic::new(&known::EXPIRED_UNTIL, package.origin, format!("what is said of `{}` was to hold until {until}", package.name))
        .here(here)
        .help("take the constraint out, or say a later day")
        .about(package.ecosystem, package.normal.clone())
}
