//! What the levels of stacks hold of what a rule asks for: each recipe is looked through once, however many stacks are built on it.

use std::rc::Rc;

use foldhash::HashMap;

use crate::ir::{CellId, Package, Program, Recipe, Wanted};

/// What was found, the last entry first.
pub(super) struct Levels<'a, T> {
    recipes: HashMap<*const Recipe, Vec<(&'a Package, T)>>,
    /// What each entry says, which is the same of entries that are written alike.
    entries: HashMap<*const Wanted, Option<T>>,
}

impl<T> Default for Levels<'_, T> {
    fn default() -> Self {
        Self { recipes: HashMap::default(), entries: HashMap::default() }
    }
}

impl<'a, T: Copy> Levels<'a, T> {
    /// What a stack has, the uppermost first; `of` reads an entry that no stack before had.
    pub(super) fn of_stack(&mut self, program: &'a Program, cell: CellId, of: impl Fn(&Package) -> Option<T>) -> Vec<(&'a Package, T)> {
        let mut all = Vec::new();
        let entries = &mut self.entries;
        for level in program.downwards(cell) {
            let recipe = &program[level].recipe;
            let own = self.recipes.entry(Rc::as_ptr(recipe)).or_insert_with(|| {
                let found = recipe.packages.iter().rev().map(|package| {
                    let said = *entries.entry(Rc::as_ptr(&package.wanted)).or_insert_with(|| of(package));
                    Some((package, said?))
                });
                found.flatten().collect()
            });
            all.extend_from_slice(own);
        }
        all
    }
}
