//! What stands on the disk in the place of the artifacts: nothing, the same, something old of ours, or something in the way.
//!
//! Only reads. What `build` writes, what `build --check` shows and what `check` reports is decided here, once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::disk::{executable, words};
use crate::base::{Sources, parent_of};
use crate::diagnostics::{Diagnostic, known};
use crate::emit::{Artifact, MARK};

/// How much of a file is looked at for the mark, in bytes and in lines.
const HEAD: (u64, usize) = (1024, 5);

/// How the names of files begin that are not in their places yet.
pub(super) const UNFINISHED: &str = ".jenvc-";

/// What is to be done about one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// It is as it should be.
    Kept,
    /// It is not there.
    New,
    /// It holds something else, or its mode is another.
    Changed,
    /// We wrote it, and the program does not produce it any longer.
    Gone,
}

impl Status {
    /// The word in front of a file name.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::New => "new",
            Self::Changed => "changed",
            Self::Gone => "removed",
        }
    }
}

/// One file.
#[derive(Debug)]
pub(super) struct Target<'a> {
    pub(super) path: String,
    pub(super) status: Status,
    /// What it should be; `None` where it should not be.
    pub(super) artifact: Option<&'a Artifact>,
}

/// All files, by path, and everything that stands in the way.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    pub(super) targets: Vec<Target<'a>>,
    pub(super) refusals: Vec<Diagnostic>,
}

impl Plan<'_> {
    /// How many files have a status.
    pub(super) fn count(&self, status: Status) -> usize {
        self.targets.iter().filter(|target| target.status == status).count()
    }

    /// The files that are not as they should be.
    pub(super) fn stale(&self) -> impl Iterator<Item = &Target<'_>> {
        self.targets.iter().filter(|target| target.status != Status::Kept)
    }
}

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    /// The folder of the program, canonical.
    pub(super) root: &'a Path,
    /// What was read: never overwritten.
    pub(super) sources: &'a Sources,
    /// A folder that holds nothing but what we write, and is searched with all folders in it.
    pub(super) own_folder: Option<&'a str>,
    /// Whether files that we did not write may go.
    pub(super) force: bool,
}

/// Compares the artifacts with the disk.
pub(super) fn plan<'a>(question: &Question<'_>, artifacts: &'a [Artifact]) -> Plan<'a> {
    let mut plan = Plan::default();
    collisions(artifacts, &mut plan.refusals);
    let own = question.sources.iter().filter(|(_, source)| !source.standard).map(|(_, source)| source.name.as_str());
    let mut folders = Folders { root: question.root, sources: own.collect(), known: BTreeMap::new() };
    for artifact in artifacts {
        match target(question, &mut folders, artifact) {
            Ok(status) => plan.targets.push(Target { path: artifact.path.clone(), status, artifact: Some(artifact) }),
            Err(refusal) if !plan.refusals.contains(&refusal) => plan.refusals.push(*refusal),
            Err(_) => {}
        }
    }
    let gone = leftovers(question, artifacts).into_iter().map(|path| Target { path, status: Status::Gone, artifact: None });
    plan.targets.extend(gone);
    plan.targets.sort_by(|a, b| a.path.cmp(&b.path));
    plan
}

/// Two paths that are one on file systems that do not tell case apart, or a path that is a file and a folder.
fn collisions(artifacts: &[Artifact], refusals: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<String, (&str, bool)> = BTreeMap::new();
    for artifact in artifacts {
        let ends = artifact.path.match_indices('/').map(|(at, _)| (at, false)).chain([(artifact.path.len(), true)]);
        for (end, is_file) in ends {
            let part = artifact.path.get(..end).unwrap_or("");
            let (other, other_is_file) = *seen.entry(part.to_lowercase()).or_insert((part, is_file));
            if other != part || (is_file != other_is_file) {
                let message = format!("`{other}` and `{part}` are one path on many machines");
                let finding = Diagnostic::nowhere(&known::CASE_COLLISION, message)
                    .help("give one of the definitions a name that differs in more than case, or its output another folder");
                if !refusals.contains(&finding) {
                    refusals.push(finding);
                }
            }
        }
    }
}

/// What stands in the place of one artifact.
fn target(question: &Question<'_>, folders: &mut Folders<'_>, artifact: &Artifact) -> Result<Status, Box<Diagnostic>> {
    let path = artifact.path.as_str();
    let refuse = |what: String| Err(Box::new(unwritable(path, &what)));
    if path.split('/').any(|part| matches!(part, "" | "." | ".." | ".git")) {
        return refuse("it is no place for an artifact".to_owned());
    }
    if folders.sources.contains(path) {
        return refuse("the program itself is in this file".to_owned());
    }
    if !folders.ready(parent_of(path))? {
        return Ok(Status::New);
    }
    let full = question.root.join(path);
    let data = match fs::symlink_metadata(&full) {
        Ok(data) => data,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Status::New),
        Err(error) => return refuse(words(&error)),
    };
    if data.is_symlink() {
        return refuse("a symbolic link stands there".to_owned());
    }
    if !data.is_file() {
        return refuse(format!("a {} stands there", if data.is_dir() { "folder" } else { "device or pipe" }));
    }
    compare(&full, &data, artifact, question.force).or_else(|error| match error {
        Some(error) => refuse(words(&error)),
        None => Err(Box::new(foreign(path))),
    })
}

/// Kept or changed; `Err(None)` where the file is not ours.
fn compare(full: &Path, data: &Metadata, artifact: &Artifact, force: bool) -> Result<Status, Option<std::io::Error>> {
    let same_length = data.len() == artifact.text.len() as u64;
    let mut bytes = Vec::with_capacity(if same_length { artifact.text.len() + 1 } else { 1024 });
    let limit = if same_length { artifact.text.len() as u64 + 1 } else { HEAD.0 };
    File::open(full).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(Some)?;
    if same_length && bytes == artifact.text.as_bytes() {
        let mode = !cfg!(unix) || executable(data) == artifact.executable;
        return Ok(if mode { Status::Kept } else { Status::Changed });
    }
    if force || mark(&bytes).is_some() { Ok(Status::Changed) } else { Err(None) }
}

/// The folders above artifacts, each looked at once, and the files that no artifact may replace.
struct Folders<'a> {
    root: &'a Path,
    sources: BTreeSet<&'a str>,
    known: BTreeMap<String, bool>,
}

impl Folders<'_> {
    /// Whether a folder is there; where something else is in its place, or it is not in the project, a finding.
    fn ready(&mut self, folder: &str) -> Result<bool, Box<Diagnostic>> {
        if folder.is_empty() {
            return Ok(true);
        }
        if let Some(known) = self.known.get(folder) {
            return Ok(*known);
        }
        let there = self.ready(parent_of(folder))? && self.look(folder)?;
        self.known.insert(folder.to_owned(), there);
        Ok(there)
    }

    fn look(&self, folder: &str) -> Result<bool, Box<Diagnostic>> {
        let full = self.root.join(folder);
        let refuse = |what: &str| Err(Box::new(unwritable(folder, what)));
        match fs::symlink_metadata(&full) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => refuse(&words(&error)),
            Ok(data) if data.is_dir() => Ok(true),
            Ok(data) if data.is_symlink() => match fs::canonicalize(&full) {
                Ok(real) if real.starts_with(self.root) && real.is_dir() => Ok(true),
                Ok(real) if real.starts_with(self.root) => refuse("a link to a file stands there, and a folder is needed"),
                _ => refuse("it is a symbolic link that leads out of the project"),
            },
            Ok(_) => refuse("a file stands there, and a folder is needed"),
        }
    }
}

/// Files that we wrote and that are no artifact any longer: beside the artifacts, and everywhere in our own folder.
fn leftovers(question: &Question<'_>, artifacts: &[Artifact]) -> Vec<String> {
    let wanted: BTreeSet<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    let beside: BTreeSet<&str> = artifacts.iter().map(|artifact| parent_of(&artifact.path)).collect();
    let mut waiting: Vec<(String, bool)> = question.own_folder.iter().map(|folder| ((*folder).to_owned(), true)).collect();
    waiting.extend(beside.into_iter().map(|folder| (folder.to_owned(), false)));
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some((folder, deep)) = waiting.pop() {
        if seen.contains(&folder) {
            continue;
        }
        let entries = fs::read_dir(join(question.root, &folder)).into_iter().flatten().flatten();
        for entry in entries {
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if kind.is_dir() && deep {
                waiting.push((path, true));
            } else if kind.is_file() && !wanted.contains(path.as_str()) && (unfinished(&path) || ours(question, &entry.path())) {
                found.push(path);
            }
        }
        seen.insert(folder);
    }
    found
}

/// Whether a build was killed before it gave this file its name.
fn unfinished(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with(UNFINISHED))
}

/// Whether this program wrote a file: it has our mark, and what it came from is of this program or not there any longer.
fn ours(question: &Question<'_>, file: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(file).and_then(|file| file.take(HEAD.0).read_to_end(&mut head));
    let Some(origin) = read.ok().and_then(|_| mark(&head)) else { return false };
    question.sources.find(&origin).is_some() || !join(question.root, &origin).exists()
}

/// The file that the mark in the first lines names; `None` where there is no mark.
fn mark(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines().take(HEAD.1).map(|line| line.trim_start_matches(|c: char| !c.is_alphanumeric()));
    let rest = lines.find_map(|line| line.strip_prefix(MARK))?;
    let name = rest.split([' ', ',', ';', '"']).next().unwrap_or("").trim_end_matches('.');
    Some(name.split(':').next().unwrap_or(name).to_owned())
}

fn join(root: &Path, path: &str) -> PathBuf {
    if path.is_empty() { root.to_owned() } else { root.join(path) }
}

fn foreign(path: &str) -> Diagnostic {
    Diagnostic::nowhere(&known::FOREIGN_FILE, format!("`{path}` is in the way: jenvc did not write it"))
        .help("move it away, give the output another path, or overwrite it with `jenvc build --force`")
}

/// The finding of a path that can't be written.
pub(super) fn unwritable(path: &str, what: &str) -> Diagnostic {
    Diagnostic::nowhere(&known::UNWRITABLE_PATH, format!("`{path}` can't be written: {what}"))
        .help("move what is in the way, or give the output another path")
}

/// The finding of artifacts that are not what the program says; `None` where all are.
pub(super) fn stale(plan: &Plan<'_>, command: &str) -> Option<Diagnostic> {
    let stale: Vec<_> = plan.stale().map(|target| format!("`{}`", target.path)).collect();
    let message = match stale.as_slice() {
        [] => return None,
        [one] => format!("{one} is not what the program says"),
        [first, second] => format!("{first} and {second} are not what the program says"),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more files are not what the program says", rest.len()),
    };
    Some(Diagnostic::nowhere(&known::STALE_ARTIFACT, message).help(format!("run `{command}` and commit what it writes")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_found_in_every_kind_of_file() {
        let heads = [
            "# Written by jenvc from layers/a.jenv:43. Change that file.",
            "#!/bin/sh\n# Written by jenvc from layers/a.jenv.\n",
            "{\n  \"//\": \"Written by jenvc from layers/a.jenv, do not edit\",",
            "<!-- Written by jenvc from layers/a.jenv -->",
        ];
        for head in heads {
            assert_eq!(mark(head.as_bytes()).as_deref(), Some("layers/a.jenv"), "{head}");
        }
        assert_eq!(mark(b"# A note: files Written by jenvc from x are fine\n"), None);
        assert_eq!(mark(b"1\n2\n3\n4\n5\n# Written by jenvc from x"), None);
        assert_eq!(mark(b"\xff\xfe"), None);
    }

    #[test]
    fn names_that_are_one_on_other_machines_collide() {
        let artifact = |path: &str| Artifact { path: path.to_owned(), text: String::new(), executable: false };
        let messages = |paths: &[&str]| {
            let (all, mut found) = (paths.iter().copied().map(artifact).collect::<Vec<_>>(), Vec::new());
            collisions(&all, &mut found);
            found.into_iter().map(|finding| finding.message).collect::<Vec<_>>()
        };
        assert_eq!(messages(&["images/ML/Dockerfile", "images/ml/Dockerfile"]).len(), 2);
        assert_eq!(messages(&["a/b", "a"]).len(), 1);
        assert!(messages(&["images/ml/Dockerfile", "images/ml/test.sh", "deploy/x"]).is_empty());
    }
}
