//! Lists in files of other formats: followed from file to file, each entry with its own place. What an entry comes to in a cell is
//! for `lower`.

use std::rc::Rc;

use foldhash::HashSet;

use super::context::Context;
use super::file_list::{FileEntry, FileList};
use super::hashing;
use crate::base::{FileId, MAX_FILE_BYTES, Place, Span, credentials, join, parent_of};
use crate::diagnostics::{Diagnostic, Severity, known};
use crate::ir::PackageSource;
use crate::requirements::{self, BadSpec, Environment, Foreign, Line, MatchSpec, Requirement, Said};
use crate::versions::{Constraint, Op};

/// How deep files may name each other.
const MAX_DEPTH: usize = 32;

/// The value of an environment variable that is set in the step, where it is known.
pub(crate) type Variables<'v> = &'v dyn Fn(&str) -> Option<String>;

/// Reads the list in a file; `statement` names it. `None` where it can't be read, which is reported.
pub(crate) fn read(cx: &Context<'_>, statement: Place, path: &str, ecosystem: &str, variables: Variables<'_>) -> Option<Rc<FileList>> {
    let key = (path.to_owned(), ecosystem.to_owned());
    if let Some(known) = cx.lists.borrow().get(&key) {
        return known.clone();
    }
    let mut reader = Reader { cx, variables, list: FileList::default(), open: Vec::new(), done: HashSet::default(), varies: false };
    let whole = if ecosystem == "conda" { reader.environment(statement, path) } else { reader.requirements(statement, path, false) };
    let list = whole.map(|()| Rc::new(reader.list));
    if !reader.varies {
        cx.lists.borrow_mut().insert(key, list.clone());
    }
    list
}

struct Reader<'r, 'a> {
    cx: &'r Context<'a>,
    variables: Variables<'r>,
    list: FileList,
    /// The files that are being read, outermost first.
    open: Vec<String>,
    done: HashSet<(String, bool)>,
    /// Whether the value of a variable matters.
    varies: bool,
}

impl Reader<'_, '_> {
    /// The text of a file, which is from now on a part of the program.
    fn text(&mut self, named: Place, path: &str) -> Option<(FileId, String)> {
        let file = hashing::read_file(self.cx, named, path)?;
        let bytes = self.cx.files.read(path, MAX_FILE_BYTES).ok()?;
        match requirements::decode(&bytes) {
            Ok(text) => {
                self.list.files.push(file);
                self.varies |= text.contains("${");
                let file = self.cx.add_source(path, &text);
                self.credentials(file, &text);
                Some((file, text))
            }
            Err(problem) => {
                let finding = Diagnostic::new(&known::UNREADABLE_FILE, named, format!("can't read `{path}`: {problem}"));
                self.cx.report(finding.help("save the file as UTF-8"));
                None
            }
        }
    }

    /// Warns of each line with a password or a token in an address: pip and conda put the value of a variable in.
    fn credentials(&self, file: FileId, text: &str) {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let said = if line.trim_start().starts_with('#') { None } else { credentials(line) };
            if let Some((host, begins)) = said.and_then(|host| Some((host, at + line.find(host)?))) {
                let place = Place::new(file, Span::new(begins, begins + host.len()));
                let finding = Diagnostic::new(&known::CREDENTIALS_IN_ADDRESS, place, format!("the address of `{host}` holds credentials"));
                let mut finding = finding
                    .here("whoever reads the repository has them")
                    .help("write a variable, as in `https://${USER}:${TOKEN}@host/`, and name a `credential` in the step: `with NAME`");
                finding.severity = Severity::Warning;
                self.cx.report(finding);
            }
            at += line.len();
        }
    }

    /// A requirement file, or a constraint file.
    fn requirements(&mut self, named: Place, path: &str, bound: bool) -> Option<()> {
        if self.open.iter().any(|open| open == path) || self.open.len() >= MAX_DEPTH {
            self.cx.report(
                Diagnostic::new(&known::CIRCULAR_REQUIREMENTS, named, format!("`{path}` names itself: pip never comes to its end"))
                    .here("leads back to a file that is being read")
                    .help("put what both files ask for into a third one"),
            );
            return None;
        }
        if !self.done.insert((path.to_owned(), bound)) {
            return Some(());
        }
        let (file, text) = self.text(named, path)?;
        if let Some(foreign) = Foreign::to_pip(path, &text) {
            return self.foreign(named, path, foreign, "pip does");
        }
        self.open.push(path.to_owned());
        let lines = requirements::lines(&text, self.variables);
        for line in lines {
            self.line(file, path, line, bound);
        }
        self.open.pop();
        self.missing_hashes();
        Some(())
    }

    fn line(&mut self, file: FileId, path: &str, line: Line, bound: bool) {
        let place = Place::new(file, line.span);
        match line.said {
            Said::Requirement { requirement: Ok(requirement), text, hashes, editable } => {
                self.list.hashed |= !hashes.is_empty();
                self.requirement(place, *requirement, &text, Asked { bound, editable, locked: !hashes.is_empty() });
            }
            Said::Requirement { requirement: Err(problem), text, .. } => self.refused(place, &problem, requirements::meant(&text)),
            Said::Include { path: to, constraint } => self.include(place, path, &to, constraint),
            Said::Links(to) => self.links(place, path, &to),
            Said::RequireHashes => self.list.hashed = true,
            Said::Refused(problem) => self.refused(place, &problem, None),
        }
    }

    fn requirement(&mut self, place: Place, requirement: Requirement, text: &str, asked: Asked) {
        let Requirement { name, extras, constraint, source, marker } = requirement;
        if asked.bound && (asked.editable || name.is_none() || !extras.is_empty()) {
            let what = if extras.is_empty() { "has a name and no `-e`" } else { "has no extras" };
            return self.refused(place, &format!("an entry of a constraint file {what}"), None);
        }
        if matches!(&source, PackageSource::Path(_)) || matches!(&source, PackageSource::Url { url, .. } if url.starts_with("file:")) {
            return self.local(place, text);
        }
        let Some(name) = name else { return self.unread(place, text, "the address does not say which package it is") };
        self.list.entries.push(FileEntry {
            ecosystem: "pypi",
            place,
            name,
            extras,
            constraint,
            source,
            channel: None,
            subdir: None,
            marker,
            bound: asked.bound,
            locked: asked.locked,
        });
    }

    /// `-r` and `-c`: relative to the file that names them.
    fn include(&mut self, place: Place, path: &str, to: &str, constraint: bool) {
        if to.contains("://") || to.starts_with("file:") || to.starts_with('/') {
            return self.unread(place, to, "only the build can read that file");
        }
        if let Some(path) = self.beside(place, path, to) {
            // What is wrong with it has been reported.
            let _ = self.requirements(place, &path, constraint);
        }
    }

    /// `--find-links`: a folder beside the file, or an address.
    fn links(&mut self, place: Place, path: &str, to: &str) {
        if to.contains("://") || to.starts_with('/') {
            return;
        }
        let Some(path) = self.beside(place, path, to) else { return };
        let Some(files) = hashing::tree(self.cx, place, &path) else { return };
        let new: Vec<_> = files.into_iter().filter(|file| !self.list.files.contains(file)).collect();
        self.list.files.extend(new);
    }

    fn beside(&self, place: Place, path: &str, to: &str) -> Option<String> {
        let joined = join(parent_of(path), to);
        if joined.is_none() {
            self.cx.report(
                Diagnostic::new(&known::IMPORT_OUTSIDE, place, format!("`{to}` leaves the folder of the program"))
                    .here("paths are relative to this file"),
            );
        }
        joined
    }

    /// `conda file`: of an environment, or of specs.
    fn environment(&mut self, named: Place, path: &str) -> Option<()> {
        let (file, text) = self.text(named, path)?;
        if let Some(foreign) = Foreign::of(path, &text) {
            return self.foreign(named, path, foreign, "conda and mamba do");
        }
        let (dependencies, described, channel) = match Environment::read(path, &text) {
            Ok(Environment::Described(dependencies, channel)) => (dependencies, true, channel),
            Ok(Environment::Specs(dependencies) | Environment::Explicit(dependencies)) => (dependencies, false, None),
            Err(problem) => {
                self.cx.report(
                    Diagnostic::new(&known::UNREADABLE_FILE, named, format!("`{path}` describes no environment: {problem}"))
                        .help("give an `environment.yaml`, or a file with a spec on each line"),
                );
                return None;
            }
        };
        self.list.described = described;
        self.open.push(path.to_owned());
        for dependency in dependencies {
            let place = Place::new(file, dependency.span);
            if let Some(selector) = selector(&text, dependency.span) {
                self.selector(place, selector);
            }
            if dependency.pip {
                for line in requirements::lines(&dependency.text, self.variables) {
                    self.line(file, path, Line { span: dependency.span, said: line.said }, false);
                }
                continue;
            }
            match MatchSpec::read(&dependency.text) {
                Ok(MatchSpec { channel: own, subdir, name, constraint }) => self.list.entries.push(FileEntry {
                    ecosystem: "conda",
                    place,
                    name,
                    extras: Vec::new(),
                    constraint,
                    source: PackageSource::Index,
                    channel: own.or_else(|| channel.clone()),
                    subdir,
                    marker: None,
                    bound: false,
                    locked: dependency.text.contains("://"),
                }),
                Err(BadSpec::Refused(problem)) => {
                    let message = format!("conda refuses `{}`: {problem}", dependency.text);
                    let finding = Diagnostic::new(&known::REFUSED_REQUIREMENT, place, message);
                    self.cx.report(finding.help(meant_for_conda(&dependency.text)));
                }
                Err(BadSpec::Unread(problem)) => self.unread(place, &dependency.text, &problem),
            }
        }
        Some(())
    }

    fn foreign(&self, named: Place, path: &str, foreign: Foreign, reader: &str) -> Option<()> {
        let message = format!("`{path}` is {}, which {reader} not read", foreign.what);
        self.cx.report(Diagnostic::new(&known::FOREIGN_LIST, named, message).here("not installed by this list").help(foreign.help));
        None
    }

    fn selector(&self, place: Place, selector: &str) {
        self.cx.report(
            Diagnostic::new(
                &known::IGNORED_SELECTOR,
                place,
                format!("`{selector}` is a comment for conda: the package is installed here, too"),
            )
            .here("installed on every platform")
            .help("delete the line, or write `sel(win): …` for mamba 2"),
        );
    }

    /// pip wants a checksum for every package as soon as one has one.
    fn missing_hashes(&self) {
        if !self.list.hashed || !self.open.is_empty() {
            return;
        }
        for entry in self.list.entries.iter().filter(|entry| entry.ecosystem == "pypi" && !entry.bound && entry.marker.is_none()) {
            let in_address = matches!(entry.source, PackageSource::Url { sha256: Some(_), .. });
            let exact = entry.source != PackageSource::Index || is_exact(&entry.constraint);
            if (entry.locked || in_address) && exact {
                continue;
            }
            let what = if exact { "has no `--hash`" } else { "is not held to one version" };
            self.cx.report(
                Diagnostic::new(
                    &known::MISSING_HASH,
                    entry.place,
                    format!("`{}` {what}, and other lines of the list have a hash", entry.name),
                )
                .here("pip refuses the whole list")
                .help("write the list again with `pip-compile --generate-hashes` or `uv pip compile --generate-hashes`"),
            );
        }
    }

    fn unread(&self, place: Place, text: &str, problem: &str) {
        self.cx.report(Diagnostic::new(&known::UNREAD_REQUIREMENT, place, format!("`{text}` is not read for the checks: {problem}")));
    }

    fn refused(&self, place: Place, problem: &str, meant: Option<String>) {
        let help = meant.map_or_else(|| "correct the line, or delete it".to_owned(), |meant| format!("write `{meant}`"));
        self.cx.report(Diagnostic::new(&known::REFUSED_REQUIREMENT, place, format!("pip refuses this line: {problem}")).help(help));
    }

    fn local(&self, place: Place, text: &str) {
        self.cx.report(
            Diagnostic::new(&known::PATH_IN_REQUIREMENTS, place, format!("`{text}` is a path, and the step has no such file"))
                .here("pip looks for it in the working folder of the image")
                .help("name the file in the list: `pip { NAME path \"…\" }`, or copy it into the image and install it with `run`"),
        );
    }
}

/// What to write in place of a spec that conda refuses.
fn meant_for_conda(text: &str) -> String {
    match text.split_once(' ') {
        Some((channel @ ("conda-forge" | "bioconda" | "defaults" | "nvidia"), name)) => format!("write `{channel}::{}`", name.trim()),
        _ => match requirements::meant(text) {
            Some(meant) => format!("write `{meant}`"),
            None => "write `NAME`, `NAME=1.2` or `NAME >=1.2,<2`".to_owned(),
        },
    }
}

/// How a line asks for a package.
#[derive(Clone, Copy)]
struct Asked {
    bound: bool,
    editable: bool,
    locked: bool,
}

/// Whether pip takes a constraint for one version.
fn is_exact(constraint: &Constraint) -> bool {
    let mut bounds = constraint.bounds();
    let exact = bounds.next().is_some_and(|bound| matches!(bound.op, Op::Equal | Op::Arbitrary) && !bound.version.contains('*'));
    exact && bounds.next().is_none()
}

/// The selector of conda-build behind an entry that is meant for Windows or macOS alone: `# [win]`.
fn selector(text: &str, entry: Span) -> Option<&str> {
    let line = text.get(entry.range().end..)?.lines().next()?;
    let comment = line.get(line.find("# [")?..)?.trim_end();
    let inside = comment.strip_prefix("# [")?.strip_suffix(']')?;
    let elsewhere = ["win", "osx"].iter().any(|word| inside.contains(word));
    let here = ["linux", "unix", "not "].iter().any(|word| inside.contains(word));
    (elsewhere && !here).then_some(comment)
}
