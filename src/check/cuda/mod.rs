//! J0450, J0451: wheels of `PyTorch` against the index they come from, and against the CUDA of the variant and of the base.
//!
//! Only the index of `PyTorch` itself is known here. What the table does not know is a warning with what is nearest, never an error.

mod table;

use std::collections::BTreeMap;

use super::stack::cell_ref;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Cell, Package, PackageSource, Program};
use crate::versions::{Bound, Constraint, Op, Scheme, VersionSet};

use table::{Row, date, driver, rows};

/// What a wheel or an image is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Build {
    /// The processor alone.
    Cpu,
    /// This version of CUDA; the minor version where it is known.
    Cuda(u32, Option<u32>),
}

/// Runs both rules.
pub(super) fn rules(program: &Program, findings: &mut Findings) {
    let mut causes: BTreeMap<(Place, &'static str, String), Diagnostic> = BTreeMap::new();
    for (id, cell) in program.cells() {
        for package in cell.packages.iter().filter(|package| is_torch(package)) {
            let Some(folder) = package.index.as_deref().and_then(folder) else { continue };
            let found = wheel(package, folder).into_iter().chain(misfits(program, cell, id, package, folder));
            for finding in found {
                let cause = (package.origin, finding.code.id, finding.message.clone());
                causes.entry(cause).or_insert(finding).cells.push(cell_ref(program, id));
            }
        }
    }
    for finding in causes.into_values() {
        findings.push(finding);
    }
}

fn is_torch(package: &Package) -> bool {
    package.ecosystem == "pypi" && package.normal == "torch" && package.source == PackageSource::Index && !package.provided
}

/// `cu124` of `https://download.pytorch.org/whl/cu124`; nothing for nightly builds and other indexes.
fn folder(index: &str) -> Option<&str> {
    let folder = index.split_once("download.pytorch.org/whl/")?.1.trim_end_matches('/');
    (build_of(folder).is_some()).then_some(folder)
}

/// `cpu`, `cu124`.
fn build_of(folder: &str) -> Option<Build> {
    if folder == "cpu" {
        return Some(Build::Cpu);
    }
    let digits = folder.strip_prefix("cu").filter(|digits| digits.len() == 3)?;
    Some(Build::Cuda(digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()))
}

impl std::fmt::Display for Build {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Cpu => f.write_str("the processor alone"),
            Self::Cuda(major, None) => write!(f, "CUDA {major}"),
            Self::Cuda(major, Some(minor)) => write!(f, "CUDA {major}.{minor}"),
        }
    }
}

/// J0450
fn wheel(package: &Package, folder: &str) -> Option<Diagnostic> {
    let asked = Scheme::Pep440.set(&package.constraint).ok()?;
    let all: Vec<Row> = rows().collect();
    let here: Vec<&Row> = all.iter().filter(|row| row.variants.contains(&folder)).collect();
    let shown = format!("{} {}", package.name, package.constraint).trim_end().to_owned();
    let finding = |message: String| {
        Diagnostic::new(&known::WHEEL_INDEX, package.origin, message)
            .here(format!("as known on {}", date()))
            .about(package.ecosystem.clone(), package.normal.clone())
    };
    let (Some(first), Some(last)) = (here.first(), here.last()) else {
        let near = nearest_folder(&all, folder)?;
        return Some(
            finding(format!("PyTorch is not known to have an index `{folder}`")).help(format!("the nearest known one is `{near}`")),
        );
    };
    if here.iter().any(|row| holds(&asked, row)) {
        return None;
    }
    let span = if first == last { first.version.to_owned() } else { format!("{} to {}", first.version, last.version) };
    let finding = finding(format!("`{shown}` is not known to be in PyTorch's index `{folder}`"));
    let wanted = all.iter().rev().find(|row| holds(&asked, row));
    Some(match wanted.or(all.last()) {
        Some(row) => finding.help(format!("torch {} is in {}", row.version, listed(&row.variants))),
        None => finding,
    })
    .map(|finding| finding.help(format!("`{folder}` has torch {span}")))
}

/// Whether a version of a row is asked for.
fn holds(asked: &VersionSet, row: &Row) -> bool {
    let bound = Bound { op: Op::Equal, version: format!("{}.*", row.version), build: None };
    Scheme::Pep440.set(&Constraint { alternatives: vec![vec![bound]] }).is_ok_and(|set| !set.is_disjoint(asked))
}

/// The folder whose number is nearest.
fn nearest_folder(all: &[Row], folder: &str) -> Option<&'static str> {
    let number = |folder: &str| folder.strip_prefix("cu").and_then(|digits| digits.parse::<i32>().ok());
    let wanted = number(folder)?;
    let known = all.iter().flat_map(|row| row.variants.iter().copied()).filter_map(|folder| Some((folder, number(folder)?)));
    known.min_by_key(|(_, number)| (number - wanted).abs()).map(|(folder, _)| folder)
}

fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.join(""),
    }
}

/// J0451
fn misfits(program: &Program, cell: &Cell, id: crate::ir::CellId, package: &Package, folder: &str) -> Vec<Diagnostic> {
    let Some(wheels) = build_of(folder) else { return Vec::new() };
    let mut all = Vec::new();
    for point in cell.axes.iter().filter(|point| &*point.axis != "python") {
        let Some(variant) = build_of_variant(&point.value).filter(|variant| !fits(*variant, wheels)) else { continue };
        let message = format!("the {} `{}` gets wheels for {wheels}", point.axis, point.value);
        all.push(
            finding(package, message)
                .here(format!("these are wheels of `{folder}`"))
                .help(format!("take the index for {variant}{}", listed_folders(variant))),
        );
    }
    let base = &program[program.base_of(id)];
    let image = base.tag.as_deref().filter(|_| base.repository.ends_with("nvidia/cuda")).and_then(build_of_tag);
    if let Some(image) = image.filter(|image| wheels != Build::Cpu && !fits(*image, wheels)) {
        let message = format!("wheels for {wheels} stand on an image with {image}");
        let mut told = finding(package, message).here(needs(wheels)).also(base.origin, needs(image));
        told = told.help("take an index or a base of the other's major version; else both runtimes are in the image");
        all.push(told);
    }
    all
}

fn finding(package: &Package, message: String) -> Diagnostic {
    Diagnostic::new(&known::OTHER_CUDA, package.origin, message).about(package.ecosystem.clone(), package.normal.clone())
}

/// `CUDA 12.4 needs a driver of 525 or newer`.
fn needs(build: Build) -> String {
    match build {
        Build::Cuda(major, _) => {
            driver(major).map_or_else(|| build.to_string(), |driver| format!("{build} needs a driver of {driver} or newer"))
        }
        Build::Cpu => build.to_string(),
    }
}

/// The folders of a build, the newest first, in words: `: cu128, cu126`.
fn listed_folders(build: Build) -> String {
    let mut folders: Vec<&str> =
        rows().flat_map(|row| row.variants).filter(|folder| build_of(folder).is_some_and(|known| fits(build, known))).collect();
    folders.sort_unstable();
    folders.dedup();
    if folders.is_empty() { String::new() } else { format!(": {}", listed(&folders)) }
}

/// Whether wheels of one build are what another name promises: minor versions count where both say them.
fn fits(named: Build, wheels: Build) -> bool {
    match (named, wheels) {
        (Build::Cpu, Build::Cpu) => true,
        (Build::Cuda(named, _), Build::Cuda(wheels, _)) => named == wheels,
        _ => false,
    }
}

/// `cpu`, `cuda12`, `cuda-12.4`, `cu128`.
fn build_of_variant(value: &str) -> Option<Build> {
    if value == "cpu" {
        return Some(Build::Cpu);
    }
    let rest = value.strip_prefix("cuda").or_else(|| value.strip_prefix("cu"))?;
    let digits = rest.trim_start_matches(['-', '_']);
    let major: String = digits.chars().take_while(char::is_ascii_digit).take(2).collect();
    major.parse().ok().filter(|major| *major >= 10).map(|major| Build::Cuda(major, None))
}

/// `12.4.1-cudnn-runtime-ubuntu22.04`.
fn build_of_tag(tag: &str) -> Option<Build> {
    let mut numbers = tag.split('-').next()?.split('.');
    let (major, minor) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    Some(Build::Cuda(major, Some(minor)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_are_read_from_names() {
        assert_eq!(folder("https://download.pytorch.org/whl/cu124/"), Some("cu124"));
        assert_eq!(folder("https://download.pytorch.org/whl/nightly/cu124"), None);
        assert_eq!(folder("https://pypi.org/simple"), None);
        assert_eq!(build_of("cu118"), Some(Build::Cuda(11, Some(8))));
        assert_eq!(build_of("rocm6.4"), None);
        for (value, wanted) in [("cuda12", Some(12)), ("cuda-12.4", Some(12)), ("cu128", Some(12)), ("cuda", None), ("cube", None)] {
            assert_eq!(build_of_variant(value), wanted.map(|major| Build::Cuda(major, None)), "{value}");
        }
        assert_eq!(build_of_tag("12.4.1-runtime-ubuntu22.04"), Some(Build::Cuda(12, Some(4))));
    }

    #[test]
    fn the_nearest_folder_is_by_number() {
        let all: Vec<Row> = rows().collect();
        assert_eq!(nearest_folder(&all, "cu127"), Some("cu126"));
        assert_eq!(nearest_folder(&all, "cu140"), Some("cu132"));
    }
}
