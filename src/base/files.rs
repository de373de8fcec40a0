//! The files that a compilation may read, behind one trait: a disk, a map in memory, or one laid over the other.
//!
//! Paths are relative to the folder of the program, with forward slashes and without `.` or `..`. An implementation
//! over a disk refuses what leaves that folder, devices and oversized files; it never writes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// The largest file that is read as a program, in bytes.
pub const MAX_FILE_BYTES: u64 = 8 << 20;

/// Why a file can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// There is none with this name.
    Missing,
    /// It is a folder, a device, a socket or a pipe.
    NotAFile,
    /// It, or a link on the way to it, stands outside the folder of the program.
    Outside,
    /// It is larger than the limit given, in bytes.
    TooLarge(u64),
    /// The machine said no; its words.
    Io(String),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such file"),
            Self::NotAFile => f.write_str("it is not a regular file"),
            Self::Outside => f.write_str("it stands outside the folder of the program"),
            Self::TooLarge(bytes) => write!(f, "it has {bytes} bytes"),
            Self::Io(words) => f.write_str(words),
        }
    }
}

/// What a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file; whether its owner may execute it.
    File {
        /// The executable bit of its owner.
        executable: bool,
    },
    /// A folder.
    Folder,
    /// Something else: a device, a pipe.
    Other,
}

/// One name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The last part of the path.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// Bytes that are read from any place on.
pub trait Readable: std::io::Read + std::io::Seek {}

impl<T: std::io::Read + std::io::Seek> Readable for T {}

/// Read access to the files of a program.
pub trait Files {
    /// The bytes of a file, at most `limit`.
    ///
    /// # Errors
    /// Says why the file can't be had.
    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, FileError>;

    /// What a path is.
    ///
    /// # Errors
    /// Says why that can't be told.
    fn kind(&self, path: &str) -> Result<Kind, FileError>;

    /// The names in a folder, sorted by name. The empty path is the folder of the program.
    ///
    /// # Errors
    /// Says why the folder can't be listed.
    fn list(&self, path: &str) -> Result<Vec<Entry>, FileError>;

    /// The bytes of a file as they were committed last, where that is known: what is on the disk may have been written a minute ago.
    fn committed(&self, _path: &str) -> Option<Arc<[u8]>> {
        None
    }

    /// Opens a file that may be too large for memory.
    ///
    /// # Errors
    /// Says why the file can't be had.
    fn open(&self, path: &str) -> Result<Box<dyn Readable>, FileError> {
        Ok(Box::new(std::io::Cursor::new(self.read(path, u64::MAX)?)))
    }
}

/// Files in memory, by path; for tests, for editors and for the standard library.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, (Arc<[u8]>, bool)>,
}

impl MemoryFiles {
    /// Adds or replaces a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl AsRef<[u8]>, executable: bool) {
        self.files.insert(path.into(), (Arc::from(bytes.as_ref()), executable));
    }

    /// Takes a file away.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// The paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

impl<P: Into<String>, B: AsRef<[u8]>> FromIterator<(P, B)> for MemoryFiles {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(files: I) -> Self {
        let mut all = Self::default();
        for (path, bytes) in files {
            all.insert(path, bytes, false);
        }
        all
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, FileError> {
        match self.files.get(path) {
            Some((bytes, _)) if bytes.len() as u64 > limit => Err(FileError::TooLarge(bytes.len() as u64)),
            Some((bytes, _)) => Ok(Arc::clone(bytes)),
            None if self.kind(path).is_ok() => Err(FileError::NotAFile),
            None => Err(FileError::Missing),
        }
    }

    fn kind(&self, path: &str) -> Result<Kind, FileError> {
        if let Some((_, executable)) = self.files.get(path) {
            return Ok(Kind::File { executable: *executable });
        }
        let inside = |name: &&String| path.is_empty() || name.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
        self.files.keys().any(|name| inside(&name)).then_some(Kind::Folder).ok_or(FileError::Missing)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, FileError> {
        let mut names = BTreeMap::new();
        for (name, (_, executable)) in &self.files {
            let rest = if path.is_empty() { Some(name.as_str()) } else { name.strip_prefix(path).and_then(|rest| rest.strip_prefix('/')) };
            match rest.map(|rest| rest.split_once('/').ok_or(rest)) {
                Some(Ok((folder, _))) => names.insert(folder.to_owned(), Kind::Folder),
                Some(Err(file)) => names.insert(file.to_owned(), Kind::File { executable: *executable }),
                None => None,
            };
        }
        if names.is_empty() && !path.is_empty() {
            return Err(FileError::Missing);
        }
        Ok(names.into_iter().map(|(name, kind)| Entry { name, kind }).collect())
    }
}

/// Files in memory laid over others: what is not above is looked up below.
pub struct Overlay<'a> {
    /// Looked at first.
    pub above: &'a MemoryFiles,
    /// Looked at for what is not above.
    pub below: &'a dyn Files,
}

impl Files for Overlay<'_> {
    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, FileError> {
        match self.above.read(path, limit) {
            Err(FileError::Missing) => self.below.read(path, limit),
            other => other,
        }
    }

    fn kind(&self, path: &str) -> Result<Kind, FileError> {
        self.above.kind(path).or_else(|_| self.below.kind(path))
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, FileError> {
        let mut names = BTreeMap::new();
        let (above, below) = (self.above.list(path), self.below.list(path));
        if let (Err(error), Err(_)) = (&below, &above) {
            return Err(error.clone());
        }
        for entry in below.into_iter().flatten().chain(above.into_iter().flatten()) {
            names.insert(entry.name.clone(), entry);
        }
        Ok(names.into_values().collect())
    }

    fn committed(&self, path: &str) -> Option<Arc<[u8]>> {
        self.below.committed(path)
    }

    fn open(&self, path: &str) -> Result<Box<dyn Readable>, FileError> {
        match self.above.open(path) {
            Err(FileError::Missing) => self.below.open(path),
            other => other,
        }
    }
}

/// The folder of a path: `layers` of `layers/grid.jenv`, empty at the top.
#[must_use]
pub fn parent_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `path` as written in a file of `folder`, made relative to the folder of the program.
/// `None` where it is absolute, empty or leaves that folder. A trailing `/` is dropped.
#[must_use]
pub fn join(folder: &str, path: &str) -> Option<String> {
    if path.is_empty() || path.starts_with('/') || path.contains(['\\', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        assert_eq!(join("layers", "../a/./b.sh").as_deref(), Some("a/b.sh"));
        assert_eq!(join("layers", "../../a"), None);
        assert_eq!(join("", "/etc/passwd"), None);
        assert_eq!(join("a", "b/").as_deref(), Some("a/b"));
    }

    #[test]
    fn memory_files_have_folders() {
        let files: MemoryFiles = [("a/b.txt", "x"), ("a/c/d.txt", "y")].into_iter().collect();
        assert_eq!(files.kind("a"), Ok(Kind::Folder));
        assert_eq!(files.list("a").map(|all| all.len()), Ok(2));
        assert_eq!(files.read("a", 10), Err(FileError::NotAFile));
        assert_eq!(files.read("a/b.txt", 0), Err(FileError::TooLarge(1)));
    }
}
