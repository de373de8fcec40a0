//! The repository around a program: how far below its top the program is, and where it is fetched from.

use std::fs;
use std::path::{Path, PathBuf};

use crate::ir::Repository;

/// The repository that a folder is in; `None` where there is none.
pub(super) fn around(root: &Path) -> Option<Repository> {
    let (top, config) = root.ancestors().find_map(|folder| Some((folder, config(&folder.join(".git"))?)))?;
    let folder = root.strip_prefix(top).ok()?.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
    let text = fs::read_to_string(config).ok()?;
    let addresses = text.lines().filter_map(|line| line.trim().strip_prefix("url")?.trim_start().strip_prefix('='));
    Some(Repository { folder, remotes: addresses.map(|address| address.trim().to_owned()).collect() })
}

/// How many folders above the program artifacts may go, where it says that it is in `folder` of its repository: none, where that
/// is not how the folders are called.
pub(super) fn above(root: &Path, folder: &str) -> usize {
    let depth = folder.split('/').filter(|part| !part.is_empty()).count();
    if root.ends_with(folder) { depth } else { 0 }
}

/// The configuration of a repository. In a further work tree, and in a submodule, `.git` is a file that names a folder.
fn config(git: &Path) -> Option<PathBuf> {
    let Ok(text) = fs::read_to_string(git) else { return Some(git.join("config")).filter(|config| config.is_file()) };
    let own = git.parent()?.join(text.trim().strip_prefix("gitdir:")?.trim());
    let common = fs::read_to_string(own.join("commondir")).map_or_else(|_| own.clone(), |folder| own.join(folder.trim()));
    Some(common.join("config")).filter(|config| config.is_file())
}
