//! J0611: a step of the superuser on an image whose account is unknown.

use std::collections::BTreeSet;

use crate::diagnostics::{Change, Diagnostic, Findings, known};
use crate::ir::{Account, Base, Cell, Program, RunAs, StepKind};

/// J0611
pub(super) fn check(program: &Program, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for (id, cell) in program.cells().filter(|(_, cell)| cell.account_before.assumed) {
        let base = &program[program.base_of(id)];
        if base.standard {
            continue;
        }
        // A step after a `user` knows to whom it comes back.
        let before = cell.steps.iter().take_while(|step| !matches!(step.kind, StepKind::User(_)));
        if before.into_iter().any(|step| step.run_as == RunAs::Root && step.kind.runs()) && seen.insert(base.origin) {
            findings.push(finding(program, base, cell));
        }
    }
}

fn finding(program: &Program, base: &Base, cell: &Cell) -> Diagnostic {
    let message = format!("`{}` has a step of root, and the account of `{}` is unknown", program[cell.image].name, base.name);
    let finding = Diagnostic::new(&known::UNKNOWN_USER, base.origin, message)
        .here("taken for an image of root: no `USER root` is written before the step");
    let written = match Account::usual(&base.repository) {
        Some(Account { name, uid: Some(uid), gid: Some(gid), home: Some(home), .. }) => {
            format!("user {name} {{ uid = {uid}  gid = {gid}  home = \"{home}\" }}")
        }
        _ => "user = root".to_owned(),
    };
    let change = Change::Statement { definition: base.origin, text: written.clone() };
    let other = format!("or name its account: `docker inspect --format '{{{{.Config.User}}}}' {}` prints it", base.reference());
    finding.propose(format!("write `{written}` in `{}`", base.name), change).maybe_help((written == "user = root").then_some(other))
}
