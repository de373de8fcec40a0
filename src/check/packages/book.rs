//! The findings of all cells: one cause is one finding, which names the cells that it hits.

use foldhash::{HashMap, HashSet};

use super::advice;
use super::groups::Groups;
use super::scene::Scene;
use crate::base::{IndexMap, Place};
use crate::check::stack::{Ask, cell_ref};
use crate::diagnostics::{Change, Code, Diagnostic, Findings, PackageRef, Proposal, Severity, known};
use crate::ir::{CellId, Program};

/// What makes two hits one finding: the kind, the package and the places of its sides.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Cause {
    code: &'static str,
    package: String,
    places: Vec<Place>,
}

/// A finding and the cells that it hits.
#[derive(Debug)]
struct Hit {
    finding: Diagnostic,
    cells: Vec<CellId>,
    entry: Place,
    /// Name and constraint of the entry.
    spot: Place,
    /// What the entry asks for.
    asked: String,
    /// The sides below, which make several hits one finding.
    sides: Vec<Place>,
}

/// The findings so far.
#[derive(Debug, Default)]
pub(super) struct Book<'p> {
    hits: Vec<Hit>,
    known: HashMap<Cause, usize>,
    /// Findings that are told together, one for each pair of definitions.
    pub(super) groups: Groups,
    /// Entries that add something in a cell: they are not repeated, whatever other cells say.
    pub(super) fresh: HashSet<(Place, &'p str)>,
    /// Entries that override something in a cell: they are not idle, whatever other cells say.
    pub(super) overriding: HashSet<Place>,
}

impl Book<'_> {
    /// Notes a finding about the entry of a scene and the sides it is held against; `make` is asked once for each cause.
    pub(super) fn note(&mut self, code: &'static Code, scene: &Scene<'_, '_>, sides: &[&Ask<'_>], make: impl FnOnce() -> Diagnostic) {
        let package = scene.ask.package;
        let below: Vec<Place> = sides.iter().map(|side| side.package.origin).collect();
        let places = std::iter::once(package.origin).chain(below.iter().copied()).collect();
        let cause = Cause { code: code.id, package: package.normal.clone(), places };
        let at = *self.known.entry(cause).or_insert_with(|| {
            self.hits.push(Hit {
                finding: make().about(package.ecosystem, &package.normal),
                cells: Vec::new(),
                entry: package.origin,
                spot: scene.ask.spot(),
                asked: package.constraint.to_string(),
                sides: below,
            });
            self.hits.len() - 1
        });
        if let Some(hit) = self.hits.get_mut(at) {
            hit.cells.extend(scene.cells);
        }
    }

    /// The packages that an error is about.
    pub(super) fn lost(&self) -> Vec<PackageRef> {
        let errors = self.hits.iter().filter(|hit| hit.finding.severity == Severity::Error);
        errors.filter_map(|hit| hit.finding.package.clone()).collect()
    }

    /// Hands the findings over.
    pub(super) fn close(mut self, program: &Program, findings: &mut Findings) {
        let idle = |hit: &Hit| hit.finding.code == &known::IDLE_OVERRIDE && self.overriding.contains(&hit.entry);
        let mut by_sides: IndexMap<_, Vec<Hit>> = IndexMap::default();
        for hit in &mut self.hits {
            hit.cells.sort_unstable();
            hit.cells.dedup();
        }
        for (at, hit) in self.hits.into_iter().enumerate().filter(|(_, hit)| !idle(hit)) {
            let alone = if hit.sides.is_empty() { Some(at) } else { None };
            let package = hit.finding.package.as_ref().map(|package| package.name.clone());
            by_sides.entry((hit.finding.code.id, package, hit.sides.clone(), alone)).or_default().push(hit);
        }
        for hits in by_sides.into_values() {
            let cells: Vec<CellId> = hits.iter().flat_map(|hit| hit.cells.iter().copied()).collect();
            let Some(mut finding) = joined(hits) else { continue };
            if finding.severity == Severity::Error {
                finding = advice::exclude(program, &cells, finding);
            }
            findings.push(finding.in_cells(cells.into_iter().map(|cell| cell_ref(program, cell))));
        }
        self.groups.close(program, &self.fresh, findings);
    }
}

/// One finding of all entries that hit the same sides below: one line of a base is one cause, however many layers ask for
/// something else.
fn joined(hits: Vec<Hit>) -> Option<Diagnostic> {
    let mut hits = hits.into_iter();
    let first = hits.next()?;
    let (mut finding, others) = (first.finding, hits.collect::<Vec<_>>());
    if others.is_empty() {
        return Some(finding);
    }
    if others.iter().any(|other| other.asked != first.asked) {
        let verb = if others.len() == 1 { "conflicts" } else { "conflict" };
        finding.message = format!("{}; {} {verb} with it", finding.message, entries(others.len()));
    }
    finding.stack.clear();
    for other in &others {
        let label = other.finding.labels.iter().find(|label| label.primary).map(|label| label.text.clone());
        finding = finding.also(other.spot, label.unwrap_or_default());
    }
    let own = std::mem::take(&mut finding.proposals);
    let proposals = own.into_iter().enumerate();
    finding.proposals = proposals.filter_map(|(at, proposal)| everywhere(at, proposal, first.entry, &others)).collect();
    Some(finding)
}

/// A way out at one of several entries, applied at all of them; one that changes the other side stays as it is.
fn everywhere(at: usize, mut proposal: Proposal, entry: Place, others: &[Hit]) -> Option<Proposal> {
    let Change::Edits(edits) = &mut proposal.change else { return None };
    let is_own = edits
        .iter()
        .any(|edit| edit.place.file == entry.file && entry.span.range().contains(&edit.place.span.range().start.saturating_sub(1)));
    if is_own {
        for other in others {
            let Change::Edits(more) = &other.finding.proposals.get(at)?.change else { return None };
            edits.extend(more.iter().cloned());
        }
        proposal.title = format!("{}, and the same in {}", proposal.title, entries(others.len()));
    }
    Some(proposal)
}

/// `1 more entry`, `59 more entries`.
fn entries(count: usize) -> String {
    if count == 1 { "1 more entry".to_owned() } else { format!("{count} more entries") }
}
