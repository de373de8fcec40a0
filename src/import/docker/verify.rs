//! The proof: what the program compiles to is read as the originals were, and both are held against each other step by step.

use std::collections::{BTreeMap, BTreeSet};

use super::axes::Axis;
use super::builds::Build;
use super::families::Family;
use super::held::held;
use super::images::{self, Image, Parent};
use super::meant::{by_contents, by_name};
use super::originals::Originals;
use super::state::BINDER;
use super::steps::{Act, STATEMENT, Step};
use super::sums::{contents, lacking};
use super::whole::{Key, Whole, about, stays, whole};
use crate::analyse::globs;
use crate::base::{Files, MemoryFiles, Overlay, parent_of};
use crate::check::Checked;
use crate::driver::{Outcome, Policy, check_with};
use crate::import::request::{Compared, Request, Verdict};
use crate::import::{Remark, RemarkKind, Work};

/// Settings that every image has of its own.
const OWN: [&str; 3] = ["title", "description", "authors"];
/// Compares the Dockerfiles of a program with the originals, which `work` has read.
pub(in crate::import) fn compare(work: &Work<'_>, originals: Originals, compiled: &Outcome, program: &dyn Files) -> Vec<Compared> {
    let Originals { mut images, families, repositories, .. } = originals;
    images.iter_mut().for_each(expand);
    let Some(checked) = &compiled.checked else { return Vec::new() };
    let mut memory = MemoryFiles::default();
    for artifact in &compiled.artifacts {
        memory.insert(artifact.path.clone(), artifact.text.as_bytes(), artifact.executable);
    }
    let files = Overlay { above: &memory, below: program };
    let mut emitted = Emitted::read(checked, &files);
    for image in &mut images {
        image.steps.retain(|step| !is_idle(step, work.files));
    }
    let lacks: Vec<Vec<String>> = images.iter().map(|image| lacking(image, work.files)).collect();
    images.iter_mut().flat_map(|image| &mut image.steps).for_each(|step| contents(step, work.files));
    emitted.images.iter_mut().flat_map(|image| &mut image.steps).for_each(|step| contents(step, &files));
    // What lists side by side ask for twice is one entry.
    for image in images.iter_mut().chain(&mut emitted.images) {
        image.steps.iter_mut().for_each(|step| step.above.clear());
        super::joined::join(&mut image.steps);
    }
    by_name(&mut images, &mut emitted.images);
    by_contents(&mut images, &|image| !image.internal);
    // What was a stage may be an image of its own now.
    let kept: BTreeSet<String> = images.iter().filter(|image| !image.internal).map(|image| image.name.clone()).collect();
    by_contents(&mut emitted.images, &|image| !image.internal && kept.contains(&image.name));
    let mut rows = Vec::new();
    let mut equal = Vec::new();
    for (at, image) in images.iter().enumerate() {
        let Some((other, named)) = emitted.find(at, image, &families, &repositories) else {
            if !image.internal {
                let said = "no image of the program has this name".to_owned();
                rows.push(Compared { verdict: Verdict::Differs, about: image.name.clone(), said });
            }
            continue;
        };
        let before = rows.len();
        if let (Some(was), Some(now)) = (repositories.get(&image.name), named)
            && was != now
        {
            let said = format!("its repository is `{now}`, and was `{was}`");
            rows.push(Compared { verdict: Verdict::Differs, about: image.name.clone(), said });
        }
        // Of a stage only the files count, whoever it would run as.
        let was = whole(&images, at);
        let mut now = whole(&emitted.images, other);
        now.user = if image.internal { was.user.clone() } else { now.user };
        rows.extend(differences(work, &image.name, &was, &now));
        if rows.len() == before {
            equal.push(image.name.clone());
        }
        rows.extend(held(image, &emitted.images, other));
        rows.extend(lacks.get(at).and_then(|lacks| unknown(image, lacks)));
    }
    if !equal.is_empty() {
        let said = "every step, the user, the environment, the order".to_owned();
        rows.insert(0, Compared { verdict: Verdict::Equal, about: equal.join(", "), said });
    }
    rows
}

/// What is said of files that are not there.
fn unknown(image: &Image, lacks: &[String]) -> Option<Compared> {
    let named: Vec<String> = lacks.iter().map(|path| format!("`{path}`")).collect();
    let verb = if named.len() == 1 { "is" } else { "are" };
    let said = format!("{} {verb} not in this repository: their contents are not compared", named.join(", "));
    (!named.is_empty()).then(|| Compared { verdict: Verdict::Remarked, about: image.name.clone(), said })
}

/// Whether a step copies nothing: its pattern matches no file.
fn is_idle(step: &Step, files: &dyn Files) -> bool {
    let Act::Copy(copied) = &step.act else { return false };
    copied.pattern && copied.from.is_none() && copied.paths.iter().all(|path| globs::expand(files, path).is_empty())
}

/// What a program compiles to, as it is read back.
struct Emitted {
    images: Vec<Image>,
    /// For each cell: the image, its axes, and what builds it.
    cells: Vec<Cell>,
}

/// A cell of the program: its image, its axes with their values, what builds it.
type Cell = (String, Vec<(String, String)>, Build);

impl Emitted {
    fn read(checked: &Checked, files: &dyn Files) -> Self {
        let program = checked.program();
        let plan = crate::emit::plan(checked);
        let mut cells = Vec::new();
        for (id, cell) in program.cells().filter(|(id, _)| !program.is_stage(*id)) {
            let this = &plan[id];
            // What comes with the compiler is no more than a base.
            if parent_of(&this.dockerfile).rsplit('/').next() == Some(BINDER) {
                continue;
            }
            let axes = cell.axes.iter().map(|point| (point.axis.to_string(), point.value.to_string())).collect();
            let build = Build {
                reference: this.reference.clone(),
                repository: cell.repository.clone(),
                dockerfile: this.dockerfile.clone(),
                args: this.args.iter().cloned().collect(),
                ..Build::default()
            };
            cells.push((program[cell.image].name.clone(), axes, build));
        }
        let mut paths: Vec<String> = cells.iter().map(|(.., build)| build.dockerfile.clone()).collect();
        paths.sort();
        paths.dedup();
        let mut work = Work::new(Request { files, paths: &paths, name: "compiled", beside: false, folder: "" });
        work.compiled = true;
        let mut builds: Vec<Build> = cells.iter().map(|(.., build)| build.clone()).collect();
        let images = images::images(&mut work, &paths, &mut builds);
        let cells = cells.into_iter().zip(builds).map(|((name, axes, _), build)| (name, axes, build)).collect();
        Self { images, cells }
    }

    /// The image that an original is now: by its name and the values of its axes, else by its repository.
    fn find(
        &self,
        at: usize,
        image: &Image,
        families: &[Family],
        repositories: &BTreeMap<String, String>,
    ) -> Option<(usize, Option<&str>)> {
        let family = families.iter().find_map(|family| Some((family, family.members.iter().position(|member| *member == at)?)));
        let (name, values) = match family {
            Some((family, place)) => {
                let value = |axis: &Axis| Some((axis.name.clone(), axis.values.get(place)?.clone()));
                (&family.name, family.axes.iter().filter_map(value).collect())
            }
            None => (&image.name, Vec::new()),
        };
        let named = |(other, axes, _): &&Cell| other == name && values.iter().all(|value| axes.contains(value));
        let repository = repositories.get(&image.name);
        let kept = |(.., build): &&Cell| repository.is_some_and(|repository| build.repository.rsplit('/').next() == Some(repository));
        let cell = self.cells.iter().find(named).or_else(|| self.cells.iter().find(kept));
        let built = cell.and_then(|(.., build)| self.images.iter().position(|image| image.is_of(build)));
        let last = cell.and_then(|(.., build)| build.repository.rsplit('/').next());
        built.map(|at| (at, last)).or_else(|| Some((self.images.iter().position(|other| other.name == image.name)?, None)))
    }
}

/// Puts the steps of fragments of the standard library in place of their names: those that the compiler makes of them alone.
fn expand(image: &mut Image) {
    let Parent::Base(base) = &image.parent else { return };
    let Some(python) = base.strip_prefix(BINDER).and_then(|tag| tag.strip_prefix(":py")) else { return };
    let mut steps = Vec::new();
    for step in std::mem::take(&mut image.steps) {
        match &step.act {
            Act::Setting(STATEMENT, _, statement) if statement.starts_with("include ") => {
                let inner = fragment(python, statement).into_iter().map(|inner| Step { place: step.place, ..inner });
                steps.extend(inner);
            }
            _ => steps.push(step),
        }
    }
    image.steps = steps;
}

fn fragment(python: &str, include: &str) -> Vec<Step> {
    let program = format!(
        "import std.repo2docker\nproject p {{ registry = \"example.org\" }}\nlayer x {{\nfrom repo2docker.{BINDER}(python = {python})\n\
         platforms = [\"linux/amd64\"]\n{include}\n}}\noutput dockerfiles {{ dir = \"images\" }}\n"
    );
    let mut files: MemoryFiles = [("main.jenv", program)].into_iter().collect();
    let mut outcome = check_with(&files, "main.jenv", &Policy::default());
    outcome.emit();
    let path = "images/x/Dockerfile".to_owned();
    let Some(made) = outcome.artifacts.iter().find(|artifact| artifact.path == path) else { return Vec::new() };
    files.insert(path.clone(), &made.text, false);
    let paths = [path];
    let mut work = Work::new(Request { files: &files, paths: &paths, name: "standard", beside: false, folder: "" });
    work.compiled = true;
    // The image around the fragment has names of its own.
    let own = |step: &Step| matches!(&step.act, Act::Setting(key, ..) if OWN.contains(key));
    images::images(&mut work, &paths, &mut []).into_iter().flat_map(|image| image.steps).filter(|step| !own(step)).collect()
}

/// What differs between an original and what the program compiles to.
fn differences(work: &Work<'_>, name: &str, one: &Whole, two: &Whole) -> Vec<Compared> {
    let mut rows = Vec::new();
    let mut row = |verdict, said: String| rows.push(Compared { verdict, about: name.to_owned(), said });
    if one.base != two.base {
        row(Verdict::Differs, format!("the base is `{}`, and was `{}`", two.base, one.base));
    }
    if one.user != two.user {
        row(Verdict::Differs, format!("it runs as `{}`, and ran as `{}`", two.user, one.user));
    }
    let more = two.settings.keys().filter(|key| !one.settings.contains_key(*key) && !OWN.contains(&key.0));
    for key in one.settings.keys().chain(more) {
        let (before, now) = (one.settings.get(key), two.settings.get(key).or_else(|| two.below.get(key)));
        if before != now {
            let shown = |text: Option<&String>| text.map_or_else(|| "nothing".to_owned(), |text| format!("`{text}`"));
            row(Verdict::Differs, format!("now {}, before {}", shown(now), shown(before)));
        }
    }
    let (mut missing, mut more) = unmatched(&one.keys, &two.keys);
    let owned = owners(&mut missing, &mut more);
    for key in missing.into_iter().chain(owned.iter().copied()) {
        // What a remark asks about may be said in another way; it may not be gone.
        let there = more.iter().any(|other| about(&other.text) == about(&key.text));
        let said = there && work.ledger.remarks.iter().any(|remark| remark.place == key.place && mentions(remark, &key.text));
        let own = owned.iter().any(|other| std::ptr::eq(*other, key)) || is_repeated(key, &one.keys);
        let verdict = if said || own { Verdict::Remarked } else { Verdict::Differs };
        row(verdict, format!("{}: not there now: {}", work.sources.locate(key.place), short(&key.text)));
    }
    for key in more.into_iter().filter(|key| !is_own(&key.text)) {
        let name = about(&key.text);
        let said = work.ledger.remarks.iter().any(|remark| {
            let mut here = one.keys.iter().filter(|key| key.place == remark.place && about(&key.text) == name);
            here.any(|before| mentions(remark, &key.text) || before.text.contains('$') && mentions(remark, &before.text))
        });
        row(if said { Verdict::Remarked } else { Verdict::Differs }, format!("new: {}", short(&key.text)));
    }
    rows
}

/// Whether a remark asks for a decision about just this.
fn mentions(remark: &Remark, key: &str) -> bool {
    let name = about(key);
    let quoted = remark.text.split('`').skip(1).step_by(2);
    matches!(remark.kind, RemarkKind::Mistake | RemarkKind::Decide | RemarkKind::Changed)
        && quoted.into_iter().any(|words| {
            let mut names = words.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')));
            words == name
                || key.contains(words) && words.len() > 8
                || names.next() == Some(name)
                || words.starts_with(char::is_uppercase) && key.contains(&format!("${{{words}}}"))
        })
}

/// Files that another account than that of the image owns: a step of its own gives them to it. Takes out what belongs together.
fn owners<'k>(missing: &mut Vec<&'k Key>, more: &mut Vec<&'k Key>) -> Vec<&'k Key> {
    let mut moved = Vec::new();
    missing.retain(|key| {
        let Some((before, said)) = key.text.rsplit_once(" of ").filter(|(before, _)| before.starts_with("copy ")) else { return true };
        let (owner, rest) = said.split_at(said.find(' ').unwrap_or(said.len()));
        let to = before.rsplit(" to ").next().unwrap_or_default();
        let copied = format!("{before}{rest}");
        let given = format!("chown -R {owner} {to}");
        let place = |text: &dyn Fn(&str) -> bool| more.iter().position(|key| text(&key.text));
        // Of a folder that files go into, only those are given.
        let is_step = |text: &str| about(text).strip_prefix(&given).is_some_and(|rest| rest.is_empty() || to.ends_with('/'));
        let (Some(copy), Some(_)) = (place(&|text| text == copied), place(&is_step)) else { return true };
        more.remove(copy);
        if let Some(at) = more.iter().position(|key| is_step(&key.text)) {
            more.remove(at);
        }
        moved.push(*key);
        false
    });
    moved
}

/// Whether a list names a package that another one names as well: it is there, and the compiler does not let its manager move it.
fn is_repeated(key: &Key, all: &[Key]) -> bool {
    let package = stays(key);
    package.is_some() && all.iter().any(|other| !std::ptr::eq(other, key) && stays(other) == package)
}

/// Folders that the compiler makes before files go into them, and the home of an account, which is that where nothing sets `HOME`.
fn is_own(key: &str) -> bool {
    key.starts_with("env HOME=")
        || key.split_once(": ").is_some_and(|(_, command)| {
            let made = |test: &str| test.starts_with("[ -d ") && command.contains(" || install -d ");
            command.starts_with("mkdir -p ") || made(command)
        })
}

fn short(text: &str) -> String {
    const MOST: usize = 160;
    let line = text.replace('\n', "; ");
    if line.len() <= MOST { line } else { format!("{}…", line.get(..line.floor_char_boundary(MOST)).unwrap_or_default()) }
}

fn equal(one: &str, two: &str) -> bool {
    // Where nothing has set a path before, its plain value is written.
    let plain = |path: &str, env: &str| {
        let parts = path.strip_prefix("path ").and_then(|rest| rest.split_once(' '));
        parts.is_some_and(|(name, rest)| env == format!("env {name}={}", rest.split_once(' ').map_or("", |(_, entries)| entries)))
    };
    one == two || plain(one, two) || plain(two, one)
}

/// The keys of each side that have no partner on the other, in order: by the longest common row.
fn unmatched<'k>(one: &'k [Key], two: &'k [Key]) -> (Vec<&'k Key>, Vec<&'k Key>) {
    let same = |at: usize, other: usize| match (one.get(at), two.get(other)) {
        (Some(one), Some(two)) => equal(&one.text, &two.text),
        _ => false,
    };
    let width = two.len() + 1;
    let mut lengths = vec![0_u32; (one.len() + 1) * width];
    let get = |lengths: &[u32], at: usize, other: usize| lengths.get(at * width + other).copied().unwrap_or_default();
    for at in (0..one.len()).rev() {
        for other in (0..two.len()).rev() {
            let best = if same(at, other) {
                get(&lengths, at + 1, other + 1) + 1
            } else {
                get(&lengths, at + 1, other).max(get(&lengths, at, other + 1))
            };
            if let Some(length) = lengths.get_mut(at * width + other) {
                *length = best;
            }
        }
    }
    let (mut missing, mut more, mut at, mut other) = (Vec::new(), Vec::new(), 0, 0);
    while at < one.len() || other < two.len() {
        if at < one.len() && other < two.len() && same(at, other) {
            at += 1;
            other += 1;
        } else if other >= two.len() || at < one.len() && get(&lengths, at + 1, other) >= get(&lengths, at, other + 1) {
            missing.extend(one.get(at));
            at += 1;
        } else {
            more.extend(two.get(other));
            other += 1;
        }
    }
    (missing, more)
}
