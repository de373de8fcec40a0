//! A Dockerfile in stages, what it is called, and with which arguments it is built.

use std::collections::{BTreeMap, BTreeSet};

use super::builds::Build;
use super::read::Instruction;
use super::words::{expand, split};
use crate::base::{FileId, parent_of};
use crate::import::name;
use crate::import::text::free;

/// How many sets of arguments of one file are looked at.
const MOST: usize = 64;

/// A Dockerfile that was read.
pub(super) struct File {
    pub(super) path: String,
    pub(super) id: FileId,
    pub(super) name: String,
    /// Arguments of the lines before the first `FROM`, with their defaults.
    pub(super) globals: BTreeMap<String, Option<String>>,
    pub(super) stages: Vec<Vec<Instruction>>,
    /// The ways in which it is built; at least one.
    pub(super) instances: Vec<Instance>,
    /// Stages that are images of their own, beside the last one.
    pub(super) targets: BTreeSet<String>,
}

/// One set of build arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Instance {
    /// The arguments that are given.
    pub(super) args: BTreeMap<String, String>,
    /// Those of them that others are built with other values of.
    pub(super) own: Vec<(String, String)>,
    /// What it adds to the name.
    pub(super) suffix: String,
}

impl File {
    pub(super) fn new(path: &str, id: FileId, all: Vec<Instruction>, known: &[Self], paths: &[String], around: (&str, &[Build])) -> Self {
        let (project, builds) = around;
        let mut globals: BTreeMap<String, Option<String>> = BTreeMap::new();
        let defaults = defaults(&all);
        let mut stages: Vec<Vec<Instruction>> = Vec::new();
        for one in all {
            if one.word == "ARG" && stages.is_empty() {
                for word in split(&one.text) {
                    let (name, value) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
                    let value = value.map(|value| expand(value, &|name| globals.get(name).cloned().flatten()).0);
                    globals.insert(name.to_owned(), value);
                }
            }
            match (one.word.as_str(), stages.last_mut()) {
                ("FROM", _) => stages.push(vec![one]),
                (_, Some(stage)) => stage.push(one),
                (_, None) => {}
            }
        }
        let mine: Vec<&Build> = builds.iter().filter(|build| build.dockerfile == path).collect();
        let targets = mine.iter().filter_map(|build| build.target.clone()).collect();
        let name = free(&file_name(path, paths, project), |name| known.iter().any(|file| file.name == name));
        Self { path: path.to_owned(), id, name, globals, stages, instances: instances(&mine, &defaults), targets }
    }

    /// The arguments of the lines before the first `FROM`, as an instance has them.
    pub(super) fn globals(&self, instance: usize) -> BTreeMap<String, Option<String>> {
        let given = self.instances.get(instance).map(|instance| &instance.args);
        let value = |name: &String, value: &Option<String>| given.and_then(|given| given.get(name).cloned()).or_else(|| value.clone());
        // A default may name an argument that is given.
        let mut all: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (name, default) in &self.globals {
            all.insert(name.clone(), value(name, default));
        }
        all
    }

    /// The instance that a build is.
    pub(super) fn instance(&self, build: &Build) -> usize {
        let same = |instance: &Instance| instance.own.iter().all(|(name, value)| build.args.get(name).is_none_or(|given| given == value));
        self.instances.iter().position(same).unwrap_or(0)
    }

    /// The stage that a build is of.
    pub(super) fn stage(&self, target: Option<&str>) -> usize {
        let named = |stage: &Vec<Instruction>| {
            target.is_some_and(|target| stage.first().and_then(stage_name).is_some_and(|name| name.eq_ignore_ascii_case(target)))
        };
        self.stages.iter().position(named).unwrap_or(self.stages.len().saturating_sub(1))
    }
}

/// The arguments of a file with their defaults.
fn defaults(all: &[Instruction]) -> BTreeMap<String, Option<String>> {
    let mut known: BTreeMap<String, Option<String>> = BTreeMap::new();
    for word in all.iter().filter(|one| one.word == "ARG").flat_map(|one| split(&one.text)) {
        let (name, value) = word.split_once('=').map_or((word.as_str(), None), |(name, value)| (name, Some(value)));
        let value = value.map(|value| expand(value, &|name| known.get(name).cloned().flatten()).0);
        known.entry(name.to_owned()).or_insert(value);
    }
    known
}

/// Gives the builds of a file the defaults of the arguments that others of them give.
pub(super) fn complete(path: &str, all: &[Instruction], builds: &mut [Build]) {
    let known = defaults(all);
    let mine = || builds.iter().filter(|build| build.dockerfile == path);
    let given: BTreeSet<String> = mine().flat_map(|build| build.args.keys()).filter(|name| known.contains_key(*name)).cloned().collect();
    for build in builds.iter_mut().filter(|build| build.dockerfile == path) {
        for name in &given {
            if let (false, Some(Some(value))) = (build.args.contains_key(name), known.get(name)) {
                build.args.insert(name.clone(), value.clone());
            }
        }
    }
}

/// The sets of arguments that a file is built with.
fn instances(builds: &[&Build], defaults: &BTreeMap<String, Option<String>>) -> Vec<Instance> {
    let given = |build: &Build| -> BTreeMap<String, String> {
        build.args.iter().filter(|(name, _)| defaults.contains_key(*name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    let mut sets: Vec<BTreeMap<String, String>> = Vec::new();
    for build in builds {
        let set = given(build);
        if !sets.contains(&set) && sets.len() < MOST {
            sets.push(set);
        }
    }
    if sets.is_empty() {
        sets.push(BTreeMap::new());
    }
    let names: BTreeSet<String> = sets.iter().flat_map(BTreeMap::keys).cloned().collect();
    let value = |set: &BTreeMap<String, String>, name: &String| {
        set.get(name).cloned().or_else(|| defaults.get(name).cloned().flatten()).unwrap_or_default()
    };
    let differs = |name: &&String| sets.iter().any(|set| sets.first().is_some_and(|first| value(first, name) != value(set, name)));
    let own: Vec<&String> = names.iter().filter(differs).collect();
    let mut all: Vec<Instance> = Vec::new();
    for set in &sets {
        let own: Vec<(String, String)> = own.iter().map(|name| ((*name).clone(), value(set, name))).collect();
        if all.iter().any(|known| known.own == own) {
            continue;
        }
        let words: Vec<String> = own.iter().map(|(_, value)| value.rsplit('/').next().unwrap_or(value).to_owned()).collect();
        all.push(Instance { args: set.clone(), own, suffix: words.join("-") });
    }
    if let [one] = all.as_mut_slice() {
        one.own.clear();
        one.suffix.clear();
    }
    all
}

/// `FROM x AS name`
pub(super) fn stage_name(from: &Instruction) -> Option<String> {
    let mut words = from.flags().1.split_whitespace().skip(1);
    words.next().filter(|word| word.eq_ignore_ascii_case("as"))?;
    words.next().map(str::to_owned)
}

/// What the image of a file is called: its folder, with what distinguishes the file from others there, and with folders above where
/// another file would be called the same.
fn file_name(path: &str, paths: &[String], project: &str) -> String {
    let depth = path.matches('/').count() + 1;
    let alone = |mine: &String, level: usize| {
        paths.iter().filter(|other| *other != path).all(|other| of_level(other, paths, project, level) != *mine)
    };
    (0..=depth)
        .map(|level| (of_level(path, paths, project, level), level))
        .find(|(mine, level)| alone(mine, *level))
        .map_or_else(|| of_level(path, paths, project, 0), |(mine, _)| mine)
}

/// The folders of a file that say something, the nearest first: as many, but one at least.
fn above(path: &str, level: usize) -> Vec<&str> {
    const GENERAL: [&str; 8] = ["", "docker", "dockerfiles", ".devcontainer", ".docker", "images", ".binder", "binder"];
    parent_of(path).rsplit('/').filter(|part| !GENERAL.contains(part)).take(level.max(1)).collect()
}

/// The same with as many folders; with none where the file says enough.
fn of_level(path: &str, paths: &[String], project: &str, level: usize) -> String {
    let folder = parent_of(path);
    let base = path.rsplit('/').next().unwrap_or(path);
    let mine = base.strip_suffix(".Dockerfile").or_else(|| base.strip_suffix(".dockerfile"));
    let mine = mine.or_else(|| base.get("Dockerfile".len()..).filter(|rest| rest.starts_with(['.', '-']))).unwrap_or_default();
    let mine = mine.trim_matches(['.', '-']);
    let mut folders = above(path, level);
    // Below folders that are called like versions, what is in them names them.
    let is_number = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit());
    let versions = |other: &String| above(other, level).first() == folders.first() && above(other, level).iter().any(is_number);
    if !paths.iter().any(versions) {
        folders.reverse();
    }
    folders.sort_by_key(is_number);
    let alone = || paths.iter().filter(|other| parent_of(other) == folder).count() < 2;
    let words = match (folders.as_slice(), mine) {
        ([], "") => project.to_owned(),
        ([], mine) => mine.to_owned(),
        (folders, "") => folders.join("-"),
        (_, mine) if level == 0 && alone() => mine.to_owned(),
        ([folder], mine) if mine.starts_with(folder) => mine.to_owned(),
        (folders, mine) => format!("{}-{mine}", folders.join("-")),
    };
    name(words.trim_matches(['.', '-']), "image")
}
