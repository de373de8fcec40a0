//! `tags` and `test`: what CI makes of an image once it is built.

use std::rc::Rc;

use super::walk::Walk;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::{references, typed};
use crate::base::{Span, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Probe, Tag, Test, TestKind};
use crate::syntax::ast::{Block, Part, Phrase, Statement, Value};

impl<'a> Walk<'_, 'a> {
    /// `tags { "latest"  date  sha  "python-{{ python }}"  probe lab = "jupyter-lab --version" matching "\\d[\\w.]+" }`.
    pub(super) fn tags(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let Some(block) = parts.block() else {
            parts.missing("tags in braces");
            return;
        };
        parts.finish();
        for statement in &block.statements {
            let Statement::Phrase(phrase) = statement else {
                self.cx.report(
                    Diagnostic::new(&known::UNKNOWN_STATEMENT, self.place(scope, statement.span()), "`tags` holds tags alone")
                        .help("write tags in quotes, or `date`, `sha`, `latest`, `exact`, `probe`"),
                );
                continue;
            };
            for tag in self.tag(scope, phrase) {
                let tags = Rc::make_mut(&mut self.state.tags);
                if let Tag::Probe(new) = &tag {
                    tags.retain(|known| !matches!(known, Tag::Probe(old) if old.name == new.name));
                }
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
        }
    }

    /// One phrase of `tags`: several may share a line.
    fn tag(&self, scope: &Scope<'_>, phrase: &'a Phrase) -> Vec<Tag> {
        let mut all = Vec::new();
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let mut word = phrase.head.as_ref();
        loop {
            match word {
                Some(name) if name.node == "date" => all.push(Tag::Date),
                Some(name) if name.node == "sha" => all.push(Tag::Sha),
                Some(name) if name.node == "latest" => all.push(Tag::Text("latest".to_owned())),
                Some(name) if name.node == "exact" && matches!(parts.peek(), Some(Part::Value(Value::Text(_)))) => {}
                Some(name) if name.node == "exact" => {
                    parts.missing("a tag in quotes");
                    return all;
                }
                Some(name) if name.node == "probe" => match self.probe(scope, &mut parts) {
                    Some(probe) => all.push(Tag::Probe(probe)),
                    None => return all,
                },
                Some(name) => {
                    let place = self.place(scope, name.span);
                    self.cx.report(
                        Diagnostic::new(&known::UNKNOWN_WORD, place, format!("`tags` has no `{}`", name.node))
                            .maybe_help(or_nearest(&name.node, ["date", "sha", "probe", "exact", "latest"])),
                    );
                    return all;
                }
                None => {}
            }
            if let Some(text) = parts.maybe_text() {
                if let Some(tag) = scope.text(self.cx, text) {
                    match references::check_tag(&tag) {
                        Ok(()) if word.is_some_and(|word| word.node == "exact") => all.push(Tag::Exact(tag)),
                        Ok(()) => all.push(Tag::Text(tag)),
                        Err(problem) => self.cx.report(Diagnostic::new(
                            &known::REFUSED_NAME,
                            self.place(scope, text.span),
                            format!("`{tag}` is no tag: {problem}"),
                        )),
                    }
                }
                word = None;
            } else if let Some(name) = parts.maybe_name() {
                word = Some(name);
            } else {
                parts.finish();
                return all;
            }
        }
    }

    fn probe(&self, scope: &Scope<'_>, parts: &mut Parts<'_, 'a>) -> Option<Probe> {
        let name = parts.name("the name of the probe")?;
        if !parts.equals() {
            parts.missing("`=` and a command");
            return None;
        }
        let command = parts.evaluated(scope, "a command")?;
        let matching = if parts.word("matching") { Some(parts.evaluated(scope, "a regular expression")?) } else { None };
        if let Err(problem) = references::check_tag(&name.node) {
            self.cx.report(Diagnostic::new(
                &known::REFUSED_NAME,
                self.place(scope, name.span),
                format!("`{}` can't begin a tag: {problem}", name.node),
            ));
            return None;
        }
        Some(Probe { name: name.node.clone(), command, matching })
    }

    /// `test "name" as root env { … } { run "…"  expect "…" }`, `test "name" host "pytest …"`.
    pub(super) fn test(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        if let Some(Part::Block(block)) = parts.peek() {
            let place = self.place(scope, Span { end: block.span.start, ..block.span });
            let word = self.place(scope, phrase.head.as_ref().map_or(phrase.span, |head| head.span));
            let finding = Diagnostic::new(&known::MISSING_PART, word, "`test` needs a name");
            self.cx.report(finding.replace("write `test \"it works\" { … }`", false, place, "\"it works\" "));
            return;
        }
        let Some(name) = parts.evaluated(scope, "the name of the test") else { return };
        let (mut as_root, mut env, mut host) = (false, Vec::new(), None);
        loop {
            if parts.word("as") {
                let Some(who) = parts.name("`root` or `user`") else { return };
                as_root = typed::member(self.cx, self.place(scope, who.span), "as", &who.node, &["root", "user"]) == Some("root");
            } else if parts.word("env") {
                match parts.block() {
                    Some(block) => env = self.test_env(scope, block),
                    None => parts.missing("names and values in braces"),
                }
            } else if parts.word("host") {
                host = parts.evaluated(scope, "a shell command");
            } else {
                break;
            }
        }
        let block = parts.block();
        parts.finish();
        let kind = match (host, block) {
            (Some(script), None) => TestKind::Host { script, env },
            (None, Some(block)) => match self.test_body(scope, phrase, block) {
                Some((script, expect)) => TestKind::Container { script, as_root, env, expect },
                None => return,
            },
            _ => {
                let place = self.place(scope, phrase.span);
                self.cx.report(
                    Diagnostic::new(&known::MISSING_PART, place, format!("the test `{name}` runs nothing"))
                        .help("give it `{ run \"…\" }`, or `host \"…\"`"),
                );
                return;
            }
        };
        let test = Test { name, from: self.body.clone(), kind, origin: self.place(scope, phrase.span) };
        let tests = Rc::make_mut(&mut self.state.tests);
        if let Some(other) = tests.iter().find(|other| other.name == test.name && other.from == test.from && other.origin != test.origin) {
            self.cx.report(
                Diagnostic::new(&known::DUPLICATE_NAME, test.origin, format!("the test `{}` is there already", test.name))
                    .also(other.origin, "the first one")
                    .help("give one of them another name"),
            );
            return;
        }
        tests.push(test);
    }

    fn test_env(&self, scope: &Scope<'_>, block: &'a Block) -> Vec<(String, String)> {
        let mut all = Vec::new();
        for statement in &block.statements {
            if let Statement::Field(field) = statement {
                all.extend(scope.value(self.cx, &field.value).and_then(|value| value.display()).map(|text| (field.key.text.clone(), text)));
            }
        }
        all
    }

    fn test_body(&self, scope: &Scope<'_>, phrase: &Phrase, block: &'a Block) -> Option<(String, Vec<String>)> {
        let (mut scripts, mut expect) = (Vec::new(), Vec::new());
        for statement in &block.statements {
            let Statement::Phrase(inner) = statement else { continue };
            let mut word = inner.head.as_ref();
            // Another word has its finding.
            if word.is_some_and(|word| !matches!(word.node.as_str(), "run" | "expect")) {
                continue;
            }
            let mut parts = Parts::of(self.cx, scope.unit, inner);
            while let Some(head) = word {
                match head.node.as_str() {
                    "run" => scripts.extend(parts.evaluated(scope, "a shell command in quotes")),
                    "expect" => expect.extend(parts.evaluated(scope, "a text that the command prints")),
                    _ => break,
                }
                word = parts.maybe_name();
            }
            parts.finish();
        }
        let other = |statement: &Statement| match statement {
            Statement::Phrase(inner) => inner.head.as_ref().is_some_and(|head| !matches!(head.node.as_str(), "run" | "expect")),
            _ => true,
        };
        if scripts.is_empty() && block.statements.iter().any(other) {
            return None;
        }
        if scripts.is_empty() {
            let place = self.place(scope, phrase.span);
            self.cx.report(Diagnostic::new(&known::MISSING_PART, place, "the test runs nothing").help("add `run \"…\"`"));
            return None;
        }
        Some((scripts.join("\n"), expect))
    }
}
