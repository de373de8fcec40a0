//! `user`, `workdir` and `healthcheck`: who runs the image, where, and whether it is well.

use std::rc::Rc;

use super::state::Variable;
use super::walk::Walk;
use crate::analyse::existing::user_phrase;
use crate::analyse::fields::Fields;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::typed;
use crate::ir::{Healthcheck, RunAs, StepKind};
use crate::syntax::ast::Phrase;
use crate::syntax::words::Room;

impl<'a> Walk<'_, 'a> {
    /// `user jovyan { uid = 1000  gid = 100  home = "/home/jovyan" }`.
    pub(super) fn user(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let Some(account) = user_phrase(self.cx, scope, phrase) else { return };
        let origin = self.place(scope, phrase.span);
        if let Some(home) = &account.home {
            let variable = Variable { value: Some(home.clone()), build_only: false, body: self.body.clone(), origin };
            Rc::make_mut(&mut self.state.variables).entry("HOME".to_owned()).or_insert(variable);
        }
        if self.only().is_some() {
            self.state.user_of_one_platform = Some(origin);
        } else {
            self.state.account = account.clone();
        }
        self.step(origin, RunAs::User, StepKind::User(account));
    }

    pub(super) fn workdir(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(text) = parts.text("the path of a folder") else { return };
        parts.finish();
        if let Some(folder) = self.target(scope, text) {
            let origin = self.place(scope, phrase.span);
            self.made(origin, self.resolved(&folder).trim_end_matches('/').to_owned());
            self.step(origin, RunAs::User, StepKind::Workdir(folder));
        }
    }

    /// `healthcheck ["…"] { interval = 5s  timeout = 3s  start_period = 5s  retries = 3 }`.
    pub(super) fn healthcheck(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(tree) = parts.value("a command in brackets") else { return };
        let block = parts.block();
        parts.finish();
        let Some(command) = typed::texts(self.cx, scope, "healthcheck", tree) else { return };
        let mut check = Healthcheck { command, interval: None, timeout: None, start_period: None, retries: None };
        if let Some(block) = block {
            let fields = Fields::read(self.cx, scope, Room::Healthcheck, block);
            check.interval = fields.duration("interval");
            check.timeout = fields.duration("timeout");
            check.start_period = fields.duration("start_period");
            check.retries = fields.count("retries");
        }
        self.step(self.place(scope, phrase.span), RunAs::User, StepKind::Healthcheck(check));
    }
}
