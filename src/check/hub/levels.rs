//! What the levels of stacks hold of what a rule asks for: each recipe is looked through once, however many stacks are built on it.

use std::rc::Rc;

use foldhash::HashMap;

use crate::ir::{CellId, Package, Program, Recipe};

/// What was found in each recipe, the last entry first.
pub(super) struct Levels<T>(HashMap<*const Recipe, Vec<T>>);

impl<T> Default for Levels<T> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<T: Copy> Levels<T> {
    /// What a stack has, the uppermost first; `of` reads a package that no stack before had.
    pub(super) fn of_stack<'a>(&mut self, program: &'a Program, cell: CellId, of: impl Fn(&'a Package) -> Option<T>) -> Vec<T> {
        let mut all = Vec::new();
        for level in program.downwards(cell) {
            let recipe = &program[level].recipe;
            let own = self.0.entry(Rc::as_ptr(recipe)).or_insert_with(|| recipe.packages.iter().rev().filter_map(&of).collect());
            all.extend_from_slice(own);
        }
        all
    }
}
