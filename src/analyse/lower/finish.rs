//! `finish`: commands behind each step of some managers, and whether what they need is there.

use std::rc::Rc;

use super::state::{Finish, Missing};
use super::variables::expandable;
use super::walk::Walk;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::base::{Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::Phrase;

/// What a command has in it that does not mind a folder that is missing.
const CAREFUL: [&str; 6] = ["rm -", "||", "[ -", "test -", "if ", "mkdir"];

impl<'a> Walk<'_, 'a> {
    /// `finish conda pip run "fix-permissions …"`.
    pub(super) fn finish(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let mut managers = Vec::new();
        while let Some(name) = parts.maybe_name() {
            if name.node != "run" && self.cx.installer(&name.node).is_none() {
                let place = self.place(scope, name.span);
                let names: Vec<&str> = self.cx.names.installers().chain(["run"]).collect();
                self.cx.report(
                    Diagnostic::new(&known::UNKNOWN_NAME, place, format!("there is no installer `{}`", name.node))
                        .maybe_help(or_nearest(&name.node, names)),
                );
                continue;
            }
            managers.push(name.node.clone());
        }
        let Some(command) = parts.text("a shell command in quotes").and_then(|text| self.script(scope, text)) else { return };
        parts.finish();
        let origin = self.place(scope, phrase.span);
        if managers.is_empty() {
            self.cx.report(
                Diagnostic::new(&known::MISSING_PART, origin, "`finish` needs the steps it is for")
                    .help("name them: `finish conda pip run \"…\"`"),
            );
        }
        Rc::make_mut(&mut self.state.finish).push(Finish { managers, command: command.text, origin });
    }

    /// The commands behind a step of a manager.
    pub(super) fn finishing(&mut self, manager: &str, step: Place) -> Vec<String> {
        let all: Vec<Finish> = self.state.finish.iter().filter(|one| one.managers.iter().any(|known| known == manager)).cloned().collect();
        for finish in &all {
            self.needed(finish, step);
        }
        all.into_iter().map(|finish| finish.command).collect()
    }

    /// Notes what a command needs and is not known to be there.
    fn needed(&mut self, finish: &Finish, step: Place) {
        if CAREFUL.iter().any(|careful| finish.command.contains(careful)) {
            return;
        }
        let mut words = finish.command.split_whitespace().map(|word| word.trim_matches(['"', '\'', ';']));
        let program = words.next().filter(|word| !word.contains(['/', '$'])).map(str::to_owned);
        let folders = words.filter(|word| word.starts_with(['/', '$'])).map(|path| self.resolved(&expandable(path)));
        let missing: Vec<String> = folders.filter(|path| path.starts_with('/') && !self.has_folder(path)).chain(program).collect();
        for what in missing {
            if !self.state.missing.iter().any(|known| known.what == what && known.finish == finish.origin) {
                Rc::make_mut(&mut self.state.missing).push(Missing { what, finish: finish.origin, step });
            }
        }
    }

    /// Warns of each `finish` that ran before a folder or a program was there that a step makes or brings now.
    pub(super) fn comes_late(&self, what: &str, origin: Place) {
        let Some(missing) = self.state.missing.iter().find(|missing| missing.what == what) else { return };
        self.cx.report(
            Diagnostic::new(&known::EARLY_FINISH, missing.step, format!("`finish` runs behind this step, and `{what}` comes later"))
                .here("the command fails where it needs it")
                .also(missing.finish, "the command")
                .also(origin, format!("`{what}` comes here"))
                .help("move `finish` behind the step that brings what it needs"),
        );
    }
}
