//! Which folders an image has. `COPY` and `ADD` give the mode of the file to every folder that they make on the way, so a folder
//! that may be missing is made by a step of its own.

use std::rc::Rc;

use super::files::{FileWords, folder_mode};
use super::variables::expandable;
use super::walk::Walk;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{ExpandPart, Expandable, Folders, RunAs, Step, StepKind};
use crate::syntax::ast::Phrase;

/// The mode that new folders get without a step of their own, and may have.
const FOLDER_MODE: u32 = 0o755;

/// Folders of every Linux image (Filesystem Hierarchy Standard 3.0, and what the minimal images of Debian and Red Hat hold).
const EVERYWHERE: [&str; 37] = [
    "/",
    "/etc",
    "/etc/profile.d",
    "/etc/skel",
    "/home",
    "/lib",
    "/media",
    "/mnt",
    "/opt",
    "/root",
    "/run",
    "/srv",
    "/bin",
    "/sbin",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/libexec",
    "/usr/local",
    "/usr/local/bin",
    "/usr/local/etc",
    "/usr/local/include",
    "/usr/local/lib",
    "/usr/local/sbin",
    "/usr/local/share",
    "/usr/local/src",
    "/usr/sbin",
    "/usr/share",
    "/usr/share/doc",
    "/usr/src",
    "/var",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/spool",
    "/var/tmp",
];

/// Whether every image has a folder.
pub(crate) fn is_everywhere(path: &str) -> bool {
    EVERYWHERE.contains(&path)
}

impl<'a> Walk<'_, 'a> {
    /// `folder "/srv/data" "/srv/more" owner user mode 750`
    pub(super) fn folders(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(texts) = parts.texts("the path of a folder") else { return };
        let mut words = FileWords::default();
        loop {
            match self.owning(scope, &mut parts, &mut words) {
                Some(true) => {}
                Some(false) => break,
                None => return,
            }
        }
        parts.finish();
        let origin = self.place(scope, phrase.span);
        let Some(paths) = texts.into_iter().map(|text| self.target(scope, text)).collect::<Option<Vec<_>>>() else { return };
        if let Some((mode, with)) = words.mode.map(|mode| (mode, folder_mode(mode))).filter(|(mode, with)| mode != with) {
            self.cx.report(
                Diagnostic::new(&known::MODE_OF_FOLDER, origin, format!("mode {mode:o} would keep people out of the folder"))
                    .here("a folder can be entered only where its mode has an `x`")
                    .help(format!("write `mode {with:o}`")),
            );
            return;
        }
        for path in &paths {
            let path = self.resolved(path);
            self.made(origin, path.trim_end_matches('/').to_owned());
        }
        let folders = Folders { paths, owned: words.owned, mode: words.mode, asked: true };
        self.step(origin, RunAs::Root, StepKind::Folders(folders));
    }
}

impl Walk<'_, '_> {
    /// Notes the folder that a file goes to, and makes it first where it may be missing and must not get the file's mode.
    pub(super) fn folder_for(&mut self, origin: Place, to: &Expandable, owned: bool, mode: Option<u32>) {
        let Some(folder) = parent(to) else { return };
        let path = self.resolved(&folder);
        if self.has_folder(&path) {
            return;
        }
        if mode.is_some_and(|mode| mode != FOLDER_MODE) {
            // In the account's own folders it makes them itself, so that they are its own up to the last one.
            let run_as = if owned && self.is_own(&path) { RunAs::User } else { RunAs::Root };
            self.make(origin, run_as, Folders { paths: vec![folder], owned: owned && run_as == RunAs::Root, mode: None, asked: false });
        }
        self.made(origin, path);
    }

    /// Notes that a folder is there from here on.
    pub(super) fn made(&mut self, origin: Place, path: String) {
        self.comes_late(&path, origin);
        if path.starts_with('/') && self.platforms.len() == self.job.platforms.len() {
            Rc::make_mut(&mut self.state.folders).insert(path);
        }
    }

    /// Adds the step that makes folders: before the files that stand beside each other, all in one.
    fn make(&mut self, origin: Place, run_as: RunAs, folders: Folders) {
        let (only, via) = (self.only(), self.via.clone());
        let beside = |step: &&Step| {
            let files = match &step.kind {
                StepKind::Copy(_) => true,
                StepKind::Fetch(fetch) => fetch.unpack.is_none(),
                _ => false,
            };
            files && step.only == only && step.via == via
        };
        let files = self.out.steps.iter().rev().take_while(beside).count();
        let at = self.out.steps.len() - files;
        if let Some(step) = at.checked_sub(1).and_then(|at| self.out.steps.get_mut(at))
            && step.only == only
            && step.via == via
            && step.run_as == run_as
            && let StepKind::Folders(before) = &mut step.kind
            && !before.asked
            && before.owned == folders.owned
        {
            before.paths.extend(folders.paths.into_iter().filter(|path| !before.paths.contains(path)).collect::<Vec<_>>());
            return;
        }
        self.out.mergeable = None;
        self.insert(at, Step { kind: StepKind::Folders(folders), run_as, only, origin, via, comment: None });
    }

    /// Whether a folder is known to be there: it, or one below it. The working folder is, and what a variable of the base names.
    pub(super) fn has_folder(&self, path: &str) -> bool {
        let known = |there: &str| there == path || there.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        !path.contains('/')
            || EVERYWHERE.iter().any(|there| known(there))
            || self.state.account.home.iter().chain(&self.state.prefix).any(|there| known(there.trim_end_matches('/')))
            || self.state.folders.iter().any(|there| known(there))
    }

    /// Whether a folder is below one in which the account may make others: its home, and where its conda is.
    fn is_own(&self, path: &str) -> bool {
        let below = |own: &str| path.strip_prefix(own.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'));
        self.state.account.home.as_deref().is_some_and(below) || below(&self.conda_prefix())
    }

    /// Notes the folders that a script makes by `mkdir` and `install --directory`.
    pub(super) fn made_by(&mut self, origin: Place, script: &str) {
        for command in script.split(['\n', ';', '&', '|']) {
            let mut words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
            let makes = match words.next() {
                Some("mkdir") => true,
                Some("install") => words.clone().any(|word| word == "-d" || word == "--directory"),
                _ => false,
            };
            if makes {
                for path in words.filter(|word| word.starts_with(['/', '$'])) {
                    let path = self.resolved(&expandable(path));
                    self.made(origin, path.trim_end_matches('/').to_owned());
                }
            }
        }
    }
}

/// The folder that a file goes to: the path itself where it ends in `/`.
fn parent(to: &Expandable) -> Option<Expandable> {
    let mut folder = to.clone();
    let cut = match folder.0.last_mut()? {
        ExpandPart::Literal(text) => {
            let at = text.rfind('/')?;
            text.truncate(at);
            text.is_empty()
        }
        ExpandPart::Variable(_) => return None,
    };
    if cut {
        folder.0.pop();
    }
    (!folder.0.is_empty()).then_some(folder)
}
