//! What every part of the analysis shares: the files, the names, the findings.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use foldhash::HashMap;
use indexmap::IndexMap;

use super::entry::Read;
use super::installers::{self, Installer};
use super::lets::Lets;
use super::load::Unit;
use super::lock;
use super::names::Names;
use super::project;
use crate::base::{Files, Place, Sources, Span};
use crate::diagnostics::{Diagnostic, Findings};
use crate::ir::{LocalFile, Lock, Project};
use crate::syntax::ast::{Definition, Text};

/// An index into [`Context::units`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct UnitId(pub(crate) usize);

/// An index into the definitions of [`Names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DefId(pub(crate) usize);

/// A definition and the file it stands in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Def<'a> {
    /// The file.
    pub(crate) unit: UnitId,
    /// The definition.
    pub(crate) node: &'a Definition,
    /// Its name.
    pub(crate) name: &'a str,
}

/// The project, and the pattern of its repositories with the file it stands in.
pub(crate) type ProjectBlock<'a> = (Project, Option<(UnitId, &'a Text)>);

/// The shared state of an analysis.
pub(crate) struct Context<'a> {
    /// The files of the program on the disk.
    pub(crate) files: &'a dyn Files,
    /// The text of everything that was read.
    pub(crate) sources: &'a Sources,
    /// The files that the program is made of.
    pub(crate) units: &'a [Unit],
    /// What they define.
    pub(crate) names: Names<'a>,
    /// Named values.
    pub(crate) lets: Lets<'a>,
    project: OnceCell<Option<ProjectBlock<'a>>>,
    installers: OnceCell<IndexMap<String, Rc<Installer<'a>>>>,
    lock: OnceCell<Lock>,
    findings: RefCell<Findings>,
    /// Entries of package lists that mean the same in every cell of an image, by place.
    pub(super) read_entries: RefCell<HashMap<(UnitId, Span), Read>>,
    /// Files that go into images, by path: each is hashed once.
    pub(super) hashed: RefCell<HashMap<String, LocalFile>>,
}

impl<'a> Context<'a> {
    /// A context over files that have been read.
    pub(crate) fn new(files: &'a dyn Files, sources: &'a Sources, units: &'a [Unit], findings: Findings) -> Self {
        let findings = RefCell::new(findings);
        let report = |finding| findings.borrow_mut().push(finding);
        let names = Names::collect(units, &report);
        let lets = Lets::collect(units, &report);
        Self {
            files,
            sources,
            units,
            names,
            lets,
            project: OnceCell::new(),
            installers: OnceCell::new(),
            lock: OnceCell::new(),
            findings,
            hashed: RefCell::default(),
            read_entries: RefCell::default(),
        }
    }

    /// The project; `None` where there is none.
    pub(crate) fn project(&self) -> Option<&ProjectBlock<'a>> {
        self.project.get_or_init(|| project::read(self)).as_ref()
    }

    /// The name of the project, for `{{ project }}`; empty while the project itself is read.
    pub(crate) fn project_name(&self) -> &str {
        self.project.get().and_then(Option::as_ref).map_or("", |(project, _)| project.name.as_str())
    }

    /// The pattern of repositories, and the file it stands in.
    pub(crate) fn repository(&self) -> Option<(UnitId, &'a Text)> {
        self.project.get().and_then(Option::as_ref).and_then(|(_, repository)| *repository)
    }

    /// The installer of this name.
    pub(crate) fn installer(&self, name: &str) -> Option<Rc<Installer<'a>>> {
        self.installers.get_or_init(|| installers::read_all(self)).get(name).cloned()
    }

    /// `jenv.lock`. What is wrong with it is reported at the first place that asks.
    pub(crate) fn lock(&self, asked: Place) -> &Lock {
        self.lock.get_or_init(|| lock::read(self, asked))
    }

    /// How many findings there are so far.
    pub(crate) fn count_reports(&self) -> usize {
        self.findings.borrow().iter().count()
    }

    /// Adds a finding.
    pub(crate) fn report(&self, finding: Diagnostic) {
        self.findings.borrow_mut().push(finding);
    }

    /// All findings.
    pub(crate) fn into_findings(self) -> Findings {
        self.findings.into_inner()
    }

    /// Whether an error has been found.
    pub(crate) fn has_errors(&self) -> bool {
        self.findings.borrow().has_errors()
    }

    /// The place of a span in a file of the program.
    pub(crate) fn place(&self, unit: UnitId, span: Span) -> Place {
        Place::new(self.units.get(unit.0).map_or_else(Default::default, |unit| unit.file), span)
    }

    /// The folder of a file of the program.
    pub(crate) fn folder(&self, unit: UnitId) -> &'a str {
        self.units.get(unit.0).map_or("", |unit| unit.folder.as_str())
    }

    /// Whether a file belongs to the standard library.
    pub(crate) fn is_standard(&self, unit: UnitId) -> bool {
        self.units.get(unit.0).is_some_and(|unit| unit.standard)
    }

    /// The module of a file: what qualifies its names.
    pub(crate) fn module(&self, unit: UnitId) -> Option<&'a str> {
        self.units.get(unit.0).and_then(|unit| unit.module.as_deref())
    }
}
