//! J0225: a step whose commands change only the shell that runs them. The next step has a shell of its own.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Program, StepKind};
use crate::shell::{Kind, is_assignment, tokens};

/// Commands that change the shell alone, with the statement that lasts.
const IDLE: [(&str, &str); 11] = [
    ("cd", "write `workdir \"/opt/work\"`, or `run in \"/opt/work\" \"…\"`"),
    ("pushd", "write `workdir \"/opt/work\"`, or `run in \"/opt/work\" \"…\"`"),
    ("export", "write `env { NAME = \"value\" }`"),
    ("declare", "write `env { NAME = \"value\" }`"),
    ("unset", "leave the variable out where it is set"),
    ("source", "write it before the command that needs it, in one `run`"),
    (".", "write it before the command that needs it, in one `run`"),
    ("alias", "write the command out where it is used"),
    ("set", "write it before the command that needs it, in one `run`"),
    ("umask", "write it before the command that needs it, in one `run`"),
    ("ulimit", "write it before the command that needs it, in one `run`"),
];

/// J0225
pub(in crate::check) fn check(program: &Program, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for step in program.recipes().into_iter().flat_map(|recipe| &recipe.steps) {
        let StepKind::Run(run) = &step.kind else { continue };
        let script = &run.script.text;
        if let Some((word, help)) = idle(script)
            && run.after.is_empty()
            && seen.insert(step.origin)
        {
            findings.push(
                Diagnostic::new(&known::IDLE_COMMAND, step.origin, format!("`{word}` has no effect on the next step"))
                    .here("each step runs in a shell of its own")
                    .help(help),
            );
        }
    }
}

/// The first command of a script all of whose commands change the shell alone.
fn idle(script: &str) -> Option<(&'static str, &'static str)> {
    let tokens = tokens(script);
    let mut first = None;
    for command in tokens.split(|token| token.kind == Kind::End).filter(|command| !command.is_empty()) {
        let mut words = command.iter().filter(|token| token.kind == Kind::Word).filter_map(|token| script.get(token.range.clone()));
        let word = words.next()?;
        let assigned = is_assignment(word) && words.next().is_none();
        let (found, help) = IDLE.iter().find(|(known, _)| *known == if assigned { "export" } else { word })?;
        first = first.or(Some((*found, *help)));
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_that_leave_nothing_are_idle() {
        for (script, word) in [("cd /opt", "cd"), ("export A=1 && cd /x", "export"), ("A=1", "export"), ("source activate x", "source")] {
            assert_eq!(idle(script).map(|(word, _)| word), Some(word), "{script}");
        }
        for script in ["cd /opt && make", "A=1 make", "set -x; ls", "echo cd", ""] {
            assert_eq!(idle(script), None, "{script}");
        }
    }
}
