//! The content tag of a cell: a hash of all that goes into the image, behind a readable part.
//!
//! Hashed are the instructions without comments, with the cell's own values in them, what they stand on and take from, the bytes and
//! modes of the files they copy, and the platforms. Not hashed is where an image is stored, so that a registry can move.

use sha2::{Digest, Sha256};

use super::body::{Body, Shell, Slot};
use crate::emit::plan::CellPlan;
use crate::ir::{Cell, CellId, ImageRef, Parent, Program};

/// Digits of the hash in a tag.
const DIGITS: usize = 12;
/// The longest tag that registries take (OCI distribution specification, "Pulling manifests").
const MAX_TAG: usize = 128;

/// The hash of a cell, the same for cells of one recipe on one parent. `planned` holds the earlier cells.
pub(super) fn digest(program: &Program, cell: &Cell, body: &Body<'_>, planned: &[CellPlan]) -> String {
    let mut hasher = Hasher(Sha256::new());
    hasher.text("jenvc image 1");
    match cell.parent {
        Parent::Base(base) => hasher.text(&program[base].reference()),
        Parent::Cell(parent) => hasher.cell(parent, planned),
    }
    for platform in &cell.platforms {
        hasher.text(platform.as_str());
    }
    for (name, image) in &body.images {
        hasher.text(name);
        match image {
            ImageRef::Cell(cell) => hasher.cell(*cell, planned),
            ImageRef::Base(base) => hasher.text(&program[*base].reference()),
            ImageRef::Reference(reference) => hasher.text(reference),
        }
    }
    for (name, url) in &body.downloads {
        hasher.text(name);
        hasher.text(url);
    }
    if body.shell == Shell::Ash {
        hasher.text("ash");
    }
    hasher.instructions(body);
    for file in &body.files {
        hasher.text(&file.path);
        hasher.text(&file.sha256);
        hasher.text(if file.executable { "x" } else { "-" });
    }
    for line in body.lists.iter().flat_map(|list| list.lines.lines()).filter(|line| !line.starts_with('#')) {
        hasher.text(line);
    }
    hasher.digits()
}

/// The tag of a cell with this readable name and hash.
pub(super) fn tag(name: &str, hash: &str) -> String {
    let room = MAX_TAG - DIGITS - 1;
    let readable: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' }).take(room).collect();
    match readable.trim_start_matches(['.', '-']) {
        "" => hash.to_owned(),
        readable => format!("{readable}-{hash}"),
    }
}

struct Hasher(Sha256);

impl Hasher {
    /// A text with its length, so that no two lists of texts look alike.
    fn text(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    /// An earlier cell, by its tag.
    fn cell(&mut self, cell: CellId, planned: &[CellPlan]) {
        self.text(planned.get(cell.0 as usize).map_or("", |plan| &plan.tag));
    }

    /// The text without comments, with the values of the slots at their places.
    fn instructions(&mut self, body: &Body<'_>) {
        let mut comments = body.comments.iter().peekable();
        let mut slots = body.slots.iter().peekable();
        let mut at = 0;
        loop {
            let next_slot = slots.peek().map_or(usize::MAX, |(place, _)| *place);
            let next_comment = comments.peek().map_or(usize::MAX, |range| range.start);
            let end = next_slot.min(next_comment).min(body.text.len());
            self.0.update(body.text.get(at..end).unwrap_or_default().as_bytes());
            at = end;
            if next_slot <= end {
                if let Some((_, slot)) = slots.next() {
                    self.slot(slot, body.shell);
                }
            } else if next_comment <= end {
                at = comments.next().map_or(at, |range| range.end);
            } else {
                return;
            }
        }
    }

    fn slot(&mut self, slot: &Slot<'_>, usual: Shell) {
        match slot {
            Slot::Word { word, .. } => self.text(&word.plain()),
            Slot::Shell { shell, .. } if *shell != usual => self.text(if *shell == Shell::Ash { "ash" } else { "bash" }),
            _ => {}
        }
    }

    fn digits(self) -> String {
        let mut text = String::with_capacity(DIGITS);
        for byte in self.0.finalize().iter().take(DIGITS / 2) {
            for nibble in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
        }
        text
    }
}
