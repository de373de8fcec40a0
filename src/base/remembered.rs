//! Files that are asked for once: a compilation sees one state of the disk, and the disk is left alone.

use std::cell::RefCell;
use std::sync::Arc;

use foldhash::HashMap;

use super::{Entry, FileError, Files, Kind};

/// The largest file whose bytes are kept, in bytes. Larger ones are read for their hash alone.
const KEPT: usize = 1 << 20;

/// Other files, each looked at once.
pub struct Remembered<'a> {
    below: &'a dyn Files,
    kinds: RefCell<HashMap<String, Result<Kind, FileError>>>,
    lists: RefCell<HashMap<String, Result<Vec<Entry>, FileError>>>,
    bytes: RefCell<HashMap<String, Arc<[u8]>>>,
    committed: RefCell<HashMap<String, Option<Arc<[u8]>>>>,
}

impl<'a> Remembered<'a> {
    /// What `below` holds from now on.
    #[must_use]
    pub fn new(below: &'a dyn Files) -> Self {
        Self { below, kinds: RefCell::default(), lists: RefCell::default(), bytes: RefCell::default(), committed: RefCell::default() }
    }
}

impl Files for Remembered<'_> {
    fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, FileError> {
        if let Some(bytes) = self.bytes.borrow().get(path).filter(|bytes| bytes.len() as u64 <= limit) {
            return Ok(Arc::clone(bytes));
        }
        let bytes = self.below.read(path, limit)?;
        if bytes.len() <= KEPT {
            self.bytes.borrow_mut().insert(path.to_owned(), Arc::clone(&bytes));
        }
        Ok(bytes)
    }

    fn kind(&self, path: &str) -> Result<Kind, FileError> {
        if let Some(kind) = self.kinds.borrow().get(path) {
            return kind.clone();
        }
        let kind = self.below.kind(path);
        self.kinds.borrow_mut().insert(path.to_owned(), kind.clone());
        kind
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, FileError> {
        if let Some(list) = self.lists.borrow().get(path) {
            return list.clone();
        }
        let list = self.below.list(path);
        let mut kinds = self.kinds.borrow_mut();
        for entry in list.iter().flatten() {
            let inner = if path.is_empty() { entry.name.clone() } else { format!("{path}/{}", entry.name) };
            // `Other` may also be a link that leads nowhere: asked for by name, it gets its own answer.
            if entry.kind != Kind::Other {
                kinds.insert(inner, Ok(entry.kind));
            }
        }
        self.lists.borrow_mut().insert(path.to_owned(), list.clone());
        list
    }

    fn committed(&self, path: &str) -> Option<Arc<[u8]>> {
        let known = self.committed.borrow().get(path).cloned();
        known.unwrap_or_else(|| {
            let bytes = self.below.committed(path);
            self.committed.borrow_mut().insert(path.to_owned(), bytes.clone());
            bytes
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::base::MemoryFiles;

    /// Files that count how often they are asked.
    #[derive(Default)]
    struct Counted {
        files: MemoryFiles,
        asked: Cell<usize>,
    }

    impl Files for Counted {
        fn read(&self, path: &str, limit: u64) -> Result<Arc<[u8]>, FileError> {
            self.asked.set(self.asked.get() + 1);
            self.files.read(path, limit)
        }
        fn kind(&self, path: &str) -> Result<Kind, FileError> {
            self.asked.set(self.asked.get() + 1);
            self.files.kind(path)
        }
        fn list(&self, path: &str) -> Result<Vec<Entry>, FileError> {
            self.asked.set(self.asked.get() + 1);
            self.files.list(path)
        }
    }

    #[test]
    fn each_question_is_asked_once_and_answered_alike() {
        let counted = Counted { files: [("a/x", "1"), ("a/y", "22")].into_iter().collect(), ..Counted::default() };
        let files = Remembered::new(&counted);
        for _ in 0..3 {
            assert_eq!(files.list("a"), counted.files.list("a"));
            assert_eq!(files.kind("a/x"), Ok(Kind::File { executable: false }));
            assert_eq!(files.kind("b"), Err(FileError::Missing));
            assert_eq!(files.read("a/y", 9).as_deref(), Ok(b"22".as_slice()));
        }
        assert_eq!(counted.asked.get(), 3);
        assert_eq!(files.read("a/y", 1), Err(FileError::TooLarge(2)));
        assert_eq!(files.read("a/z", 1), Err(FileError::Missing));
    }
}
