//! What a finding says beside its message and its labels: the cells it hits, and fixes as patches.
//!
//! miette has no word for either, so both go along as *related* diagnostics of severity advice: one without labels is a
//! remark, one with labels is a patch, whose labels mark the text that goes and carry the text that comes. A remark with a
//! code is drawn as it is, under that name: the stack that brings the sides of a conflict together. Where there is one,
//! fixes are told by their titles, so that the whole fits a screen.

use std::fmt;

use miette::{LabeledSpan, SourceCode};

use super::atlas::Atlas;
use crate::diagnostics::{CellRef, Diagnostic, Fix, Storey};

/// How many cells are named before the rest is counted.
const NAMED_CELLS: usize = 3;

/// How many lines a patch may touch; a longer one reads worse than its title alone.
const PATCH_LINES: usize = 8;

/// How many places of a finding are drawn before the rest is counted; programs get all of them.
pub(super) const DRAWN_LABELS: usize = 5;

/// How many places a patch may change.
const PATCH_EDITS: usize = 3;

/// A remark or a patch.
#[derive(Debug)]
pub(super) struct Advice<'a> {
    name: Option<&'static str>,
    text: String,
    edits: Vec<LabeledSpan>,
    atlas: &'a Atlas<'a>,
}

/// Everything that goes along with a finding.
pub(super) fn of<'a>(finding: &Diagnostic, atlas: &'a Atlas<'a>) -> Vec<Advice<'a>> {
    let stack = (!finding.stack.is_empty()).then(|| Advice { name: Some("stack"), text: stack(&finding.stack), edits: Vec::new(), atlas });
    let remark = cells_in_words(&finding.cells).map(|text| Advice { name: None, text, edits: Vec::new(), atlas });
    let more = finding.labels.len().checked_sub(DRAWN_LABELS).filter(|more| *more > 0);
    let more = more.map(|more| Advice { name: None, text: format!("{more} more places are not shown"), edits: Vec::new(), atlas });
    stack.into_iter().chain(more).chain(remark).chain(drawn(finding).filter_map(|fix| patch(fix, atlas))).collect()
}

/// The fixes that may be drawn as patches.
fn drawn(finding: &Diagnostic) -> impl Iterator<Item = &Fix> {
    finding.fixes.iter().filter(|_| finding.stack.is_empty())
}

/// The storeys below each other, the root first, in two columns.
fn stack(storeys: &[Storey]) -> String {
    let width = storeys.iter().map(|storey| storey.name.chars().count()).max().unwrap_or(0);
    let lines: Vec<_> = storeys.iter().map(|storey| format!("{:width$}  {}", storey.name, storey.says).trim_end().to_owned()).collect();
    lines.join("\n")
}

/// The titles of fixes that are not drawn as patches: they are helps like any other.
pub(super) fn undrawn<'a>(finding: &'a Diagnostic, atlas: &Atlas<'_>) -> impl Iterator<Item = &'a str> {
    let is_drawn = |fix: &Fix| finding.stack.is_empty() && patch(fix, atlas).is_some();
    finding.fixes.iter().filter(move |fix| !is_drawn(fix)).map(|fix| fix.title.as_str())
}

/// `in 6 cells: ml (python 3.11, cuda12), … and 3 more`; `None` where there is no cell.
#[must_use]
pub fn cells_in_words(cells: &[CellRef]) -> Option<String> {
    let names: Vec<_> = cells.iter().take(NAMED_CELLS).map(cell_in_words).collect();
    match cells.len() {
        0 => None,
        1 => Some(format!("in the cell {}", names.join(""))),
        all if all > names.len() => Some(format!("in {all} cells: {} and {} more", names.join(", "), all - names.len())),
        all => Some(format!("in {all} cells: {}", names.join(", "))),
    }
}

/// `ml (python 3.11, cuda12)`. The name of a variant says enough without its axis.
fn cell_in_words(cell: &CellRef) -> String {
    let point = |(axis, value): &(String, String)| if axis == "variant" { value.clone() } else { format!("{axis} {value}") };
    let points: Vec<_> = cell.axes.iter().map(point).collect();
    if points.is_empty() { cell.environment.clone() } else { format!("{} ({})", cell.environment, points.join(", ")) }
}

/// A fix as a patch, where that reads well.
fn patch<'a>(fix: &Fix, atlas: &'a Atlas<'_>) -> Option<Advice<'a>> {
    if fix.edits.len() > PATCH_EDITS {
        return None;
    }
    let mut edits = Vec::new();
    for edit in &fix.edits {
        let span = atlas.span(edit.place)?;
        let lines = atlas.read_span(&span, 0, 0).ok()?.line_count() + edit.text.matches('\n').count();
        if lines > PATCH_LINES {
            return None;
        }
        edits.push(LabeledSpan::new_with_span(Some(edit.text.clone()), span));
    }
    (!edits.is_empty()).then(|| Advice { name: None, text: fix.title.clone(), edits, atlas })
}

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Advice<'_> {}

impl miette::Diagnostic for Advice<'_> {
    fn code<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        self.name.map(|name| Box::new(name) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(miette::Severity::Advice)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.atlas)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.edits.is_empty()).then(|| Box::new(self.edits.iter().cloned()) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}
