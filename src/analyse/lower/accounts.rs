//! `user`, `workdir` and `healthcheck`: who runs the image, where, and whether it is well.

use std::rc::Rc;

use super::state::Variable;
use super::walk::Walk;
use crate::analyse::existing::user_phrase;
use crate::analyse::fields::Fields;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::typed;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Account, Expandable, Healthcheck, RunAs, StepKind};
use crate::syntax::ast::{Part, Phrase, Statement};
use crate::syntax::words::Room;

impl<'a> Walk<'_, 'a> {
    /// `user jovyan { uid = 1000  gid = 100  home = "/home/jovyan" }`.
    pub(super) fn user(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let Some(account) = user_phrase(self.cx, scope, phrase) else { return };
        let origin = self.place(scope, phrase.span);
        let home = self.home_of(&account, phrase, origin);
        if self.only().is_some() {
            self.state.user_of_one_platform = Some(origin);
        } else {
            self.state.account = account.clone();
        }
        self.step(origin, RunAs::User, StepKind::User(account));
        if let Some(home) = home {
            let variable = Variable { value: Some(home.clone()), build_only: false, body: self.body.clone(), origin };
            Rc::make_mut(&mut self.state.variables).insert("HOME".to_owned(), variable);
            self.step(origin, RunAs::User, StepKind::Env(vec![("HOME".to_owned(), Expandable::literal(home))]));
        }
    }

    /// The `HOME` that an account needs, where that of another one is in force: `USER` changes none that an image sets.
    fn home_of(&mut self, account: &Account, phrase: &Phrase, origin: Place) -> Option<String> {
        self.state.homeless = None;
        let set = self.state.variables.get("HOME").and_then(|variable| variable.value.clone());
        let known = set.or_else(|| self.state.base_home.clone())?;
        let says = |word: &str| {
            let fields = phrase.parts.iter().filter_map(|part| if let Part::Block(block) = part { Some(&block.statements) } else { None });
            fields.flatten().any(|statement| matches!(statement, Statement::Field(field) if field.key.text == word))
        };
        if says("home") {
            return account.home.clone().filter(|home| *home != known);
        }
        let before = &self.state.account;
        let number = account.name.split(':').next().and_then(|uid| uid.parse().ok());
        let uid = account.uid.or(number);
        let same = account.name == before.name || uid.is_some() && uid == before.uid;
        if !account.is_root() && !same && self.only().is_none() && !known.ends_with(&format!("/{}", account.name)) {
            self.state.homeless = Some((origin, known));
        }
        None
    }

    /// J0615: an account that ends up with the `HOME` of another one.
    pub(super) fn homeless(&self) {
        let Some((origin, home)) = &self.state.homeless else { return };
        let name = &self.state.account.name;
        self.cx.report(
            Diagnostic::new(&known::HOME_OF_ANOTHER, *origin, format!("`HOME` stays `{home}` for `{name}`"))
                .here("`USER` changes no `HOME` that an image sets")
                .help(if name.contains(':') || name.parse::<u32>().is_ok() {
                    format!("write its home: `user {name} {{ home = \"/home/…\" }}`")
                } else {
                    format!("write its home: `user {name} {{ home = \"/home/{name}\" }}`")
                }),
        );
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
        self.exec_words(scope, "healthcheck", tree, &command);
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
