//! J0452: a wheel of an equal version from another index, which pip does not install, and J0453: a local label that `PyPI` does not
//! have.

use super::build::{folder, is_torch, label};
use crate::base::Place;
use crate::check::stack::in_one_scheme;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{CellId, Package, PackageSource, Program, StepKind};

/// Variables by which pip gets an index without a word in its list.
const INDEX_VARIABLES: [&str; 4] = ["PIP_CONFIG_FILE", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_INDEX_URL"];

/// Runs both rules over what a cell installs.
pub(super) fn rules(program: &Program, id: CellId, found: &mut Vec<Diagnostic>) {
    let cell = &program[id];
    let of_pip = |package: &Package| package.ecosystem == "pypi" && package.source == PackageSource::Index && !package.provided;
    for (at, package) in cell.packages.iter().enumerate().filter(|(_, package)| of_pip(package)) {
        let written = package.bounds.is_some() || package.constraint.is_any();
        match (label(&package.constraint), package.index.as_deref()) {
            (Some(label), None) if written && !has_index(program, id) => found.push(nowhere(package, label)),
            (Some(label), Some(index)) if !has_index(program, id) => found.extend(elsewhere(package, label, index)),
            (None, Some(index)) => {
                let stack = program.stack(id);
                let lower = stack.iter().rev().skip(1).rev().flat_map(|level| program[*level].packages.iter());
                let below = program[program.base_of(id)].provides.iter().chain(lower).chain(cell.packages.iter().take(at));
                let same = |other: &&Package| {
                    other.ecosystem == "pypi" && other.normal == package.normal && other.environment == package.environment
                };
                let wanted = folder(index);
                found.extend(wanted.zip(below.rev().find(same)).and_then(|(wanted, other)| kept(package, wanted, other)));
            }
            _ => {}
        }
    }
}

/// Whether some index beside `PyPI` is known to pip in an image.
fn has_index(program: &Program, id: CellId) -> bool {
    let names = |name: &str| INDEX_VARIABLES.contains(&name);
    let sets = |kind: &StepKind| match kind {
        StepKind::Env(variables) => variables.iter().any(|(name, _)| names(name)),
        StepKind::Arg { name, .. } => names(name),
        StepKind::Copy(copy) => copy.to.written().ends_with("pip.conf"),
        _ => false,
    };
    let base = &program[program.base_of(id)];
    let stack = program.stack(id);
    base.env.iter().any(|(name, _)| names(name)) || stack.into_iter().any(|level| program[level].steps.iter().any(|step| sets(&step.kind)))
}

/// J0453: a folder of `PyTorch`'s index has the wheels of one label.
fn elsewhere(package: &Package, label: &str, index: &str) -> Option<Diagnostic> {
    let other = folder(index).filter(|folder| *folder != label && is_torch(package))?;
    super::build::build_of(label)?;
    let message = format!("`{} {}` has the local label `{label}`, and the index has wheels of `{other}`", package.name, package.constraint);
    let finding = Diagnostic::new(&known::LABEL_WITHOUT_INDEX, package.origin, message).here("not in this index");
    let finding = finding.about(package.ecosystem, package.normal.clone());
    Some(finding.help(format!("put it into a list `pip index \"https://download.pytorch.org/whl/{label}\" {{ … }}`")))
}

/// J0453
fn nowhere(package: &Package, label: &str) -> Diagnostic {
    let message = format!("`{} {}` has the local label `{label}`, and PyPI has no such versions", package.name, package.constraint);
    let finding = Diagnostic::new(&known::LABEL_WITHOUT_INDEX, package.origin, message).here("no other index is named");
    let finding = finding.about(package.ecosystem, package.normal.clone());
    match super::build::build_of(label) {
        Some(_) => finding.help(format!("put it into a list `pip index \"https://download.pytorch.org/whl/{label}\" {{ … }}`")),
        None => finding.help("name the index that has it, as in `pip index \"https://…\" { … }`, or drop the label"),
    }
}

/// J0452: what is below may be all that is asked for, so that pip leaves it.
fn kept(package: &Package, wanted: &str, other: &Package) -> Option<Diagnostic> {
    let there = label(&other.constraint).or_else(|| other.index.as_deref().and_then(folder));
    if there == Some(wanted) || (there.is_none() && (other.provided || other.index.is_some())) {
        return None;
    }
    let (own, below) = in_one_scheme(package, other)?;
    if !own.shares_candidate(&below) {
        return None;
    }
    let from = there.map_or_else(|| "from PyPI".to_owned(), |there| format!("for `{there}`"));
    let message = format!("pip keeps the `{}` {from}: its version fulfils what is asked of `{wanted}`", package.name);
    let finding = Diagnostic::new(&known::KEPT_WHEEL, package.origin, message)
        .here("an equal version counts as installed, whatever its label")
        .also(other.origin, "installed here")
        .about(package.ecosystem, package.normal.clone());
    Some(match (own.single(), package.bounds) {
        (Some(version), Some(Place { file, span })) => {
            let text = format!("=={version}+{wanted}");
            finding.replace(format!("write `{} {text}`", package.name), false, Place::new(file, span), text)
        }
        _ => finding.help(format!("write the version with its label, as in `{} ==1.2.3+{wanted}`", package.name)),
    })
}
