//! `run` and `build`: shell steps.

use super::walk::Walk;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::{addresses, facts, typed};
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{BuildSource, Expandable, Mount, Run, RunAs, Script, SourceBuild, StepKind, Verbatim};
use crate::syntax::ast::{ListBody, Phrase, Statement, Text};
use crate::syntax::copied;

/// A `run` phrase, read.
struct ReadRun<'a> {
    script: &'a Text,
    run_as: RunAs,
    directory: Option<Expandable>,
    mounts: Vec<Mount>,
    provides: Option<&'a ListBody>,
}

impl<'a> Walk<'_, 'a> {
    pub(super) fn run(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let Some(read) = self.read_run(scope, phrase) else { return };
        let Some(mut script) = self.script(scope, read.script) else { return };
        let origin = self.place(scope, phrase.span);
        self.made_by(origin, &script.text);
        let told = read.provides.map(|body| facts::of_body(self.cx, scope, &self.asked(), &body.items, &self.platforms));
        self.installed_by(&mut script, read.run_as, origin, told.as_ref().map_or(&[], |told| &told.packages));
        let after = self.finishing("run", origin);
        let run = Run { script, directory: read.directory, mounts: read.mounts, after };
        self.step(origin, read.run_as, StepKind::Run(run));
        self.provided(told.unwrap_or_default());
    }

    /// `run as root in "/tmp" with micromamba provides { pip { x } } """…"""`.
    fn read_run(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) -> Option<ReadRun<'a>> {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        let (mut run_as, mut directory, mut mounts, mut provides, mut script) = (RunAs::User, None, Vec::new(), None, None);
        loop {
            if parts.word("as") {
                let name = parts.name("`root` or `user`")?;
                let who = typed::member(self.cx, self.place(scope, name.span), "as", &name.node, &["root", "user"])?;
                run_as = if who == "root" { RunAs::Root } else { RunAs::User };
            } else if parts.word("in") {
                let text = parts.text("the path of a folder")?;
                directory = Some(self.target(scope, text)?);
            } else if parts.word("with") {
                self.with(scope, &mut parts, &mut mounts)?;
            } else if parts.word("provides") {
                provides = parts.packages();
                if provides.is_none() {
                    parts.missing("lists of packages in braces");
                }
            } else if script.is_none()
                && let Some(text) = parts.maybe_text()
            {
                script = Some(text);
            } else {
                break;
            }
        }
        let script = match script {
            Some(script) => script,
            None => parts.text("a shell command in quotes")?,
        };
        parts.finish();
        Some(ReadRun { script, run_as, directory, mounts, provides })
    }

    /// A script with its values put in; a NUL can't stand in a file.
    pub(super) fn script(&self, scope: &Scope<'_>, text: &Text) -> Option<Script> {
        let values = scope.parts(self.cx, text)?;
        let script = values.concat();
        let place = self.place(scope, text.span);
        if script.trim().is_empty() {
            self.cx
                .report(Diagnostic::new(&known::BAD_VALUE, place, "the command is empty").help("write what is to run, or drop the step"));
            return None;
        }
        if script.chars().any(|c| c == '\0' || (c.is_control() && !matches!(c, '\n' | '\t'))) {
            self.cx.report(
                Diagnostic::new(&known::BAD_VALUE, place, "a shell command can't hold control characters")
                    .help("write them as escapes of `printf`"),
            );
            return None;
        }
        let script = Script { text: script, pieces: self.pieces(scope, text, &values), quotes: text.kind.quotes() };
        self.secret_in_script(place, &script);
        Some(script)
    }

    /// Where the characters of a script stand that are written as they are meant.
    pub(super) fn pieces(&self, scope: &Scope<'_>, text: &Text, values: &[String]) -> Vec<Verbatim> {
        let token = self.cx.sources.text(self.place(scope, text.span));
        let starts: Vec<usize> = values
            .iter()
            .scan(0, |end, value| {
                let start = *end;
                *end += value.len();
                Some(start)
            })
            .collect();
        let runs = copied(token, text.span.start as usize).into_iter();
        runs.filter_map(|run| Some(Verbatim { at: starts.get(run.part)? + run.at, place: self.place(scope, run.span) })).collect()
    }

    /// `build from git "https://…" rev "a89db30" { run "…" }`.
    pub(super) fn build(&mut self, scope: &Scope<'_>, phrase: &'a Phrase) {
        let mut parts = Parts::of(self.cx, scope.unit, phrase);
        if !parts.word("from") {
            parts.missing("`from git` or `from url`");
            return;
        }
        let Some(kind) = parts.name("`git` or `url`") else { return };
        let place = self.place(scope, kind.span);
        let Some(kind) = typed::member(self.cx, place, "build from", &kind.node, &["git", "url"]) else { return };
        let address = parts.place();
        let Some(url) = parts.evaluated(scope, "an address") else { return };
        let begins = if kind == "git" { &[] } else { addresses::DOWNLOADS };
        if addresses::check(self.cx, address, &url, begins).is_none() {
            return;
        }
        let Some((source, end)) = self.source(scope, &mut parts, kind == "git", url) else { return };
        let origin = self.place(scope, address.span.to(end.unwrap_or(address).span));
        let mut run_as = RunAs::Root;
        let mut mounts = Vec::new();
        loop {
            if parts.word("as") {
                let Some(name) = parts.name("`root` or `user`") else { return };
                run_as = if name.node == "user" { RunAs::User } else { RunAs::Root };
            } else if parts.word("with") {
                if self.with(scope, &mut parts, &mut mounts).is_none() {
                    return;
                }
            } else {
                break;
            }
        }
        let Some(block) = parts.block() else {
            parts.missing("`run` statements in braces");
            return;
        };
        parts.finish();
        let scripts = block.statements.iter().filter_map(|statement| match statement {
            Statement::Phrase(phrase) if phrase.head.as_ref().is_some_and(|head| head.node == "run") => Some(phrase),
            _ => None,
        });
        let mut texts = Vec::new();
        for phrase in scripts {
            let Some(read) = self.read_run(scope, phrase) else { return };
            let Some(mut script) = self.script(scope, read.script) else { return };
            self.installed_by(&mut script, run_as, origin, &[]);
            texts.push(script);
        }
        for statement in &block.statements {
            if let Statement::List(list) = statement
                && list.manager.node == "provides"
            {
                self.list(scope, list);
            }
        }
        self.step(self.place(scope, phrase.span), run_as, StepKind::Build(SourceBuild { source, origin, scripts: texts, mounts }));
    }

    /// What stands after the address of sources, and where: `rev "a89db30"`, `sha256 "…"`.
    fn source(&self, scope: &Scope<'_>, parts: &mut Parts<'_, 'a>, git: bool, url: String) -> Option<(BuildSource, Option<Place>)> {
        if git {
            if !parts.word("rev") {
                parts.missing("`rev` and a commit");
                return None;
            }
            let place = parts.place();
            let rev = parts.evaluated(scope, "a commit, a tag or a branch")?;
            if rev.is_empty() || rev.starts_with('-') || rev.chars().any(|c| c.is_control() || c.is_whitespace()) {
                let message = format!("`{}` is no commit, tag or branch", rev.escape_debug());
                self.cx.report(Diagnostic::new(&known::BAD_VALUE, place, message).help("write a commit: `a89db30`"));
                return None;
            }
            return Some((BuildSource::Git { url, rev }, Some(place)));
        }
        if !parts.word("sha256") {
            return Some((BuildSource::Url { url, sha256: None }, None));
        }
        let place = parts.place();
        let sha256 = parts.evaluated(scope, "a checksum").and_then(|written| typed::sha256(self.cx, place, &written));
        Some((BuildSource::Url { url, sha256 }, Some(place)))
    }
}
