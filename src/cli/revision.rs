//! The files of a program as they are in a revision, through git, without touching the work tree.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;

use super::errors::words;
use super::find;
use crate::base::{Entry, FileError, Files, Kind};

/// The tree of a revision below the folder of a program.
#[derive(Debug)]
pub(super) struct Revision {
    root: PathBuf,
    files: BTreeMap<String, (String, bool)>,
    objects: RefCell<Option<Objects>>,
}

impl Revision {
    /// Reads the tree of a revision.
    ///
    /// # Errors
    /// Says in git's words why the revision can't be had.
    pub(super) fn new(root: &Path, revision: &str) -> Result<Self, String> {
        // In a folder of the repository, git lists that folder.
        let output = Command::new("git")
            .arg("-C")
            .arg(root)
            .args(["ls-tree", "-r", "-z", "--end-of-options", revision])
            .output()
            .map_err(|error| no_git(&error))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().trim_start_matches("fatal: ").to_owned();
            let none = revision == "HEAD" && said.contains("Not a valid object name");
            return Err(if none { "there is no commit yet; commit first, then compare".to_owned() } else { said });
        }
        let tree = output.stdout;
        let mut files = BTreeMap::new();
        for line in String::from_utf8_lossy(&tree).split('\0') {
            let Some((head, path)) = line.split_once('\t') else { continue };
            let mut words = head.split(' ');
            if let (Some(mode), Some("blob"), Some(object)) = (words.next(), words.next(), words.next())
                && mode != "120000"
            {
                files.insert(path.to_owned(), (object.to_owned(), mode == "100755"));
            }
        }
        Ok(Self { root: root.to_owned(), files, objects: RefCell::default() })
    }
}

/// The files of a folder as the last commit has them, through one process of git, which the first question starts.
#[derive(Debug, Default)]
pub(super) struct LastCommit(OnceCell<Option<RefCell<Objects>>>);

impl LastCommit {
    /// A file of `folder`; `None` where there is no repository, no git, or no such file in it.
    pub(super) fn read(&self, folder: &Path, path: &str) -> Option<Arc<[u8]>> {
        let process = || find::repository(folder).and_then(|_| Objects::new(folder).ok()).map(RefCell::new);
        let process = self.0.get_or_init(process).as_ref()?;
        // A line is a question.
        let question = Some(format!("HEAD:./{path}")).filter(|question| !question.contains('\n'))?;
        process.borrow_mut().read(&question).ok().map(Arc::from)
    }
}

fn no_git(error: &io::Error) -> String {
    format!("git can't be run: {error}")
}

/// A process of git that gives one object after the other.
#[derive(Debug)]
struct Objects {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Objects {
    fn new(root: &Path) -> io::Result<Self> {
        let mut command = Command::new("git");
        command.arg("-C").arg(root).args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn()?;
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        let questions = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().ok_or_else(closed)?);
        Ok(Self { process, questions, answers })
    }

    /// The bytes of a file by its hash or `REVISION:./PATH`: `SHA blob LENGTH`, a line end, the bytes, a line end.
    fn read(&mut self, object: &str) -> io::Result<Vec<u8>> {
        let odd = || io::Error::from(io::ErrorKind::InvalidData);
        writeln!(self.questions.as_mut().ok_or_else(odd)?, "{object}")?;
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        // Of what is not there, the answer is one line without a length.
        let (kind, length) = head.trim_end().rsplit_once(' ').ok_or_else(odd)?;
        let length: usize = length.parse().map_err(|_| odd())?;
        let mut bytes = vec![0; length + 1];
        self.answers.read_exact(&mut bytes)?;
        bytes.pop();
        if kind.ends_with(" blob") { Ok(bytes) } else { Err(odd()) }
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // Without questions it ends.
        self.questions = None;
        let _ = self.process.wait();
    }
}

impl Files for Revision {
    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, FileError> {
        let Some((object, _)) = self.files.get(path) else {
            return Err(if self.kind(path).is_ok() { FileError::NotAFile } else { FileError::Missing });
        };
        let mut objects = self.objects.borrow_mut();
        let process = match objects.take() {
            Some(process) => process,
            None => Objects::new(&self.root).map_err(|error| FileError::Io(no_git(&error)))?,
        };
        let bytes = objects.insert(process).read(object).map_err(|error| FileError::Io(words(&error)))?;
        if bytes.len() as u64 > limit { Err(FileError::TooLarge(bytes.len() as u64)) } else { Ok(Arc::from(bytes)) }
    }

    fn kind(&self, path: &str) -> Result<Kind, FileError> {
        if let Some((_, executable)) = self.files.get(path) {
            return Ok(Kind::File { executable: *executable });
        }
        let inside = |name: &String| path.is_empty() || name.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        self.files.keys().any(inside).then_some(Kind::Folder).ok_or(FileError::Missing)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, FileError> {
        let mut names = BTreeMap::new();
        for (name, (_, executable)) in &self.files {
            let rest = if path.is_empty() { Some(name.as_str()) } else { name.strip_prefix(path).and_then(|rest| rest.strip_prefix('/')) };
            let Some(rest) = rest else { continue };
            match rest.split_once('/') {
                Some((folder, _)) => names.insert(folder.to_owned(), Kind::Folder),
                None => names.insert(rest.to_owned(), Kind::File { executable: *executable }),
            };
        }
        if names.is_empty() && !path.is_empty() {
            return Err(FileError::Missing);
        }
        Ok(names.into_iter().map(|(name, kind)| Entry { name, kind }).collect())
    }
}
