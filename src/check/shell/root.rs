//! J0617: a command that only the superuser can run, in a step of another account.

use std::collections::BTreeSet;

use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Program, RunAs, StepKind};
use crate::shell::of_root;

/// J0617
pub(in crate::check) fn check(program: &Program, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for recipe in program.recipes() {
        let mut account = &recipe.account_before;
        for step in &recipe.steps {
            match &step.kind {
                StepKind::User(user) => account = user,
                StepKind::Run(run) if step.run_as == RunAs::User && !account.is_root() => {
                    let Some(command) = of_root(&run.script.text) else { continue };
                    if !seen.insert(step.origin) {
                        continue;
                    }
                    let message = format!("`{command}` runs as `{}`, and needs root", account.name);
                    let start = step.origin.span.start;
                    let behind = Place { span: Span { start: start + 3, end: start + 3 }, ..step.origin };
                    let finding = Diagnostic::new(&known::NEEDS_ROOT, step.origin, message).here("is refused in the build");
                    findings.push(finding.replace("write `run as root`", false, behind, " as root"));
                }
                _ => {}
            }
        }
    }
}
