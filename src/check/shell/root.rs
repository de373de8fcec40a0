//! J0617: a command that only the superuser can run, in a step of another account.

use std::collections::BTreeSet;

use crate::base::{Place, Span};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Program, RunAs, StepKind};
use crate::shell::{Kind, is_assignment, tokens};

/// Package managers of distributions, with the subcommands that change the system.
const MANAGERS: [(&str, &[&str]); 6] = [
    ("apt-get", &CHANGES),
    ("apt", &CHANGES),
    ("dnf", &CHANGES),
    ("yum", &CHANGES),
    ("microdnf", &CHANGES),
    ("dpkg", &["-i", "--install", "-r", "--remove", "-P", "--purge", "--configure", "--add-architecture"]),
];

const CHANGES: [&str; 9] = ["install", "update", "upgrade", "dist-upgrade", "full-upgrade", "remove", "purge", "autoremove", "build-dep"];

/// Programs that write where only the superuser may.
const OTHERS: [&str; 7] = ["useradd", "usermod", "userdel", "groupadd", "groupmod", "locale-gen", "update-ca-certificates"];

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

/// The first command of a script that only the superuser can run, in two words at most; none where a script minds what fails.
fn of_root(script: &str) -> Option<String> {
    if script.contains("||")
        || script.contains("set +e")
        || !MANAGERS.iter().any(|(name, _)| script.contains(name)) && !OTHERS.iter().any(|name| script.contains(name))
    {
        return None;
    }
    let tokens = tokens(script);
    tokens.split(|token| token.kind == Kind::End).find_map(|command| {
        let words = command.iter().filter(|token| token.kind == Kind::Word).filter_map(|token| script.get(token.range.clone()));
        let mut words = words.skip_while(|word| is_assignment(word));
        let program = words.next()?;
        if OTHERS.contains(&program) {
            return Some(program.to_owned());
        }
        let (_, changes) = MANAGERS.iter().find(|(name, _)| *name == program)?;
        let subcommand = words.find(|word| changes.contains(word))?;
        Some(format!("{program} {subcommand}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_root_are_told_from_questions() {
        for (script, command) in [
            ("apt-get install -y curl", "apt-get install"),
            ("A=1 apt-get -y update && ls", "apt-get update"),
            ("cd /opt; dpkg -i x.deb", "dpkg -i"),
            ("groupadd lab", "groupadd"),
        ] {
            assert_eq!(of_root(script).as_deref(), Some(command), "{script}");
        }
        for script in
            ["apt-get download curl", "dpkg -l", "echo apt-get install", "sudo apt-get install curl", "apt-get update || true", ""]
        {
            assert_eq!(of_root(script), None, "{script}");
        }
    }
}
