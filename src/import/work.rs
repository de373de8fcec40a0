//! What the readers share: the files, the sources that were read, and all that they add to.

use std::collections::BTreeMap;

use super::draft::{Copied, Draft, Home, Item, Project};
use super::image::{Opened, Saved};
use super::ledger::{Ledger, Remark, RemarkKind};
use super::request::Request;
use super::text;
use crate::analyse::decode;
use crate::base::{FileError, FileId, Files, MAX_FILE_BYTES, Place, Source, Sources, Span};
use crate::diagnostics::{Diagnostic, Findings, known};

/// One import under way.
pub struct Work<'f> {
    /// The originals.
    pub files: &'f dyn Files,
    /// The files and folders that were named.
    pub paths: &'f [String],
    /// The files by what they are.
    pub found: Found,
    /// Every file that was read as text; places point into it.
    pub sources: Sources,
    /// The program.
    pub draft: Draft,
    /// What is reported.
    pub ledger: Ledger,
    /// What is wrong with the originals.
    pub findings: Findings,
    /// The layers that images of the originals are now, by the reference without tag and digest: `ghcr.io/example/base`.
    pub images: BTreeMap<String, String>,
    /// Where packages come from: by the file of the program and the name, the place of the instruction.
    pub packages: BTreeMap<(String, String), Place>,
    /// The bytes of layers that an archive has, by the place of their instruction.
    pub(super) sizes: BTreeMap<Place, u64>,
    /// Whether every image is a definition of its own, whatever it has in common with others.
    pub apart: bool,
    /// Whether the compiler has written what is read: what stayed shell there is none of its own forms.
    pub compiled: bool,
    /// Images that were read from archives.
    pub(super) saved: &'f [Saved],
    beside: bool,
    folder: &'f str,
}

impl<'f> Work<'f> {
    pub(super) fn new(request: Request<'f>) -> Self {
        let project = Project { name: text::name(request.name, "environments"), ..Project::default() };
        Self {
            files: request.files,
            paths: request.paths,
            found: Found::default(),
            sources: Sources::default(),
            draft: Draft { project, ..Draft::default() },
            ledger: Ledger::default(),
            findings: Findings::default(),
            images: BTreeMap::new(),
            packages: BTreeMap::new(),
            sizes: BTreeMap::new(),
            apart: false,
            compiled: false,
            saved: &[],
            beside: request.beside,
            folder: request.folder,
        }
    }

    /// Takes up the images of archives, and what is wrong with them.
    pub(super) fn opened(&mut self, opened: &'f Opened) {
        self.saved = &opened.saved;
        opened.problems.iter().cloned().for_each(|problem| self.findings.push(problem));
    }

    /// Whether the program is written beside the originals.
    pub(super) fn beside(&self) -> bool {
        self.beside
    }

    /// The output of the workflow.
    pub(super) fn workflow(&self) -> String {
        text::workflow(self.folder)
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
                good.then(|| self.sources.add(Source::new(path, text)))
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

    /// The place of some bytes of a file.
    #[must_use]
    pub fn place(file: FileId, range: std::ops::Range<usize>) -> Place {
        Place::new(file, Span::new(range.start, range.end))
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

    /// Says that the program needs a file or a folder of the originals; gives its path as it is written in a file of `home`.
    /// Beside the originals it stays where it is, elsewhere it is copied to `files/`.
    pub fn needs(&mut self, from: &str, home: &Home) -> String {
        if self.beside {
            return format!("{}{from}", home.up());
        }
        let known = self.draft.copied.iter().find(|copied| copied.from == from).map(|copied| copied.to.clone());
        let to = known.unwrap_or_else(|| if from.starts_with("files/") { from.to_owned() } else { format!("files/{from}") });
        let copied = Copied { from: from.to_owned(), to: to.clone() };
        if !self.draft.copied.contains(&copied) {
            self.draft.copied.push(copied);
        }
        format!("{}{to}", home.up())
    }
}

/// J0103, J0104
pub(super) fn unreadable(path: &str, error: &FileError) -> Diagnostic {
    let code = if matches!(error, FileError::TooLarge(_)) { &known::FILE_TOO_LARGE } else { &known::UNREADABLE_FILE };
    Diagnostic::nowhere(code, format!("`{path}` can't be read: {error}")).help("import files and folders without it")
}

/// The originals by what they are; paths relative to the root, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// `Dockerfile`, `Containerfile`, `Dockerfile.cuda`, `geo.Dockerfile`.
    pub dockerfiles: Vec<String>,
    /// `Dockerfile.j2`: something makes a Dockerfile of it.
    pub templates: Vec<String>,
    /// GitHub workflows, GitLab pipelines: where images get their names and arguments.
    pub workflows: Vec<String>,
    /// `docker-bake.hcl`, `docker-bake.json`, compose files.
    pub bakes: Vec<String>,
    /// Makefiles and shell scripts that call `docker build`.
    pub scripts: Vec<String>,
    /// Folders that repo2docker builds images from.
    pub folders: Vec<Folder>,
    /// Every other YAML file: values, `ConfigMap`s, releases, environment files.
    pub yamls: Vec<String>,
}

/// A folder that repo2docker builds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// The repository, as repo2docker sees it.
    pub path: String,
    /// Where its configuration is: `binder`, `.binder` or the folder itself.
    pub config: String,
    /// The files of the configuration, sorted by what they say.
    pub files: Vec<&'static str>,
    /// Further files of the folder itself that count where there is no `binder`: `DESCRIPTION`.
    pub description: bool,
    /// Whether there are both `binder` and `.binder`.
    pub twice: bool,
    /// What speaks for it.
    pub(super) sign: Sign,
}

/// What speaks for a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sign {
    /// Files that have other uses as well.
    #[default]
    Weak,
    /// It was named by hand.
    Named,
    /// Files that nothing else uses.
    Sure,
}
