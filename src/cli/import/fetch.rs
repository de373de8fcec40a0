//! `--fetch`: an image of a registry, saved by the tool for it that is there, with the credentials that the tool has.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::errors::words;
use crate::cli::reply::Misuse;

/// The tools, in the order in which they are tried.
const TOOLS: [&str; 3] = ["skopeo", "crane", "docker"];

/// Saves each image in a folder of its own, which has its name; the folder around them is gone with the value.
pub(super) fn all(references: &[String]) -> Result<(tempfile::TempDir, Vec<PathBuf>), Misuse> {
    let refused = |error: &std::io::Error| Misuse(format!("there is no room for an image: {}", words(error)));
    let around = tempfile::tempdir().map_err(|error| refused(&error))?;
    let mut paths = Vec::new();
    for reference in references {
        let bare = reference.split('@').next().unwrap_or(reference);
        let name = bare.rsplit('/').next().and_then(|last| last.split(':').next()).filter(|name| !name.is_empty()).unwrap_or("image");
        let folder = around.path().join(name);
        std::fs::create_dir_all(&folder).map_err(|error| refused(&error))?;
        let path = folder.join(format!("{name}.tar"));
        fetch(reference, &path)?;
        paths.push(path);
    }
    Ok((around, paths))
}

fn fetch(reference: &str, to: &Path) -> Result<(), Misuse> {
    if reference.starts_with('-') || reference.contains(char::is_whitespace) {
        return Err(Misuse(format!("`{reference}` names no image")));
    }
    for tool in TOOLS {
        let ran = calls(tool, reference, to).into_iter().try_for_each(|call| run(tool, &call));
        match ran {
            Ok(()) => return Ok(()),
            Err(None) => {}
            Err(Some(said)) => return Err(Misuse(format!("{tool} does not get `{reference}`: {said}"))),
        }
    }
    Err(Misuse(format!("`--fetch` needs one of {} on the path, and none is there", TOOLS.join(", "))))
}

fn calls(tool: &str, reference: &str, to: &Path) -> Vec<Vec<String>> {
    let to = to.display().to_string();
    let call = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    match tool {
        "skopeo" => vec![call(&["copy", "--quiet", &format!("docker://{reference}"), &format!("oci-archive:{to}:{reference}")])],
        "crane" => vec![call(&["pull", reference, &to])],
        _ => vec![call(&["pull", "--quiet", reference]), call(&["save", "--output", &to, reference])],
    }
}

/// Runs a tool. `None` is an error where there is no such tool, else what it says last.
fn run(tool: &str, words: &[String]) -> Result<(), Option<String>> {
    let ran = match Command::new(tool).args(words).output() {
        Ok(ran) => ran,
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(None),
        Err(error) => return Err(Some(error.to_string())),
    };
    if ran.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ran.stderr).lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().to_owned();
    Err(Some(said))
}
