//! The files that the instructions of a stage see.

use std::cell::RefCell;
use std::sync::Arc;

use crate::analyse::globs;
use crate::base::{Kind, join, parent_of};
use crate::import::Work;

/// The files that instructions see.
pub(super) struct Context<'r, 'w, 'f> {
    pub(super) work: &'r RefCell<&'w mut Work<'f>>,
    /// The folders that paths may be relative to, the most likely first.
    pub(super) folders: Vec<String>,
}

impl Context<'_, '_, '_> {
    /// Whether the owner of a file may execute it; `None` where there is no file.
    pub(super) fn file(&self, path: &str) -> Option<bool> {
        match self.work.borrow().files.kind(path) {
            Ok(Kind::File { executable }) => Some(executable),
            _ => None,
        }
    }

    /// A path that `COPY` takes; of a pattern that takes more than files that the language would take, what there is.
    pub(super) fn taken(&self, path: String) -> Vec<String> {
        let files = self.work.borrow().files;
        if !globs::is_pattern(&path) || globs::is_whole(files, &path) { vec![path] } else { globs::taken(files, &path) }
    }

    /// The text of a file of the repository.
    pub(super) fn text(&self, path: &str) -> Option<Arc<str>> {
        self.file(path)?;
        let mut work = self.work.borrow_mut();
        let id = work.read(path)?;
        Some(work.text(id))
    }

    /// The path in the repository of a path of the context.
    pub(super) fn path(&self, source: &str) -> String {
        let exists = |path: &str| matches!(self.work.borrow().files.kind(path), Ok(Kind::File { .. } | Kind::Folder));
        let inner = source.trim_start_matches('/').trim_start_matches("./");
        let stem = inner.split(['*', '?', '[']).next().unwrap_or_default();
        let stem = if stem.len() < inner.len() { parent_of(stem) } else { stem };
        let found = self.folders.iter().find(|folder| join(folder, stem).is_some_and(|path| path.is_empty() || exists(&path)));
        // What is nowhere would be where most of the folders above it are.
        let is_above = |folder: &str, part: &str| join(folder, part).is_some_and(|path| exists(&path));
        let above = |folder: &&String| {
            std::iter::successors(Some(parent_of(stem)), |part| Some(parent_of(part)))
                .take_while(|part| !part.is_empty())
                .filter(|part| is_above(folder, part))
                .count()
        };
        let folder = found.or_else(|| self.folders.iter().rev().max_by_key(above)).cloned().unwrap_or_default();
        join(&folder, inner).unwrap_or_else(|| inner.to_owned())
    }
}
