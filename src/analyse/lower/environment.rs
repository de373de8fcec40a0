//! `env`, `path`, `arg` and `label`: what an image carries besides files.

use std::rc::Rc;

use super::state::Variable;
use super::variables::is_name;
use super::walk::Walk;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::typed;
use crate::analyse::value::Val;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Expandable, RunAs, StepKind};
use crate::syntax::ast::{Field, Part, Phrase, Statement, Value};

impl<'a> Walk<'_, 'a> {
    pub(super) fn env(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(block) = parts.block() else {
            parts.missing("names and values in braces");
            return;
        };
        parts.finish();
        let origin = self.place(scope, phrase.span);
        let mut group: Vec<(String, Expandable)> = Vec::new();
        let mut added: Vec<(String, Variable)> = Vec::new();
        for statement in &block.statements {
            let Statement::Field(field) = statement else {
                self.cx.report(
                    Diagnostic::new(&known::UNEXPECTED_PART, self.place(scope, statement.span()), "`env` takes names and values")
                        .help("write `NAME = \"value\"`"),
                );
                continue;
            };
            let Some((name, text)) = self.variable(scope, field) else { continue };
            // A value that uses a name of the same list needs an instruction of its own: `ENV` expands all at once.
            let uses_own = group.iter().any(|(known, _)| text.contains(&format!("${{{known}}}")));
            if uses_own {
                self.flush(origin, &mut group, &mut added);
            }
            let place = self.place(scope, field.span);
            if name == "HOME" {
                self.state.homeless = None;
                if self.is_of_user(&text) {
                    continue;
                }
            }
            self.overlap(&name, &text, place);
            self.literal_secret(place, &name, &text);
            if let Value::Text(written) = &field.value {
                self.bare_dollars(scope, written, Some(&name));
            }
            group.push((name.clone(), self.references(scope, place, &text)));
            added.push((name, Variable { value: Some(text), build_only: false, body: self.body.clone(), origin: place }));
        }
        self.flush(origin, &mut group, &mut added);
    }

    fn flush(&mut self, origin: Place, group: &mut Vec<(String, Expandable)>, added: &mut Vec<(String, Variable)>) {
        if group.is_empty() {
            return;
        }
        self.step(origin, RunAs::User, StepKind::Env(std::mem::take(group)));
        Rc::make_mut(&mut self.state.variables).extend(added.drain(..));
    }

    fn variable(&self, scope: &Scope<'_>, field: &Field) -> Option<(String, String)> {
        let place = self.place(scope, field.key.span);
        let name = &field.key.text;
        check_variable_name(self.cx, place, name)?;
        let text = match scope.value(self.cx, &field.value)? {
            Val::Text(text) | Val::Number(text) | Val::Word(text) => text,
            Val::Boolean(value) => value.to_string(),
            other => {
                let place = self.place(scope, field.value.span());
                self.cx.report(
                    Diagnostic::new(&known::WRONG_TYPE, place, format!("`{name}` takes a text, and this is {}", other.kind()))
                        .help("use `path` for a list of folders"),
                );
                return None;
            }
        };
        if let Some(what) = beyond_a_line(&text) {
            let place = self.place(scope, field.value.span());
            self.cx.report(
                Diagnostic::new(&known::BAD_VALUE, place, format!("the value of `{name}` holds {what}"))
                    .help("an environment variable of an image has one line"),
            );
            return None;
        }
        Some((name.clone(), text))
    }

    /// Two definitions of a stack that set one variable differently.
    fn overlap(&self, name: &str, text: &str, place: Place) {
        let Some(other) = self.state.variables.get(name) else { return };
        if other.body != self.body && !other.build_only && other.value.as_deref() != Some(text) && !self.is_of_account(name, text) {
            let was = other.value.as_ref().map_or_else(|| "a list of folders".to_owned(), |value| format!("`{value}`"));
            self.cx.report(
                Diagnostic::new(
                    &known::VARIABLE_CHANGED,
                    place,
                    format!("`{name}` is set to `{text}`, and `{}` sets it to {was}", other.body),
                )
                .here("this one wins")
                .also(other.origin, "the other value")
                .help("drop one of them, or use `path` where both are lists of folders"),
            );
        }
    }

    /// Whether the `user` right before has set this `HOME`.
    fn is_of_user(&self, home: &str) -> bool {
        let user = self.out.steps.iter().rev().nth(1).filter(|step| matches!(step.kind, StepKind::User(_)));
        let set = self.state.variables.get("HOME").filter(|variable| variable.value.as_deref() == Some(home));
        user.zip(set).is_some_and(|(user, set)| user.origin == set.origin)
    }

    /// Whether a variable says what the account in force is: behind a `user` it has to change.
    fn is_of_account(&self, name: &str, text: &str) -> bool {
        let account = &self.state.account;
        match name {
            "HOME" => account.home.as_deref() == Some(text),
            "USER" | "LOGNAME" => account.name == text,
            _ => false,
        }
    }

    /// `path PATH prepend "/opt/x/bin"`, `path LD_LIBRARY_PATH append ["/a", "/b"]`.
    pub(super) fn path(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(name) = parts.name("the name of a variable: `PATH`") else { return };
        if check_variable_name(self.cx, self.place(scope, name.span), &name.node).is_none() {
            return;
        }
        let Some(side) = parts.name("`prepend` or `append`") else { return };
        let place = self.place(scope, side.span);
        let Some(side) = typed::member(self.cx, place, "path", &side.node, &["prepend", "append"]) else { return };
        let Some(tree) = parts.value("a folder or a list of folders") else { return };
        parts.finish();
        let Some(folders) = typed::texts(self.cx, scope, "path", tree) else { return };
        if let Some(bad) = folders.iter().find(|folder| folder.is_empty() || folder.contains([':', '\n', '\0'])) {
            let place = self.place(scope, tree.span());
            self.cx.report(
                Diagnostic::new(&known::BAD_VALUE, place, format!("`{}` is no single folder", bad.escape_debug()))
                    .help("write a list: `[\"/a\", \"/b\"]`"),
            );
            return;
        }
        let variable = name.node.clone();
        let first = variable != "PATH" && self.state.variables_known && !self.state.variables.contains_key(&variable);
        let place = self.place(scope, tree.span());
        let written = if let Value::List(list) = tree { list.items.as_slice() } else { std::slice::from_ref(tree) };
        for item in written {
            if let Value::Text(text) = item {
                self.bare_dollars(scope, text, None);
            }
        }
        let entries = folders.iter().map(|folder| self.references(scope, place, folder)).collect();
        let origin = self.place(scope, phrase.span);
        self.step(origin, RunAs::User, StepKind::Path { variable: variable.clone(), prepend: side == "prepend", entries, first });
        let known_variable = Variable { value: None, build_only: false, body: self.body.clone(), origin };
        Rc::make_mut(&mut self.state.variables).insert(variable, known_variable);
    }

    /// `arg NAME = "x" env`.
    pub(super) fn arg(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(name) = parts.name("the name of a build argument") else { return };
        if check_variable_name(self.cx, self.place(scope, name.span), &name.node).is_none() {
            return;
        }
        let mut value = None;
        if parts.equals() {
            let Some(tree) = parts.value("a default") else { return };
            let Some(text) = scope.value(self.cx, tree).and_then(|value| value.display()) else { return };
            if let Some(what) = beyond_a_line(&text) {
                let place = self.place(scope, tree.span());
                self.cx.report(Diagnostic::new(&known::BAD_VALUE, place, format!("the default of `{}` holds {what}", name.node)));
                return;
            }
            self.literal_secret(self.place(scope, phrase.span), &name.node, &text);
            self.stays(self.place(scope, tree.span()), "arg", &text);
            value = Some(text);
        }
        let env = parts.word("env");
        parts.finish();
        let origin = self.place(scope, phrase.span);
        self.step(origin, RunAs::User, StepKind::Arg { name: name.node.clone(), value: value.clone(), env });
        let variable = Variable { value, build_only: !env, body: self.body.clone(), origin };
        Rc::make_mut(&mut self.state.variables).insert(name.node.clone(), variable);
    }

    /// `label "a.b" = "x"`, `label { "a.b" = "x" }`.
    pub(super) fn label(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let origin = self.place(scope, phrase.span);
        if let Some(block) = parts.block() {
            parts.finish();
            for statement in &block.statements {
                let Statement::Field(field) = statement else { continue };
                if let Some(value) = typed::text(self.cx, scope, &field.key.text, &field.value) {
                    self.secret_in_word(self.place(scope, field.value.span()), &value);
                    self.stays(self.place(scope, field.value.span()), "label", &value);
                    self.step(self.place(scope, field.span), RunAs::User, StepKind::Label { key: field.key.text.clone(), value });
                }
            }
            return;
        }
        let Some(key) = parts.evaluated(scope, "a key in quotes") else { return };
        if !parts.equals() {
            parts.missing("`=` and a value");
            return;
        }
        let Some(tree) = parts.value("a value") else { return };
        parts.finish();
        if let Some(value) = typed::text(self.cx, scope, &key, tree) {
            self.secret_in_word(self.place(scope, tree.span()), &value);
            self.stays(self.place(scope, tree.span()), "label", &value);
            self.step(origin, RunAs::User, StepKind::Label { key, value });
        }
    }

    /// `authors ["…"]`.
    pub(super) fn authors(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(tree) = parts.value("names in brackets") else { return };
        parts.finish();
        if let Some(names) = typed::texts(self.cx, scope, "authors", tree) {
            let key = "org.opencontainers.image.authors".to_owned();
            self.step(self.place(scope, phrase.span), RunAs::User, StepKind::Label { key, value: names.join(", ") });
        }
    }

    /// `shell ["/bin/bash", "-c"]`, `entrypoint ["tini", "--"]`, `cmd ["start.sh"]`.
    pub(super) fn exec(&mut self, scope: &Scope<'_>, phrase: &'a Phrase, word: &str) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(tree) = parts.value("a list of texts") else { return };
        parts.finish();
        let Some(words) = typed::texts(self.cx, scope, word, tree) else { return };
        // An empty list takes away what the image below says.
        if matches!(tree, Value::Text(_)) || words.is_empty() && word == "shell" {
            let place = self.place(scope, tree.span());
            self.cx.report(
                Diagnostic::new(&known::WRONG_TYPE, place, format!("`{word}` takes a list: the program and its arguments"))
                    .help(format!("write `{word} [\"program\", \"argument\"]`")),
            );
            return;
        }
        self.exec_words(scope, word, tree, &words);
        let kind = match word {
            "shell" => StepKind::Shell(words),
            "entrypoint" => StepKind::Entrypoint(words),
            _ => StepKind::Cmd(words),
        };
        self.step(self.place(scope, phrase.span), RunAs::User, kind);
    }

    /// `expose 8888`, `expose "4040/udp"`.
    pub(super) fn expose(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let place = parts.place();
        let Some(Part::Value(value)) = parts.peek() else {
            parts.missing("a port: `8888`");
            return;
        };
        parts.next();
        let text = scope.value(self.cx, value).and_then(|value| value.display());
        parts.finish();
        let Some(text) = text else { return };
        let (port, protocol) = text.split_once('/').unwrap_or((&text, "tcp"));
        let port_fine = port.parse::<u16>().is_ok_and(|port| port > 0);
        if !port_fine || !["tcp", "udp"].contains(&protocol) {
            let finding = Diagnostic::new(&known::BAD_VALUE, place, format!("`{text}` is no port"));
            let inside = port.rsplit(':').next().filter(|inside| inside.len() < port.len() && inside.parse::<u16>().is_ok());
            self.cx.report(match inside {
                Some(inside) => finding.here("a port of the host has no place in an image").replace(
                    format!("write `expose {inside}`"),
                    false,
                    place,
                    inside,
                ),
                None => finding.help("write a number from 1 to 65535, such as `8888`"),
            });
            return;
        }
        self.step(place, RunAs::User, StepKind::Expose(text));
    }
}

/// The name of an environment variable: letters, digits and `_`, no digit first.
pub(super) fn check_variable_name(cx: &crate::analyse::context::Context<'_>, place: Place, name: &str) -> Option<()> {
    let legal = is_name(name);
    if !legal {
        cx.report(
            Diagnostic::new(&known::BAD_VALUE, place, format!("`{name}` is no name of a variable")).help("use letters, digits and `_`"),
        );
    }
    legal.then_some(())
}

/// What a line of a Dockerfile can't hold.
fn beyond_a_line(text: &str) -> Option<&'static str> {
    if text.contains(['\n', '\r']) {
        return Some("a line break");
    }
    text.contains(|c: char| c.is_control() && c != '\t').then_some("a control character")
}
