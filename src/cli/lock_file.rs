//! `jenv.lock` on the disk: read before a change, written where the change is one.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::errors::words;
use super::reply::Misuse;
use super::write;
use crate::ir::{LOCK, Lock};

/// The file, and what it held.
pub(super) struct LockFile {
    path: PathBuf,
    text: Option<String>,
    pub(super) lock: Lock,
}

impl LockFile {
    /// Reads the file of a program; one that is absent is empty.
    pub(super) fn read(root: &Path) -> Result<Self, Misuse> {
        let path = root.join(LOCK);
        let text = match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Misuse(format!("`{LOCK}` can't be read: {}", words(&error)))),
        };
        let lock = Lock::parse(text.as_deref().unwrap_or_default())
            .map_err(|bad| Misuse(format!("line {} of `{LOCK}` is not what jenvc writes: there should be {}", bad.number, bad.wanted)))?;
        Ok(Self { path, text, lock })
    }

    /// Whether there is a file.
    pub(super) fn exists(&self) -> bool {
        self.text.is_some()
    }

    /// Writes another lock in its place.
    pub(super) fn replace(&self, lock: &Lock) -> Result<(), Misuse> {
        let text = lock.to_text();
        let written = match &self.text {
            Some(known) if *known == text => Ok(()),
            Some(_) => write::replace(&self.path, &text),
            None => write::create_new(&self.path, &text),
        };
        written.map_err(|error| Misuse(format!("`{LOCK}` can't be written: {}", words(&error))))
    }
}
