//! J0414: a shell step installs packages in a way that the checks can't follow: perhaps, to a place that no list installs to, or from a
//! file, an address or a variable.

use super::scripts::scripts;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Edit, Findings, known};
use crate::ir::{Package, Program, Recipe, RunAs, Script, Step, StepKind};
use crate::shell::{Install, Kind, installs, tokens};

/// How many packages a message names.
const NAMED: usize = 4;

/// J0414
pub(in crate::check) fn check(program: &Program, findings: &mut Findings) {
    for cell in program.recipes() {
        for step in &cell.steps {
            for script in scripts(step) {
                let all = installs(&script.text);
                let alone = all.len() == 1 && !tokens(&script.text).iter().any(|token| token.kind == Kind::End);
                for mut install in all {
                    let (scheme, whole) = (install.manager.scheme, install.packages.len());
                    install.packages.retain(|named| {
                        let place = script.place(named.range.clone()).unwrap_or(step.origin);
                        !is_known(cell, step, place, &scheme.normalize_name(&named.name))
                    });
                    install.plain &= alone && whole == install.packages.len() && install.unread.is_empty();
                    if says_what_it_leaves(cell, step, install.manager.ecosystem) {
                        install.unread.clear();
                    }
                    if let Some(finding) = finding(step, script, &install) {
                        findings.push(finding);
                    }
                }
            }
        }
    }
}

/// Whether the package takes part in the checks, or the step says in `provides` that it leaves it.
fn is_known(cell: &Recipe, step: &Step, place: Place, normal: &str) -> bool {
    let told = |package: &Package| package.origin == place || (package.provided && is_inside(package.origin, step));
    cell.packages.iter().any(|package| package.normal == normal && told(package))
}

/// Whether the step has a `provides` with packages of an ecosystem.
fn says_what_it_leaves(cell: &Recipe, step: &Step, ecosystem: &str) -> bool {
    cell.packages.iter().any(|package| package.provided && package.ecosystem == ecosystem && is_inside(package.origin, step))
}

fn is_inside(place: Place, step: &Step) -> bool {
    place.file == step.origin.file && step.origin.span.start <= place.span.start && place.span.end <= step.origin.span.end
}

fn finding(step: &Step, script: &Script, install: &Install) -> Option<Diagnostic> {
    let word = install.manager.list;
    let place = script.place(install.range()?).unwrap_or(step.origin);
    let entries: Vec<String> = install.packages.iter().map(crate::shell::Named::entry).collect();
    let unread = install.unread.iter().filter_map(|range| script.text.get(range.clone()));
    let all: Vec<String> = entries.iter().map(String::as_str).chain(unread).map(|one| format!("`{one}`")).collect();
    let mut names: Vec<String> = all.iter().take(NAMED).cloned().collect();
    if all.len() > NAMED {
        names.push(format!("{} more", all.len() - NAMED));
    }
    let is_file = |range: &std::ops::Range<usize>| script.text.get(range.clone()).is_some_and(|text| text.starts_with('-'));
    let text = match install.unread.as_slice() {
        [] => format!("{word} {{ {} }}", entries.join("  ")),
        all if all.iter().any(is_file) => format!("{word} file \"…\""),
        _ => format!("{word} {{ … }}"),
    };
    let message = format!("a shell step installs packages that the checks do not see: {}", names.join(", "));
    let here = if install.certain { "installed by the shell" } else { "installed by the shell, or not" };
    let finding = Diagnostic::new(&known::PACKAGES_IN_SHELL, place, message).here(here);
    let bare = matches!(&step.kind, StepKind::Run(run) if run.directory.is_none() && run.mounts.is_empty());
    let as_list = match word {
        "apt" | "dnf" => step.run_as == RunAs::Root,
        _ => step.run_as == RunAs::User,
    };
    Some(if install.plain && bare && as_list {
        finding.fix(format!("write `{text}`"), false, vec![Edit { place: step.origin, text: text.clone() }])
    } else {
        finding.help(format!("write `{text}`, or say what the step leaves: `run provides {{ {word} {{ … }} }} \"…\"`"))
    })
}
