//! Findings that are reported together: all packages of one definition above one other, and all definitions for which the
//! message is the same. Reported one by one they would drown the rest.

use std::rc::Rc;

use foldhash::HashSet;

use super::scene::Scene;
use crate::base::{IndexMap, IndexSet, Place};
use crate::check::stack::{Ask, cell_ref};
use crate::diagnostics::{Code, Diagnostic, Findings};
use crate::ir::{CellId, Ecosystem, Program};

/// How many entries are marked in the source.
const MARKED: usize = 3;

/// The two definitions of a group, what it is about, and a manager each where that matters.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    code: &'static str,
    sides: Sides,
}

/// Both sides of a group, as messages name them.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Sides {
    /// The definition whose entries are told.
    pub(super) upper: String,
    /// The definition below it.
    pub(super) lower: String,
    /// The manager above.
    pub(super) above: Rc<str>,
    /// The manager below.
    pub(super) below: Rc<str>,
}

/// A group of one kind, between two definitions.
#[derive(Debug)]
struct Group {
    kind: Kind,
    entries: IndexMap<(Place, String), Entry>,
    cells: Vec<CellId>,
}

/// One entry of a group.
#[derive(Debug)]
struct Entry {
    ecosystem: Ecosystem,
    normal: String,
    /// Name and constraint of the entry.
    spot: Place,
    /// The other side.
    other: Place,
    /// What stands in the message about it.
    text: String,
}

/// What a group says, beside its entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    /// The kind of finding.
    pub(super) code: &'static Code,
    /// The message, from the sides and the list of packages.
    pub(super) message: fn(&Sides, &str) -> String,
    /// The label of each entry.
    pub(super) here: &'static str,
    /// The label of the other side.
    pub(super) there: &'static str,
    /// The way out.
    pub(super) help: fn(&Sides) -> String,
    /// Whether it holds only where an entry never adds anything.
    pub(super) always: bool,
}

/// All groups.
#[derive(Debug, Default)]
pub(super) struct Groups {
    all: IndexMap<Key, Group>,
}

impl Groups {
    /// Adds an entry to the group of its definition and the other one's.
    pub(super) fn add(&mut self, kind: Kind, scene: &Scene<'_, '_>, other: &Ask<'_>, text: impl FnOnce() -> String) {
        let (ask, package) = (scene.ask, scene.ask.package);
        let sides = Sides {
            upper: scene.who(ask),
            lower: scene.who(other),
            above: Rc::clone(&package.manager),
            below: Rc::clone(&other.package.manager),
        };
        let key = Key { code: kind.code.id, sides };
        let group = self.all.entry(key).or_insert_with(|| Group { kind, entries: IndexMap::default(), cells: Vec::new() });
        group.entries.entry((package.origin, package.normal.clone())).or_insert_with(|| Entry {
            ecosystem: package.ecosystem,
            normal: package.normal.clone(),
            spot: ask.spot(),
            other: other.spot(),
            text: text(),
        });
        group.cells.extend(scene.cells);
    }

    /// Hands the groups over as findings, those that say the same of several definitions as one.
    pub(super) fn close(self, program: &Program, fresh: &HashSet<(Place, &str)>, findings: &mut Findings) {
        let mut by_lower: IndexMap<_, Vec<(Sides, Group)>> = IndexMap::default();
        for (Key { sides, .. }, mut group) in self.all {
            let always = group.kind.always;
            group.cells.sort_unstable();
            group.cells.dedup();
            group.entries.retain(|(place, normal), _| !always || !fresh.contains(&(*place, normal.as_str())));
            let entries: Vec<_> = group.entries.values().map(|entry| (entry.other, entry.text.clone())).collect();
            let managers = (sides.above.clone(), sides.below.clone());
            by_lower.entry((group.kind.code.id, sides.lower.clone(), managers, entries)).or_default().push((sides, group));
        }
        for finding in by_lower.into_values().filter_map(|groups| finding(program, &groups)) {
            findings.push(finding);
        }
    }
}

/// What is to be said of groups that differ in the definition above alone.
fn finding(program: &Program, groups: &[(Sides, Group)]) -> Option<Diagnostic> {
    let (sides, group) = groups.first()?;
    let kind = group.kind;
    let first = group.entries.values().next()?;
    let texts: IndexSet<_> = group.entries.values().map(|entry| entry.text.clone()).collect();
    let texts: Vec<_> = texts.into_iter().collect();
    let mut message = (kind.message)(sides, &super::advice::join_in_words(&texts));
    if groups.len() > 1 {
        message = format!("{message}; the same in {} more", groups.len() - 1);
    }
    let mut finding = Diagnostic::new(kind.code, first.spot, message).here(kind.here);
    let own = group.entries.values().skip(1).take(MARKED - 1);
    for entry in own.chain(groups.iter().skip(1).filter_map(|(_, other)| other.entries.values().next())) {
        finding = finding.also(entry.spot, kind.here);
    }
    if group.entries.len() == 1 {
        finding = finding.also(first.other, kind.there).about(first.ecosystem, &first.normal);
    }
    let cells = groups.iter().flat_map(|(_, group)| &group.cells).map(|cell| cell_ref(program, *cell));
    Some(finding.help((kind.help)(sides)).in_cells(cells))
}
