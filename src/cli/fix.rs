//! `jenvc check --fix`: the safe fixes of a program's findings, in its files or as a diff.

use std::path::PathBuf;

use super::compiled::{Compiled, add};
use super::console::Console;
use super::disk::Disk;
use super::errors::words;
use super::global::Global;
use super::{drift, find, unified, write};
use crate::base::{Files, MAX_FILE_BYTES, Overlay};
use crate::driver::{Fixed, check_with, fix};

/// Applies the fixes to the files of a program, and says what it did. The program is read again.
pub(super) fn apply(compiled: Compiled, global: &Global, console: &Console) -> Compiled {
    let fixed = fixed(&compiled, global);
    if fixed.applied.is_empty() {
        return compiled;
    }
    match write(&compiled, &fixed) {
        Ok(()) => {
            say(&compiled, &fixed, "fixed", console);
            Compiled::new(compiled.located, global)
        }
        Err(refused) => {
            let mut compiled = compiled;
            add(&mut compiled.outcome.findings, *refused, global);
            compiled
        }
    }
}

/// The fixes as a unified diff, and the program as it would be with them.
pub(super) fn show(compiled: Compiled, global: &Global, console: &Console) -> (Compiled, String) {
    let fixed = fixed(&compiled, global);
    if fixed.applied.is_empty() {
        return (compiled, String::new());
    }
    say(&compiled, &fixed, "would fix", console);
    let disk = disk(&compiled);
    let text = |files: &dyn Files, path: &str| files.read(path, MAX_FILE_BYTES).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let diff = |path: &str| {
        let (before, after) = (text(&disk, path).ok(), text(&fixed.files, path).ok());
        unified::diff(&format!("{}{path}", compiled.prefix), before.as_deref(), after.as_deref())
    };
    let diffs = fixed.files.paths().map(diff).collect();
    let outcome =
        check_with(&Overlay { above: &fixed.files, below: &disk }, &compiled.located.main, &global.policy_in(&compiled.located.root));
    (Compiled { outcome, ..compiled }, diffs)
}

fn disk(compiled: &Compiled) -> Disk {
    Disk::new(compiled.located.root.clone())
}

fn fixed(compiled: &Compiled, global: &Global) -> Fixed {
    fix(&disk(compiled), &compiled.located.main, &global.policy_in(&compiled.located.root))
}

/// Puts the files in place: all or none.
fn write(compiled: &Compiled, fixed: &Fixed) -> Result<(), Box<crate::diagnostics::Diagnostic>> {
    let mut texts = Vec::new();
    for path in fixed.files.paths() {
        let refused = |why: &str| Box::new(drift::refused(path, why));
        let place: PathBuf = find::canonical(&compiled.located.root.join(path)).map_err(|error| refused(&error.0))?;
        let bytes = fixed.files.read(path, MAX_FILE_BYTES).map_err(|error| refused(&error.to_string()))?;
        texts.push((place, String::from_utf8_lossy(&bytes).into_owned()));
    }
    write::replace_all(&texts).map_err(|(place, error)| {
        let name = place.strip_prefix(&compiled.located.root).unwrap_or(&place).display().to_string();
        Box::new(drift::refused(&name, &words(&error)))
    })
}

fn say(compiled: &Compiled, fixed: &Fixed, word: &str, console: &Console) {
    if console.quiet() {
        return;
    }
    for one in &fixed.applied {
        console.error(&format!("{word} {}{}:{}: {} ({})\n", compiled.prefix, one.file, one.line, one.title, one.code.id));
    }
}
