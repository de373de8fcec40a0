//! J0454: packages of conda for GPUs, resolved where there is none.
//!
//! conda-forge's builds for CUDA need the virtual package `__cuda`, which conda sees on a machine with a card or where
//! `CONDA_OVERRIDE_CUDA` says so (docs.conda.io, "Managing virtual packages").

use super::build;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{CellId, MenuImage, Package, Program, StepKind};

/// Variables that say that an image is for GPUs, and that conda is to take it so.
const FOR_CARDS: &str = "NVIDIA_VISIBLE_DEVICES";
const OVERRIDE: &str = "CONDA_OVERRIDE_CUDA";

/// A package of a cell that conda takes in a build for the processor where it sees no card. `of_conda`: what has builds for both.
pub(super) fn candidate<'p>(program: &'p Program, id: CellId, of_conda: &[&str]) -> Option<&'p Package> {
    let is_built = |package: &&Package| {
        package.ecosystem == "conda"
            && !package.provided
            && package.index.as_deref().is_none_or(|channel| channel.trim_end_matches('/').ends_with("conda-forge"))
            && of_conda.contains(&package.normal.as_str())
            && build::of(package) != Some(build::Build::Cpu)
    };
    program[id].packages.iter().find(is_built)
}

/// Looks at a candidate in a cell that is for GPUs, or that names a build for them.
pub(super) fn rule(program: &Program, id: CellId, package: &Package) -> Option<Diagnostic> {
    let named = names_card(package);
    if sets(program, id, OVERRIDE) || !(named || sets(program, id, FOR_CARDS) || gets_card(program, id)) {
        return None;
    }
    let message = if named {
        format!("conda finds no build of `{}` for CUDA on a machine without a GPU", package.name)
    } else {
        format!("`{}` is resolved on a machine without a GPU, where conda takes the build for the processor", package.name)
    };
    let shown = format!("{} {}", package.name, package.constraint);
    let finding = Diagnostic::new(&known::BUILD_WITHOUT_CARD, package.origin, message)
        .here("its builds for CUDA need the virtual package `__cuda`")
        .help(format!("write `env {{ {OVERRIDE} = \"12.4\" }}` before the list, with the CUDA of your nodes"))
        .about(package.ecosystem, package.normal.clone());
    Some(if named { finding } else { finding.help(format!("write `{}=*cuda*`, so that no other build is taken", shown.trim_end())) })
}

/// Whether a build for CUDA is asked for: `=2.5=*cuda*`, `pytorch-gpu`.
fn names_card(package: &Package) -> bool {
    let mut builds = package.constraint.bounds().filter_map(|bound| bound.build.as_deref());
    package.normal.ends_with("-gpu") || builds.any(|build| build.contains("cuda"))
}

/// Whether an image or one below it sets a variable.
fn sets(program: &Program, id: CellId, variable: &str) -> bool {
    let of_step = |kind: &StepKind| match kind {
        StepKind::Env(variables) => variables.iter().any(|(name, _)| name == variable),
        StepKind::Arg { name, .. } => name == variable,
        StepKind::Run(run) => run.script.text.contains(variable),
        _ => false,
    };
    let base = &program[program.base_of(id)];
    base.env.iter().any(|(name, _)| name == variable)
        || program.downwards(id).any(|level| program[level].steps.iter().any(|step| of_step(&step.kind)))
}

/// Whether an entry or a choice of a menu starts an image with a GPU.
fn gets_card(program: &Program, id: CellId) -> bool {
    let is_it = |image: &MenuImage| *image == MenuImage::Cell(id);
    program.hubs.iter().flat_map(|hub| &hub.menu).any(|profile| {
        let own = profile.image.as_ref().is_some_and(|image| is_it(&image.value)) && profile.settings.gpu.is_some();
        let choices = profile.options.iter().flat_map(|option| &option.choices);
        let mut chosen = choices.filter(|choice| choice.image.as_ref().is_some_and(|image| is_it(&image.value)));
        own || chosen.any(|choice| choice.settings.gpu.is_some() || profile.settings.gpu.is_some())
    })
}
