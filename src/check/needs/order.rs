//! J0436: `after grid-security`, and it comes later.

use crate::base::Place;
use crate::check::causes::Causes;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Member, Program, Requirement, RequirementKind};

/// J0436
pub(super) fn check(program: &Program, findings: &mut Findings) {
    let asked = |requirement: &Requirement| matches!(requirement.kind, RequirementKind::After(_));
    if !program.recipes().into_iter().any(|recipe| recipe.requirements.iter().any(asked)) {
        return;
    }
    let mut causes = Causes::new();
    for cells in program.stacks() {
        let Some(id) = cells.first().copied() else { continue };
        let cell = &program[id];
        for below in program.stack(id) {
            for requirement in &program[below].requirements {
                let RequirementKind::After(name) = &requirement.kind else { continue };
                let first = if below == id { requirement.members_before } else { 0 };
                if let Some(member) = cell.members.iter().skip(first).find(|member| member.name == *name) {
                    causes.note((requirement.origin, name, member.origin), &cells, || finding(requirement, name, member));
                }
            }
        }
    }
    causes.close(program, findings);
}

fn finding(requirement: &Requirement, name: &str, member: &Member) -> Diagnostic {
    let Requirement { origin, from, .. } = requirement;
    let place: Place = member.origin;
    Diagnostic::new(&known::WRONG_ORDER, *origin, format!("`{from}` is to come after `{name}`, which comes later"))
        .here(format!("`{name}` is not there yet"))
        .also(place, "it comes here")
        .help(format!("put `{name}` before `{from}`"))
}
