//! What stands on the disk in the place of the artifacts: nothing, the same, something old of ours, or something in the way.
//!
//! Only reads. What `build` writes, what `build --check` shows and what `check` reports is decided here, once.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::disk::executable;
use super::errors::words;
use super::ours::{HEAD, Question, leftovers, owner};
use crate::base::{mark, parent_of};
use crate::diagnostics::{Diagnostic, known};
use crate::emit::Artifact;
use crate::report::count;

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

/// Compares the artifacts with the disk.
pub(super) fn plan<'a>(question: &Question<'_>, artifacts: &'a [Artifact]) -> Plan<'a> {
    let mut plan = Plan::default();
    collisions(artifacts, &mut plan.refusals);
    let own = question.sources.iter().filter(|(_, source)| !source.standard).map(|(_, source)| source.name.as_str());
    let mut folders = Folders { question, sources: own.collect(), known: BTreeMap::new() };
    let mut others: BTreeMap<PathBuf, Vec<&str>> = BTreeMap::new();
    for artifact in artifacts {
        match target(question, &mut folders, artifact) {
            Ok(status) => plan.targets.push(Target { path: artifact.path.clone(), status, artifact: Some(artifact) }),
            Err(Refusal::Owner(other)) => others.entry(other).or_default().push(&artifact.path),
            Err(Refusal::Finding(refusal)) if !plan.refusals.contains(&refusal) => plan.refusals.push(*refusal),
            Err(Refusal::Finding(_)) => {}
        }
    }
    plan.refusals.extend(others.iter().map(|(owner, paths)| taken(question.root, owner, paths)));
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

/// Why an artifact can't be put in its place.
enum Refusal {
    /// A finding of its own.
    Finding(Box<Diagnostic>),
    /// Another program, this file, has written what is there.
    Owner(PathBuf),
}

/// What stands in the place of one artifact.
fn target(question: &Question<'_>, folders: &mut Folders<'_>, artifact: &Artifact) -> Result<Status, Refusal> {
    let path = artifact.path.as_str();
    let refuse = |what: String| Err(Refusal::Finding(Box::new(unwritable(path, &what))));
    let inside = path.strip_prefix(&"../".repeat(question.above)).unwrap_or(path);
    if inside.split('/').any(|part| matches!(part, "" | "." | ".." | ".git")) {
        return refuse("it is no place for an artifact".to_owned());
    }
    if folders.sources.contains(path) {
        return refuse("the program itself is in this file".to_owned());
    }
    if !folders.ready(parent_of(path)).map_err(Refusal::Finding)? {
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
    match compare(&full, &data, artifact) {
        Ok(Found::Same(status)) => Ok(status),
        Ok(_) if question.force => Ok(Status::Changed),
        Ok(Found::Unmarked) => Err(Refusal::Finding(Box::new(foreign(path)))),
        Ok(Found::Marked(origin)) => match owner(question, path, &origin) {
            Some(other) if !question.reads(&other) => Err(Refusal::Owner(other)),
            _ => Ok(Status::Changed),
        },
        Err(error) => refuse(words(&error)),
    }
}

/// What a file holds that is in the place of an artifact.
enum Found {
    /// The artifact's bytes.
    Same(Status),
    /// Others, with the mark that names this file.
    Marked(String),
    /// Others, without a mark.
    Unmarked,
}

fn compare(full: &Path, data: &Metadata, artifact: &Artifact) -> std::io::Result<Found> {
    let same_length = data.len() == artifact.text.len() as u64;
    let mut bytes = Vec::with_capacity(if same_length { artifact.text.len() + 1 } else { 1024 });
    let limit = if same_length { artifact.text.len() as u64 + 1 } else { HEAD };
    File::open(full).and_then(|file| file.take(limit).read_to_end(&mut bytes))?;
    if same_length && bytes == artifact.text.as_bytes() {
        let mode = !cfg!(unix) || executable(data) == artifact.executable;
        return Ok(Found::Same(if mode { Status::Kept } else { Status::Changed }));
    }
    Ok(mark(&bytes).map_or(Found::Unmarked, Found::Marked))
}

/// The folders above artifacts, each looked at once, and the files that no artifact may replace.
struct Folders<'a> {
    question: &'a Question<'a>,
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
        let (root, above) = (self.question.root, self.question.above);
        // Where artifacts go to the top of the repository, that is what they must not leave.
        let within = if folder.starts_with("..") { root.ancestors().nth(above).unwrap_or(root) } else { root };
        let full = root.join(folder);
        let refuse = |what: &str| Err(Box::new(unwritable(folder, what)));
        match fs::symlink_metadata(&full) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => refuse(&words(&error)),
            Ok(data) if data.is_dir() => Ok(true),
            Ok(data) if data.is_symlink() => match fs::canonicalize(&full) {
                Ok(real) if real.starts_with(within) && real.is_dir() => Ok(true),
                Ok(real) if real.starts_with(within) => refuse("a link to a file stands there, and a folder is needed"),
                _ => refuse("it is a symbolic link that leads out of the project"),
            },
            Ok(_) => refuse("a file stands there, and a folder is needed"),
        }
    }
}

fn foreign(path: &str) -> Diagnostic {
    Diagnostic::nowhere(&known::FOREIGN_FILE, format!("`{path}` is in the way: jenvc did not write it"))
        .help("move it away, give the output another path, or overwrite it with `jenvc build --force`")
}

/// The finding of files that another program writes.
fn taken(root: &Path, owner: &Path, paths: &[&str]) -> Diagnostic {
    let program = owner.strip_prefix(root).unwrap_or(owner).display();
    let message = match paths {
        [one] => format!("`{one}` is an artifact of another program, `{program}`"),
        [first, rest @ ..] => format!("`{first}` and {} are artifacts of another program, `{program}`", count(rest.len(), "more file")),
        [] => String::new(),
    };
    Diagnostic::nowhere(&known::FOREIGN_FILE, message)
        .help("give the outputs of this program other paths, or overwrite the files with `jenvc build --force`")
}

/// The finding of a path that can't be written.
pub(super) fn unwritable(path: &str, what: &str) -> Diagnostic {
    cannot_write(path, what).help("move what is in the way, or give the output another path")
}

/// The finding of a path that the machine refuses.
pub(super) fn refused(path: &str, what: &str) -> Diagnostic {
    cannot_write(path, what).help("make room for it, or see to it that you may write there, and run the command again")
}

fn cannot_write(path: &str, what: &str) -> Diagnostic {
    Diagnostic::nowhere(&known::UNWRITABLE_PATH, format!("`{path}` can't be written: {what}"))
}

/// The finding of artifacts that are not what the program says; `None` where all are.
pub(super) fn stale(plan: &Plan<'_>, command: &str) -> Option<Diagnostic> {
    let stale: Vec<_> = plan.stale().map(|target| format!("`{}`", target.path)).collect();
    let message = match stale.as_slice() {
        [] => return None,
        [one] => format!("{one} is not what the program says"),
        [first, second] => format!("{first} and {second} are not what the program says"),
        [first, second, rest @ ..] => format!("{first}, {second} and {} are not what the program says", count(rest.len(), "more file")),
    };
    Some(Diagnostic::nowhere(&known::STALE_ARTIFACT, message).help(format!("run `{command}` and commit what it writes")))
}

#[cfg(test)]
mod tests {
    use super::*;

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
