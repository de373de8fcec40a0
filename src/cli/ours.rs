//! Which files on the disk this program has written: by the mark in their first lines, which names the program. Those that are no
//! artifact any longer are found here.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::find::all_programs_in;
use crate::base::{Sources, mark, parent_of};
use crate::emit::Artifact;

/// How much of a file is looked at for the mark, in bytes.
pub(super) const HEAD: u64 = 1024;

/// How the names of files begin that are not in their places yet.
pub(super) const UNFINISHED: &str = ".jenvc-";

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    /// The folder of the program, canonical.
    pub(super) root: &'a Path,
    /// The file in it that the program begins in.
    pub(super) main: &'a str,
    /// How many folders the program is below the top of its repository, where artifacts go there: each is a `..` in their paths.
    pub(super) above: usize,
    /// What was read: never overwritten.
    pub(super) sources: &'a Sources,
    /// A folder that holds nothing but what we write, and is searched with all folders in it.
    pub(super) own_folder: Option<&'a str>,
    /// Whether files that we did not write may go.
    pub(super) force: bool,
}

impl Question<'_> {
    /// Whether a file is a part of the program.
    pub(super) fn reads(&self, file: &Path) -> bool {
        self.sources.iter().any(|(_, source)| !source.standard && self.root.join(&source.name) == file)
    }
}

/// The file that a marked file was made from: the mark is a path from the folder of its program, or from the top of its repository,
/// and both are above the file. `None` where it is not there any longer.
pub(super) fn owner(question: &Question<'_>, path: &str, origin: &str) -> Option<PathBuf> {
    let up = path.split('/').take_while(|part| *part == "..").count();
    let base = question.root.ancestors().nth(up)?;
    let file = base.join(path.trim_start_matches("../"));
    file.ancestors().skip(1).map(|folder| folder.join(origin)).find(|program| program.is_file())
}

/// Folders that are searched for leftovers even where no artifact is in them now: the places that outputs have by default.
const USUAL_FOLDERS: [&str; 4] = ["", ".github/workflows", "deploy", "docs"];
/// The same of Dockerfiles, which is searched with all folders in it.
const FOLDER_OF_IMAGES: &str = "images";
/// How far below the program a Dockerfile is looked for whose `dir` has another name now.
const FORMER_DEPTH: usize = 4;
/// Folders that hold no part of a program, and many files.
pub(super) const PASSED_BY: [&str; 3] = [".git", "target", "node_modules"];

/// How a folder is searched.
#[derive(Clone, Copy)]
enum Search {
    /// It is no place of an output: only for Dockerfiles and their scripts, down to a depth.
    Former(usize),
    /// Only itself.
    Flat,
    /// With all folders in it.
    Deep,
}

/// Files that we wrote and that are no artifact any longer: beside the artifacts, in the usual folders, everywhere in our own
/// folder, and where a folder of Dockerfiles may have been.
pub(super) fn leftovers(question: &Question<'_>, artifacts: &[Artifact]) -> Vec<String> {
    let wanted: BTreeSet<&str> = artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    let usual: BTreeSet<&str> = USUAL_FOLDERS.into_iter().chain(wanted.iter().map(|path| parent_of(path))).collect();
    // The last one is searched first: what is below a folder that is searched with all in it needs no other search.
    let mut waiting: Vec<(String, Search)> = usual.iter().map(|folder| ((*folder).to_owned(), Search::Flat)).collect();
    waiting.push((String::new(), Search::Former(FORMER_DEPTH)));
    waiting.extend([FOLDER_OF_IMAGES].into_iter().chain(question.own_folder).map(|folder| (folder.to_owned(), Search::Deep)));
    let (mut seen, mut found) = (BTreeSet::new(), BTreeSet::new());
    while let Some((folder, search)) = waiting.pop() {
        if seen.contains(&folder) {
            continue;
        }
        let former = matches!(search, Search::Former(_)) && !usual.contains(folder.as_str());
        for entry in fs::read_dir(join(question.root, &folder)).into_iter().flatten().flatten() {
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if kind.is_dir() {
                match search {
                    Search::Deep => waiting.push((path, Search::Deep)),
                    Search::Former(depth) if depth > 0 && !name.starts_with('.') && !PASSED_BY.contains(&name.as_str()) => {
                        waiting.push((path, Search::Former(depth - 1)));
                    }
                    _ => {}
                }
            } else if kind.is_file() && !wanted.contains(path.as_str()) && is_leftover(question, &path, &name, !former) {
                found.insert(path);
            }
        }
        seen.insert(folder);
    }
    found.into_iter().collect()
}

/// Whether a file that is no artifact is to go: of a build that was killed, or with our mark and of this program, or of one that is
/// not there any longer. `usual`: whether its folder is a place of outputs.
fn is_leftover(question: &Question<'_>, path: &str, name: &str, usual: bool) -> bool {
    if usual && name.starts_with(UNFINISHED) {
        // Who is writing it holds a lock on it.
        return File::open(question.root.join(path)).is_ok_and(|file| file.try_lock().is_ok());
    }
    let of_image = ["Dockerfile", "dockerignore"].contains(&name.rsplit('.').next().unwrap_or_default());
    if !usual && !of_image && !["ci.sh", "test.sh", "tags.sh"].contains(&name) {
        return false;
    }
    let mut head = Vec::new();
    let read = File::open(question.root.join(path)).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let Some(origin) = read.ok().and_then(|_| mark(&head)) else { return false };
    let Some(source) = owner(question, path, &origin) else { return usual };
    // An image of a file that several programs import may be another one's artifact.
    let alone = || all_programs_in(question.root).iter().all(|program| program == question.main);
    source == question.root.join(question.main) || (question.reads(&source) && alone())
}

fn join(root: &Path, path: &str) -> PathBuf {
    if path.is_empty() { root.to_owned() } else { root.join(path) }
}
