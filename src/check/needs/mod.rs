//! Rules over `requires` and `after`: what must hold underneath is held against what is known to be there.
//!
//! A requirement is met, unmet, or not to be decided from what the program says. The first says nothing, the second is an
//! error, the third a note.

mod below;
mod commands;
mod managers;
mod order;
mod packages;
mod platforms;
mod python;
mod verdict;

use crate::base::Place;
use crate::check::causes::Causes;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{CellId, Program, Requirement, RequirementKind};
use below::Below;
use verdict::{Reason, Verdict};

/// What makes two findings one: the requirement, the code, and what they say.
type Cause = (Place, bool, String);

/// J0434, J0435, J0436
pub(super) fn rules(program: &Program, findings: &mut Findings) {
    let mut causes: Causes<Cause> = Causes::new();
    // The axis `python` says which interpreter there is, whether the stack reads it or not.
    let stacks = program.stacks();
    for cells in stacks.iter().filter(|cells| requires(program, cells)).flat_map(|cells| program.by_axis(cells, "python")) {
        let Some(first) = cells.first() else { continue };
        for requirement in &program[*first].requirements {
            let (unmet, reason) = match verdict(&Below::new(program, *first, requirement), requirement) {
                Verdict::Met => continue,
                Verdict::Unmet(reason) => (true, reason),
                Verdict::Open(reason) => (false, reason),
            };
            let cause = (requirement.origin, unmet, reason.said.clone());
            causes.note(cause, &cells, || finding(requirement, unmet, reason));
        }
    }
    causes.close(program, findings);
    order::check(program, findings);
    managers::check(program, findings);
}

/// Whether cells of one stack require something.
fn requires(program: &Program, cells: &[CellId]) -> bool {
    cells.first().is_some_and(|first| !program[*first].requirements.is_empty())
}

fn verdict(below: &Below<'_>, requirement: &Requirement) -> Verdict {
    match &requirement.kind {
        RequirementKind::Os(os) => platforms::os(below, os),
        RequirementKind::Platform(platform) => platforms::platform(below, platform),
        RequirementKind::Command(command) => commands::command(below, command),
        RequirementKind::Python(constraint) => python::python(below, constraint),
        RequirementKind::Package(package) => packages::package(below, package),
        RequirementKind::After(_) => Verdict::Met,
    }
}

fn finding(requirement: &Requirement, unmet: bool, reason: Reason) -> Diagnostic {
    let code = if unmet { &known::UNMET_REQUIREMENT } else { &known::OPEN_REQUIREMENT };
    let message = format!("`{}` requires {}, and {}", requirement.from, words(&requirement.kind), reason.said);
    let mut finding = Diagnostic::new(code, requirement.origin, message).here(reason.here);
    if let Some((place, text)) = reason.other {
        finding = finding.also(place, text);
    }
    finding.help(reason.help)
}

/// A requirement as a reader would say it.
fn words(kind: &RequirementKind) -> String {
    match kind {
        RequirementKind::Os(os) => format!("`{os}`"),
        RequirementKind::Platform(platform) => format!("`{platform}`"),
        RequirementKind::Command(command) => format!("the command `{command}`"),
        RequirementKind::Python(constraint) => format!("Python `{constraint}`"),
        RequirementKind::Package(package) if package.constraint.alternatives.is_empty() => format!("`{}`", package.name),
        RequirementKind::Package(package) => format!("`{} {}`", package.name, package.constraint),
        RequirementKind::After(name) => format!("`{name}` before it"),
    }
}
