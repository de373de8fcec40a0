//! Packages across stacked layers: every entry of every cell held against what is in force below it.
//!
//! [`Scene`] is one entry in one cell; each rule looks at a scene and writes into the [`Book`], in which one cause is one
//! finding, however many cells it hits.

mod advice;
mod book;
mod bounded;
mod channels;
mod disjoint;
mod downgraded;
mod empty;
mod groups;
mod managers;
mod narrowed;
mod overridden;
mod pinned;
mod python;
mod repeated;
mod rivals;
mod scene;

use std::rc::Rc;

use super::stack::{Ask, At, Names, Sets, State, as_python, bits, same_prefix};
use crate::diagnostics::{Findings, PackageRef};
use crate::ir::{BaseId, CellId, Parent, Program};
use book::Book;
use scene::Scene;

/// What an entry does to what is below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Both hold.
    Joins,
    /// It takes the place of what is below, but for pins.
    Replaces,
    /// It contradicts what is below.
    Clashes,
    /// It can't be what it asks for, whatever else there is.
    Fails,
    /// What is below says it all.
    Repeats,
}

/// Runs all rules about packages across layers.
pub(super) fn rules(program: &Program, findings: &mut Findings) {
    let mut walk = Walk { program, names: Names::of_project(&program.project), sets: Sets::default(), book: Book::default() };
    let bases: Vec<_> = program.bases.iter().enumerate().map(|(at, base)| walk.base(at, base)).collect();
    let mut states: Vec<Option<Rc<State<'_>>>> = vec![None; program.cells.len()];
    for cells in program.stacks() {
        let below = match cells.first().map(|first| program[*first].parent) {
            Some(Parent::Base(base)) => bases.get(base.0 as usize),
            Some(Parent::Cell(parent)) => states.get(parent.0 as usize).and_then(Option::as_ref),
            None => None,
        };
        if let Some(Parent::Base(base)) = cells.first().map(|first| program[*first].parent) {
            walk.interpreter_of(base, &cells);
        }
        let state = walk.stack(&cells, below.map_or_else(State::default, State::on));
        for cell in cells {
            if let Some(known) = states.get_mut(cell.0 as usize) {
                *known = Some(Rc::clone(&state));
            }
        }
    }
    empty::elsewhere(program, findings);
    channels::check(program, findings);
    walk.book.close(program, findings);
}

/// What is in force in one cell of what its stack says about one piece of software.
pub(super) struct InForce<'p> {
    /// Everything that is said, the root first.
    pub(super) said: Vec<Ask<'p>>,
    /// What of it is in force.
    pub(super) held: Vec<Ask<'p>>,
    /// The packages of which no version is left.
    pub(super) lost: Vec<PackageRef>,
}

/// What the stack of a cell says about each piece of software that has a package of this name; none where there is none.
pub(super) fn asked<'p>(program: &'p Program, cell: CellId, name: &str) -> Vec<InForce<'p>> {
    let mut walk = Walk { program, names: Names::of_project(&program.project), sets: Sets::default(), book: Book::default() };
    let base = program.base_of(cell);
    let mut state = walk.base(base.0 as usize, &program[base]);
    let stack = program.stack(cell);
    for level in &stack {
        state = walk.stack(&[*level], State::on(&state));
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
        held: state.find(one).map(|asks| asks.to_vec()).unwrap_or_default(),
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
        let id = BaseId(u32::try_from(at).unwrap_or(u32::MAX));
        let mut state = State::default();
        for package in base.provides.iter() {
            let ask = Ask::new(package, At::Base(id), &base.platforms, &mut self.sets);
            let software = self.names.of(package);
            let mut asks = state.find(software).map(|asks| asks.to_vec()).unwrap_or_default();
            asks.retain(|other| !is_one_file(other, &ask));
            if !asks.iter().any(|other| is_one_file(&ask, other)) {
                asks.push(ask);
            }
            state.put(software, asks.into());
        }
        Rc::new(state)
    }

    /// Holds the interpreter of an existing image against the axis of the cells on it.
    fn interpreter_of(&mut self, base: BaseId, cells: &[CellId]) {
        let program = self.program;
        let Some(cell) = cells.first().copied() else { return };
        for package in program[base].provides.iter() {
            let ask = Ask::new(package, At::Base(base), &program[base].platforms, &mut self.sets);
            python::axis(&Scene { program, cell, cells, ask: &ask, platforms: ask.platforms, below: &[] }, &mut self.book);
        }
    }

    /// Holds the entries of cells that have one stack against what is below, each also against those before it.
    fn stack(&mut self, cells: &[CellId], mut state: State<'p>) -> Rc<State<'p>> {
        let program = self.program;
        let Some(id) = cells.first().copied() else { return Rc::new(state) };
        let cell = &program[id];
        let platforms = bits(&cell.platforms);
        for package in &cell.packages {
            let ask = Ask::new(package, At::Cell(id), &cell.platforms, &mut self.sets);
            let software = self.names.of(package);
            let below = state.find(software).map(Rc::clone);
            let below = below.as_deref().unwrap_or_default();
            let scene = Scene { program, cell: id, cells, ask: &ask, platforms, below };
            let outcome = meet(&scene, &mut self.book);
            if outcome != Outcome::Repeats {
                self.book.fresh.insert((package.origin, package.normal.as_str()));
            }
            if let Some(asks) = after(&scene, outcome) {
                state.put(software, asks);
            }
        }
        for package in &cell.bounds {
            let ask = Ask::new(package, At::Cell(id), &cell.platforms, &mut self.sets);
            let below = state.find(self.names.of(package)).map_or(&[][..], |asks| asks);
            bounded::rule(&Scene { program, cell: id, cells, ask: &ask, platforms, below }, &mut self.book);
        }
        Rc::new(state)
    }
}

/// Whether two known packages are one installation: a bill of materials names what conda has installed once more as a package
/// of Python.
fn is_one_file(one: &Ask<'_>, other: &Ask<'_>) -> bool {
    let both = [one, other].map(|ask| ask.package.ecosystem.as_str());
    let same = as_python(one).zip(as_python(other)).is_some_and(|(one, other)| one.is_same(&other));
    matches!(both, ["pypi", "conda"]) && one.package.origin == other.package.origin && same_prefix(one, other) && same
}

/// Runs the rules over one scene.
fn meet(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> Outcome {
    overridden::idle(scene, book);
    if empty::rule(scene, book) || pinned::rule(scene, book) {
        return Outcome::Fails;
    }
    if python::axis(scene, book) {
        return Outcome::Fails;
    }
    if scene.below.is_empty() {
        return Outcome::Joins;
    }
    if scene.ask.package.overrides {
        overridden::rule(scene, book);
        return Outcome::Replaces;
    }
    rivals::rule(scene, book);
    if downgraded::rule(scene, book) {
        return Outcome::Replaces;
    }
    if managers::rule(scene, book) | disjoint::rule(scene, book) {
        return Outcome::Clashes;
    }
    python::moved(scene, book);
    narrowed::rule(scene, book);
    if repeated::rule(scene, book) { Outcome::Repeats } else { Outcome::Joins }
}

/// What is in force above an entry; `None` where it changes nothing.
fn after<'p>(scene: &Scene<'_, 'p>, outcome: Outcome) -> Option<Rc<[Ask<'p>]>> {
    let ask = scene.ask;
    let says_nothing = ask.is_open() && ask.pin.is_none();
    if says_nothing && scene.same().any(|other| other.platforms & ask.platforms == ask.platforms) {
        return None;
    }
    let beaten = |other: &Ask<'p>| match outcome {
        _ if other.pin.is_some() => false,
        Outcome::Joins | Outcome::Repeats => other.is_same_package(ask) && other.known().is_some() && !other.set.shares_candidate(&ask.set),
        Outcome::Replaces => same_prefix(other, ask),
        Outcome::Clashes | Outcome::Fails => false,
    };
    let left = |other: &Ask<'p>| {
        let mut other = other.clone();
        other.contested |= outcome == Outcome::Clashes && other.pin.is_none() && same_prefix(&other, ask) && other.shares_platform(ask);
        if beaten(&other) {
            other.platforms &= scene.platforms & !ask.platforms;
        }
        (other.platforms != 0).then_some(other)
    };
    let own = Ask { contested: matches!(outcome, Outcome::Clashes | Outcome::Fails), ..ask.clone() };
    if scene.below.is_empty() {
        return Some(Rc::new([own]));
    }
    Some(scene.below.iter().filter_map(left).chain([own]).collect())
}
