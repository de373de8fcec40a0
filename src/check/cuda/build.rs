//! What a package, an image or a name is built for.

use super::table::{driver, rows, tensorflow};
use crate::ir::Package;
use crate::versions::{Constraint, Op, Scheme};

/// What a wheel or an image is built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Build {
    /// The processor alone.
    Cpu,
    /// This version of CUDA; the minor version where it is known.
    Cuda(u32, Option<u32>),
}

/// What is said of packages that hold the same build: the wheels of `PyTorch`.
const TORCH: [&str; 4] = ["torch", "torchaudio", "torchtext", "torchvision"];

/// Packages of conda whose version is that of CUDA.
const RUNTIMES: [&str; 5] = ["cuda", "cuda-toolkit", "cuda-version", "cudatoolkit", "pytorch-cuda"];

/// Whether a package is a wheel of `PyTorch`'s own index.
pub(super) fn is_torch(package: &Package) -> bool {
    package.ecosystem == "pypi" && TORCH.contains(&package.normal.as_str())
}

/// What a package is built for, where its name, index, version or build say so.
pub(super) fn of(package: &Package) -> Option<Build> {
    match package.ecosystem.as_str() {
        "pypi" => {
            let by_index = || package.index.as_deref().and_then(folder).filter(|_| is_torch(package));
            let label = label(&package.constraint).or_else(by_index);
            let extra = || package.extras.iter().find_map(|extra| build_of_variant(extra)).filter(|_| package.normal.starts_with("jax"));
            label.and_then(build_of).or_else(extra).or_else(|| of_tensorflow(package)).or_else(|| of_name(&package.normal))
        }
        "conda" if RUNTIMES.contains(&package.normal.as_str()) => of_version(&package.constraint),
        "conda" => package.constraint.bounds().find_map(|bound| of_glob(bound.build.as_deref()?)),
        _ => None,
    }
}

/// `tensorflow[and-cuda] ==2.18.*`: what all versions that it may be are built for; the minor version of CUDA where it is the same.
fn of_tensorflow(package: &Package) -> Option<Build> {
    if package.normal != "tensorflow" || !package.extras.iter().any(|extra| extra == "and-cuda") {
        return None;
    }
    let may_be = package.versions(&package.constraint).ok()?;
    let is_in =
        |minor: &str| Scheme::Pep440.set(&Constraint::of(Op::Equal, format!("{minor}.*"))).is_ok_and(|series| !series.is_disjoint(&may_be));
    let mut builds = tensorflow().filter(|(minor, _)| is_in(minor)).filter_map(|(_, cuda)| of_text(cuda));
    let first = builds.next()?;
    builds.try_fold(first, |one, other| match (one, other) {
        _ if one == other => Some(one),
        (Build::Cuda(major, _), Build::Cuda(same, _)) if major == same => Some(Build::Cuda(major, None)),
        _ => None,
    })
}

/// The local label of a version: `cu124` of `==2.5.1+cu124`.
pub(super) fn label(constraint: &Constraint) -> Option<&str> {
    constraint
        .bounds()
        .filter(|bound| matches!(bound.op, Op::Equal | Op::Arbitrary | Op::Bare))
        .find_map(|bound| Some(bound.version.split_once('+')?.1))
}

/// `cupy-cuda12x`, `cudf-cu12`.
fn of_name(name: &str) -> Option<Build> {
    let (_, last) = name.rsplit_once('-')?;
    let digits = last.strip_prefix("cuda").map(|rest| rest.trim_end_matches('x')).or_else(|| last.strip_prefix("cu"))?;
    (digits.len() == 2).then(|| Some(Build::Cuda(digits.parse().ok()?, None)))?
}

/// `12.4` of `cuda-version ==12.4.*`.
fn of_version(constraint: &Constraint) -> Option<Build> {
    let bound = constraint.bounds().find(|bound| matches!(bound.op, Op::Equal | Op::Fuzzy | Op::Bare))?;
    let mut numbers = bound.version.split('.').map_while(|part| part.parse().ok());
    Some(Build::Cuda(numbers.next()?, numbers.next()))
}

/// `*cuda118*`, `*cpu*`.
fn of_glob(glob: &str) -> Option<Build> {
    glob.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|word| {
        if word == "cpu" {
            return Some(Build::Cpu);
        }
        let digits = word.strip_prefix("cuda")?;
        Some(Build::Cuda(digits.get(..2)?.parse().ok()?, digits.get(2..).and_then(|minor| minor.parse().ok())))
    })
}

/// The version of CUDA that a text says: `12.4.1`.
pub(super) fn of_text(text: &str) -> Option<Build> {
    of_version(&Constraint::of(Op::Equal, text)).filter(|_| Scheme::Pep440.check_version(text).is_ok())
}

/// `cu124` of `https://download.pytorch.org/whl/cu124`; nothing for nightly builds and other indexes.
pub(super) fn folder(index: &str) -> Option<&str> {
    let folder = index.split_once("download.pytorch.org/whl/")?.1.trim_end_matches('/');
    (build_of(folder).is_some()).then_some(folder)
}

/// `cpu`, `cu124`.
pub(super) fn build_of(folder: &str) -> Option<Build> {
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

/// `CUDA 12.4 needs a driver of 525 or newer`.
pub(super) fn needs(build: Build) -> String {
    match build {
        Build::Cuda(major, _) => {
            driver(major).map_or_else(|| build.to_string(), |driver| format!("{build} needs a driver of {driver} or newer"))
        }
        Build::Cpu => build.to_string(),
    }
}

/// The folders of a build, the newest first, in words: `: cu128, cu126`.
pub(super) fn listed_folders(build: Build) -> String {
    let mut folders: Vec<&str> =
        rows().flat_map(|row| row.variants).filter(|folder| build_of(folder).is_some_and(|known| fits(build, known))).collect();
    folders.sort_unstable();
    folders.dedup();
    if folders.is_empty() { String::new() } else { format!(": {}", listed(&folders)) }
}

/// Whether wheels of one build are what another name promises: minor versions count where both say them.
pub(super) fn fits(named: Build, wheels: Build) -> bool {
    match (named, wheels) {
        (Build::Cpu, Build::Cpu) => true,
        (Build::Cuda(named, _), Build::Cuda(wheels, _)) => named == wheels,
        _ => false,
    }
}

/// `cpu`, `cuda12`, `cuda-12.4`, `cu128`.
pub(super) fn build_of_variant(value: &str) -> Option<Build> {
    if value == "cpu" {
        return Some(Build::Cpu);
    }
    let rest = value.strip_prefix("cuda").or_else(|| value.strip_prefix("cu"))?;
    let digits = rest.trim_start_matches(['-', '_']);
    let major: String = digits.chars().take_while(char::is_ascii_digit).take(2).collect();
    major.parse().ok().filter(|major| *major >= 10).map(|major| Build::Cuda(major, None))
}

/// `12.4.1-cudnn-runtime-ubuntu22.04`.
pub(super) fn build_of_tag(tag: &str) -> Option<Build> {
    let mut numbers = tag.split('-').next()?.split('.');
    let (major, minor) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    Some(Build::Cuda(major, Some(minor)))
}

pub(super) fn listed(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.join(""),
    }
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
}
