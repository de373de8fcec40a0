//! J0612: a list of a package manager that is not in the image, as far as it is known what the image holds.

use std::collections::BTreeSet;

use super::commands;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Base, Cell, CellId, Install, Package, Program, StepKind, without_host};

/// Whose packages an operating system has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Debian,
    RedHat,
    Alpine,
}

/// Official images of operating systems, which hold no language but what the system itself needs.
const SYSTEMS: [(&str, Family); 12] = [
    ("debian", Family::Debian),
    ("ubuntu", Family::Debian),
    ("buildpack-deps", Family::Debian),
    ("fedora", Family::RedHat),
    ("almalinux", Family::RedHat),
    ("rockylinux", Family::RedHat),
    ("rockylinux/rockylinux", Family::RedHat),
    ("centos", Family::RedHat),
    ("oraclelinux", Family::RedHat),
    ("amazonlinux", Family::RedHat),
    ("fedora/fedora", Family::RedHat),
    ("alpine", Family::Alpine),
];

/// Images of a language on Debian, and the command of the package manager that they bring.
const LANGUAGES: [(&str, &str); 5] =
    [("python", "pip"), ("node", "npm"), ("r-base", "Rscript"), ("julia", "julia"), ("mambaorg/micromamba", "micromamba")];

/// Owners of images on Debian or Ubuntu, with more in them than is known here.
const ON_DEBIAN: [&str; 5] = ["jupyter/", "pangeo/", "rocker/", "condaforge/", "continuumio/"];

/// How systems are called in `os`, and in tags.
const BY_NAME: [(&str, Family); 10] = [
    ("debian", Family::Debian),
    ("ubuntu", Family::Debian),
    ("fedora", Family::RedHat),
    ("almalinux", Family::RedHat),
    ("rocky", Family::RedHat),
    ("rockylinux", Family::RedHat),
    ("centos", Family::RedHat),
    ("rhel", Family::RedHat),
    ("ubi", Family::RedHat),
    ("alpine", Family::Alpine),
];

/// What is known of a base.
struct Held {
    family: Family,
    /// The commands of package managers that it has beside that of its system; `None` where more may be there.
    only: Option<Vec<&'static str>>,
    /// Whether the Python of the system is the system's own (PEP 668): of Debian from 12 on, of Ubuntu from 23.04 on.
    externally_managed: bool,
}

/// J0612
pub(super) fn check(program: &Program, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for cells in program.stacks() {
        let Some(first) = cells.first().copied() else { continue };
        let base = &program[program.base_of(first)];
        let Some(held) = held(base) else { continue };
        for (at, step) in program[first].steps.iter().enumerate() {
            let StepKind::Install(install) = &step.kind else { continue };
            let Some(command) = command_of(install).filter(|command| is_missing(program, first, at, &held, command)) else { continue };
            if seen.insert(step.origin) {
                findings.push(finding(base, install, command, &held, step.origin));
            }
        }
    }
}

fn finding(base: &Base, install: &Install, command: &str, held: &Held, origin: Place) -> Diagnostic {
    let bring = match (command, held.family) {
        ("apt-get", Family::RedHat) => "write the list as `dnf { … }`".to_owned(),
        ("dnf", Family::Debian) => "write the list as `apt { … }`".to_owned(),
        ("apt-get" | "dnf", _) => "run the package manager of the system: `run as root \"apk add --no-cache …\"`".to_owned(),
        ("mamba", _) => "take an image with conda, or make one first: `conda bootstrap with micromamba { … }`".to_owned(),
        ("pip", Family::Debian) => {
            "take an image with Python, or write `apt { python3-pip }`, and `pip system { … }` for its packages".to_owned()
        }
        ("npm", Family::Debian) => "write `apt { npm }` before it".to_owned(),
        ("Rscript", Family::Debian) => "write `apt { r-base-core }` before it".to_owned(),
        _ => format!("install `{command}` before it"),
    };
    let whose =
        if held.externally_managed && command == "pip" { "`pip` outside of the system's own Python" } else { &format!("`{command}`") };
    Diagnostic::new(&known::MANAGER_NOT_THERE, origin, format!("`{}` has no {whose}", base.name))
        .here(format!("a list of `{}` runs it", install.manager))
        .help(bring)
}

/// Whether the command of a step is known not to be there when the step runs.
fn is_missing(program: &Program, id: CellId, at: usize, held: &Held, command: &str) -> bool {
    match command {
        "apt-get" => return held.family != Family::Debian,
        "dnf" => return held.family != Family::RedHat,
        _ => {}
    }
    if held.only.as_ref().is_none_or(|only| only.contains(&command)) {
        return false;
    }
    let stack = program.stack(id);
    let cells: Vec<&Cell> = stack.iter().map(|id| &program[*id]).collect();
    let steps = cells.iter().enumerate().flat_map(|(number, cell)| {
        let before = if number + 1 == cells.len() { at } else { usize::MAX };
        cell.steps.iter().take(before)
    });
    // What a command or a file brings is not known; a list brings its packages.
    let mut steps = steps.filter(|step| step.kind.runs() || matches!(step.kind, StepKind::Copy(_) | StepKind::Fetch(_)));
    let open = steps.any(|step| match &step.kind {
        StepKind::Install(install) => command_of(install).is_none(),
        StepKind::Folders(_) => false,
        _ => true,
    });
    let provided = &program[program.base_of(id)].provides;
    let mut packages = provided.iter().chain(cells.iter().flat_map(|cell| &cell.packages));
    // The `pip` of a newer Debian installs nothing outside of an environment (PEP 668).
    let refuses = |package: &Package| command == "pip" && held.externally_managed && package.ecosystem == "apt";
    !open && !packages.any(|package| (package.is_pattern() || commands::brings(&package.name, command)) && !refuses(package))
}

/// The command that a list runs, where it is one of a standard package manager and no tool that is mounted for the step.
fn command_of(install: &Install) -> Option<&'static str> {
    const KNOWN: [&str; 8] = ["apt-get", "dnf", "mamba", "conda", "pip", "npm", "Rscript", "julia"];
    let text = install.command.plain();
    let first = text.split_whitespace().find(|word| !word.contains('='))?;
    let mounted = |command: &str| install.mounts.iter().any(|mount| mount.target.rsplit('/').next() == Some(command));
    KNOWN.iter().copied().find(|known| *known == first && !mounted(known))
}

/// What is known of an image by its name.
fn held(base: &Base) -> Option<Held> {
    let path = base.repository.strip_prefix("registry.fedoraproject.org/").unwrap_or_else(|| without_host(&base.repository));
    let path = path.strip_prefix("library/").unwrap_or(path);
    let alpine = base.tag.as_deref().is_some_and(|tag| tag.contains("alpine"));
    let family = |family| if alpine { Family::Alpine } else { family };
    if let Some((_, system)) = SYSTEMS.iter().find(|(name, _)| *name == path) {
        return Some(Held { family: family(*system), only: Some(Vec::new()), externally_managed: externally_managed(path, base) });
    }
    if let Some((_, command)) = LANGUAGES.iter().find(|(name, _)| *name == path) {
        return Some(Held { family: family(Family::Debian), only: Some(vec![command]), externally_managed: false });
    }
    let system = base.os.as_deref().and_then(|os| os.split(' ').next()).or_else(|| of_tag(path, base.tag.as_deref()?));
    let named = system.and_then(|system| BY_NAME.iter().find(|(name, _)| *name == system)).map(|(_, family)| *family);
    let known = named.or_else(|| ON_DEBIAN.iter().any(|owner| path.starts_with(owner)).then_some(family(Family::Debian)))?;
    Some(Held { family: known, only: None, externally_managed: false })
}

/// The system that the tag of an image with CUDA names: `12.4.1-runtime-ubuntu22.04`.
fn of_tag<'t>(path: &str, tag: &'t str) -> Option<&'t str> {
    let last = tag.rsplit('-').next().filter(|_| path == "nvidia/cuda")?;
    Some(last.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'))
}

fn externally_managed(system: &str, base: &Base) -> bool {
    let tag = base.tag.as_deref().unwrap_or("latest");
    let number = || tag.split(['.', '-']).next().and_then(|number| number.parse::<u32>().ok());
    match system {
        "debian" => {
            !["buster", "bullseye", "oldoldstable"].iter().any(|old| tag.starts_with(old)) && number().is_none_or(|number| number >= 12)
        }
        "ubuntu" => {
            let old = ["trusty", "xenial", "bionic", "focal", "jammy", "kinetic"];
            !old.iter().any(|old| tag.starts_with(old)) && number().is_none_or(|number| number >= 23)
        }
        _ => false,
    }
}
