//! `locks/NAME.toml` of each image, read with the program.

use super::context::Context;
use crate::base::{FileError, MAX_FILE_BYTES};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Image, Locks, read_sections};

/// What is locked of each image. A file that can't be read is reported at the definition of its image.
pub(crate) fn read(cx: &Context<'_>, images: &[Image]) -> Locks {
    let mut locks = Locks::default();
    for image in images {
        let path = Locks::path(&image.name);
        let bytes = match cx.files.read(&path, MAX_FILE_BYTES) {
            Ok(bytes) => bytes,
            Err(FileError::Missing) => continue,
            Err(error) => {
                let message = format!("`{path}` can't be read: {error}");
                cx.report(Diagnostic::new(&known::UNREADABLE_FILE, image.origin, message).here("what is locked of this is there"));
                continue;
            }
        };
        match read_sections(&String::from_utf8_lossy(&bytes)) {
            Ok(sections) => {
                locks.0.insert(image.name.clone(), sections);
            }
            Err(bad) => cx.report(
                Diagnostic::new(&known::BAD_LOCK, image.origin, format!("line {} of `{path}` is not what `jenvc lock` writes", bad.number))
                    .here("what is locked of this is there")
                    .help(format!("there should be {}: take the file as it was before, or delete it and run `jenvc lock`", bad.wanted)),
            ),
        }
    }
    locks
}
