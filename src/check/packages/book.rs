//! The findings of all cells: one cause is one finding, which names the cells that it hits.

use foldhash::{HashMap, HashSet};

use super::Scene;
use super::advice;
use super::groups::Groups;
use crate::base::Place;
use crate::check::stack::{Ask, cell_ref};
use crate::diagnostics::{Code, Diagnostic, Findings, Severity, known};
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
        let places = std::iter::once(package.origin).chain(sides.iter().map(|side| side.package.origin)).collect();
        let cause = Cause { code: code.id, package: package.normal.clone(), places };
        let at = *self.known.entry(cause).or_insert_with(|| {
            self.hits.push(Hit { finding: make().about(&package.ecosystem, &package.normal), cells: Vec::new(), entry: package.origin });
            self.hits.len() - 1
        });
        if let Some(hit) = self.hits.get_mut(at)
            && hit.cells.last() != Some(&scene.cell)
        {
            hit.cells.push(scene.cell);
        }
    }

    /// The packages that an error is about, by their normalised names.
    pub(super) fn lost(&self) -> Vec<String> {
        let errors = self.hits.iter().filter(|hit| hit.finding.severity == Severity::Error);
        errors.filter_map(|hit| hit.finding.package.as_ref()).map(|package| package.name.clone()).collect()
    }

    /// Hands the findings over.
    pub(super) fn close(self, program: &Program, findings: &mut Findings) {
        for Hit { mut finding, cells, entry } in self.hits {
            if finding.code == &known::IDLE_OVERRIDE && self.overriding.contains(&entry) {
                continue;
            }
            if finding.severity == Severity::Error {
                finding = advice::exclude(program, &cells, finding);
            }
            findings.push(finding.in_cells(cells.into_iter().map(|cell| cell_ref(program, cell))));
        }
        self.groups.close(program, &self.fresh, findings);
    }
}
