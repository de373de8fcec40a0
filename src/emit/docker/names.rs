//! The names of files and folders.

use crate::ir::{Image, Program};

/// The folder of Dockerfiles where no output names one.
pub(super) const FOLDER: &str = "images";

/// The folder of the files of an image.
pub(super) fn folder(program: &Program, image: &Image) -> String {
    let folder = program.outputs.dockerfiles.as_ref().map_or(FOLDER, |output| output.dir.trim_end_matches('/'));
    if folder.is_empty() || folder == "." { image.name.clone() } else { format!("{folder}/{}", image.name) }
}

/// A name as every file system takes it.
pub(super) fn file_name(name: &str) -> String {
    let name: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).collect();
    if name.trim_matches('.').is_empty() { "default".to_owned() } else { name }
}
