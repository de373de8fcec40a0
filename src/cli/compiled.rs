//! One program of the disk, compiled, and what is told about it.

use super::console::{Console, Stream};
use super::disk::Disk;
use super::find::Located;
use super::global::Global;
use super::ours::Question;
use super::reply::{Exit, Reply};
use crate::base::Files;
use crate::diagnostics::{Diagnostic, Findings, Severity, known};
use crate::driver::{Outcome, check_with};
use crate::report::{Batch, count, render};

/// A program and what came of it; artifacts only where they were asked for.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) located: Located,
    pub(super) prefix: String,
    pub(super) outcome: Outcome,
}

/// The findings of a [`Compiled`], in the order in which they are told.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) compiled: Compiled,
    pub(super) findings: Vec<Diagnostic>,
}

impl Compiled {
    /// Reads and checks a program.
    pub(super) fn new(located: Located, global: &Global) -> Self {
        let disk = Disk::new(located.root.clone());
        Self::of(located, &disk, global)
    }

    /// Reads and checks a program whose files are these.
    pub(super) fn of(located: Located, files: &dyn Files, global: &Global) -> Self {
        let outcome = check_with(files, &located.main, &global.policy_in(&located.root));
        let prefix = located.prefix();
        Self { located, prefix, outcome }
    }

    /// What the artifacts are compared with.
    pub(super) fn question(&self, force: bool) -> Question<'_> {
        let outputs = self.outcome.checked.as_ref().map(|checked| &checked.program().outputs);
        let own_folder = outputs.and_then(|outputs| outputs.dockerfiles.as_ref()).map(|output| output.dir.as_str());
        let (root, main) = (self.located.root.as_path(), self.located.main.as_str());
        let above = outputs.and_then(|outputs| outputs.workflow.as_ref()).map_or(0, |output| super::repository::above(root, &output.root));
        Question { root, main, above, sources: &self.outcome.sources, own_folder, force }
    }

    /// `3 images, 6 cells`; `None` where there is no program.
    pub(super) fn counts(&self) -> Option<String> {
        let program = self.outcome.checked.as_ref()?.program();
        Some(format!("{}, {}", count(program.images.len(), "image"), count(program.cells.len(), "cell")))
    }

    /// Puts the findings in order.
    pub(super) fn told(mut self) -> Told {
        let mut findings = std::mem::take(&mut self.outcome.findings).sorted();
        // What follows from an edit, artifacts that are not built yet, comes behind what is wrong with the edit.
        findings.sort_by_key(|finding| finding.code == &known::STALE_ARTIFACT);
        Told { compiled: self, findings }
    }
}

impl Told {
    pub(super) fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    pub(super) fn batch(&self) -> Batch<'_> {
        Batch {
            main: &self.compiled.located.main,
            prefix: &self.compiled.prefix,
            sources: &self.compiled.outcome.sources,
            findings: &self.findings,
        }
    }

    /// Leaves the memory to the end of the process, which is near: giving it back piece by piece takes a sixth of a check.
    pub(super) fn forget(self) {
        std::mem::forget(self);
    }

    /// Findings of a command whose result is something else, for standard error.
    fn aside(&self, findings: &[Diagnostic], global: &Global, console: &Console) -> String {
        if findings.is_empty() || global.json() {
            return String::new();
        }
        render(global.format.into(), &[Batch { findings, ..self.batch() }], console.style(Stream::Error))
    }

    fn errors(&self) -> Vec<Diagnostic> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error).cloned().collect()
    }

    /// The answer of a command that is no finding: it comes first, then the findings on standard error. What programs read is
    /// the answer alone. With `--quiet`, only errors are printed.
    pub(super) fn answer(&self, text: impl Into<String>, exit: Exit, global: &Global, console: &Console) -> Reply {
        let after = if console.quiet() { self.aside(&self.errors(), global, console) } else { self.aside(&self.findings, global, console) };
        Reply { after, ..Reply::new(text, exit) }
    }

    /// The answer of a command that looks at the program: of warnings and notes, which `jenvc check` is for, it says how many there are.
    pub(super) fn look(&self, text: impl Into<String>, global: &Global, console: &Console) -> Reply {
        let errors = self.errors();
        let mut after = self.aside(&errors, global, console);
        let of = |severity| self.findings.iter().filter(|finding| finding.severity == severity).count();
        let counts = [(of(Severity::Warning), "warning"), (of(Severity::Note), "note")]
            .map(|(number, word)| (number > 0).then(|| count(number, word)));
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        if errors.is_empty() && !counts.is_empty() && !console.quiet() && !global.json() {
            let them = if counts == ["1 warning"] || counts == ["1 note"] { "it" } else { "them" };
            after = format!("{}: `jenvc check` shows {them}\n", counts.join(" and "));
        }
        Reply { after, ..Reply::new(text, Exit::Clean) }
    }
}

/// Adds a finding of the command line's own; the flags hold for it, too.
pub(super) fn add(findings: &mut Findings, finding: Diagnostic, global: &Global) {
    let mut own = Findings::default();
    own.push(finding);
    global.policy().apply(&mut own);
    findings.append(own);
}

/// The status that findings ask for.
pub(super) fn exit(has_errors: bool) -> Exit {
    if has_errors { Exit::Findings } else { Exit::Clean }
}

/// The answer of a command that needs a program without errors and has none: the findings are all there is to say.
pub(super) fn failed(told: &Told, global: &Global, console: &Console) -> Reply {
    if global.json() {
        return Reply::new(render(global.format.into(), &[told.batch()], console.style(Stream::Out)), Exit::Findings);
    }
    told.answer("", Exit::Findings, global, console)
}
