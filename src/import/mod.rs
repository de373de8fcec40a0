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
mod request;
mod templates;
mod text;
mod work;
pub mod yaml;

pub use draft::{Copied, Definition, Draft, Entry, Home, Item, Project};
pub use ledger::{Counts, Ledger, Proposal, Remark, RemarkKind, Row, Seen, Shared};
pub use print::MAIN;
pub use repo2docker::Folder;
pub use request::{Compared, Imported, Request, Verdict, Written};
pub use text::{block, bytes, comment, count, lines, name, quoted, repository, workflow};
pub use work::{Found, Work};

use crate::base::{Files, MemoryFiles, Overlay};
use crate::diagnostics::Severity;
use crate::driver::Outcome;
use docker::Originals;
use image::Opened;
pub use image::unpacked_at_most;

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

/// Files that neither the originals nor the program have, as the program names them: it compiles with anything in their place.
#[must_use]
pub fn lacking(request: Request<'_>, program: &dyn Files) -> MemoryFiles {
    let opened = image::open(request);
    let files = Overlay { above: &opened.held, below: request.files };
    let mut work = Work::new(Request { files: &files, ..request });
    work.opened(&opened);
    let Read { originals, .. } = read(&mut work);
    let mut lacking = MemoryFiles::default();
    for path in originals.images.iter().flat_map(|image| docker::lacking(image, &files)) {
        let needed = work.needs(&path, &Home::Main);
        if program.kind(&needed).is_err() {
            lacking.insert(needed, b"", false);
        }
    }
    lacking
}

/// Compares what a program compiles to with the originals that it was imported from. The findings are those of the originals and
/// one for each difference that has no remark.
#[must_use]
pub fn verify(request: Request<'_>, compiled: &Outcome, program: &dyn Files) -> (Vec<Compared>, Imported) {
    let opened = image::open(request);
    let files = Overlay { above: &opened.held, below: request.files };
    let mut work = Work::new(Request { files: &files, ..request });
    work.opened(&opened);
    let Read { originals, menus } = read(&mut work);
    let mut rows = docker::compare(&work, originals, compiled, program);
    rows.extend(menu::compare(&work, &menus, compiled));
    let findings = std::mem::take(&mut work.findings).sorted();
    (rows, Imported { written: Vec::new(), ledger: work.ledger, findings, sources: work.sources })
}

/// What was read.
struct Read {
    originals: Originals,
    menus: Vec<menu::Original>,
}

/// Every reader in turn: images before menus, which name them.
fn read(work: &mut Work<'_>) -> Read {
    let found = Found::new(work);
    work.found = found;
    image::dockerfiles(work);
    let mut originals = Originals::dockerfiles(work);
    repo2docker::read(work, &mut originals.images);
    image::images(work, &mut originals.images);
    let choices = menu::choices(work);
    originals.relate(work, choices);
    docker::read(work, &originals);
    let menus = menu::read(work);
    Read { originals, menus }
}
