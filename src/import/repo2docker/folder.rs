//! What is said of a folder.

use crate::base::{FileId, MAX_FILE_BYTES, Place, Span};
use crate::diagnostics::{Diagnostic, known};
use crate::import::work::{Folder, Work, unreadable};

/// Where the files of the repository go.
pub(super) const HOME: &str = "/home/jovyan";

/// The first line of a file.
pub(super) fn place(file: FileId, work: &Work<'_>) -> Place {
    let text = work.text(file);
    Place::new(file, Span::new(0, text.lines().next().map_or(0, str::len)))
}

/// Something that stops repo2docker.
pub(super) fn broken(place: Place, words: String) -> Diagnostic {
    Diagnostic::new(&known::UNREADABLE_FILE, place, words)
}

/// Reads a file of the folder's configuration; what can't be read is a finding.
pub(super) fn text(work: &mut Work<'_>, folder: &Folder, file: &str) -> Option<(FileId, std::sync::Arc<str>)> {
    if !folder.has(file) {
        return None;
    }
    let id = work.read(&folder.inside(file))?;
    Some((id, work.text(id)))
}

/// Files of the folder that are too large to be copied beside the program.
pub(super) fn large(work: &Work<'_>, path: &str) -> Option<String> {
    let error = work.files.read(path, MAX_FILE_BYTES).err()?;
    unreadable(path, &error).message.split_once(" can't be read: ").map(|(_, why)| why.to_owned())
}
