//! The files of a program as they are in a revision, through git, without touching the work tree.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use crate::base::{Entry, FileError, Files, Kind};

/// The tree of a revision below the folder of a program.
#[derive(Debug)]
pub(super) struct Revision {
    root: PathBuf,
    files: BTreeMap<String, (String, bool)>,
}

impl Revision {
    /// Reads the tree of a revision.
    ///
    /// # Errors
    /// Says in git's words why the revision can't be had.
    pub(super) fn new(root: &Path, revision: &str) -> Result<Self, String> {
        let tree = git(root, &["ls-tree", "-r", "-z", "--full-tree", &format!("{revision}:{}", prefix(root)?)])?;
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
        Ok(Self { root: root.to_owned(), files })
    }
}

/// The folder of the program within its repository.
fn prefix(root: &Path) -> Result<String, String> {
    let text = git(root, &["rev-parse", "--show-prefix"])?;
    Ok(String::from_utf8_lossy(&text).trim().to_owned())
}

fn git(root: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().map_err(|error| format!("git can't be run: {error}"))?;
    if output.status.success() { Ok(output.stdout) } else { Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()) }
}

impl Files for Revision {
    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, FileError> {
        let Some((object, _)) = self.files.get(path) else {
            return Err(if self.kind(path).is_ok() { FileError::NotAFile } else { FileError::Missing });
        };
        let bytes = git(&self.root, &["cat-file", "blob", object]).map_err(FileError::Io)?;
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
