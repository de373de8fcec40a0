//! What the readers share: the files, the sources that were read, and all that they add to.

use super::draft::{Draft, Item};
use super::ledger::{Ledger, Remark, RemarkKind};
use super::{Request, text};
use crate::analyse::decode;
use crate::base::{FileError, FileId, Files, MAX_FILE_BYTES, Place, Source, Sources};
use crate::diagnostics::{Diagnostic, Findings, known};

/// One import under way.
pub struct Work<'f> {
    /// The originals.
    pub files: &'f dyn Files,
    /// The files and folders that were named.
    pub paths: &'f [String],
    /// Every file that was read as text; places point into it.
    pub sources: Sources,
    /// The program.
    pub draft: Draft,
    /// What is reported.
    pub ledger: Ledger,
    /// What is wrong with the originals.
    pub findings: Findings,
}

impl<'f> Work<'f> {
    pub(super) fn new(request: Request<'f>) -> Self {
        Self {
            files: request.files,
            paths: request.paths,
            sources: Sources::default(),
            draft: Draft { project: text::name(request.name, "environments"), ..Draft::default() },
            ledger: Ledger::default(),
            findings: Findings::default(),
        }
    }

    /// Reads a file as text, once. What can't be read is a finding (`J0103`), without an id.
    pub fn read(&mut self, path: &str) -> Option<FileId> {
        if let Some(known) = self.sources.find(path) {
            return Some(known);
        }
        match self.files.read(path, MAX_FILE_BYTES) {
            Ok(bytes) => {
                let before = self.findings.count(crate::diagnostics::Severity::Error);
                let text = decode(path, &bytes, &mut self.sources, &mut self.findings);
                let good = self.findings.count(crate::diagnostics::Severity::Error) == before;
                good.then(|| self.sources.add(Source::new(path, &text)))
            }
            Err(error) => {
                self.findings.push(unreadable(path, &error));
                None
            }
        }
    }

    /// The text of a file that was read.
    #[must_use]
    pub fn text(&self, file: FileId) -> std::sync::Arc<str> {
        self.sources.get(file).map_or_else(|| "".into(), |source| source.text.clone())
    }

    /// Adds a remark, and gives the comment that stands in the program at its place.
    #[must_use]
    pub fn remark(&mut self, kind: RemarkKind, place: Place, text: impl Into<String>) -> Item {
        let text = text.into();
        let item = Item::Comment(format!("import: {}: {text}", self.sources.locate(place)));
        let remark = Remark { place, kind, text };
        if !self.ledger.remarks.contains(&remark) {
            self.ledger.remarks.push(remark);
        }
        item
    }
}

/// J0103, J0104
pub(super) fn unreadable(path: &str, error: &FileError) -> Diagnostic {
    let code = if matches!(error, FileError::TooLarge(_)) { &known::FILE_TOO_LARGE } else { &known::UNREADABLE_FILE };
    Diagnostic::nowhere(code, format!("`{path}` can't be read: {error}")).help("import files and folders without it")
}
