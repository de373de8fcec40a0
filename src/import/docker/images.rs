//! The Dockerfiles of a repository: stages, which of them are built on which, and what they are called.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::builds::Build;
use super::read::{Instruction, instructions};
use super::stage::Stage;
use super::state::{State, repository};
use super::steps::{Act, Step};
use super::words::{expand, split};
use crate::base::{FileId, Kind, Place, join, parent_of};
use crate::diagnostics::{Diagnostic, known};
use crate::import::RemarkKind::Decide;
use crate::import::text::free;
use crate::import::{Work, name};

/// A stage as an image.
#[derive(Clone, Debug)]
pub(in crate::import) struct Image {
    /// Its name in the program.
    pub(in crate::import) name: String,
    /// The file.
    pub(super) path: String,
    /// What it is built on.
    pub(super) parent: Parent,
    /// The `FROM`, with the comments above it.
    pub(super) from: Place,
    pub(super) above: Vec<String>,
    pub(super) steps: Vec<Step>,
    /// What holds before its first step, and behind its last one.
    pub(super) before: State,
    pub(super) after: State,
    /// Whether it is no more than a stage of another.
    pub(super) internal: bool,
    /// Instructions: all, and those that the compiler writes.
    pub(super) instructions: usize,
    pub(super) written: usize,
    /// Instructions that install packages: all, and those that became lists.
    pub(super) installs: (usize, usize),
}

/// What an image is built on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// An image that exists.
    Base(String),
    /// Another of the images.
    Image(usize),
}

/// A Dockerfile that was read.
struct File {
    path: String,
    id: FileId,
    name: String,
    globals: BTreeMap<String, Option<String>>,
    stages: Vec<Vec<Instruction>>,
}

struct Reader<'r, 'w, 'f> {
    work: &'r RefCell<&'w mut Work<'f>>,
    files: Vec<File>,
    builds: &'r [Build],
    images: Vec<Image>,
    /// The image of each stage that was read.
    known: BTreeMap<(usize, usize), usize>,
    /// Stages that are being read.
    open: BTreeSet<(usize, usize)>,
}

/// Reads Dockerfiles; what can't be read is a finding.
pub(super) fn images(work: &mut Work<'_>, paths: &[String], builds: &[Build]) -> Vec<Image> {
    let mut files: Vec<File> = Vec::new();
    for path in paths {
        let Some(id) = work.read(path) else { continue };
        match instructions(&work.text(id)) {
            Ok(all) => {
                let file = file(path, id, all, &files, paths, &work.draft.project.name);
                files.push(file);
            }
            Err((span, problem)) => {
                let finding =
                    Diagnostic::new(&known::UNREADABLE_FILE, Place::new(id, span), format!("`{path}` is no Dockerfile: {problem}"));
                work.findings.push(finding.help("correct it, or import files and folders without it"));
            }
        }
    }
    let work = RefCell::new(work);
    let mut reader = Reader { work: &work, files, builds, images: Vec::new(), known: BTreeMap::new(), open: BTreeSet::new() };
    for at in 0..reader.files.len() {
        for stage in 0..reader.files.get(at).map_or(0, |file| file.stages.len()) {
            reader.stage(at, stage);
        }
    }
    reader.images
}

fn file(path: &str, id: FileId, all: Vec<Instruction>, known: &[File], paths: &[String], project: &str) -> File {
    let mut globals: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut stages: Vec<Vec<Instruction>> = Vec::new();
    for one in all {
        match (one.word.as_str(), stages.last_mut()) {
            ("FROM", _) => stages.push(vec![one]),
            (_, Some(stage)) => stage.push(one),
            (_, None) => {
                for word in split(&one.text) {
                    let (name, value) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
                    let value = value.map(|value| expand(value, &|name| globals.get(name).cloned().flatten()).0);
                    globals.insert(name.to_owned(), value);
                }
            }
        }
    }
    let name = free(&file_name(path, paths, project), |name| known.iter().any(|file| file.name == name));
    File { path: path.to_owned(), id, name, globals, stages }
}

/// What the image of a file is called: its folder, with what distinguishes the file from others there.
fn file_name(path: &str, paths: &[String], project: &str) -> String {
    let folder = parent_of(path);
    let base = path.rsplit('/').next().unwrap_or(path);
    let mine = base.strip_suffix(".Dockerfile").or_else(|| base.strip_suffix(".dockerfile"));
    let mine = mine.or_else(|| base.get("Dockerfile".len()..).filter(|rest| rest.starts_with(['.', '-']))).unwrap_or_default();
    let of_folder =
        folder.rsplit('/').find(|part| !matches!(*part, "" | "docker" | ".devcontainer" | ".docker" | "images" | ".binder" | "binder"));
    let alone = paths.iter().filter(|other| parent_of(other) == folder).count() < 2;
    let words = match (of_folder, mine) {
        (Some(folder), "") => folder.to_owned(),
        (None, "") => project.to_owned(),
        (None, mine) => mine.to_owned(),
        (Some(_), mine) if alone => mine.to_owned(),
        (Some(folder), mine) if mine.starts_with(folder) => mine.to_owned(),
        (Some(folder), mine) => format!("{folder}-{mine}"),
    };
    name(words.trim_matches(['.', '-']), "image")
}

impl Reader<'_, '_, '_> {
    /// The image of a stage; `None` where it is another name for an image that exists, or is built on itself.
    fn stage(&mut self, at: usize, number: usize) -> Option<usize> {
        if let Some(known) = self.known.get(&(at, number)) {
            return Some(*known);
        }
        let file = self.files.get(at)?;
        let stage = file.stages.get(number)?.clone();
        let from = stage.first()?;
        let last = number + 1 == file.stages.len();
        if !last && stage.len() == 1 || !self.open.insert((at, number)) {
            return None;
        }
        let (id, path, file_name) = (file.id, file.path.clone(), file.name.clone());
        let globals = file.globals.clone();
        let (parent, notes) = self.parent(at, number, from, &globals);
        let mut before = match &parent {
            Parent::Base(reference) => State::of(reference),
            Parent::Image(index) => self.images.get(*index).map(|image| image.after.child()).unwrap_or_default(),
        };
        before.args = globals;
        let own = stage_name(from);
        let sources = self.sources(at, number, &stage);
        let (steps, after, counts) = self.steps(id, &path, &stage, before.clone());
        let mut image = Image {
            name: if last { file_name } else { self.free(&name(&own.unwrap_or_default(), &format!("{file_name}-stage"))) },
            path,
            parent,
            from: Place::new(id, from.span),
            above: from.above.clone(),
            steps,
            before,
            after,
            internal: !last,
            instructions: stage.len(),
            written: counts.0,
            installs: counts.1,
        };
        for step in &mut image.steps {
            resolve(step, &sources);
            let read = |to: &String| to.starts_with("/tmp/") && image.after.used.iter().any(|path| path.starts_with(to.as_str()));
            if matches!(&step.act, Act::Copy(copied) if copied.from.is_none() && read(&copied.to)) {
                step.act = Act::Nothing;
                image.written += 1;
            }
        }
        without_folders(&mut image.steps);
        let place = image.from;
        let user = image.before.user.clone();
        if !notes.is_empty() {
            image.steps.insert(0, Step { act: Act::Nothing, user, place, above: Vec::new(), notes });
        }
        self.images.push(image);
        self.open.remove(&(at, number));
        self.known.insert((at, number), self.images.len() - 1);
        Some(self.images.len() - 1)
    }

    /// What the images are that a stage takes from, by their names there.
    fn sources(&mut self, at: usize, number: usize, stage: &[Instruction]) -> BTreeMap<String, String> {
        let mut sources = BTreeMap::new();
        for one in stage {
            for (flag, value) in one.flags().0 {
                let mounted = value.split(',').find_map(|part| part.strip_prefix("from="));
                if let Some(source) = if flag == "from" { Some(value) } else { mounted.filter(|_| flag == "mount") } {
                    sources.insert(source.to_owned(), self.source(at, number, source));
                }
            }
        }
        sources
    }

    fn free(&self, wanted: &str) -> String {
        free(wanted, |name| self.images.iter().any(|image| image.name == name) || self.files.iter().any(|file| file.name == name))
    }

    /// What a stage is built on.
    fn parent(
        &mut self,
        at: usize,
        number: usize,
        from: &Instruction,
        globals: &BTreeMap<String, Option<String>>,
    ) -> (Parent, Vec<(crate::import::RemarkKind, String)>) {
        let (_, rest) = from.flags();
        let written = rest.split_whitespace().next().unwrap_or_default();
        let (reference, unknown) = expand(written, &|name| globals.get(name).cloned().flatten());
        if let Some(index) = self.earlier(at, number, &reference).and_then(|stage| self.stage(at, stage)) {
            return (Parent::Image(index), Vec::new());
        }
        let reference = self.alias(at, number, &reference).unwrap_or(reference);
        let mut notes = Vec::new();
        if !unknown.is_empty() {
            notes.push((Decide, format!("nothing here says what `{written}` is")));
        }
        if let Some((file, sure)) = self.file_of(&reference).filter(|(file, _)| *file != at) {
            let last = self.files.get(file).map_or(0, |file| file.stages.len().saturating_sub(1));
            if let Some(index) = self.stage(file, last) {
                if !sure {
                    let path = self.files.get(file).map_or("", |file| &file.path);
                    notes.push((Decide, format!("`{reference}` is taken for what `{path}` builds")));
                }
                return (Parent::Image(index), notes);
            }
        }
        (Parent::Base(reference), notes)
    }

    /// The stage before this one that a name means.
    fn earlier(&self, at: usize, number: usize, wanted: &str) -> Option<usize> {
        let stages = self.files.get(at)?.stages.get(..number)?;
        stages.iter().rposition(|stage| stage.first().and_then(stage_name).is_some_and(|name| name.eq_ignore_ascii_case(wanted)))
    }

    /// The image that exists of a stage that adds nothing to it.
    fn alias(&self, at: usize, number: usize, wanted: &str) -> Option<String> {
        let stage = self.earlier(at, number, wanted)?;
        let file = self.files.get(at)?;
        let stage = file.stages.get(stage).filter(|stage| stage.len() == 1)?;
        let (_, rest) = stage.first()?.flags();
        Some(expand(rest.split_whitespace().next()?, &|name| file.globals.get(name).cloned().flatten()).0)
    }

    /// What `COPY --from` means, as the language writes it: a name of the program, or a reference.
    fn source(&mut self, at: usize, number: usize, wanted: &str) -> String {
        let named = self.earlier(at, number, wanted).or_else(|| wanted.parse().ok().filter(|stage| *stage < number));
        if let Some(index) = named.and_then(|stage| self.stage(at, stage)) {
            return self.images.get(index).map_or_else(String::new, |image| image.name.clone());
        }
        let globals = self.files.get(at).map(|file| file.globals.clone()).unwrap_or_default();
        let reference = self.alias(at, number, wanted).unwrap_or_else(|| expand(wanted, &|name| globals.get(name).cloned().flatten()).0);
        match self.file_of(&reference).filter(|(file, sure)| *sure && *file != at) {
            Some((file, _)) => self.files.get(file).map_or(reference, |file| file.name.clone()),
            None => crate::import::quoted(&reference),
        }
    }

    /// The file that builds an image; whether something says so, or only their names are alike.
    fn file_of(&self, reference: &str) -> Option<(usize, bool)> {
        let wanted = repository(reference);
        let said = self.builds.iter().find(|build| build.repository == wanted);
        if let Some(at) = said.and_then(|build| self.files.iter().position(|file| file.path == build.dockerfile)) {
            return Some((at, true));
        }
        let (owner, base) = wanted.rsplit_once('/')?;
        let base = name(base, "image");
        let official = matches!(owner, "docker.io/library" | "library");
        let named = |file: &File| self.builds.iter().any(|build| build.dockerfile == file.path);
        self.files.iter().position(|file| file.name == base && !official && !named(file)).map(|at| (at, false))
    }

    /// The steps of a stage.
    fn steps(&self, id: FileId, path: &str, stage: &[Instruction], before: State) -> (Vec<Step>, State, (usize, (usize, usize))) {
        let said = self.builds.iter().find(|build| build.dockerfile == path).map(|build| build.context.clone());
        let folders = said.into_iter().chain([parent_of(path).to_owned(), String::new()]).collect();
        let context = Context { work: self.work, folders };
        let (texts, inside) = (|path: &str| context.text(path), |source: &str| context.path(source));
        let mut reader = Stage::new(id, before, &texts, &inside);
        stage.iter().skip(1).for_each(|one| reader.instruction(one));
        let (written, installs) = (reader.written, reader.installs);
        (reader.steps, reader.state, (written, installs))
    }
}

/// The files that instructions see.
pub(super) struct Context<'r, 'w, 'f> {
    pub(super) work: &'r RefCell<&'w mut Work<'f>>,
    /// The folders that paths may be relative to, the most likely first.
    pub(super) folders: Vec<String>,
}

impl Context<'_, '_, '_> {
    /// The text of a file of the repository.
    pub(super) fn text(&self, path: &str) -> Option<Arc<str>> {
        if !matches!(self.work.borrow().files.kind(path), Ok(Kind::File { .. })) {
            return None;
        }
        let mut work = self.work.borrow_mut();
        let id = work.read(path)?;
        Some(work.text(id))
    }

    /// The path in the repository of a path of the context.
    pub(super) fn path(&self, source: &str) -> String {
        let exists = |path: &str| matches!(self.work.borrow().files.kind(path), Ok(Kind::File { .. } | Kind::Folder));
        let inner = source.trim_start_matches('/').trim_start_matches("./");
        let stem = inner.split(['*', '?', '[']).next().unwrap_or_default();
        let stem = if stem.len() < inner.len() { parent_of(stem) } else { stem };
        let found = self.folders.iter().find(|folder| join(folder, stem).is_some_and(|path| path.is_empty() || exists(&path)));
        let folder = found.or(self.folders.first()).cloned().unwrap_or_default();
        join(&folder, inner).unwrap_or_else(|| inner.to_owned())
    }
}

/// Puts the names of the program in place of those of stages.
fn resolve(step: &mut Step, sources: &BTreeMap<String, String>) {
    let named = |source: &mut String| {
        if let Some(name) = sources.get(source) {
            source.clone_from(name);
        }
    };
    match &mut step.act {
        Act::Copy(copied) => copied.from.iter_mut().for_each(named),
        Act::Run(script) => script.tools.iter_mut().for_each(|(from, _)| named(from)),
        _ => {}
    }
}

/// Takes out `mkdir -p` of folders that the copies or downloads right behind it make of their own accord.
fn without_folders(steps: &mut [Step]) {
    for at in (0..steps.len()).rev() {
        let Some((one, behind)) = steps.get_mut(at..).and_then(<[Step]>::split_first_mut) else { continue };
        let Act::Run(script) = &one.act else { continue };
        let [command] = script.commands.as_slice() else { continue };
        let Some(paths) =
            command.strip_prefix("mkdir -p ").filter(|paths| one.user == "root" && !paths.contains(['$', '&', '|', ';', '"']))
        else {
            continue;
        };
        let targets: Vec<&str> = behind
            .iter()
            .map_while(|step| match &step.act {
                Act::Copy(copied) => Some(copied.to.as_str()),
                Act::Fetch(fetched) => Some(fetched.to.as_str()),
                _ => None,
            })
            .collect();
        let made = |path: &str| targets.iter().any(|target| target.starts_with(&format!("{}/", path.trim_end_matches('/'))));
        if script.state.is_empty() && one.notes.is_empty() && paths.split_whitespace().all(made) {
            one.act = Act::Nothing;
        }
    }
}

/// `FROM x AS name`
fn stage_name(from: &Instruction) -> Option<String> {
    let mut words = from.flags().1.split_whitespace().skip(1);
    words.next().filter(|word| word.eq_ignore_ascii_case("as"))?;
    words.next().map(str::to_owned)
}
