//! One entry and what is in force below it: what the rules look at.

use crate::check::stack::{Ask, are_joined, who};
use crate::ir::{CellId, Program};

/// One entry in one stack, and what is in force below it.
#[derive(Clone, Copy)]
pub(super) struct Scene<'s, 'p> {
    pub(super) program: &'p Program,
    /// The first cell of the stack.
    pub(super) cell: CellId,
    /// All its cells.
    pub(super) cells: &'s [CellId],
    pub(super) ask: &'s Ask<'p>,
    /// One bit for each platform of the cell.
    pub(super) platforms: u8,
    /// What is asked of the same software, whatever manager it comes from, in the order of the stack.
    pub(super) below: &'s [Ask<'p>],
}

impl<'s, 'p> Scene<'s, 'p> {
    /// What is below of the same software, on a platform that the entry is for, without what contradicts something itself.
    pub(super) fn beside(&self) -> impl Iterator<Item = &'s Ask<'p>> {
        let ask = self.ask;
        self.below.iter().filter(move |other| !other.contested && other.shares_platform(ask))
    }

    /// What is beside of the same package.
    pub(super) fn same(&self) -> impl Iterator<Item = &'s Ask<'p>> {
        let ask = self.ask;
        self.beside().filter(move |other| other.is_same_package(ask))
    }

    /// What is beside of the same release: of the same package or of another part of it.
    pub(super) fn same_release(&self) -> impl Iterator<Item = &'s Ask<'p>> {
        let (ask, project) = (self.ask, &self.program.project);
        let is_part = move |other: &Ask<'p>| {
            let (one, two) = (ask.package, other.package);
            one.ecosystem == "conda" && one.environment == two.environment && are_joined(project, one, two)
        };
        self.beside().filter(move |other| other.is_same_package(ask) || is_part(other))
    }

    /// The definition that an ask stands in, as a reader knows it.
    pub(super) fn who(&self, ask: &Ask<'p>) -> String {
        who(self.program, ask)
    }
}
