//! A whole run: the ecosystems one after the other, and what the locks say about the program at the end.

use super::Resolver;
use super::request::{Locked, Request};
use super::state::Locker;
use crate::check::locked::{Unit, environments, known_by_lists, without_system};
use crate::check::rules_of_lock;
use crate::diagnostics::{Findings, known};
use crate::ir::{Lockable, Locks, Program, Section};

/// What a lock says about a program.
fn told(program: &Program, locks: &Locks) -> Findings {
    let mut findings = Findings::default();
    let program = &Program { locks: locks.clone(), ..program.clone() };
    rules_of_lock(program, &mut findings);
    findings.retain_mut(|finding| finding.code != &known::STALE_LOCK);
    known_by_lists(program, &mut findings);
    without_system(program, &mut findings);
    environments(program, false, &mut findings);
    findings
}

impl Locked {
    /// The locks that there are, before anything is resolved.
    #[must_use]
    pub fn unchanged(program: &Program) -> Self {
        Self { locks: program.locks.clone(), ..Self::default() }
    }

    /// Leaves out sections of cells that ask for nothing any more.
    pub fn prune(&mut self, program: &Program) {
        let units: Vec<Unit<'_>> = Lockable::ALL.into_iter().flat_map(|lockable| Unit::all(program, lockable)).collect();
        let asks = |image: &str, cell: &str, section: &Section| {
            let is_of = |unit: &Unit<'_>| unit.platform == section.platform && unit.lockable == section.lockable;
            units.iter().any(|unit| is_of(unit) && unit.image(program) == image && unit.cell_name(program) == cell)
        };
        for (image, sections) in &mut self.locks.0 {
            for section in sections.iter_mut() {
                let cells = std::mem::take(&mut section.cells);
                section.cells = cells.into_iter().filter(|cell| asks(image, cell, section)).collect();
            }
            sections.retain(|section| !section.cells.is_empty());
        }
        self.locks.0.retain(|_, sections| !sections.is_empty());
    }

    /// Resolves what is stale of a resolver's ecosystem, or what the request says, on what is locked so far.
    pub fn resolve(&mut self, program: &Program, resolver: &dyn Resolver, request: &Request) {
        let program = self.program(program);
        let mut locker = Locker::new(&program, resolver, request);
        locker.run();
        let run = locker.finish();
        self.locks = run.locks;
        self.findings.append(run.findings);
        self.undecided |= run.undecided;
        self.words.extend(run.words);
        self.questions += run.questions;
        self.waiting.extend(run.waiting.into_iter().filter(|one| !self.waiting.contains(one)).collect::<Vec<_>>());
    }

    /// The program with what is locked so far.
    #[must_use]
    pub fn program(&self, program: &Program) -> Program {
        Program { locks: self.locks.clone(), ..program.clone() }
    }

    /// Adds what the locks say about the program.
    #[must_use]
    pub fn judged(mut self, program: &Program) -> Self {
        let mut after = told(program, &self.locks);
        // A cell that can't be resolved keeps its section, which says the same in other words.
        after.retain_mut(|finding| {
            !self.findings.iter().any(|known| known.code == finding.code && finding.cells.iter().any(|cell| known.cells.contains(cell)))
        });
        self.findings.append(after);
        self
    }
}

/// Resolves what is stale of a resolver's ecosystem, or what the request says.
pub fn lock(program: &Program, resolver: &dyn Resolver, request: &Request) -> Locked {
    let mut locked = Locked::unchanged(program);
    locked.resolve(program, resolver, request);
    locked.judged(program)
}
