//! What is asked of an import, and what comes of it.

use super::ledger::Ledger;
use crate::base::{Files, Sources};
use crate::diagnostics::Diagnostic;

/// What is to be imported.
#[derive(Clone, Copy)]
pub struct Request<'f> {
    /// The files; paths of all places are relative to their root.
    pub files: &'f dyn Files,
    /// The files and folders that were named, relative to the root; an empty path is the root.
    pub paths: &'f [String],
    /// What the project is called where nothing says so: the name of the root folder.
    pub name: &'f str,
    /// Whether the program is written into the root itself; elsewhere the files that it needs are copied beside it.
    pub beside: bool,
    /// The folder of the program below the top of its repository: `deploy/hub`; empty at the top, and where there is no repository.
    pub folder: &'f str,
}

/// A file of the program that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where, relative to the folder of the program.
    pub path: String,
    /// Its bytes.
    pub bytes: std::sync::Arc<[u8]>,
    /// Whether its owner may execute it.
    pub executable: bool,
}

/// What came of an import.
#[derive(Debug)]
pub struct Imported {
    /// The files of the program, `main.jenv` first; empty where there is an error.
    pub written: Vec<Written>,
    /// What is reported: counts, rows, remarks.
    pub ledger: Ledger,
    /// What is wrong with the originals, in order.
    pub findings: Vec<Diagnostic>,
    /// Every original that was read as text.
    pub sources: Sources,
}

/// How a part of the compiled program compares with its original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// They are equal.
    Equal,
    /// They differ, and a remark says so.
    Remarked,
    /// They differ, and no remark says so: an error.
    Differs,
}

/// One line of what `--verify` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// How it compares.
    pub verdict: Verdict,
    /// What is compared: `base, geo`, `menu`.
    pub about: String,
    /// What is equal, or what differs: `every step, the user, the environment, the order`.
    pub said: String,
}
