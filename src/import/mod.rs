//! Floor 6: from what people have to a program. Readers turn files of other formats into a [`Draft`], which is written as
//! `.jenv` files; what a reader can't keep is a [`Remark`] at its place.
//!
//! The road of one import: [`Found`] sorts the files by what they are → each reader takes its own files from [`Found`] and adds
//! definitions to [`Work::draft`], remarks to [`Work::ledger`], and to [`Work::images`] which image of the program an image
//! reference is now → [`print`] writes the draft in the one style. A finding of severity error means that nothing is written.
//! [`verify`] reads the originals in the same way and compares them with what the program compiles to.
//!
//! Nothing here touches the disk: files come through [`Files`], texts and copies go to the caller.

mod docker;
mod draft;
mod found;
mod fragments;
mod image;
mod ledger;
mod menu;
mod print;
mod proposals;
mod repo2docker;
mod text;
mod work;
pub mod yaml;

pub use draft::{Copied, Definition, Draft, Entry, Home, Item, Project};
pub use found::Found;
pub use ledger::{Counts, Ledger, Proposal, Remark, RemarkKind, Row, Seen, Shared};
pub use print::MAIN;
pub use repo2docker::Folder;
pub use text::{block, bytes, name, quoted};
pub use work::Work;

use docker::Originals;
use image::Opened;

use crate::base::{Files, Overlay, Sources};
use crate::diagnostics::{Diagnostic, Severity};
use crate::driver::Outcome;

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

/// Reads the originals and drafts the program.
#[must_use]
pub fn import(request: Request<'_>) -> Imported {
    let opened = image::open(request);
    let (together, errors) = attempt(request, &opened, false);
    if errors == 0 {
        return together;
    }
    // What is written once for several images may say what the language refuses: then each is written for itself.
    let (apart, others) = attempt(request, &opened, true);
    if others < errors { apart } else { together }
}

/// Drafts the program, and gives the number of errors that it has.
fn attempt(request: Request<'_>, opened: &Opened, apart: bool) -> (Imported, usize) {
    let files = Overlay { above: &opened.held, below: request.files };
    // Files that an archive holds are nowhere beside the program.
    let beside = request.beside && opened.saved.is_empty();
    let mut work = Work::new(Request { files: &files, beside, ..request });
    work.apart = apart;
    work.opened(opened);
    read(&mut work);
    let findings = std::mem::take(&mut work.findings).sorted();
    let wrong = findings.iter().any(|finding| finding.severity == Severity::Error);
    let mut written = if wrong { Vec::new() } else { print::files(&work) };
    let errors = if wrong { 0 } else { docker::settle(&mut work, &mut written) };
    (Imported { written, ledger: work.ledger, findings, sources: work.sources }, errors)
}

/// Compares what a program compiles to with the originals that it was imported from. The findings are those of the originals and
/// one for each difference that has no remark.
#[must_use]
pub fn verify(request: Request<'_>, compiled: &Outcome, program: &dyn Files) -> (Vec<Compared>, Imported) {
    let opened = image::open(request);
    let files = Overlay { above: &opened.held, below: request.files };
    let mut work = Work::new(Request { files: &files, ..request });
    work.opened(&opened);
    let originals = read(&mut work);
    let rows = docker::compare(&work, originals, compiled, program);
    let findings = std::mem::take(&mut work.findings).sorted();
    (rows, Imported { written: Vec::new(), ledger: work.ledger, findings, sources: work.sources })
}

/// Every reader in turn: images before menus, which name them.
fn read(work: &mut Work<'_>) -> Originals {
    let found = Found::new(work);
    work.found = found;
    image::dockerfiles(work);
    let mut originals = Originals::dockerfiles(work);
    repo2docker::read(work, &mut originals.images);
    image::images(work, &mut originals.images);
    let choices = menu::choices(work);
    originals.relate(work, choices);
    docker::read(work, &originals);
    menu::read(work);
    originals
}
