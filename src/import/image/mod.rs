//! Images without a Dockerfile → layers. Instructions come from the history, packages that were asked for from the records of their
//! managers, files of a `COPY` from its layer; where `BuildKit` kept the Dockerfile, that is read.

mod archive;
mod frames;
mod history;
mod layer;
mod opened;
mod records;
mod source;

pub(super) use opened::{Opened, Saved};

use std::collections::BTreeMap;

use super::docker::{Given, Image, Recipe, image};
use super::ledger::{Row, Seen};
use super::request::Request;
use super::text::{bytes, free, name, repository};
use super::work::Work;
use crate::base::{FileId, Files, MemoryFiles, Place, Source, Span};
use crate::diagnostics::{Diagnostic, known};
use crate::import::RemarkKind::{Changed, Decide};
use archive::{Archive, Manifest};
pub use layer::unpacked_at_most;
use layer::{Layer, Records};
use records::Asked;
use source::Base;

/// How a Dockerfile begins that a program was compiled to.
const MARK: &str = "# Written by jenvc from ";
/// From how many bytes on caches in a layer are worth a remark.
const WASTE: u64 = 1 << 20;

/// Reads the images that a request names, and the files that they hold for the program.
pub(super) fn open(request: Request<'_>) -> Opened {
    let (mut all, mut held, mut problems): (Vec<Saved>, _, _) = (Vec::new(), MemoryFiles::default(), Vec::new());
    for path in request.paths.iter().filter(|path| archive::is_image(request.files, path)) {
        match read(request.files, path) {
            Ok(images) => all.extend(images),
            Err(problem) => {
                let words = format!("`{}` is no whole image: {problem}", if path.is_empty() { request.name } else { path });
                problems.push(
                    Diagnostic::nowhere(&known::UNREADABLE_IMAGE, words).help("save the image again, or import the others without it"),
                );
            }
        }
    }
    all.sort_by_key(|saved| saved.diff_ids.len());
    for at in 0..all.len() {
        let wanted = all.get(at).map(|saved| saved.called(request.name)).unwrap_or_default();
        let called = free(&wanted, |name| all.iter().take(at).any(|saved| saved.name == name));
        if let Some(saved) = all.get_mut(at) {
            saved.name = called;
            saved.files(&mut held);
        }
    }
    Opened { saved: all, held, problems }
}

fn read(files: &dyn Files, path: &str) -> archive::Checked<Vec<Saved>> {
    let archive = Archive::open(files, path)?;
    let mut all = Vec::new();
    for manifest in archive.images()? {
        all.push(saved(&archive, path, manifest)?);
    }
    Ok(all)
}

fn saved(archive: &Archive<'_>, path: &str, manifest: Manifest) -> archive::Checked<Saved> {
    let ids = manifest.config.pointer("/rootfs/diff_ids").and_then(|ids| ids.as_array()).into_iter().flatten();
    let diff_ids: Vec<String> = ids.filter_map(|id| id.as_str().map(str::to_owned)).collect();
    if diff_ids.len() != manifest.layers.len() || diff_ids.is_empty() {
        return Err(format!("it has {} layers, and its configuration names {}", manifest.layers.len(), diff_ids.len()));
    }
    let history = history::steps(&manifest.config, diff_ids.len());
    let copies = |at: usize| history.iter().any(|past| past.layer == Some(at) && at > 0 && matches!(past.word, "COPY" | "ADD"));
    let dockerfile = manifest.provenance.as_ref().and_then(source::dockerfile);
    let mut one = Saved { path: path.to_owned(), dockerfile, ..Saved::default() };
    let mut state = Records::new();
    for (at, (part, id)) in manifest.layers.iter().zip(&diff_ids).enumerate() {
        let read = layer::read(archive.reader(part)?, id, copies(at));
        let layer = read.map_err(|problem| format!("layer {} of {}: {problem}", at + 1, diff_ids.len()))?;
        let next = layer.over(&state);
        let alone = diff_ids.len() == 1 || history.is_empty();
        one.asked.push(if at == 0 && !alone { Asked::new() } else { records::asked(&state, &next) });
        if at == 0 {
            one.first.clone_from(&next);
        }
        state = next;
        one.layers.push(layer);
    }
    Ok(Saved { manifest, diff_ids, history, last: state, ..one })
}

impl Saved {
    /// What the image is called: the last part of its name, else of its file.
    fn called(&self, root: &str) -> String {
        let named = self.manifest.names.first().map(|name| repository(name).rsplit('/').next().unwrap_or_default());
        let file = self.path.rsplit('/').next().unwrap_or_default();
        let file = file.split(".tar").next().unwrap_or(file);
        name(named.filter(|name| !name.is_empty()).unwrap_or(if file.is_empty() { root } else { file }), "image")
    }

    /// The files of its `COPY`s, as they were in the context.
    fn files(&self, files: &mut MemoryFiles) {
        if let Some(text) = self.dockerfile.as_ref().filter(|_| self.has_own()) {
            files.insert(format!("{}/Dockerfile", self.name), text, false);
        }
        for past in self.history.iter().skip(self.own()) {
            let Some(layer) = past.layer.and_then(|at| self.layers.get(at)) else { continue };
            for (source, kept) in source::copied(past, layer) {
                if let Some(bytes) = &kept.bytes {
                    files.insert(format!("{}/{source}", self.name), bytes, kept.executable);
                }
            }
        }
    }

    /// Whether its own Dockerfile is known, and is none that a program is compiled to.
    fn has_own(&self) -> bool {
        self.dockerfile.as_deref().is_some_and(|text| !text.starts_with(MARK))
    }

    /// What it is built on, as far as it says.
    fn base(&self) -> Base {
        source::base(self.manifest.provenance.as_ref(), &self.manifest.config, &self.history, &self.first)
    }

    /// Where its own steps begin in the history: behind the file system of the distribution.
    fn own(&self) -> usize {
        let first = self.history.iter().position(|past| past.layer.is_some()).map_or(0, |at| at + 1);
        let rest = self.history.iter().skip(first);
        first + rest.take_while(|past| past.layer.is_none() && past.word == "CMD").count()
    }
}

/// Adds an image for each that was read.
pub(super) fn images(work: &mut Work<'_>, images: &mut Vec<Image>) {
    let saved = std::mem::take(&mut work.saved);
    for (at, one) in saved.iter().enumerate() {
        let below =
            saved.iter().take(at).filter(|other| other.diff_ids.len() < one.diff_ids.len() && one.diff_ids.starts_with(&other.diff_ids));
        let parent = below.max_by_key(|other| other.diff_ids.len());
        if !one.has_own() {
            let recipe = recipe(work, one, parent, saved);
            let made = image(work, recipe, images);
            images.push(made);
        }
        report(work, one, parent);
    }
    work.saved = saved;
}

/// Reads the Dockerfiles that `BuildKit` kept as those of the repository are read.
pub(super) fn dockerfiles(work: &mut Work<'_>) {
    let paths = work.saved.iter().filter(|saved| saved.has_own()).map(|saved| format!("{}/Dockerfile", saved.name));
    work.found.dockerfiles.extend(paths);
}

/// What is known of an image, in numbers.
fn report(work: &mut Work<'_>, one: &Saved, parent: Option<&Saved>) {
    let below = parent.map_or(0, |parent| parent.layers.len());
    let own = one.layers.get(below..).unwrap_or_default();
    let (size, cache) = own.iter().fold((0, 0), |sum, layer| (sum.0 + layer.size, sum.1 + layer.cache));
    let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (manager, packages) in one.asked.iter().skip(below).flatten() {
        let names = packages.iter().map(|package| package.name.clone());
        asked.entry((*manager).to_owned()).or_default().extend(names);
    }
    let counts: Vec<String> = asked.iter().map(|(manager, names)| format!("{manager} {}", names.len())).collect();
    let counts = if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") };
    let words = format!("{} of its own, {}, {} of it caches; asked for: {counts}", layers(own.len()), bytes(size), bytes(cache));
    work.ledger.rows.push(Row::Words { name: one.name.clone(), words });
    let sizes = own.iter().map(|layer| (layer.size, layer.cache)).collect();
    work.ledger.images.push(Seen { name: one.name.clone(), asked, layers: sizes });
}

fn layers(count: usize) -> String {
    if count == 1 { "1 layer".to_owned() } else { format!("{count} layers") }
}

/// The history as a text that places point into.
fn listing(work: &mut Work<'_>, one: &Saved) -> (FileId, Vec<Place>) {
    let (mut text, mut spans) = (String::new(), Vec::new());
    for past in &one.history {
        let line = past.written.replace(['\n', '\t'], " ");
        spans.push(Span::new(text.len(), text.len() + line.len()));
        text.push_str(&line);
        text.push('\n');
    }
    let path = if one.path.is_empty() { &one.name } else { &one.path };
    let path = if work.sources.find(path).is_some() { format!("{path} ({})", one.name) } else { path.clone() };
    let file = work.sources.add(Source::new(path, &text));
    (file, spans.into_iter().map(|span| Place::new(file, span)).collect())
}

/// The base of an image, and what is to be said of it as a whole.
fn notes(one: &Saved, parent: Option<&Saved>, all: &[Saved], top: Place) -> (String, Vec<Given>) {
    let mut given = Vec::new();
    let Base { reference: base, said, sure } = one.base();
    // What another image begins with, too, and knows the name of.
    let same = all.iter().filter(|other| !sure && other.diff_ids.first() == one.diff_ids.first()).map(Saved::base).find(|base| base.sure);
    let (base, sure) = same.map_or((base, sure), |known| (known.reference, said.is_none()));
    // The steps of an image that was named, too, are shared with it.
    let named = said.as_ref().is_some_and(|said| all.iter().any(|other| other.manifest.names.contains(said)));
    if parent.is_none() && !sure && !named {
        let words = match said {
            Some(said) => format!(
                "the image says that it is built on `{said}`: its steps are written out on `{base}`, since its layers are not known here"
            ),
            None => format!("the base is taken for `{base}`, by its `/etc/os-release`"),
        };
        given.push(Given::note(top, Decide, words));
    }
    if let Some(rest) = one.dockerfile.as_deref().and_then(|text| text.strip_prefix(MARK)) {
        let program = rest.split_whitespace().next().unwrap_or_default().trim_end_matches('.');
        let words = format!("jenvc wrote the Dockerfile of this image from `{program}`: take that program instead");
        given.push(Given::note(top, Decide, words));
    }
    (base, given)
}

fn recipe(work: &mut Work<'_>, one: &Saved, parent: Option<&Saved>, all: &[Saved]) -> Recipe {
    let (file, places) = listing(work, one);
    let top = places.first().copied().unwrap_or(Place::new(file, Span::new(0, 0)));
    let own = parent.map_or_else(|| one.own(), |parent| parent.history.len());
    let (base, mut given) = notes(one, parent, all, top);
    if one.history.is_empty() {
        given.extend(source::squashed(&one.manifest.config, &records::asked(&Records::new(), &one.last), top));
    }
    let mut env = source::environment(&one.history, own);
    for (at, past) in one.history.iter().enumerate().skip(own) {
        let place = places.get(at).copied().unwrap_or(top);
        if let Some(layer) = past.layer.and_then(|at| one.layers.get(at)) {
            work.sizes.insert(place, layer.size);
        }
        let empty = Layer::default();
        let layer = past.layer.and_then(|at| one.layers.get(at)).unwrap_or(&empty);
        let asked = past.layer.and_then(|at| one.asked.get(at)).cloned().unwrap_or_default();
        let args = past.args.iter().map(|arg| arg.split_once('=').map_or_else(|| arg.clone(), |(name, value)| history::pair(name, value)));
        let said = |arg: &String| one.history.iter().take(at).any(|earlier| earlier.word == "ARG" && earlier.text == *arg);
        given.extend(args.filter(|arg| !said(arg)).map(|arg| Given::new(place, "ARG", arg)));
        let text = match past.word {
            "COPY" | "ADD" => source::copy(past, layer),
            "ENV" => source::appended(&past.text, &mut env),
            _ => past.text.clone(),
        };
        let mut step = Given::new(place, past.word, text);
        step.asked = asked
            .iter()
            .map(|(manager, packages)| (*manager, packages.iter().map(|package| (package.name.clone(), package.version.clone())).collect()))
            .collect();
        if layer.cache > WASTE && layer.cache * 10 > layer.size {
            let words = format!("{} of the {} of this layer are caches", bytes(layer.cache), bytes(layer.size));
            step.notes.push((Changed, words));
        }
        for (path, kept) in source::copied(past, layer).into_iter().filter(|(_, kept)| kept.bytes.is_none()) {
            step.notes.push((Decide, format!("`{path}` is too large to be copied beside the program: take it out of `/{}`", kept.path)));
        }
        given.push(step);
    }
    let user = one.manifest.config.pointer("/config/User").and_then(|user| user.as_str()).unwrap_or_default();
    let accounts = source::accounts(&one.last, user);
    Recipe {
        name: one.name.clone(),
        path: one.name.clone(),
        base,
        parent: parent.map(|parent| parent.name.clone()),
        place: top,
        above: Vec::new(),
        given,
        placed: BTreeMap::new(),
        accounts,
        env: source::environment(&one.history, own),
        installed: records::installed(&one.last)
            .into_iter()
            .map(|((manager, name), version)| ((manager.to_owned(), name), version))
            .collect(),
    }
}
