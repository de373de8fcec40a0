//! Packages across stacked layers: every entry of every cell held against what is in force below it.
//!
//! [`Scene`] is one entry in one cell; each rule looks at a scene and writes into the [`Book`], in which one cause is one
//! finding, however many cells it hits.

mod advice;
mod book;
mod disjoint;
mod downgraded;
mod groups;
mod managers;
mod narrowed;
mod overridden;
mod pinned;
mod python;
mod repeated;

use std::rc::Rc;

use super::stack::{Ask, At, Names, Sets, State, bits, who};
use crate::diagnostics::Findings;
use crate::ir::{CellId, Parent, Program};
use book::Book;

/// One entry in one cell, and what is in force below it.
struct Scene<'s, 'p> {
    program: &'p Program,
    cell: CellId,
    ask: &'s Ask<'p>,
    /// One bit for each platform of the cell.
    platforms: u8,
    /// What is asked of the same software, whatever manager it comes from, in the order of the stack.
    below: &'s [Ask<'p>],
}

impl<'s, 'p> Scene<'s, 'p> {
    /// What is below of the same package, on a platform that the entry is for.
    fn same(&self) -> impl Iterator<Item = &'s Ask<'p>> {
        let ask = self.ask;
        self.below.iter().filter(move |other| other.is_same_package(ask) && other.shares_platform(ask))
    }

    /// The definition that an ask stands in, as a reader knows it.
    fn who(&self, ask: &Ask<'p>) -> String {
        who(self.program, ask)
    }
}

/// What an entry does to what is below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Both hold.
    Joins,
    /// It takes the place of what is below, but for pins.
    Replaces,
    /// What is below says it all.
    Repeats,
}

/// Runs all rules about packages across layers.
pub(super) fn rules(program: &Program, findings: &mut Findings) {
    let mut walk = Walk { program, names: Names::of_project(&program.project), sets: Sets::default(), book: Book::default() };
    let bases: Vec<_> = program.bases.iter().enumerate().map(|(at, base)| walk.base(at, base)).collect();
    let mut cells: Vec<Rc<State<'_>>> = Vec::with_capacity(program.cells.len());
    for (id, cell) in program.cells() {
        let below = match cell.parent {
            Parent::Base(base) => bases.get(base.0 as usize),
            Parent::Cell(parent) => cells.get(parent.0 as usize),
        };
        let state = below.map_or_else(State::default, State::on);
        cells.push(walk.cell(id, state));
    }
    walk.book.close(program, findings);
}

/// What is in force in one cell of what its stack says about one piece of software.
pub(super) struct InForce<'p> {
    /// Everything that is said, the root first.
    pub(super) said: Vec<Ask<'p>>,
    /// What of it is in force.
    pub(super) held: Vec<Ask<'p>>,
    /// The packages, by their normalised names, of which no version is left.
    pub(super) lost: Vec<String>,
}

/// What the stack of a cell says about each piece of software that has a package of this name; none where there is none.
pub(super) fn asked<'p>(program: &'p Program, cell: CellId, name: &str) -> Vec<InForce<'p>> {
    let mut walk = Walk { program, names: Names::of_project(&program.project), sets: Sets::default(), book: Book::default() };
    let base = program.base_of(cell);
    let mut state = walk.base(base.0 as usize, &program[base]);
    let stack = program.stack(cell);
    for level in &stack {
        state = walk.cell(*level, State::on(&state));
    }
    let provided = program[base].provides.iter().map(|package| (package, At::Base(base), program[base].platforms.as_slice()));
    let own = stack.iter().flat_map(|level| {
        let cell = &program[*level];
        cell.packages.iter().map(move |package| (package, At::Cell(*level), cell.platforms.as_slice()))
    });
    let all: Vec<Ask<'_>> = provided.chain(own).map(|(package, at, platforms)| Ask::new(package, at, platforms, &mut walk.sets)).collect();
    let software = walk.names.called(name);
    let lost = walk.book.lost();
    let mut of = |one| InForce {
        said: all.iter().filter(|ask| walk.names.of(ask.package) == one).cloned().collect(),
        held: state.find(one).map(|asks| (**asks).clone()).unwrap_or_default(),
        lost: lost.clone(),
    };
    software.into_iter().map(&mut of).filter(|one| !one.said.is_empty()).collect()
}

/// The walk over the cells.
struct Walk<'p> {
    program: &'p Program,
    names: Names<'p>,
    sets: Sets<'p>,
    book: Book<'p>,
}

impl<'p> Walk<'p> {
    /// What an existing image holds.
    fn base(&mut self, at: usize, base: &'p crate::ir::Base) -> Rc<State<'p>> {
        let id = crate::ir::BaseId(u32::try_from(at).unwrap_or(u32::MAX));
        let mut state = State::default();
        for package in base.provides.iter() {
            let ask = Ask::new(package, At::Base(id), &base.platforms, &mut self.sets);
            let software = self.names.of(package);
            let mut asks = state.find(software).map(|asks| (**asks).clone()).unwrap_or_default();
            asks.push(ask);
            state.put(software, asks);
        }
        Rc::new(state)
    }

    /// Holds the entries of a cell against what is below, each also against those before it.
    fn cell(&mut self, id: CellId, mut state: State<'p>) -> Rc<State<'p>> {
        let program = self.program;
        let cell = &program[id];
        let platforms = bits(&cell.platforms);
        for package in cell.packages.iter() {
            let ask = Ask::new(package, At::Cell(id), &cell.platforms, &mut self.sets);
            let software = self.names.of(package);
            let below = state.find(software).map(Rc::clone).unwrap_or_default();
            let scene = Scene { program, cell: id, ask: &ask, platforms, below: &below };
            let outcome = meet(&scene, &mut self.book);
            if outcome != Outcome::Repeats {
                self.book.fresh.insert((package.origin, package.normal.as_str()));
            }
            if let Some(asks) = after(&scene, outcome) {
                state.put(software, asks);
            }
        }
        Rc::new(state)
    }
}

/// Runs the rules over one scene.
fn meet(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> Outcome {
    overridden::idle(scene, book);
    if pinned::rule(scene, book) {
        return Outcome::Replaces;
    }
    python::axis(scene, book);
    if scene.below.is_empty() {
        return Outcome::Joins;
    }
    if scene.ask.package.overrides {
        overridden::rule(scene, book);
        return Outcome::Replaces;
    }
    if managers::rule(scene, book) | (downgraded::rule(scene, book) || disjoint::rule(scene, book)) {
        return Outcome::Replaces;
    }
    python::moved(scene, book);
    narrowed::rule(scene, book);
    if repeated::rule(scene, book) { Outcome::Repeats } else { Outcome::Joins }
}

/// What is in force above an entry; `None` where it changes nothing.
fn after<'p>(scene: &Scene<'_, 'p>, outcome: Outcome) -> Option<Vec<Ask<'p>>> {
    let ask = scene.ask;
    let says_nothing = ask.is_open() && ask.pin.is_none();
    if says_nothing && scene.same().any(|other| other.platforms & ask.platforms == ask.platforms) {
        return None;
    }
    let covered = |other: &Ask<'p>| other.is_same_package(ask) && other.platforms & scene.platforms & !ask.platforms == 0;
    let stays = |other: &&Ask<'p>| match outcome {
        Outcome::Joins | Outcome::Repeats => {
            let moved = other.pin.is_none() && other.known().is_some() && other.set.is_disjoint(&ask.set);
            !(moved && covered(other))
        }
        Outcome::Replaces => other.pin.is_some() || !covered(other),
    };
    let mut asks: Vec<Ask<'p>> = scene.below.iter().filter(stays).cloned().collect();
    asks.push(ask.clone());
    Some(asks)
}
