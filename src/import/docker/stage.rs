//! The instructions of one stage → its steps.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::activated;
use super::bare;
use super::command;
use super::lists::{self, Read};
use super::read::Instruction;
use super::state::State;
use super::steps::{Act, Copied, Fetched, Loaded, Script, Step};
use super::words::{json, lasting, names, pairs, split};
use crate::base::{FileId, Place, Span};
use crate::import::RemarkKind::{Changed, Decide, Mistake, NotExpressible};
use crate::import::{RemarkKind, quoted};
use crate::ir::Mount;

/// Gives the text of a file of the repository.
pub(super) type Texts<'t> = &'t dyn Fn(&str) -> Option<Arc<str>>;
/// The path in the repository of a path of the context, as it is found there.
pub(super) type Context<'t> = &'t dyn Fn(&str) -> String;

/// Whether the owner of the file at a path of the repository may execute it; `None` where there is no file.
pub(super) type OfFile<'t> = &'t dyn Fn(&str) -> Option<bool>;

/// What a stage is read with.
pub(super) struct Stage<'s> {
    pub(super) file: FileId,
    pub(super) state: State,
    pub(super) texts: Texts<'s>,
    pub(super) context: Context<'s>,
    pub(super) file_at: OfFile<'s>,
    pub(super) steps: Vec<Step>,
    /// Instructions that the compiler writes of its own accord.
    pub(super) written: usize,
    /// Instructions that install packages: all, and those that became lists.
    pub(super) installs: (usize, usize),
    /// What the stage `downloads` of the compiler loads: addresses by their paths there.
    pub(super) downloads: BTreeMap<String, String>,
    /// Files that are downloaded for one command alone, by where it sees them.
    pub(super) loaded: BTreeMap<String, Loaded>,
    /// Whether the compiler has written it: what a program of it has as shell stays that.
    pub(super) compiled: bool,
    /// Whether the indexes of apt are there: the compiler takes them away behind each list.
    pub(super) indexed: bool,
}

type Note = (RemarkKind, String);

impl<'s> Stage<'s> {
    pub(super) fn new(file: FileId, state: State, (texts, context, file_at): (Texts<'s>, Context<'s>, OfFile<'s>)) -> Self {
        Self {
            file,
            state,
            texts,
            context,
            file_at,
            steps: Vec::new(),
            written: 1,
            installs: (0, 0),
            downloads: BTreeMap::new(),
            loaded: BTreeMap::new(),
            compiled: false,
            indexed: false,
        }
    }
}

impl Stage<'_> {
    pub(super) fn instruction(&mut self, one: &Instruction) {
        let (before, unset) = (self.steps.len(), self.unset(one));
        self.state.empty = bare::empty(one, &self.state);
        if !matches!(one.word.as_str(), "ARG" | "LABEL" | "RUN") {
            self.fill(&one.text);
        }
        match one.word.as_str() {
            "RUN" => self.run(one),
            "COPY" | "ADD" => self.copy(one),
            "ENV" => self.env(one),
            "ARG" => self.arg(one),
            "USER" => self.state.user = self.state.account(unquoted(&one.text)),
            "WORKDIR" => {
                if let Some(path) = self.state.absolute(unquoted(&one.text)) {
                    self.state.workdir = Some(path.clone());
                    self.add(one, Act::Workdir(path), Vec::new());
                } else {
                    self.state.workdir = Some(String::new());
                    self.add(
                        one,
                        Act::Nothing,
                        vec![(Decide, format!("`WORKDIR {}` is relative to a folder that is not known", one.text))],
                    );
                }
            }
            "SHELL" => self.shell(one),
            "LABEL" => self.labels(one),
            "MAINTAINER" => self.setting(one, "label", "maintainer", format!("label \"maintainer\" = {}", quoted(one.text.trim()))),
            "EXPOSE" => self.expose(one),
            "CMD" | "ENTRYPOINT" => self.exec(one),
            "HEALTHCHECK" => self.healthcheck(one),
            "ONBUILD" => self.add(one, Act::Nothing, vec![(NotExpressible, format!("`ONBUILD {}` is left out", one.text))]),
            word => {
                let note = (NotExpressible, format!("`{word} {}` is left out", one.text));
                self.add(one, Act::Nothing, vec![note]);
            }
        }
        self.remark(one, before, unset);
        if let Some(first) = self.steps.get_mut(before) {
            first.above.splice(0..0, one.above.iter().cloned()).for_each(drop);
        } else if one.word == "RUN" {
            self.written += 1;
        }
    }

    /// Remembers which arguments a text has.
    pub(super) fn fill(&mut self, text: &str) {
        let found = names(text).into_iter().filter(|name| self.state.args.contains_key(*name) && !self.state.env.contains_key(*name));
        self.state.filled.extend(found.map(str::to_owned).collect::<Vec<_>>());
    }

    pub(super) fn add(&mut self, one: &Instruction, act: Act, notes: Vec<Note>) {
        let (user, place) = (self.state.user.clone(), Place::new(self.file, one.span));
        self.steps.push(Step { act, user, place, above: Vec::new(), notes });
    }

    fn setting(&mut self, one: &Instruction, word: &'static str, key: &str, statement: String) {
        self.add(one, Act::Setting(word, key.to_owned(), statement), Vec::new());
    }

    fn arg(&mut self, one: &Instruction) {
        for word in split(&one.text) {
            let (name, value) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(self.state.expand(value))));
            let known = || self.state.args.get(name).or(self.state.globals.get(name)).cloned().flatten();
            let value = self.state.given.get(name).cloned().or(value).or_else(known);
            self.state.args.insert(name.to_owned(), value.clone());
            self.add(one, Act::Arg(name.to_owned(), value), Vec::new());
        }
    }

    fn shell(&mut self, one: &Instruction) {
        let words = json(&one.text).unwrap_or_default();
        let has = |flag: &str| words.iter().any(|word| word == flag);
        let short = |letter: char| {
            words.iter().any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains(letter) && word.len() < 6)
        };
        self.state.stops = has("errexit") || short('e');
        self.state.pipefail = has("pipefail");
        let name = words.first().map(|word| word.rsplit('/').next().unwrap_or(word));
        self.state.bash = name == Some("bash");
        self.state.activated = activated::of_shell(&words, &self.state);
        if !matches!(name, Some("bash" | "sh" | "ash")) || short('l') || has("--login") {
            let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            self.setting(one, "shell", "", format!("shell [{}]", words.join(", ")));
        } else {
            self.written += 1;
        }
    }

    fn labels(&mut self, one: &Instruction) {
        for (key, value) in pairs(&one.text) {
            let (value, unknown) = super::words::expand(&value, &|name| self.state.value(name));
            if let Some(first) = unknown.first().filter(|_| !self.compiled) {
                let words = format!("the label `{key}` has the characters of `${{{first}}}`: nothing here says what that is");
                self.add(one, Act::Nothing, vec![(Changed, words)]);
            }
            match key.strip_prefix("org.opencontainers.image.") {
                Some("title") => self.setting(one, "title", "", format!("title = {}", quoted(&value))),
                Some("description") => self.setting(one, "description", "", format!("description = {}", quoted(&value))),
                Some("authors") => self.setting(one, "authors", "", format!("authors [{}]", quoted(&value))),
                Some(_) => self.written += 1,
                None => {
                    let statement = format!("label {} = {}", quoted(&key), quoted(&value));
                    self.setting(one, "label", &key, statement);
                }
            }
        }
    }

    fn expose(&mut self, one: &Instruction) {
        for port in split(&self.state.expand(&one.text)) {
            let number = port.strip_suffix("/tcp").unwrap_or(&port);
            let words = if number.bytes().all(|byte| byte.is_ascii_digit()) { number.to_owned() } else { quoted(&port) };
            self.setting(one, "expose", number, format!("expose {words}"));
        }
    }

    fn exec(&mut self, one: &Instruction) {
        let word = if one.word == "CMD" { "cmd" } else { "entrypoint" };
        let shell = || vec!["/bin/sh".to_owned(), "-c".to_owned(), one.text.trim().to_owned()];
        let words: Vec<String> = json(&one.text).unwrap_or_else(shell).iter().map(|word| quoted(word)).collect();
        self.setting(one, word, "", format!("{word} [{}]", words.join(", ")));
    }

    fn healthcheck(&mut self, one: &Instruction) {
        let (flags, rest) = one.flags();
        let Some(command) = rest.strip_prefix("CMD").map(str::trim) else {
            return self.add(one, Act::Nothing, vec![(NotExpressible, "`HEALTHCHECK NONE` is left out".to_owned())]);
        };
        let shell = || vec!["/bin/sh".to_owned(), "-c".to_owned(), command.to_owned()];
        let words: Vec<String> = json(command).unwrap_or_else(shell).iter().map(|word| quoted(word)).collect();
        let (known, others): (Vec<_>, Vec<_>) = flags.iter().partition(|(name, _)| *name != "start-interval");
        let fields: Vec<String> = known.iter().map(|(name, value)| format!("{} = {}", name.replace('-', "_"), lasting(value))).collect();
        let block = if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join("  ")) };
        self.setting(one, "healthcheck", "", format!("healthcheck [{}]{block}", words.join(", ")));
        let words = |(name, value): &(&str, &str)| (NotExpressible, format!("`--{name}={value}` of `HEALTHCHECK` is left out"));
        if !others.is_empty() {
            self.add(one, Act::Nothing, others.iter().map(words).collect());
        }
    }

    fn copy(&mut self, one: &Instruction) {
        let (flags, rest) = one.flags();
        let said = |name: &str| flags.iter().find(|(one, _)| *one == name).map(|(_, value)| unquoted(value));
        let words = json(rest).unwrap_or_else(|| split(rest));
        let Some((to, sources)) = words.split_last().filter(|(_, sources)| !sources.is_empty()) else {
            return self.add(one, Act::Nothing, vec![(Mistake, format!("`{}` names no target", one.text))]);
        };
        let Some(to) = self.state.rooted(to) else {
            let note = (Decide, format!("`{} {}` is relative to a working folder that is not known: it is left out", one.word, one.text));
            return self.add(one, Act::Nothing, vec![note]);
        };
        let home = to.split('/').any(|part| part == "~");
        let mistake = || (Mistake, format!("`~` is no home here: the files go to `{to}`"));
        let mut notes: Vec<Note> = home.then(mistake).into_iter().collect();
        let several = sources.len() > 1 || sources.iter().any(|source| is_pattern(source));
        let to = if several && !to.ends_with('/') { format!("{to}/") } else { to };
        if let Some(owner) = said("chown") {
            self.state.learn_group(owner);
        }
        let owner = said("chown").and_then(|owner| self.state.owner(owner));
        let mode = said("chmod").map(|mode| self.state.expand(mode).trim_start_matches('0').to_owned());
        if !one.documents.is_empty() {
            return self.inline(one, &to, owner, mode);
        }
        let sources: Vec<String> = sources.iter().map(|source| self.state.expand(source)).collect();
        if let (Some(url), "ADD") = (sources.first().filter(|source| source.contains("://")), one.word.as_str()) {
            let sha256 = said("checksum").and_then(|sum| self.state.expand(sum).strip_prefix("sha256:").map(str::to_owned));
            if sha256.is_none() {
                notes.push((Decide, format!("`{url}` is downloaded without a checksum: the build takes whatever is there")));
            }
            let mode = mode.or_else(|| Some("600".to_owned()));
            return self.add(one, Act::Fetch(Fetched { url: url.clone(), sha256, to, owner, mode, unpack: None }), notes);
        }
        let from = said("from").map(|from| self.state.expand(from));
        if from.is_none() && sources.iter().any(|source| crate::base::join("", source.trim_start_matches('/')).is_none()) {
            let words = format!("`{} {}` leaves the build context, which a build refuses: it is left out", one.word, one.text);
            return self.add(one, Act::Nothing, vec![(Mistake, words)]);
        }
        let archive = |path: &String| [".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2"].iter().any(|ending| path.ends_with(ending));
        if one.word == "ADD" && from.is_none() && sources.iter().any(archive) {
            return self.add(one, Act::Nothing, vec![(NotExpressible, format!("`ADD {}` unpacks an archive: it is left out", one.text))]);
        }
        let pattern = sources.iter().any(|source| is_pattern(source));
        let sources: Vec<String> = if from.is_none() { sources.iter().map(|source| without_classes(source)).collect() } else { sources };
        let path_of = |path: &String| if from.is_none() { (self.context)(path) } else { rooted(path) };
        let paths: Vec<String> = sources.iter().map(path_of).collect();
        if from.is_none() {
            self.place(&sources, &paths, &to);
        }
        self.add(one, Act::Copy(Copied { from, paths, to, owner, mode, pattern }), notes);
    }

    fn run(&mut self, one: &Instruction) {
        let (flags, _) = one.flags();
        let mut notes: Vec<Note> = Vec::new();
        let (mut mounts, mut tools) = (Vec::new(), Vec::new());
        for (name, value) in flags {
            let part = |key: &str| value.split(',').find_map(|part| Some(unquoted(part.strip_prefix(key)?.strip_prefix('=')?)));
            match (name, part("type").unwrap_or("bind")) {
                ("mount", "cache") => {}
                ("mount", "bind") if part("from").is_none() => {
                    let target = part("target").or(part("dst")).or(part("destination")).unwrap_or_default();
                    let source = (self.context)(part("source").or(part("src")).unwrap_or_default());
                    if let Some(at) = self.state.absolute(target) {
                        self.place_at(&source, &at);
                        mounts.push((source, at));
                    }
                }
                ("mount", "bind") => {
                    let target = part("target").or(part("dst")).or(part("destination")).unwrap_or_default();
                    let from = part("from").map(str::to_owned);
                    let source = rooted(part("source").or(part("src")).unwrap_or("/"));
                    if self.unpack(one, &source) {
                        return;
                    }
                    let Some(to) = self.state.absolute(target).filter(|to| !self.mounts(&source, to, &one.script().text)) else { continue };
                    // A program that the step finds by its name, wherever it is.
                    if to == Mount::found_by_name(&source) || found_too(&source, &to, one.flags().1) {
                        tools.push((from.unwrap_or_default(), source));
                    } else {
                        let note = (Changed, format!("`{to}`, which was mounted for this step alone, stays in the image"));
                        let copied = Copied { from, paths: vec![source], to, ..Copied::default() };
                        self.add(one, Act::Copy(copied), vec![note]);
                    }
                }
                _ => notes.push((NotExpressible, format!("`--{name}={value}` is left out"))),
            }
        }
        if let Some(words) = json(one.flags().1) {
            let words: Vec<String> = words.iter().map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
            return self.add(one, Act::Run(Script { commands: vec![words.join(" ")], mounts, tools, ..Script::default() }), notes);
        }
        let script = one.script();
        let around = Script { mounts: mounts.clone(), tools, ..Script::default() };
        self.cut(one, &script, (around, notes));
        for (_, at) in mounts {
            self.state.placed.remove(&at);
            self.state.placed.remove(&format!("{}/", at.trim_end_matches('/')));
        }
        self.loaded.clear();
    }

    /// Reads a command as a list; `options` are variables that pip takes options from.
    pub(super) fn list(&mut self, text: &str, options: &[(String, String)]) -> (Read, Option<command::Command>) {
        let state = &self.state;
        let used = std::cell::RefCell::new(Vec::new());
        let texts = self.texts;
        let lookup = |path: &str| {
            let (at, source) = state.file(path)?;
            let found = texts(&source)?;
            used.borrow_mut().push(at);
            Some(found)
        };
        let from_file = super::listed::written_out(text, &lookup);
        let text = from_file.as_ref().map_or(text, |(text, _)| text);
        let Some((mut command, said)) = bare::read(text, state) else {
            return (Read::Other, None);
        };
        if let Some(program) = command.words.first_mut().filter(|word| word.text.ends_with("/micromamba")) {
            program.text = state.absolute(&program.text).unwrap_or_default();
        }
        if state.conda.is_some_and(|folder| !command.has_conda_at(folder)) {
            return (Read::Other, Some(command));
        }
        if !activated::directs(&mut command, state) {
            return (Read::Other, Some(command));
        }
        if lists::is_pip(&command.texts()) {
            command.assigned.splice(0..0, options.iter().cloned()).for_each(drop);
        }
        let mut read = lists::read(&command, &lookup);
        if let Some((_, entries)) = from_file {
            read = super::listed::described(read, entries);
        }
        let used = used.into_inner();
        if let Read::Lists(lists, notes) = &mut read {
            let Some(more) = self.named(lists) else { return (Read::Other, Some(command)) };
            notes.extend(more.into_iter().chain(said));
            for (path, _) in lists.iter_mut().filter_map(|list| list.file.as_mut()) {
                if let Some((_, source)) = self.state.file(path) {
                    *path = source;
                }
            }
            self.state.used.extend(used);
        }
        (read, Some(command))
    }

    pub(super) fn place_of(&self, one: &Instruction) -> Place {
        Place::new(self.file, Span::new(one.span.start as usize, one.span.end as usize))
    }
}

/// Whether `COPY` takes a path for a pattern.
fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// A pattern without classes: `key.pe[m]`, which is written so that it may be missing, is `key.pem`.
fn without_classes(path: &str) -> String {
    let (mut out, mut rest) = (String::new(), path);
    while let Some((before, (class, behind))) = rest.split_once('[').and_then(|(before, more)| Some((before, more.split_once(']')?))) {
        out.push_str(before);
        out.push_str(if class.chars().count() == 1 { class } else { "?" });
        rest = behind;
    }
    out + rest
}

/// A text without the quotes around it.
fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let inner = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// A path of another image, which is read from its top.
fn rooted(path: &str) -> String {
    if path.starts_with(['/', '$']) { path.to_owned() } else { format!("/{}", path.trim_start_matches("./")) }
}

/// Whether a program is mounted where a step finds it by the name that it has in its image, and the step does not name the place.
fn found_too(source: &str, target: &str, command: &str) -> bool {
    let name = |path: &str| path.rsplit('/').next().map(str::to_owned);
    name(source) == name(target) && Mount::found_by_name(target) == target && !command.contains(target)
}
