//! `jenvc import`: the files that people have are read, the program is written beside them or to a folder of its own, all of
//! it or nothing; `--verify` compares what it compiles to with the originals.

mod args;
mod fetch;
mod told;
mod unpack;

pub(super) use args::Import;

use std::path::{Path, PathBuf};

use super::compiled::Compiled;
use super::console::Console;
use super::disk::Disk;
use super::errors::words;
use super::find;
use super::global::Global;
use super::reply::{Misuse, Reply};
use super::repository;
use super::write::{self, Turn};
use crate::base::Overlay;
use crate::diagnostics::Diagnostic;
use crate::import::{self, Imported, Request, Written};
use told::shown;

/// How many files in the way a message names.
const NAMED: usize = 3;

/// Where the originals are, and where the program goes.
struct Places {
    /// The folder of the originals, canonical.
    root: PathBuf,
    /// What was named, relative to the root.
    paths: Vec<String>,
    /// The folder of the program, as it was named.
    to: PathBuf,
    /// Whether the program goes into the root.
    beside: bool,
}

pub(super) fn run(import: &Import, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let (_around, fetched) = fetch::all(&import.fetch)?;
    if !fetched.is_empty() && import.to.is_none() && import.verify.is_none() && !import.report && !import.dry_run {
        return Err(Misuse("say where the program goes: `--to DIR`".to_owned()));
    }
    let named: Vec<PathBuf> = import.paths.iter().chain(&fetched).cloned().collect();
    let (_unpacked, given) = unpack::all(named.clone())?;
    let places = places(import, &named, given)?;
    let disk = Disk::new(places.root.clone());
    let name = places.root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let folder = below_top(&places.to);
    let request = Request { files: &disk, paths: &places.paths, name: &name, beside: places.beside, folder: &folder };
    if import.verify.is_some() {
        return verify(request, &places, global, console);
    }
    let mut imported = import::import(request);
    if imported.findings.is_empty() && imported.ledger.read.is_empty() {
        let words = "neither a Dockerfile nor an image nor a folder for repo2docker nor a `profileList`";
        let why = imported
            .ledger
            .remarks
            .first()
            .map(|remark| format!("; {}: {}", imported.sources.locate(remark.place), remark.text))
            .unwrap_or_default();
        return Err(Misuse(format!("there is nothing to import in `{}`: {words} was found{why}", shown(&places.root))));
    }
    let writes = !import.report && !import.dry_run;
    if writes && !imported.written.is_empty() {
        in_the_way(&places, &imported.written)?;
        imported.findings.extend(put(&places.to, &imported.written)?);
    }
    if has_errors(&imported) {
        return Ok(told::failed(&imported, &places.root, global, console));
    }
    Ok(told::imported(&imported, &places.to, import, global, console))
}

/// Compiles the program and compares.
fn verify(request: Request<'_>, places: &Places, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let located = find::program(Some(&places.to))?;
    let disk = Disk::new(located.root.clone());
    let lacking = import::lacking(request, &disk);
    let files = Overlay { above: &lacking, below: &disk };
    let mut compiled = Compiled::of(located, &files, global);
    if compiled.outcome.checked.is_none() {
        return Ok(super::compiled::failed(&compiled.told(), global, console));
    }
    compiled.outcome.emit();
    let program = Disk::new(compiled.located.root.clone());
    let (rows, imported) = import::verify(request, &compiled.outcome, &program);
    Ok(told::compared(&rows, &imported, &places.root, global, console))
}

fn has_errors(imported: &Imported) -> bool {
    imported.findings.iter().any(|finding| finding.severity == crate::diagnostics::Severity::Error)
}

/// The root is the folder that was named, or the folder around all that were.
fn places(import: &Import, named: &[PathBuf], given: Vec<PathBuf>) -> Result<Places, Misuse> {
    let given = if given.is_empty() { vec![PathBuf::from(".")] } else { given };
    let full = given.iter().map(|path| find::canonical(path)).collect::<Result<Vec<_>, _>>()?;
    let folder = |path: &Path| if path.is_dir() { path.to_owned() } else { path.parent().unwrap_or(path).to_owned() };
    let mut root = full.first().map(|path| folder(path)).unwrap_or_default();
    while !full.iter().all(|path| path.starts_with(&root)) && root.pop() {}
    let relative = |path: &PathBuf| path.strip_prefix(&root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let paths = full.iter().map(relative).collect();
    let alone = given.first().filter(|path| path.is_dir()).cloned();
    // Beside what was named, also where that was unpacked elsewhere.
    let packed = || named.iter().zip(&given).find(|(named, given)| named != given).map(|(named, _)| folder(named));
    let said = import.to.clone().or_else(|| import.verify.iter().flatten().next().cloned()).or(alone);
    let to = said.or_else(packed).filter(|to| !to.as_os_str().is_empty()).unwrap_or_else(|| root.clone());
    let beside = to.canonicalize().is_ok_and(|to| to == root);
    Ok(Places { root, paths, to, beside })
}

/// How a folder, which may not be there yet, is called from the top of its repository; empty at the top, and where there is none.
fn below_top(to: &Path) -> String {
    let full = std::path::absolute(to).unwrap_or_else(|_| to.to_owned());
    let found = full.ancestors().find_map(|there| Some((there.canonicalize().ok()?, full.strip_prefix(there).ok()?)));
    found.and_then(|(there, rest)| repository::around(&there.join(rest))).map(|repository| repository.folder).unwrap_or_default()
}

/// Files that would be overwritten, and other `.jenv` files that the program would read.
fn in_the_way(places: &Places, written: &[Written]) -> Result<(), Misuse> {
    let there = |path: &str| places.to.join(path).symlink_metadata().is_ok();
    let mut all: Vec<String> = written.iter().map(|file| file.path.clone()).filter(|path| there(path)).collect();
    for folder in
        ["layers", "fragments"].into_iter().filter(|folder| written.iter().any(|file| file.path.starts_with(&format!("{folder}/"))))
    {
        let names = std::fs::read_dir(places.to.join(folder)).into_iter().flatten().flatten();
        let mut others: Vec<String> = names.map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy())).collect();
        others.retain(|path| find::is_jenv(Path::new(path)) && !all.contains(path));
        others.sort();
        all.extend(others);
    }
    if all.is_empty() {
        return Ok(());
    }
    let mut names: Vec<String> = all.iter().take(NAMED).map(|path| format!("`{}`", shown(&places.to.join(path)))).collect();
    if all.len() > NAMED {
        names.push(format!("{} more", all.len() - NAMED));
    }
    let verb = if all.len() == 1 { "is" } else { "are" };
    Err(Misuse(format!("{} {verb} there already, and an import overwrites nothing; name another folder: `--to DIR`", names.join(", "))))
}

/// Writes everything, or nothing.
fn put(to: &Path, written: &[Written]) -> Result<Option<Diagnostic>, Misuse> {
    let made = !to.exists();
    std::fs::create_dir_all(to).map_err(|error| Misuse(format!("`{}` can't be made: {}", to.display(), words(&error))))?;
    let _turn = Turn::take(to, true);
    let refused = write::create_all(to, written).err();
    if made && refused.is_some() {
        // Where nothing was written, nothing is left behind.
        let _ = std::fs::remove_dir(to);
    }
    Ok(refused.map(|(path, error)| super::drift::refused(&path, &words(&error))))
}
