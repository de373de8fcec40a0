//! Packages that people install into their home folder, which Python prefers to those of the image.

use super::meeting::{Meeting, is_below};
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, Package, StepKind};

/// Variables that keep Python from `~/.local`, or give it another folder.
const SWITCHES: [&str; 2] = ["PYTHONNOUSERSITE", "PYTHONUSERBASE"];

/// Reports the first image of a hub whose exact versions a volume may shadow; whether it did.
pub(super) fn shadowing(hub: &Hub, meeting: &Meeting<'_, '_>, findings: &mut Findings) -> bool {
    let Some(home) = meeting.account().and_then(|account| account.home.as_deref()) else { return false };
    let kept = meeting.pod.mounts().iter().any(|(path, _)| is_below(home, path));
    let stack = meeting.cell().map_or_else(Vec::new, |cell| meeting.program.stack(cell));
    let mut own = stack.iter().flat_map(|cell| &meeting.program[*cell].packages);
    let exact = |package: &Package| package.scheme.set(&package.constraint).is_ok_and(|set| set.single().is_some());
    let package = own.find(|package| package.ecosystem.is_python() && exact(package));
    let Some(package) = package.filter(|_| kept && !switched(meeting)) else { return false };
    let written = "defaults { env = { PYTHONNOUSERSITE = \"1\" } }";
    findings.push(
        Diagnostic::new(
            &known::PERSONAL_PACKAGES,
            hub.origin,
            format!("what people of `{}` install into `~/.local` goes before the packages of the images", hub.name),
        )
        .here("their home folder is a volume that stays")
        .also(package.origin, "another version may run in the place of this one")
        .help("say `allow personal-packages because \"…\"` where people are meant to have their own")
        .replace(format!("write `{written}` in `{}`", hub.name), false, hub.top, format!("\n  {written}")),
    );
    true
}

/// Whether the pod or the image sets one of the variables.
fn switched(meeting: &Meeting<'_, '_>) -> bool {
    let of_pod = meeting.pod.get("environment").map(|one| &one.value.value);
    let of_base = meeting.base().map(|base| &meeting.program[base].env);
    SWITCHES.iter().any(|name| {
        of_pod.is_some_and(|all| all.get(name).is_some())
            || of_base.is_some_and(|all| all.iter().any(|(own, _)| own == name))
            || meeting.steps().any(|(_, step)| matches!(&step.kind, StepKind::Env(pairs) if pairs.iter().any(|(own, _)| own == name)))
    })
}
