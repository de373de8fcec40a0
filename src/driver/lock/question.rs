//! What the engine is asked, and what it answers.

use std::collections::{BTreeMap, BTreeSet};

use super::joint::Demand;
use crate::check::locked::{Fact, Facts, Held, Unit, cuda, is_wheel, manylinux, of_requirement, own_channel, short, specifiers, unlisted};
use crate::ir::{Lockable, Package, PackageSource, Pin, Platform, Program, Section};

/// An engine that resolves packages of one ecosystem.
pub trait Resolver: Sync {
    /// Which one.
    fn lockable(&self) -> Lockable {
        Lockable::Pypi
    }

    /// Its name and version, as the lock says them: `uv 0.13.9`.
    fn name(&self) -> String;
    /// Answers a question.
    fn solve(&self, question: &Question) -> Answer;
}

/// One resolution.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// What is asked.
    pub lockable: Lockable,
    /// The interpreter: `3.11`, `3.11.9`; empty where nothing says it.
    pub python: String,
    /// The platform; `None` never leaves this module.
    pub platform: Option<Platform>,
    /// The minor version of glibc 2.
    pub glibc: u32,
    /// The channels of conda, the first one first.
    pub channels: Vec<String>,
    /// The driver that conda takes to be there: `12.4`.
    pub cuda: Option<String>,
    /// No file that was uploaded after this day.
    pub cut_off: String,
    /// Whether code of packages may run.
    pub build: bool,
    /// Whether nothing is wanted of what the packages require.
    pub alone: bool,
    /// Whether what source distributions say without a promise counts.
    pub said: bool,
    /// What is asked for.
    pub roots: Vec<Root>,
    /// Bounds of what may come besides: name and specifiers, `==2.1.4`.
    pub constraints: Vec<(String, String)>,
    /// Packages that are there although no index need have them: name, version (of conda's with the build, `1.2=py_0`, where it is known),
    /// what they require as far as that is known.
    pub known: Vec<(String, String, Vec<String>)>,
    /// What packages require in place of what they say; of any version where none is given.
    pub metadata: Vec<(String, Option<String>, Vec<String>)>,
    /// Packages to leave out wherever they are required.
    pub without: Vec<String>,
    /// Versions to be kept where they still fit: name and version, of conda's with the build.
    pub kept: Vec<(String, String)>,
}

/// A package that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Root {
    /// The normalised name.
    pub name: String,
    /// Its extras.
    pub extras: Vec<String>,
    /// Its specifiers: `>=2,<3`; empty for any version.
    pub spec: String,
    /// The address of its index, where its list names one in place of the default one; of conda's the channel that it must be from.
    pub index: Option<String>,
    /// The addresses of the indexes that are asked besides the default one, for it and for what it requires; of conda's the channels that
    /// its list names.
    pub besides: Vec<String>,
    /// The address of the wheel, where it is one.
    pub url: Option<String>,
}

/// What the engine answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The packages, by normalised name.
    Solved(BTreeMap<String, Pin>),
    /// No versions fit together; in the engine's own words.
    Nothing(String),
    /// Of these packages there is nothing but source distributions, which may not be built.
    SourceOnly(Vec<String>, String),
    /// The engine could not find out.
    Failed(String),
}

impl Answer {
    /// The package that no index has, where that is why there is no answer, as uv says it.
    #[must_use]
    pub(super) fn missing(&self) -> Option<&str> {
        let Self::Nothing(words) = self else { return None };
        let (before, _) = words.split_once(" was not found in the package registry")?;
        before.split_whitespace().next_back().map(|name| name.trim_matches('`'))
    }
}

impl Root {
    /// From the indexes that an entry names.
    pub(super) fn with_indexes(self, entry: &Package) -> Self {
        // The channel of a file is for all its lines.
        let is_of_list = |index: &String| entry.besides.contains(index) || (entry.ecosystem == "conda" && entry.listed.is_some());
        let index = entry.index.clone().filter(|index| !is_of_list(index));
        Self { index, besides: entry.besides.clone(), ..self }
    }
}

impl Question {
    /// Of some entries of a unit's stack, on what is below.
    pub(super) fn new(program: &Program, unit: &Unit<'_>, entries: &[&Package], below: &Facts) -> Self {
        let base = &program[program.base_of(unit.cell)];
        let mut question = Self {
            lockable: unit.lockable,
            cuda: cuda(program, unit.cell).filter(|_| unit.lockable == Lockable::Conda),
            python: unit.python.clone().unwrap_or_default(),
            platform: Some(unit.platform),
            glibc: manylinux(base),
            ..Self::default()
        };
        for entry in entries {
            question.add(entry);
        }
        question.facts(program, unit, below);
        question.constraints.extend(unit.bounds.iter().map(|bound| (bound.normal.clone(), spec(bound, unit.lockable))));
        if unit.lockable == Lockable::Conda {
            question.hold_python(program[unit.cell].axis("python"), below);
            question.channels = channels(entries, own_channel(base));
        }
        question
    }

    /// For the files of exactly what is locked, whatever the day; what sources require is said, so that nothing is built.
    #[must_use]
    pub fn pinned(program: &Program, unit: &Unit<'_>, section: &Section) -> Self {
        let mut question = Self {
            python: unit.python.clone().unwrap_or_default(),
            platform: Some(unit.platform),
            glibc: manylinux(&program[program.base_of(unit.cell)]),
            alone: true,
            ..Self::default()
        };
        for entry in &unit.roots {
            question.add(entry);
        }
        let entries = std::mem::take(&mut question.roots);
        question.metadata.clear();
        for (name, pin) in &section.pins {
            let entry = entries.iter().find(|root| root.name == *name).cloned();
            // The indexes besides the default one are for all.
            let besides = entries.iter().flat_map(|root| &root.besides).cloned().collect();
            let (index, url) = entry.map(|root| (root.index, root.url)).unwrap_or_default();
            let spec = if url.is_some() { String::new() } else { format!("=={}", pin.version) };
            question.roots.push(Root { name: name.clone(), spec, index, besides, url, ..Root::default() });
            if !pin.file.is_empty() && !is_wheel(&pin.file) {
                question.metadata.push((name.clone(), Some(pin.version.clone()), pin.requires.clone()));
            }
        }
        question
    }

    /// Holds conda to the interpreter that an axis says, where neither an entry nor what is below does.
    fn hold_python(&mut self, axis: Option<&str>, below: &Facts) {
        const NAME: &str = "python";
        let is_said = below.get(NAME).is_some() || self.roots.iter().any(|root| root.name == NAME && !root.spec.is_empty());
        if let Some(python) = axis.filter(|_| !is_said) {
            self.constraints.push((NAME.to_owned(), format!("={python}.*")));
        }
    }

    fn add(&mut self, entry: &Package) {
        if unlisted(entry).is_some() {
            self.without.push(entry.normal.clone());
            return;
        }
        let url = if let PackageSource::Url { url, .. } = &entry.source { Some(url.clone()) } else { None };
        let spec = if url.is_some() { String::new() } else { spec(entry, self.lockable) };
        let root = Root { name: entry.normal.clone(), extras: entry.extras.clone(), spec, url, ..Root::default() }.with_indexes(entry);
        if entry.no_deps {
            self.metadata.push((root.name.clone(), None, Vec::new()));
        }
        if !self.roots.contains(&root) {
            self.roots.push(root);
        }
    }

    /// What is below: exact versions, unless an entry moves them. What a package below requires of one that is
    /// moved is checked afterwards.
    fn facts(&mut self, program: &Program, unit: &Unit<'_>, below: &Facts) {
        let all = below.all();
        let mut moved: Vec<&str> = all.keys().copied().filter(|name| unit.moves(below, name)).collect();
        moved.extend(brought(program, unit, &all, &moved));
        let lockable = self.lockable;
        for (name, fact) in all {
            if moved.contains(&name) {
                continue;
            }
            let Some(version) = &fact.version else {
                if !fact.bounds.is_any() {
                    self.constraints.push((name.to_owned(), specifiers(&fact.bounds, lockable)));
                }
                continue;
            };
            self.constraints.push((name.to_owned(), format!("=={version}")));
            let requires = || fact.requires.iter().flatten().filter(|text| !names_one(text, &moved, lockable)).cloned().collect::<Vec<_>>();
            if lockable == Lockable::Conda {
                let release = if fact.build.is_empty() { version.clone() } else { format!("{version}={}", fact.build) };
                self.known.push((name.to_owned(), release, requires()));
            } else if !matches!(fact.held, Held::Locked(_)) || fact.index.is_some() || self.without.iter().any(|one| one == name) {
                self.known.push((name.to_owned(), version.clone(), requires()));
            } else if fact.requires.iter().flatten().any(|text| names_one(text, &moved, lockable)) {
                self.metadata.push((name.to_owned(), Some(version.clone()), requires()));
            }
        }
    }

    /// Adds what children need.
    pub(super) fn demand(&mut self, demands: &[Demand]) {
        for (name, spec) in demands.iter().flat_map(Demand::constraints) {
            if !self.constraints.contains(&(name.clone(), spec.clone())) {
                self.constraints.push((name, spec));
            }
        }
    }

    /// The indexes that are asked besides the default one.
    #[must_use]
    pub fn besides(&self) -> BTreeSet<&str> {
        self.roots.iter().flat_map(|root| &root.besides).map(String::as_str).collect()
    }

    /// The index of a package, as the lock names it.
    pub(super) fn index_of(&self, name: &str) -> Option<String> {
        self.roots.iter().find(|root| root.name == name)?.index.as_deref().map(|url| short(url).to_owned())
    }
}

/// The channels of some lists, in their order, and the image's own at the end.
fn channels(entries: &[&Package], own: &str) -> Vec<String> {
    let of_lists = entries.iter().flat_map(|entry| &entry.besides);
    let of_entries = entries.iter().filter_map(|entry| entry.index.as_ref());
    let mut all: Vec<String> = Vec::new();
    for channel in of_lists.chain(of_entries).map(String::as_str).chain([own]) {
        if !all.iter().any(|known| known == channel) {
            all.push(channel.to_owned());
        }
    }
    all
}

/// Packages below that are there for nothing but packages that are moved: they may move with them.
fn brought<'f>(program: &Program, unit: &Unit<'_>, all: &BTreeMap<&'f str, &'f Fact>, moved: &[&str]) -> Vec<&'f str> {
    if moved.is_empty() {
        return Vec::new();
    }
    let lower = program.stack(unit.cell).into_iter().filter(|cell| *cell != unit.cell);
    let mut next: Vec<String> =
        lower.flat_map(|cell| Unit::of(program, cell, unit.platform, unit.lockable).roots).map(|root| root.normal.clone()).collect();
    let mut needed: BTreeSet<String> = moved.iter().map(|name| (*name).to_owned()).collect();
    while let Some(name) = next.pop() {
        let Some(fact) = all.get(name.as_str()).filter(|_| needed.insert(name)) else { continue };
        next.extend(fact.requires.iter().flatten().filter_map(|text| of_requirement(text, unit.lockable)).map(|required| required.name));
    }
    let is_free = |(name, fact): &(&&'f str, &&Fact)| matches!(fact.held, Held::Locked(_)) && !needed.contains(**name);
    all.iter().filter(is_free).map(|(name, _)| *name).collect()
}

fn names_one(requirement: &str, names: &[&str], lockable: Lockable) -> bool {
    !names.is_empty() && of_requirement(requirement, lockable).is_some_and(|required| names.contains(&required.name.as_str()))
}

/// The versions that an entry allows, as specifiers.
fn spec(entry: &Package, lockable: Lockable) -> String {
    match entry.constraint.alternatives.as_slice() {
        [] => String::new(),
        // PEP 440 has no alternatives.
        [_, _, ..] if lockable == Lockable::Pypi => String::new(),
        _ => specifiers(&entry.constraint, lockable),
    }
}
