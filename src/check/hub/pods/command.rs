//! The command of the pod: what it starts in the place of the image's, and whether that is there.

use super::meeting::{Meeting, program_name};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Package, StepKind};

/// What the chart starts, and the packages that bring it.
const SINGLEUSER: (&str, [&str; 3]) = ("jupyterhub-singleuser", ["jupyterhub", "jupyterhub-singleuser", "jupyterhub-base"]);
/// Commands of images that start a server and nothing else: a hub starts its own.
const STARTERS: [&str; 9] =
    ["start-notebook", "start-singleuser", "start", "jupyter", "jupyter-lab", "jupyter-notebook", "jupyterhub-singleuser", "bash", "sh"];

/// A command that the program gives to an image, and that no hub runs.
pub(super) fn started(meeting: &Meeting<'_, '_>, findings: &mut Findings) {
    let Some((command, _)) = meeting.text("cmd") else { return };
    let own =
        meeting.steps().rev().find_map(|(_, step)| if let StepKind::Cmd(words) = &step.kind { Some((words, step.origin)) } else { None });
    let Some((words, place)) = own else { return };
    let name = words.first().map_or("", |word| program_name(word));
    let name = name.strip_suffix(".sh").or(name.strip_suffix(".py")).unwrap_or(name);
    if STARTERS.contains(&name) || name == program_name(command) {
        return;
    }
    findings.push(
        Diagnostic::new(&known::COMMAND_NOT_RUN, place, format!("a hub starts `{command}` in the place of this command"))
            .here("runs in no server of a hub")
            .also(meeting.image.place, "on the menu here")
            .help("say `override { cmd = none }` in the entry, if this command starts the server; else do it in an entrypoint"),
    );
}

/// `jupyterhub-singleuser` in an environment of conda that is on no `PATH`.
pub(super) fn found(meeting: &Meeting<'_, '_>, findings: &mut Findings) {
    let Some((command, _)) = meeting.text("cmd") else { return };
    if program_name(command) != SINGLEUSER.0 {
        return;
    }
    let brings = |package: &&Package| package.ecosystem.is_python() && SINGLEUSER.1.contains(&package.normal.as_str());
    let bringing: Vec<&Package> = meeting.image.packages().filter(brings).collect();
    let on_path = |name: &str| {
        let folder = format!("/envs/{name}/bin");
        meeting.steps().any(|(_, step)| match &step.kind {
            StepKind::Path { variable, entries, .. } => {
                variable == "PATH" && entries.iter().any(|entry| entry.written().ends_with(&folder))
            }
            StepKind::Env(pairs) => pairs.iter().any(|(variable, value)| variable == "PATH" && value.written().contains(&folder)),
            _ => false,
        })
    };
    let reached = |package: &Package| package.environment.as_deref().is_none_or(|name| name == "system" || on_path(name));
    let Some(package) = bringing.first().filter(|_| !bringing.iter().any(|package| reached(package))) else { return };
    let environment = package.environment.as_deref().unwrap_or_default();
    findings.push(
        Diagnostic::new(
            &known::COMMAND_NOT_FOUND,
            package.origin,
            format!("`{command}` is in the environment `{environment}` of `{}` alone, which is not on `PATH`", meeting.image.name),
        )
        .here("a hub starts it by its name")
        .also(meeting.image.place, "on the menu here")
        .help("install it beside the others, or put the environment's `bin` before them: `path PATH prepend \"…\"`"),
    );
}
