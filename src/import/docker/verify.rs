//! The proof: what the program compiles to is read as the originals were, and both are held against each other step by step.

use std::collections::BTreeMap;

use super::given::STATEMENT;
use super::images::{Image, Parent};
use super::originals;
use super::state::{BINDER, repository};
use super::steps::{Act, Step};
use crate::base::{Files, MemoryFiles, Overlay, Place, parent_of};
use crate::driver::{Policy, check_with};
use crate::emit::Artifact;
use crate::import::{Compared, Request, Verdict, Work, found::Found};

/// A step of a whole image: what it does, and of an original where and whether something is said of it.
struct Key {
    text: String,
    place: Place,
    said: bool,
}

/// What an image is, from its base on.
struct Whole {
    base: String,
    keys: Vec<Key>,
    user: String,
    settings: BTreeMap<(&'static str, String), String>,
}

/// Compares the Dockerfiles of a program with the originals.
pub(in crate::import) fn compare(work: &mut Work<'_>, artifacts: &[Artifact], program: &dyn Files) -> Vec<Compared> {
    let (mut images, _) = originals(work);
    images.iter_mut().for_each(expand);
    let mut memory = MemoryFiles::default();
    for artifact in artifacts {
        memory.insert(artifact.path.clone(), artifact.text.as_bytes(), artifact.executable);
    }
    let files = Overlay { above: &memory, below: program };
    let standard = |path: &str| parent_of(path).rsplit('/').next() == Some(BINDER);
    let paths = artifacts.iter().map(|artifact| artifact.path.clone()).filter(|path| path.ends_with("Dockerfile") && !standard(path));
    let paths: Vec<String> = paths.collect();
    let mut compiled = Work::new(Request { files: &files, paths: &paths, name: "compiled", beside: false });
    compiled.found = Found { dockerfiles: paths.clone(), ..Found::default() };
    let (mut emitted, _) = originals(&mut compiled);
    images.iter_mut().chain(&mut emitted).flat_map(|image| &mut image.steps).for_each(strip);
    let find = |name: &str| emitted.iter().position(|image| image.name == name);
    let mut rows = Vec::new();
    let mut equal = Vec::new();
    for (at, image) in images.iter().enumerate() {
        let Some(other) = find(&image.name) else {
            if !image.internal {
                let said = "no image of the program has this name".to_owned();
                rows.push(Compared { verdict: Verdict::Differs, about: image.name.clone(), said });
            }
            continue;
        };
        let before = rows.len();
        rows.extend(differences(work, &image.name, &whole(&images, at), &whole(&emitted, other)));
        if rows.len() == before {
            equal.push(image.name.clone());
        }
    }
    if !equal.is_empty() {
        let said = "every step, the user, the environment, the order".to_owned();
        rows.insert(0, Compared { verdict: Verdict::Equal, about: equal.join(", "), said });
    }
    rows
}

/// A base as both sides name it: of one of the standard library only the cell.
fn named(reference: &str) -> String {
    let repository = repository(reference);
    if repository.rsplit('/').next() != Some(BINDER) {
        return reference.to_owned();
    }
    let tag = reference.strip_prefix(repository).unwrap_or_default();
    format!("{BINDER}{}", tag.split('-').next().unwrap_or_default())
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
    let mut work = Work::new(Request { files: &files, paths: &paths, name: "standard", beside: false });
    work.found = Found { dockerfiles: paths.to_vec(), ..Found::default() };
    originals(&mut work).0.into_iter().flat_map(|image| image.steps).collect()
}

/// Files beside the program are those of the originals.
fn strip(step: &mut Step) {
    let bare = |path: &mut String| {
        if path == "files" {
            path.clear();
        } else if let Some(rest) = path.strip_prefix("files/") {
            *path = rest.to_owned();
        }
    };
    match &mut step.act {
        Act::Copy(copied) if copied.from.is_none() => copied.paths.iter_mut().for_each(bare),
        Act::Run(script) => script.mounts.iter_mut().for_each(|(source, _)| bare(source)),
        _ => {}
    }
}

fn whole(images: &[Image], at: usize) -> Whole {
    let mut chain = vec![at];
    let mut base = String::new();
    while let Some(image) = chain.last().and_then(|last| images.get(*last)) {
        match &image.parent {
            Parent::Image(parent) if !chain.contains(parent) => chain.push(*parent),
            Parent::Image(_) => break,
            Parent::Base(reference) => {
                base = named(reference);
                break;
            }
        }
    }
    let user = images.get(at).map(|image| image.after.user.clone()).unwrap_or_default();
    let mut all = Whole { base, keys: Vec::new(), user, settings: BTreeMap::new() };
    for step in chain.iter().rev().filter_map(|at| images.get(*at)).flat_map(|image| &image.steps) {
        if let Act::Setting(word, key, statement) = &step.act {
            if *word == "entrypoint" {
                all.settings.remove(&("cmd", String::new()));
            }
            if !matches!(*word, "title" | "description" | "authors" | "shell" | STATEMENT) {
                all.settings.insert((word, key.clone()), statement.clone());
            }
        }
        let said = !step.notes.is_empty();
        all.keys.extend(step.keys().into_iter().map(|text| Key { text, place: step.place, said }));
    }
    all
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
    for key in one.settings.keys().chain(two.settings.keys().filter(|key| !one.settings.contains_key(*key))) {
        let (before, now) = (one.settings.get(key), two.settings.get(key));
        if before != now {
            let shown = |text: Option<&String>| text.map_or_else(|| "nothing".to_owned(), |text| format!("`{text}`"));
            row(Verdict::Differs, format!("now {}, before {}", shown(now), shown(before)));
        }
    }
    let (missing, more) = unmatched(&one.keys, &two.keys);
    let remarked = |key: &Key| key.said || work.ledger.remarks.iter().any(|remark| remark.place == key.place);
    for key in missing {
        let verdict = if remarked(key) { Verdict::Remarked } else { Verdict::Differs };
        row(verdict, format!("{}: not there now: {}", work.sources.locate(key.place), short(&key.text)));
    }
    let excused = one.keys.iter().any(|key| key.said);
    for key in more.into_iter().filter(|key| !is_own(&key.text)) {
        let verdict = if excused && key.text.contains(": chown -R ") { Verdict::Remarked } else { Verdict::Differs };
        row(verdict, format!("new: {}", short(&key.text)));
    }
    rows
}

/// Folders that the compiler makes before files go into them.
fn is_own(key: &str) -> bool {
    key.split_once(": ").is_some_and(|(_, command)| command.starts_with("mkdir -p ") || command.starts_with("install --directory "))
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
