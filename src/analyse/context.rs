//! What every part of the analysis shares: the files, the names, the findings.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use foldhash::{HashMap, HashSet};

use super::alike::Alike;
use super::defined::Names;
use super::definitions::{ProjectBlock, UnitId};
use super::file_list::FileList;
use super::idle::Idle;
use super::load::Unit;
use super::manager::Installer;
use super::named_values::Lets;
use crate::base::{FileId, Files, Place, Source, Sources, Span};
use crate::diagnostics::{Code, Diagnostic, Edit, Findings, Label, known};
use crate::ir::{LocalFile, Lock};
use crate::requirements::Pythons;
use crate::syntax::ast::Text;
use crate::versions::{Constraint, Scheme};

/// Lists in files, by path and ecosystem.
type FileLists = HashMap<(String, String), Option<Rc<FileList>>>;

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
    pub(super) project: OnceCell<Option<ProjectBlock<'a>>>,
    pub(super) installers: RefCell<HashMap<String, Option<Rc<Installer<'a>>>>>,
    pub(super) lock: OnceCell<Lock>,
    findings: RefCell<Findings>,
    /// Files that go into images, by path: each is hashed once.
    pub(super) hashed: RefCell<HashMap<String, LocalFile>>,
    /// Files of other formats that are a part of the program: they follow the sources.
    more: RefCell<Vec<Source>>,
    /// What such files ask for, by path and ecosystem; `None` where one can't be read, which is reported.
    pub(super) lists: RefCell<FileLists>,
    /// Entries of lists that have been read; `None` where the reading of the files has found errors, since a text may then have
    /// been read in more than one way.
    pub(super) alike: Option<Alike<'a>>,
    /// Constraints that their scheme can read.
    pub(super) readable: RefCell<HashMap<Scheme, HashSet<Constraint>>>,
    /// What may take effect in no cell.
    pub(super) idle: Idle,
    /// Statements that are no jenv, and reported as a whole: nothing of them is read.
    foreign: RefCell<Vec<Place>>,
    /// The modules of the standard library.
    pub(super) standard_names: &'a [&'static str],
    /// Where a name was first found to be unknown.
    unknown: RefCell<HashMap<String, Place>>,
    /// The interpreters that a constraint allows.
    pythons: RefCell<HashMap<Option<Constraint>, Rc<Pythons>>>,
}

impl<'a> Context<'a> {
    /// A context over files that have been read.
    pub(crate) fn new(files: &'a dyn Files, sources: &'a Sources, units: &'a [Unit], findings: Findings) -> Self {
        let alike = (!findings.has_errors()).then(Alike::default);
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
            installers: RefCell::default(),
            lock: OnceCell::new(),
            findings,
            hashed: RefCell::default(),
            more: RefCell::default(),
            lists: RefCell::default(),
            alike,
            readable: RefCell::default(),
            idle: Idle::default(),
            foreign: RefCell::default(),
            unknown: RefCell::default(),
            standard_names: &[],
            pythons: RefCell::default(),
        }
    }

    /// The same, with the modules of the standard library.
    pub(crate) fn with_standard(self, names: &'a [&'static str]) -> Self {
        Self { standard_names: names, ..self }
    }

    /// The name of the project, for `{{ project }}`; empty while the project itself is read.
    pub(crate) fn project_name(&self) -> &str {
        self.project.get().and_then(Option::as_ref).map_or("", |(project, _)| project.name.as_str())
    }

    /// The pattern of repositories, and the file it stands in.
    pub(crate) fn repository(&self) -> Option<(UnitId, &'a Text)> {
        self.project.get().and_then(Option::as_ref).and_then(|(_, repository)| *repository)
    }

    /// Reports what no cell has cleared. A broken step may be the one that uses it, so nothing is reported beside errors.
    pub(crate) fn report_idle(&self) {
        let left = self.idle.left();
        if !self.has_errors() {
            left.for_each(|finding| self.report(finding));
        }
    }

    /// How many findings there are so far.
    pub(crate) fn count_reports(&self) -> usize {
        self.findings.borrow().iter().count()
    }

    /// Adds a finding.
    pub(crate) fn report(&self, finding: Diagnostic) {
        // What is in another language is reported as such, and as nothing else.
        if finding.place().is_none_or(|place| !self.is_foreign(|| place)) {
            self.findings.borrow_mut().push(finding);
        }
    }

    /// Drops the findings of a code that are wholly within a place: what is reported there says more.
    pub(crate) fn supersede(&self, code: &Code, within: Place) {
        self.findings.borrow_mut().retain_mut(|finding| finding.code != code || !finding.place().is_some_and(|place| holds(within, place)));
    }

    /// Reports what is in another language, in place of all that the reading of the text has found in it.
    pub(crate) fn report_foreign(&self, whole: Place, finding: Diagnostic) {
        self.supersede_reading(whole);
        self.foreign.borrow_mut().push(whole);
        self.findings.borrow_mut().push(finding);
    }

    /// Reports that a name is unknown: once for all places that have it and where the same is to be done.
    pub(crate) fn report_unknown(&self, name: &str, finding: Diagnostic) {
        let Some(place) = finding.place() else { return self.report(finding) };
        let first = *self.unknown.borrow_mut().entry(name.to_owned()).or_insert(place);
        let titles = |finding: &Diagnostic| finding.fixes.iter().map(|fix| fix.title.clone()).collect::<Vec<_>>();
        let mut joined = false;
        self.findings.borrow_mut().retain_mut(|known| {
            if joined || known.code != finding.code || known.place() != Some(first) || titles(known) != titles(&finding) {
                return true;
            }
            joined = true;
            if known.labels.iter().all(|label| label.place != place) {
                known.labels.push(Label { place, text: "named here, too".to_owned(), primary: false });
                for (fix, more) in known.fixes.iter_mut().zip(&finding.fixes) {
                    fix.edits.extend(more.edits.iter().cloned());
                }
            }
            true
        });
        if !joined {
            self.report(finding);
        }
    }

    /// Whether a place is in what is reported to be of another language.
    pub(crate) fn is_foreign(&self, place: impl FnOnce() -> Place) -> bool {
        let foreign = self.foreign.borrow();
        if foreign.is_empty() {
            return false;
        }
        let place = place();
        foreign.iter().any(|whole| whole.file == place.file && whole.span.start <= place.span.start && place.span.start < whole.span.end)
    }

    /// Drops what the reading of a text has reported within a place: what is reported there says more.
    pub(crate) fn supersede_reading(&self, within: Place) {
        let inside = |finding: &Diagnostic| finding.place().is_some_and(|place| holds(within, place));
        self.findings.borrow_mut().retain_mut(|finding| {
            self.leave_ends(finding, within);
            !(finding.code.id.starts_with("J00") && inside(finding))
        });
    }

    /// Leaves in the finding about all `;` of a file those that are not within a place, as long as there are any.
    fn leave_ends(&self, finding: &mut Diagnostic, within: Place) {
        let [fix] = finding.fixes.as_mut_slice() else { return };
        let ends = finding.code == &known::UNEXPECTED_TEXT && fix.edits.iter().all(|edit| self.sources.text(edit.place) == ";");
        let outside = |edit: &Edit| !holds(within, edit.place);
        let Some(first) = fix.edits.iter().find(|edit| ends && outside(edit)).map(|edit| edit.place) else { return };
        fix.edits.retain(outside);
        fix.title = match fix.edits.as_slice() {
            [_] => "delete it".into(),
            several => format!("delete all {} of them", several.len()),
        };
        finding.labels.iter_mut().filter(|label| label.primary).for_each(|label| label.place = first);
    }

    /// Whether the reading of a text has reported something within a place.
    pub(crate) fn is_broken(&self, within: Place) -> bool {
        self.has_reported("J00", within)
    }

    /// Whether something of a subject has been reported within a place.
    pub(crate) fn has_reported(&self, subject: &str, within: Place) -> bool {
        let here = |finding: &Diagnostic| finding.place().is_some_and(|place| holds(within, place));
        self.findings.borrow().iter().any(|finding| finding.code.id.starts_with(subject) && here(finding))
    }

    /// Adds the text of a file of another format to what was read. Read again, it has the same id.
    pub(crate) fn add_source(&self, path: &str, text: &str) -> FileId {
        let mut more = self.more.borrow_mut();
        let known = more.iter().position(|source| source.name == path);
        let at = known.unwrap_or_else(|| {
            more.push(Source::new(path, text));
            more.len() - 1
        });
        FileId(u32::try_from(self.sources.iter().count() + at).unwrap_or(u32::MAX))
    }

    /// The interpreters that a constraint allows, all where there is none.
    pub(crate) fn pythons(&self, known: Option<&Constraint>) -> Rc<Pythons> {
        let key = known.cloned();
        if let Some(pythons) = self.pythons.borrow().get(&key) {
            return Rc::clone(pythons);
        }
        let pythons = Rc::new(known.map_or_else(Pythons::any, Pythons::of));
        self.pythons.borrow_mut().insert(key, Rc::clone(&pythons));
        pythons
    }

    /// All findings, and the files of other formats that were read.
    pub(crate) fn finish(self) -> (Findings, Vec<Source>) {
        (self.findings.into_inner(), self.more.into_inner())
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

/// Whether a place is wholly within another.
fn holds(outer: Place, inner: Place) -> bool {
    outer.file == inner.file && outer.span.start <= inner.span.start && inner.span.end <= outer.span.end
}
