//! `requires { command "git" }`: a program on the `PATH`, against what is known to bring it.

use super::below::Below;
use super::verdict::{Reason, Verdict};
use crate::ir::{Expandable, StepKind};

/// Commands that packages of another name bring, as Debian, Red Hat and conda-forge pack them.
const BROUGHT_BY: [(&str, &[&str]); 24] = [
    ("R", &["r-base", "r-base-core", "R", "R-core"]),
    ("Rscript", &["r-base", "r-base-core", "R", "R-core"]),
    ("c++", &["build-essential", "g++", "gcc-c++", "cxx-compiler", "compilers"]),
    ("cc", &["build-essential", "gcc", "c-compiler", "compilers"]),
    ("cmake", &["cmake"]),
    ("conda", &["conda", "miniconda"]),
    ("dot", &["graphviz"]),
    ("g++", &["build-essential", "g++", "gcc-c++", "gxx"]),
    ("gcc", &["build-essential", "gcc"]),
    ("gfortran", &["gfortran", "gcc-gfortran"]),
    ("java", &["default-jre", "default-jdk", "default-jre-headless", "openjdk"]),
    ("jupyter", &["jupyter-core", "jupyter_core", "jupyterlab", "notebook"]),
    ("jupyter-lab", &["jupyterlab"]),
    ("make", &["build-essential", "make"]),
    ("node", &["nodejs"]),
    ("npm", &["npm", "nodejs"]),
    ("pip", &["pip", "python3-pip", "python"]),
    ("ps", &["procps", "procps-ng"]),
    ("python", &["python", "python-is-python3"]),
    ("python3", &["python", "python3"]),
    ("ssh", &["openssh-client", "openssh-clients", "openssh"]),
    ("vim", &["vim", "vim-tiny", "vim-nox"]),
    ("xelatex", &["texlive-xetex"]),
    ("xz", &["xz-utils", "xz"]),
];

/// Commands that every image with a shell has (coreutils, sed, grep and bash are essential packages of Debian and
/// are in every image of Red Hat's family).
const EVERYWHERE: [&str; 28] = [
    "bash", "cat", "chgrp", "chmod", "chown", "cp", "cut", "date", "df", "echo", "env", "grep", "head", "id", "install", "ln", "ls",
    "mkdir", "mktemp", "mv", "rm", "sed", "sh", "sort", "tail", "touch", "tr", "wc",
];

/// A command underneath.
pub(super) fn command(below: &Below<'_>, command: &str) -> Verdict {
    let name = command.rsplit('/').next().unwrap_or(command);
    let has = |package: &str| brings(package, name);
    let there =
        EVERYWHERE.contains(&name) || below.packages().any(|package| has(&package.normal) || has(&package.name)) || placed(below, name);
    if there {
        return Verdict::Met;
    }
    Verdict::Open(Reason {
        said: "nothing underneath is known to bring it".to_owned(),
        here: "not decided".to_owned(),
        other: None,
        help: format!("install it below, or say in `provides` of `{}` that its package is there", below.base.name),
    })
}

/// Whether a package of this name brings a command.
pub(super) fn brings(package: &str, command: &str) -> bool {
    let brought = BROUGHT_BY.iter().find(|(known, _)| *known == command).map_or(&[][..], |(_, packages)| packages);
    package == command || brought.contains(&package) || (command == "java" && package.starts_with("openjdk-") && package.contains("-j"))
}

/// Whether a step puts a file of this name somewhere.
fn placed(below: &Below<'_>, name: &str) -> bool {
    below.steps().any(|step| match &step.kind {
        StepKind::Fetch(fetch) => is_at(&fetch.to, fetch.url.rsplit('/').next().unwrap_or(""), name),
        StepKind::Copy(copy) => match &copy.source {
            crate::ir::CopySource::Local { files, .. } => {
                files.iter().any(|file| is_at(&copy.to, file.path.rsplit('/').next().unwrap_or(""), name))
            }
            crate::ir::CopySource::Image { paths, .. } => {
                paths.iter().any(|path| is_at(&copy.to, path.rsplit('/').next().unwrap_or(""), name))
            }
            crate::ir::CopySource::Text(_) => is_at(&copy.to, "", name),
        },
        _ => false,
    })
}

fn is_at(to: &Expandable, source: &str, name: &str) -> bool {
    let to = to.written();
    let folder = to.rsplit_once('/').map_or("", |(folder, _)| folder);
    let file = to.rsplit('/').next().unwrap_or("");
    folder.ends_with("bin") && (if file.is_empty() { source } else { file }) == name
}
