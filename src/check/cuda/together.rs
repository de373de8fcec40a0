//! J0451: builds that don't go together: of two packages of a stack, of a package and its variant, or of a package and its base.

use super::build::{self, Build, fits, is_torch, listed_folders, needs};
use crate::base::IndexMap;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Base, Cell, CellId, Package, Program, StepKind};

/// A package that is built for something.
struct Built<'p> {
    package: &'p Package,
    build: Build,
    /// The image that holds it.
    holder: &'p str,
    own: bool,
}

impl Built<'_> {
    /// `wheels for CUDA 11.8`, `packages for CUDA 12.4`.
    fn words(&self) -> String {
        format!("{} for {}", if is_torch(self.package) { "wheels" } else { "packages" }, self.build)
    }

    /// Whether both can be in one environment. `PyTorch`'s wheels are of one kind; beside them, a version of CUDA is compared
    /// with another one alone.
    fn goes_with(&self, other: &Self) -> bool {
        let cpu = self.build == Build::Cpu || other.build == Build::Cpu;
        let wheels = is_torch(self.package) && is_torch(other.package);
        self.package.environment != other.package.environment || fits(other.build, self.build) || (cpu && !wheels)
    }
}

/// Whether a cell installs something that is built for a processor or a version of CUDA.
pub(super) fn concerns(program: &Program, id: CellId) -> bool {
    program[id].packages.iter().any(|package| build::of(package).is_some())
}

/// Holds what a cell installs against its variant, its base and the rest of its stack.
pub(super) fn rules(program: &Program, id: CellId, found: &mut Vec<Diagnostic>) {
    let (cell, base) = (&program[id], &program[program.base_of(id)]);
    let all = in_force(program, id);
    let mut told: Vec<&Package> = Vec::new();
    let mut lists: Vec<(&Option<String>, Build)> = Vec::new();
    for one in all.iter().filter(|one| one.own) {
        // The packages of one list share an index: what is wrong with it is reported once.
        let list = (&one.package.index, one.build);
        if one.package.index.is_some() && lists.contains(&list) {
            continue;
        }
        lists.push(list);
        found.extend(variant(cell, one));
        let apart = |other: &&Built<'_>| !one.goes_with(other) && !told.iter().any(|told| std::ptr::eq(*told, other.package));
        if let Some(other) = all.iter().filter(|other| !std::ptr::eq(other.package, one.package)).find(apart) {
            told.push(one.package);
            found.push(pair(one, other));
        } else {
            found.extend(on_base(program, id, base, one));
        }
    }
}

/// The packages of a stack that are built for something, the lowest first; a later one takes the place of an earlier one.
fn in_force(program: &Program, id: CellId) -> Vec<Built<'_>> {
    let base = &program[program.base_of(id)];
    let provided = base.provides.iter().map(|package| (package, base.name.as_str(), false));
    let own = program.stack(id).into_iter().flat_map(|level| {
        let cell = &program[level];
        cell.packages.iter().map(move |package| (package, program[cell.image].name.as_str(), level == id))
    });
    let mut all: IndexMap<_, Built<'_>> = IndexMap::default();
    for (package, holder, own) in provided.chain(own) {
        let key = (package.ecosystem.as_str(), package.normal.as_str(), package.environment.as_deref(), package.only.as_deref());
        if let Some(build) = build::of(package) {
            all.shift_remove(&key);
            all.insert(key, Built { package, build, holder, own });
        }
    }
    all.into_values().collect()
}

fn pair(one: &Built<'_>, other: &Built<'_>) -> Diagnostic {
    let message = format!("{} stand beside {} of `{}`", one.words(), other.words(), other.holder);
    finding(one.package, message)
        .here(format!("`{}` for {}", one.package.name, one.build))
        .also(other.package.origin, format!("`{}` for {}", other.package.name, other.build))
        .help(format!("take both for {}, or both for {}", other.build, one.build))
}

/// A variant that promises another build.
fn variant(cell: &Cell, one: &Built<'_>) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for point in cell.axes.iter().filter(|point| &*point.axis != "python") {
        let Some(variant) = build::build_of_variant(&point.value).filter(|variant| !fits(*variant, one.build)) else { continue };
        let message = format!("the {} `{}` gets {}", point.axis, point.value, one.words());
        let told = finding(one.package, message);
        all.push(match one.package.index.as_deref().and_then(build::folder).filter(|_| is_torch(one.package)) {
            Some(folder) => told
                .here(format!("these are wheels of `{folder}`"))
                .help(format!("take the index for {variant}{}", listed_folders(variant))),
            None => told.here(format!("for {}", one.build)).help(format!("ask for a build for {variant}")),
        });
    }
    all
}

/// A base that holds another major version of CUDA: by its tag, or by the variable that NVIDIA's images set.
fn on_base(program: &Program, id: CellId, base: &Base, one: &Built<'_>) -> Option<Diagnostic> {
    let by_tag = || base.tag.as_deref().filter(|_| base.repository.ends_with("nvidia/cuda")).and_then(build::build_of_tag);
    let by_variable = || base.env.iter().find(|(name, _)| name == "CUDA_VERSION").and_then(|(_, value)| build::of_text(value));
    let image = by_tag().or_else(by_variable)?;
    if one.build == Build::Cpu || fits(image, one.build) || sets_version(program, id) {
        return None;
    }
    let message = format!("{} stand on an image with {image}", one.words());
    let told = finding(one.package, message).here(needs(one.build)).also(base.origin, needs(image));
    Some(told.help("take an index or a base of the other's major version; else both runtimes are in the image"))
}

/// Whether a step of the stack sets `CUDA_VERSION` itself.
fn sets_version(program: &Program, id: CellId) -> bool {
    let sets = |kind: &StepKind| matches!(kind, StepKind::Env(variables) if variables.iter().any(|(name, _)| name == "CUDA_VERSION"));
    program.downwards(id).any(|level| program[level].steps.iter().any(|step| sets(&step.kind)))
}

fn finding(package: &Package, message: String) -> Diagnostic {
    Diagnostic::new(&known::OTHER_CUDA, package.origin, message).about(package.ecosystem, package.normal.clone())
}
