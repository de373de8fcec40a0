//! What is underneath a statement: the base, the cells of the stack, and what its own cell does before it.

use crate::ir::{Base, Cell, CellId, Package, Platform, Program, Requirement, Step};

/// What is underneath a requirement.
pub(super) struct Below<'a> {
    /// The image at the bottom.
    pub(super) base: &'a Base,
    /// The cell that requires.
    pub(super) cell: &'a Cell,
    /// All cells of the stack, the lowest first; the last one is the cell itself.
    stack: Vec<&'a Cell>,
    /// How many of the cell's own packages are underneath.
    packages: usize,
    /// The platforms that the requirement is for.
    pub(super) platforms: Vec<Platform>,
    /// The other requirements of the cell.
    pub(super) beside: &'a [Requirement],
}

impl<'a> Below<'a> {
    /// What is underneath a requirement of a cell.
    pub(super) fn new(program: &'a Program, id: CellId, requirement: &Requirement) -> Self {
        let cell = &program[id];
        Self {
            base: &program[program.base_of(id)],
            cell,
            stack: program.stack(id).into_iter().map(|id| &program[id]).collect(),
            packages: requirement.packages_before,
            platforms: requirement.only.clone().unwrap_or_else(|| cell.platforms.clone()),
            beside: &cell.requirements,
        }
    }

    /// The packages, the lowest first, that are there on the platforms of the requirement.
    pub(super) fn packages(&self) -> impl Iterator<Item = &'a Package> {
        let own = self.cell.packages.iter().take(self.packages);
        let lower = self.stack.iter().rev().skip(1).rev().flat_map(|cell| cell.packages.iter());
        let platforms = &self.platforms;
        let there = |package: &&Package| package.only.as_ref().is_none_or(|only| platforms.iter().all(|platform| only.contains(platform)));
        self.base.provides.iter().chain(lower).chain(own).filter(there).collect::<Vec<_>>().into_iter()
    }

    /// The steps of the stack; of its own cell all, since steps and requirements are not in one list.
    pub(super) fn steps(&self) -> impl Iterator<Item = &'a Step> {
        self.stack.iter().copied().flat_map(|cell| cell.steps.iter())
    }
}
