//! Files of the project that go into images: found, counted, hashed.

use sha2::{Digest, Sha256};

use super::context::Context;
use crate::base::{FileError, Kind, MAX_FILE_BYTES, Place, mark, nearest, parent_of};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::LocalFile;

/// The largest file that may be copied into an image, in bytes.
pub(crate) const MAX_COPIED_BYTES: u64 = 512 << 20;
/// The most files that one statement may copy.
pub(crate) const MAX_COPIED_FILES: usize = 20_000;
/// How much of a file is looked at for the mark of an artifact, in bytes.
const HEAD: usize = 1024;
/// Folders that are no part of a program: the history of the repository, and what `ci.sh` keeps between its steps, logins among it.
const PASSED_BY: [&str; 2] = [".git", ".jenv"];

/// One file that is copied, hashed. What is wrong with it is reported at `place`.
pub(crate) fn file(cx: &Context<'_>, place: Place, path: &str) -> Option<LocalFile> {
    known_or_hashed(cx, path).or_else(|error| unreadable(cx, place, "copy", path, &error).ok_or(error)).ok()
}

/// One file that is read by a step, hashed. What is wrong with it is reported at `place`.
pub(crate) fn read_file(cx: &Context<'_>, place: Place, path: &str) -> Option<LocalFile> {
    known_or_hashed(cx, path).or_else(|error| unreadable(cx, place, "read", path, &error).ok_or(error)).ok()
}

fn known_or_hashed(cx: &Context<'_>, path: &str) -> Result<LocalFile, FileError> {
    if let Some(known) = cx.hashed.borrow().get(path) {
        return Ok(known.clone());
    }
    let Kind::File { executable } = cx.files.kind(path)? else { return Err(FileError::NotAFile) };
    let bytes = cx.files.read(path, MAX_COPIED_BYTES)?;
    let file = LocalFile { path: path.to_owned(), sha256: hex(&Sha256::digest(&bytes)), executable };
    cx.hashed.borrow_mut().insert(path.to_owned(), file.clone());
    Ok(file)
}

/// A file, or all files in a folder, hashed and sorted by path. Artifacts in it are left out: their tags would follow from themselves.
pub(crate) fn tree(cx: &Context<'_>, place: Place, path: &str) -> Option<Vec<LocalFile>> {
    if cx.files.kind(path) != Ok(Kind::Folder) {
        circular(cx, place, path);
        return file(cx, place, path).map(|file| vec![file]);
    }
    let mut all = Vec::new();
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match cx.files.list(&folder) {
            Ok(entries) => entries,
            Err(error) => return unreadable(cx, place, "copy", &folder, &error),
        };
        for entry in entries {
            let inner = if folder.is_empty() { entry.name.clone() } else { format!("{folder}/{}", entry.name) };
            match entry.kind {
                Kind::Folder if PASSED_BY.contains(&entry.name.as_str()) => {}
                Kind::Folder => folders.push(inner),
                Kind::File { .. } if is_artifact(cx, &inner) => {}
                Kind::File { .. } => all.push(file(cx, place, &inner)?),
                Kind::Other => return unreadable(cx, place, "copy", &inner, &FileError::NotAFile),
            }
            if all.len() > MAX_COPIED_FILES {
                cx.report(
                    Diagnostic::new(&known::TOO_MANY_FILES, place, format!("`{path}` holds more than {MAX_COPIED_FILES} files"))
                        .help("copy a smaller folder"),
                );
                return None;
            }
        }
    }
    all.sort();
    Some(all)
}

/// Whether jenvc wrote a file.
pub(crate) fn is_artifact(cx: &Context<'_>, path: &str) -> bool {
    cx.files.read(path, MAX_FILE_BYTES).is_ok_and(|bytes| mark(bytes.get(..HEAD).unwrap_or(&bytes)).is_some())
}

/// J0614: a file that is written from this program, with tags in it. Scripts and what a build context holds have none.
fn circular(cx: &Context<'_>, place: Place, path: &str) {
    let Ok(bytes) = cx.files.read(path, MAX_FILE_BYTES) else { return };
    let Some(from) = mark(bytes.get(..HEAD).unwrap_or(&bytes)) else { return };
    let own = cx.sources.iter().any(|(_, source)| !source.standard && source.name == from);
    if own && !bytes.starts_with(b"#!") && !path.ends_with(".dockerignore") {
        cx.report(
            Diagnostic::new(&known::CIRCULAR_COPY, place, format!("`{path}` is written from this program, with the tags of its images"))
                .here("each build gives the file, and so this image, another tag")
                .help("write a file of your own in its place, or copy it into an image of another program"),
        );
    }
}

fn unreadable<T>(cx: &Context<'_>, place: Place, verb: &str, path: &str, error: &FileError) -> Option<T> {
    let code = match error {
        FileError::Missing => &known::MISSING_FILE,
        FileError::TooLarge(_) => &known::FILE_TOO_LARGE,
        FileError::Outside => &known::IMPORT_OUTSIDE,
        FileError::NotAFile | FileError::Io(_) => &known::UNREADABLE_FILE,
    };
    let names: Vec<String> = cx.files.list(parent_of(path)).unwrap_or_default().into_iter().map(|entry| entry.name).collect();
    let near = path.rsplit('/').next().and_then(|name| nearest(name, names.iter().map(String::as_str)));
    let mut finding = Diagnostic::new(code, place, format!("can't {verb} `{path}`: {error}"));
    if *error == FileError::Missing {
        finding = finding.maybe_help(near.map(|near| format!("did you mean `{near}`?")));
    }
    if *error == FileError::NotAFile && cx.files.kind(path) == Ok(Kind::Folder) {
        let name = path.rsplit('/').next().unwrap_or(path);
        finding = finding
            .here("is a folder")
            .help(format!("write the path of a file, or `copy \"{path}\" to \"/opt/{name}/\"` and a step with what it is for"));
    }
    cx.report(finding);
    None
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
