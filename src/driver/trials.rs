//! Ways out are tried before they are offered: the edit is applied in memory, the program compiled again, and only what
//! removes the finding and adds neither error nor warning becomes a fix. A trial compiles what the edit reaches, unless that part
//! alone does not have the finding, or has others than the whole.

use std::collections::BTreeMap;

use super::edits::apply;
use super::slices::Slices;
use crate::base::{Files, Overlay, Place, Sources, Span};
use crate::diagnostics::{Change, Diagnostic, Edit, Findings, Fix, Severity};
use crate::ir::{Parent, Program};

/// The most trials of one compilation.
const MOST: usize = 48;

/// The most text that is compiled for trials, in bytes; a trial compiles the whole program.
const BYTES: usize = 4 << 20;

/// How many ways out one finding offers.
const OFFERED: usize = 4;

/// Makes fixes of the proposals that help. `again` compiles other files in the same way.
pub(super) fn run(
    files: &dyn Files,
    sources: &Sources,
    program: Option<&Program>,
    findings: &mut Findings,
    again: impl Fn(&dyn Files) -> Findings,
) {
    if !findings.iter().any(|finding| !finding.proposals.is_empty()) {
        return;
    }
    let size: usize = sources.iter().map(|(_, source)| source.text.len()).sum();
    let mut trials = (BYTES / size.max(1)).clamp(OFFERED, MOST);
    let mut attempts = Attempts {
        files,
        sources,
        slices: program.map(|program| Slices::of(sources, program)).unwrap_or_default(),
        whole: kinds(findings),
        parts: BTreeMap::new(),
        again,
    };
    findings.retain_mut(|finding| {
        let proposed = !finding.proposals.is_empty();
        let mut all_tried = true;
        for proposal in std::mem::take(&mut finding.proposals) {
            if trials == 0 || finding.fixes.len() >= OFFERED {
                all_tried = false;
                break;
            }
            let Some(edits) = edits(sources, proposal.change) else { continue };
            let Some(helps) = attempts.help(finding, &edits) else { continue };
            trials -= 1;
            if helps {
                let title = format!("{}{}", proposal.title, rebuilt(program, &edits));
                finding.fixes.push(Fix { title, edits, safe: false });
            }
        }
        if finding.fixes.is_empty() && finding.help.is_empty() && proposed {
            let tried = if all_tried { "; no single edit that was tried does it" } else { "" };
            finding.help.push(format!("make the sides agree{tried}"));
        }
        true
    });
}

/// What trials are made with.
struct Attempts<'a, F> {
    files: &'a dyn Files,
    sources: &'a Sources,
    slices: Slices<'a>,
    /// What the program has.
    whole: Kinds,
    /// What is found in parts of it, by what is left out.
    parts: BTreeMap<Vec<Place>, Kinds>,
    again: F,
}

impl<F: Fn(&dyn Files) -> Findings> Attempts<'_, F> {
    /// Whether edits make a finding go away and no other come; `None` where they can't be made.
    fn help(&mut self, finding: &Diagnostic, edits: &[Edit]) -> Option<bool> {
        let own = kind(finding);
        let mut helps = None;
        for rest in self.slices.beside(finding, edits) {
            let left_out: Vec<Place> = rest.iter().map(|edit| edit.place).collect();
            if !self.parts.contains_key(&left_out) {
                let part = if rest.is_empty() { self.whole.clone() } else { self.after(&rest)? };
                self.parts.insert(left_out.clone(), part);
            }
            let part = self.parts.get(&left_out)?;
            helps = None;
            if count(part, &own) > 0 && nothing_new(&self.whole, part) {
                let after = self.after(&[edits, &rest].concat())?;
                helps = Some(count(&after, &own) < count(part, &own) && nothing_new(part, &after));
                if helps == Some(false) {
                    break;
                }
            }
        }
        if helps.is_none() {
            let after = self.after(edits)?;
            helps = Some(count(&after, &own) < count(&self.whole, &own) && nothing_new(&self.whole, &after));
        }
        helps
    }

    /// What is found after edits.
    fn after(&self, edits: &[Edit]) -> Option<Kinds> {
        let edited = apply(self.files, self.sources, edits)?;
        Some(kinds(&(self.again)(&Overlay { above: &edited, below: self.files })))
    }
}

/// How many images have one of the entries that are edited in their stack: ` (rebuilds 3 images)`.
fn rebuilt(program: Option<&Program>, edits: &[Edit]) -> String {
    let Some(program) = program else { return String::new() };
    let is_edited = |entry: Place| {
        let range = entry.span.range();
        edits.iter().any(|edit| edit.place.file == entry.file && range.contains(&(edit.place.span.start as usize).saturating_sub(1)))
    };
    let mut cells: Vec<bool> = Vec::with_capacity(program.cells.len());
    for (_, cell) in program.cells() {
        let below = matches!(cell.parent, Parent::Cell(parent) if cells.get(parent.0 as usize).is_some_and(|below| *below));
        cells.push(below || cell.packages.iter().any(|package| is_edited(package.origin)));
    }
    match cells.iter().filter(|rebuilt| **rebuilt).count() {
        0 => String::new(),
        1 => " (rebuilds 1 image)".to_owned(),
        count => format!(" (rebuilds {count} images)"),
    }
}

/// How often each error and warning stands, by its code and message.
type Kinds = BTreeMap<(Severity, &'static str, String), usize>;

fn kinds(findings: &Findings) -> Kinds {
    let mut all = Kinds::new();
    for finding in findings.iter().filter(|finding| finding.severity != Severity::Note) {
        *all.entry(kind(finding)).or_default() += 1;
    }
    all
}

fn kind(finding: &Diagnostic) -> (Severity, &'static str, String) {
    (finding.severity, finding.code.id, finding.message.clone())
}

fn count(kinds: &Kinds, kind: &(Severity, &'static str, String)) -> usize {
    kinds.get(kind).copied().unwrap_or(0)
}

fn nothing_new(before: &Kinds, after: &Kinds) -> bool {
    after.iter().all(|(kind, times)| *times <= count(before, kind))
}

/// The replacements that a change stands for: one that takes something out takes the blanks before it, too.
fn edits(sources: &Sources, change: Change) -> Option<Vec<Edit>> {
    let mut edits = match change {
        Change::Edits(edits) => edits,
        Change::Statement { definition, text } => vec![statement(sources, definition, &text)?],
    };
    for edit in edits.iter_mut().filter(|edit| edit.text.is_empty()) {
        let before = sources.get(edit.place.file)?.text.get(..edit.place.span.start as usize)?;
        let blanks = before.len() - before.trim_end_matches(' ').len();
        edit.place.span.start -= u32::try_from(blanks).unwrap_or(0);
    }
    Some(edits)
}

/// A statement at the top of a definition, after its opening brace.
fn statement(sources: &Sources, definition: Place, text: &str) -> Option<Edit> {
    let end = definition.span.range().end;
    let rest = sources.get(definition.file)?.text.get(end..)?;
    let at = end + rest.find('{')? + 1;
    Some(Edit { place: Place::new(definition.file, Span::new(at, at)), text: format!("\n  {text}") })
}
