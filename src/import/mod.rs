//! Floor 6: from what people have to a program. Readers turn files of other formats into a [`Draft`], which is written as
//! `.jenv` files; what a reader can't keep is a [`Remark`] at its place.
//!
//! The road of one import: `found` lists the files → `menu` reads its own and adds definitions to [`Work::draft`] and remarks to
//! [`Work::ledger`] → `print` writes the draft in the one style. A finding of severity error means that nothing is written.
//!
//! Nothing here touches the disk: files come through [`Files`], texts go to the caller.

mod draft;
mod found;
mod ledger;
mod menu;
mod print;
mod text;
mod work;
pub mod yaml;

pub use draft::{Definition, Draft, Item};
pub use ledger::{Ledger, Remark, RemarkKind, Row};
pub use text::{name, quoted};
pub use work::Work;

use crate::base::{Files, Sources};
use crate::diagnostics::{Diagnostic, Severity};

/// What is to be imported.
#[derive(Clone, Copy)]
pub struct Request<'f> {
    /// The files; paths of all places are relative to their root.
    pub files: &'f dyn Files,
    /// The files and folders that were named, relative to the root; an empty path is the root.
    pub paths: &'f [String],
    /// What the project is called where nothing says so: the name of the root folder.
    pub name: &'f str,
}

/// A file of the program that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Where, relative to the folder of the program.
    pub path: String,
    /// What is in it.
    pub text: String,
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

/// Reads the originals and drafts the program.
#[must_use]
pub fn import(request: Request<'_>) -> Imported {
    let mut work = Work::new(request);
    menu::read(&mut work);
    let findings = std::mem::take(&mut work.findings).sorted();
    let wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
    let written = if wrong { Vec::new() } else { print::files(&work) };
    Imported { written, ledger: work.ledger, findings, sources: work.sources }
}
