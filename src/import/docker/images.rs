//! The Dockerfiles of a repository: stages, which of them are built on which, and what they are called.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::builds::Build;
use super::context::Context;
use super::downloads::loads;
use super::files::{self, File, stage_name};
use super::folders::without_folders;
use super::read::{Instruction, instructions};
use super::references::{begins_with_from, is_of_platform, is_reference, of_from};
use super::stage::Stage;
use super::state::State;
use super::steps::{Act, Step};
use super::words::expand;
use crate::analyse::globs;
use crate::base::{FileId, Place, parent_of};
use crate::diagnostics::{Diagnostic, known};
use crate::import::RemarkKind::{Decide, NotExpressible};
use crate::import::repository;
use crate::import::templates::{placeholder, templated};
use crate::import::text::free;
use crate::import::{Item, Work, name};
use crate::syntax::words::{Room, is_standard_manager};

/// Where images are that nothing here names.
const NOBODYS: &str = "registry.example.org/owner/";

/// A stage as an image.
#[derive(Clone, Debug)]
pub(in crate::import) struct Image {
    /// Its name in the program.
    pub(in crate::import) name: String,
    /// The file.
    pub(super) path: String,
    /// What it is called whatever its arguments are.
    pub(super) base: String,
    /// The name of its stage, and whether that is the last one of the file.
    pub(super) stage: Option<String>,
    pub(super) last: bool,
    /// The build arguments by which it differs from other images of the file.
    pub(super) args: Vec<(String, String)>,
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
    /// What is installed in it, where that is known: versions by manager and name.
    pub(super) installed: BTreeMap<(String, String), String>,
}

impl Image {
    /// Whether another one does the same on the same parent.
    fn does(&self, other: &Self) -> bool {
        self.parent == other.parent && self.steps.iter().map(|step| &step.act).eq(other.steps.iter().map(|step| &step.act))
    }

    /// Whether a call builds it.
    pub(super) fn is_of(&self, build: &Build) -> bool {
        let given = |(name, value): &(String, String)| build.args.get(name).is_none_or(|given| given == value);
        let stage = match &build.target {
            Some(target) => self.stage.as_ref().is_some_and(|stage| stage.eq_ignore_ascii_case(target)),
            None => self.last,
        };
        build.dockerfile == self.path && !self.internal && stage && self.args.iter().all(given)
    }

    /// Puts the names of the program in place of those of stages, and takes out what the compiler does of its own accord.
    fn settle(&mut self, sources: &BTreeMap<String, String>) {
        for step in &mut self.steps {
            resolve(step, sources);
        }
        self.written += super::consumed::without(&mut self.steps, &self.after);
        without_folders(&mut self.steps);
    }
}

/// What an image is built on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// An image that exists.
    Base(String),
    /// Another of the images.
    Image(usize),
}

/// A file, a stage of it, and which of its sets of arguments.
pub(super) type Key = (usize, usize, usize);

pub(super) struct Reader<'r, 'w, 'f> {
    work: &'r RefCell<&'w mut Work<'f>>,
    pub(super) files: Vec<File>,
    pub(super) builds: &'r [Build],
    images: Vec<Image>,
    /// The image of each stage that was read.
    known: BTreeMap<Key, usize>,
    /// Stages that are being read.
    open: BTreeSet<Key>,
}

/// Reads Dockerfiles; what can't be read is a finding.
/// Builds that do not give an argument get its default.
pub(super) fn images(work: &mut Work<'_>, paths: &[String], builds: &mut [Build]) -> Vec<Image> {
    let mut files: Vec<File> = Vec::new();
    for path in work.found.templates.clone() {
        let Some(id) = work.read(&path) else { continue };
        let _: Item = templated(work, id);
    }
    for path in paths {
        let Some(id) = work.read(path) else { continue };
        match instructions(&work.text(id)) {
            Ok(all) => {
                if placeholder(&work.text(id)).is_some() {
                    let _: Item = templated(work, id);
                }
                files::complete(path, &all, builds);
                let file = File::new(path, id, all, &files, paths, (&work.draft.project.name, builds));
                files.push(file);
            }
            Err(_) if !work.paths.contains(path) && placeholder(&work.text(id)).is_some() => {
                let _: Item = templated(work, id);
            }
            Err((span, problem))
                if paths.len() + work.found.templates.len() > 1 && !work.paths.contains(path) && !begins_with_from(&work.text(id)) =>
            {
                let words = format!("{problem}: something else makes a Dockerfile of it; it is left out");
                let _: Item = work.remark(NotExpressible, Place::new(id, span), words);
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
        let Some(file) = reader.files.get(at) else { continue };
        for (instance, stage) in
            (0..file.instances.len()).flat_map(|instance| (0..file.stages.len()).map(move |stage| (instance, stage))).collect::<Vec<_>>()
        {
            reader.stage((at, stage, instance));
        }
    }
    reader.images
}

impl Reader<'_, '_, '_> {
    /// The image of a stage; `None` where it is another name for an image that exists, or is built on itself.
    fn stage(&mut self, key: Key) -> Option<usize> {
        if let Some(known) = self.known.get(&key) {
            return Some(*known);
        }
        let (at, number, instance) = key;
        let file = self.files.get(at)?;
        let stage = file.stages.get(number)?.clone();
        let from = stage.first()?;
        let own = stage_name(from);
        let last = number + 1 == file.stages.len() || own.as_ref().is_some_and(|name| file.targets.contains(name));
        if !last && stage.len() == 1 || !self.open.insert(key) {
            return None;
        }
        let (id, path) = (file.id, file.path.clone());
        let (globals, with) = (file.globals(instance), file.instances.get(instance).cloned().unwrap_or_default());
        let (parent, notes) = self.parent(key, from, &globals);
        let mut before = match &parent {
            Parent::Base(reference) => State::of(reference),
            Parent::Image(index) => self.images.get(*index).map(|image| image.after.child()).unwrap_or_default(),
        };
        before.globals = globals;
        before.given = with.args.clone();
        let sources = self.sources(key, &stage);
        let (steps, after, counts) = self.steps(id, &path, &stage, before.clone());
        let mut image = Image {
            name: self.called(key, own.clone()),
            base: self.files.get(at).map(|file| file.name.clone()).unwrap_or_default(),
            path,
            stage: own,
            last: self.files.get(at).is_some_and(|file| file.stages.len() == number + 1),
            args: with.own,
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
            installed: BTreeMap::new(),
        };
        image.settle(&sources);
        let place = image.from;
        let user = image.before.user.clone();
        if !notes.is_empty() {
            image.steps.insert(0, Step { act: Act::Nothing, user, place, above: Vec::new(), notes });
        }
        self.open.remove(&key);
        // A stage that the arguments do not change is one image.
        let same = |other: &Image| other.internal && image.internal && other.from == image.from && other.does(&image);
        let index = self.images.iter().position(same).unwrap_or(self.images.len());
        if index == self.images.len() {
            self.images.push(image);
        }
        self.known.insert(key, index);
        Some(index)
    }

    /// What the image of a stage is called.
    fn called(&self, (at, number, instance): Key, own: Option<String>) -> String {
        let Some(file) = self.files.get(at) else { return String::new() };
        let suffix = file.instances.get(instance).map_or("", |instance| &instance.suffix);
        let with = |base: &str| if suffix.is_empty() { base.to_owned() } else { name(&format!("{base}-{suffix}"), "image") };
        if number + 1 < file.stages.len() {
            let wanted = name(&own.unwrap_or_default(), &format!("{}-stage", file.name));
            // `copy … from build` would begin another statement.
            let is_word = Room::Layer.statement(&wanted).is_some() || is_standard_manager(&wanted);
            return self.free(&with(&if is_word { format!("{wanted}-stage") } else { wanted }));
        }
        if suffix.is_empty() { file.name.clone() } else { self.free(&with(&file.name)) }
    }

    /// What the images are that a stage takes from, by their names there.
    fn sources(&mut self, key: Key, stage: &[Instruction]) -> BTreeMap<String, String> {
        let mut sources = BTreeMap::new();
        for one in stage {
            for (flag, value) in one.flags().0 {
                let mounted = value.split(',').find_map(|part| part.strip_prefix("from="));
                if let Some(source) = if flag == "from" { Some(value) } else { mounted.filter(|_| flag == "mount") } {
                    sources.insert(source.to_owned(), self.source(key, source));
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
        (at, number, instance): Key,
        from: &Instruction,
        globals: &BTreeMap<String, Option<String>>,
    ) -> (Parent, Vec<(crate::import::RemarkKind, String)>) {
        let (_, rest) = from.flags();
        let written = rest.split_whitespace().next().unwrap_or_default();
        let (reference, unknown) = expand(written, &|name| of_from(globals, name));
        let mut notes = Vec::new();
        if is_of_platform(written) {
            notes.push((Decide, format!("`{written}` is read for `linux/amd64`")));
        }
        if let Some(index) = self.earlier(at, number, &reference).and_then(|stage| self.stage((at, stage, instance))) {
            return (Parent::Image(index), notes);
        }
        let reference = self.alias((at, number, instance), &reference).unwrap_or(reference);
        let reference = self.context(at, &reference).unwrap_or(reference);
        let unknown = !unknown.is_empty() || !is_reference(&reference);
        // Only its tag is not known.
        let sure = repository(&reference);
        let tag_only = unknown && reference.len() > sure.len() && is_reference(sure) && !sure.contains('$');
        // `lab:base-${DAY}` is an image of this repository whose name is in the tag.
        let stem = reference.get(sure.len()..).unwrap_or_default().trim_matches([':', '-', '.', '_']);
        let tagged = Some(format!("{sure}/{stem}")).filter(|_| tag_only && !stem.is_empty() && !stem.contains('$'));
        let tagged = tagged.filter(|tagged| self.file_of(tagged).is_some_and(|((file, stage, _), _)| file != at || stage < number));
        let unknown = unknown && tagged.is_none();
        let shown = if tagged.is_some() { written.to_owned() } else { reference.clone() };
        let reference = if let Some(tagged) = tagged {
            tagged
        } else if tag_only {
            sure.to_owned()
        } else if unknown {
            format!("{NOBODYS}{}", name(&written.to_lowercase(), "base"))
        } else {
            reference
        };
        if unknown {
            notes.push((Decide, format!("nothing here says what `{written}` is: name {}", if tag_only { "its tag" } else { "the image" })));
        }
        if reference.contains("onbuild") {
            notes.push((Decide, format!("what an `ONBUILD` of `{reference}` copies is the folder of the program now")));
        }
        if let Some((other, sure)) = self.file_of(&reference).filter(|((file, stage, _), _)| *file != at || *stage < number)
            && let Some(index) = self.stage(other)
        {
            if !sure {
                let path = self.files.get(other.0).map_or("", |file| &file.path);
                notes.push((Decide, format!("`{shown}` is taken for what `{path}` builds")));
            }
            return (Parent::Image(index), notes);
        }
        (Parent::Base(reference), notes)
    }

    /// The stage before this one that a name means.
    pub(super) fn earlier(&self, at: usize, number: usize, wanted: &str) -> Option<usize> {
        let stages = self.files.get(at)?.stages.get(..number)?;
        stages.iter().rposition(|stage| stage.first().and_then(stage_name).is_some_and(|name| name.eq_ignore_ascii_case(wanted)))
    }

    /// What `COPY --from` means, as the language writes it: a name of the program, or a reference.
    fn source(&mut self, key: Key, wanted: &str) -> String {
        let (at, number, instance) = key;
        let named = self.earlier(at, number, wanted).or_else(|| wanted.parse().ok().filter(|stage| *stage < number));
        if let Some(index) = named.and_then(|stage| self.stage((at, stage, instance))) {
            return self.images.get(index).map_or_else(String::new, |image| image.name.clone());
        }
        let globals = self.files.get(at).map(|file| file.globals(instance)).unwrap_or_default();
        let reference = self.alias(key, wanted).unwrap_or_else(|| expand(wanted, &|name| of_from(&globals, name)).0);
        let reference = self.context(at, &reference).unwrap_or(reference);
        let other = self.file_of(&reference).filter(|((file, ..), sure)| *sure && *file != at);
        match other.and_then(|(other, _)| self.stage(other)).and_then(|index| self.images.get(index)) {
            Some(image) => image.name.clone(),
            None if is_reference(&reference) => crate::import::quoted(&reference),
            None => crate::import::quoted(&format!("{NOBODYS}{}", name(&wanted.to_lowercase(), "source"))),
        }
    }

    /// The steps of a stage.
    fn steps(&self, id: FileId, path: &str, stage: &[Instruction], before: State) -> (Vec<Step>, State, (usize, (usize, usize))) {
        let said = self.builds.iter().find(|build| build.dockerfile == path).map(|build| build.context.clone());
        let above = std::iter::successors(Some(parent_of(path)), |folder| (!folder.is_empty()).then(|| parent_of(folder)));
        let folders = said.into_iter().chain([parent_of(path).to_owned(), String::new()]).chain(above.skip(1).map(str::to_owned)).collect();
        let context = Context { work: self.work, folders };
        let (texts, inside) = (|path: &str| context.text(path), |source: &str| context.path(source));
        let file_at = |path: &str| context.file(path);
        let mut reader = Stage::new(id, before, (&texts, &inside, &file_at));
        reader.compiled = self.work.borrow().compiled;
        reader.downloads = self.files.iter().find(|file| file.path == path).map(|file| loads(&file.stages)).unwrap_or_default();
        stage.iter().skip(1).for_each(|one| reader.instruction(one));
        for step in &mut reader.steps {
            if let Act::Copy(copied) = &mut step.act
                && copied.from.is_none()
            {
                let taken = copied.paths.iter().flat_map(|path| context.taken(path.clone())).collect();
                let before = std::mem::replace(&mut copied.paths, taken);
                copied.pattern &= before == copied.paths || copied.paths.iter().any(|path| globs::is_pattern(path));
            }
        }
        let (written, installs) = (reader.written, reader.installs);
        (reader.steps, reader.state, (written, installs))
    }
}

/// Puts the names of the program in place of those of stages, and asks for those that nothing gives.
fn resolve(step: &mut Step, sources: &BTreeMap<String, String>) {
    let mut unknown = Vec::new();
    for source in step.sources() {
        let Some(name) = sources.get(source) else { continue };
        if name.trim_start_matches('"').starts_with(NOBODYS) {
            unknown.push((Decide, format!("nothing here says what `{source}` is: name the image")));
        }
        source.clone_from(name);
    }
    step.notes.extend(unknown);
}
