//! The program that is locked, and the engine.

use std::path::{Path, PathBuf};
use std::{fs, io};

use clap::Args as Arguments;

use crate::base::or_nearest;
use crate::cli::compiled::Compiled;
use crate::cli::errors::words;
use crate::cli::find::Located;
use crate::cli::global::Global;
use crate::cli::reply::Misuse;
use crate::cli::{clock, find};
use crate::diagnostics::{Code, Diagnostic, Severity, known};
use crate::ir::{Date, Program};

/// What resolves, and how.
#[derive(Arguments, Debug)]
pub(in crate::cli) struct Engine {
    /// Asks no index: what uv has in its cache must do.
    #[arg(long)]
    pub(in crate::cli) offline: bool,
    /// The uv to run [default: the one on the `PATH`].
    #[arg(long, value_name = "PATH")]
    pub(in crate::cli) uv: Option<PathBuf>,
}

pub(super) fn day(text: &str) -> Result<String, String> {
    Date::parse(text).map(|date| date.to_string()).ok_or_else(|| "a day is wanted: `2026-11-20`".to_owned())
}

/// The program that some words of the command line mean, and the images among them.
pub(super) fn meant(names: &[String]) -> Result<(Located, Vec<&String>), Misuse> {
    let (files, images): (Vec<&String>, Vec<&String>) = names.iter().partition(|word| find::is_path(word));
    if let [_, second, ..] = files.as_slice() {
        return Err(Misuse(format!("`{second}` is a second program: one is locked at a time")));
    }
    Ok((find::program(files.first().map(|file| Path::new(file.as_str())))?, images))
}

/// Findings that a lock makes.
pub(super) const OWN: [&Code; 7] = [
    &known::STALE_LOCK,
    &known::NOT_IN_LOCK,
    &known::NO_CHECKSUM,
    &known::HIDDEN_FROM_PIP,
    &known::TRANSITIVE_CONFLICT,
    &known::BROKEN_BELOW,
    &known::UNKNOWN_REQUIREMENTS,
];

/// Refuses a name that no image of the program has.
pub(super) fn known_images(program: &Program, images: &[&String]) -> Result<(), Misuse> {
    let names = || program.images.iter().map(|image| image.name.as_str());
    let Some(image) = images.iter().find(|image| !names().any(|name| name == image.as_str())) else { return Ok(()) };
    let hint = or_nearest(image, names()).map(|hint| format!("; {hint}")).unwrap_or_default();
    Err(Misuse(format!("the program has no image `{image}`{hint}")))
}

/// What a menu says of versions that no lock has yet.
pub(super) const OPEN: [&Code; 2] = [&known::OPEN_PACKAGE_VERSION, &known::UNKNOWN_PACKAGE];

/// The program, if it is right as far as its packages go: what an old lock says against it, and what its menus lack, is no reason not to
/// make a new one.
pub(super) fn read_program(located: Located, global: &Global) -> (Compiled, Option<Program>) {
    let mut compiled = Compiled::new(located, global);
    compiled.outcome.findings.retain_mut(|finding| !OWN.contains(&finding.code));
    let matters =
        |finding: &Diagnostic| finding.severity == Severity::Error && !finding.code.id.starts_with("J08") && !OPEN.contains(&finding.code);
    let is_wrong = compiled.outcome.findings.iter().any(matters);
    let program = compiled.outcome.program().filter(|_| !is_wrong).cloned();
    (compiled, program)
}

pub(super) fn today() -> Result<String, Misuse> {
    let today = clock::today().ok_or_else(|| Misuse("neither SOURCE_DATE_EPOCH nor the clock says which day it is".to_owned()))?;
    Ok(today.to_string())
}

/// The text of a file that may not be there.
pub(super) fn read(root: &Path, path: &str) -> Result<Option<String>, Misuse> {
    match fs::read(root.join(path)) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Misuse(format!("`{path}` can't be read: {}", words(&error)))),
    }
}
