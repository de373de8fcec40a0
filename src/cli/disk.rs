//! The files of a program on the disk: regular files only, none from outside of its folder, none too large.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::errors::words;
use super::revision::LastCommit;
use crate::base::{Entry, FileError, Files, Kind, Readable, parent_of};

/// A folder and everything in it.
#[derive(Debug)]
pub(super) struct Disk {
    /// Canonical.
    root: PathBuf,
    /// Folders that were looked at: where they really are.
    folders: RefCell<BTreeMap<String, Result<PathBuf, FileError>>>,
    commit: LastCommit,
}

impl Disk {
    /// The files under a canonical folder.
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root, folders: RefCell::default(), commit: LastCommit::default() }
    }

    /// Where a folder of the program really is, if that is inside.
    fn folder(&self, path: &str) -> Result<PathBuf, FileError> {
        if let Some(known) = self.folders.borrow().get(path) {
            return known.clone();
        }
        let found = self.inside(&self.root.join(path));
        self.folders.borrow_mut().insert(path.to_owned(), found.clone());
        found
    }

    /// A path with every link followed. A name that differs in case from the one on the disk does not count, also where
    /// the file system would take it: the program must mean the same on every machine.
    fn inside(&self, path: &Path) -> Result<PathBuf, FileError> {
        let real = fs::canonicalize(path).map_err(|error| io_error(&error))?;
        if !real.starts_with(&self.root) {
            return Err(FileError::Outside);
        }
        let (wanted, found) = (path.to_string_lossy(), real.to_string_lossy());
        let other_case = wanted != found && wanted.to_lowercase() == found.to_lowercase();
        if other_case { Err(FileError::Missing) } else { Ok(real) }
    }

    /// What stands at a path, links followed where they stay inside.
    fn look(&self, path: &str) -> Result<(PathBuf, Metadata), FileError> {
        if path.is_empty() {
            let data = fs::metadata(&self.root).map_err(|error| io_error(&error))?;
            return Ok((self.root.clone(), data));
        }
        if path.split('/').any(|part| matches!(part, "" | "." | "..")) || path.contains('\0') {
            return Err(FileError::Outside);
        }
        let name = path.rsplit('/').next().unwrap_or(path);
        let full = self.folder(parent_of(path))?.join(name);
        let data = fs::symlink_metadata(&full).map_err(|error| io_error(&error))?;
        // Where names differ in case and are the same, only following the path tells its true name.
        let follow = data.is_symlink() || cfg!(any(target_os = "macos", windows));
        if !follow {
            return Ok((full, data));
        }
        let real = self.inside(&full)?;
        let data = fs::metadata(&real).map_err(|error| io_error(&error))?;
        Ok((real, data))
    }
}

impl Files for Disk {
    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, FileError> {
        let (full, data) = self.look(path)?;
        // Looked at before it is opened: opening a pipe waits, and opening a device may do anything.
        if !data.is_file() {
            return Err(FileError::NotAFile);
        }
        if data.len() > limit {
            return Err(FileError::TooLarge(data.len()));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(data.len()).unwrap_or(0));
        let file = File::open(full).map_err(|error| io_error(&error))?;
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| io_error(&error))?;
        // Files that grow, and those of virtual file systems, hold more than was said.
        if bytes.len() as u64 > limit { Err(FileError::TooLarge(bytes.len() as u64)) } else { Ok(bytes.into()) }
    }

    fn open(&self, path: &str) -> Result<Box<dyn Readable>, FileError> {
        let (full, data) = self.look(path)?;
        if !data.is_file() {
            return Err(FileError::NotAFile);
        }
        Ok(Box::new(File::open(full).map_err(|error| io_error(&error))?))
    }

    fn kind(&self, path: &str) -> Result<Kind, FileError> {
        let (_, data) = self.look(path)?;
        Ok(kind_of(data.file_type(), &data))
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, FileError> {
        let (full, data) = self.look(path)?;
        if !data.is_dir() {
            return Err(FileError::NotAFile);
        }
        let mut entries = Vec::new();
        for entry in fs::read_dir(full).map_err(|error| io_error(&error))? {
            let entry = entry.map_err(|error| io_error(&error))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let inner = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            // A link that leads nowhere or outside is listed as what it is, so that naming it can be answered.
            entries.push(Entry { name, kind: self.kind(&inner).unwrap_or(Kind::Other) });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn committed(&self, path: &str) -> Option<Arc<[u8]>> {
        self.commit.read(&self.root, path)
    }
}

fn kind_of(file_type: FileType, data: &Metadata) -> Kind {
    if file_type.is_dir() {
        Kind::Folder
    } else if file_type.is_file() {
        Kind::File { executable: executable(data) }
    } else {
        Kind::Other
    }
}

/// Whether the owner of a file may execute it.
#[cfg(unix)]
pub(super) fn executable(data: &Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&data.permissions()) & 0o100 != 0
}

/// Whether the owner of a file may execute it: never, where there is no such bit.
#[cfg(not(unix))]
pub(super) fn executable(_: &Metadata) -> bool {
    false
}

fn io_error(error: &io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FileError::Missing,
        _ => FileError::Io(words(error)),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn disk() -> (tempfile::TempDir, Disk) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("program");
        fs::create_dir_all(root.join("layers")).unwrap();
        fs::write(root.join("layers/grid.jenv"), "x").unwrap();
        fs::write(folder.path().join("secret"), "s").unwrap();
        let disk = Disk::new(root);
        (folder, disk)
    }

    #[test]
    fn files_are_read_up_to_the_limit() {
        let (_folder, disk) = disk();
        assert_eq!(disk.read("layers/grid.jenv", 1).as_deref(), Ok(b"x".as_slice()));
        assert_eq!(disk.read("layers/grid.jenv", 0), Err(FileError::TooLarge(1)));
        assert_eq!(disk.read("layers", 9), Err(FileError::NotAFile));
        assert_eq!(disk.read("layers/none", 9), Err(FileError::Missing));
        assert_eq!(disk.read("layers/grid.jenv/x", 9), Err(FileError::Missing));
    }

    #[test]
    fn nothing_comes_from_outside() {
        let (_folder, disk) = disk();
        symlink("../secret", disk.root.join("link")).unwrap();
        symlink("..", disk.root.join("up")).unwrap();
        symlink("layers/grid.jenv", disk.root.join("inside")).unwrap();
        assert_eq!(disk.read("link", 9), Err(FileError::Outside));
        assert_eq!(disk.read("up/secret", 9), Err(FileError::Outside));
        assert_eq!(disk.read("../secret", 9), Err(FileError::Outside));
        assert_eq!(disk.read("inside", 9).as_deref(), Ok(b"x".as_slice()));
        let listed = disk.list("").unwrap();
        assert_eq!(listed.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["inside", "layers", "link", "up"]);
        assert_eq!(listed[2].kind, Kind::Other);
    }

    #[test]
    fn devices_are_not_opened_and_links_may_loop() {
        let (_folder, disk) = disk();
        symlink("/dev/zero", disk.root.join("zero")).unwrap();
        symlink("loop", disk.root.join("loop")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(disk.root.join("socket")).unwrap();
        assert_eq!(disk.read("zero", 9), Err(FileError::Outside));
        assert_eq!(disk.read("socket", 9), Err(FileError::NotAFile));
        assert!(matches!(disk.read("loop", 9), Err(FileError::Io(_))));
    }

    #[test]
    fn the_executable_bit_is_seen() {
        let (_folder, disk) = disk();
        fs::set_permissions(disk.root.join("layers/grid.jenv"), fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(disk.kind("layers/grid.jenv"), Ok(Kind::File { executable: true }));
    }
}
