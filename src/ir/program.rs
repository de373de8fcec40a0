//! The whole program.

use std::collections::BTreeMap;
use std::ops::Index;
use std::rc::Rc;

use super::ids::BaseId;
use super::{Base, Cell, CellId, Hub, Image, ImageId, ImageRef, Locks, Outputs, Parent, Period, Project, Recipe, Step};
use crate::base::{IndexMap, Place};
use crate::diagnostics::Code;

/// Everything that a program says, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What holds for all images.
    pub project: Project,
    /// The file that the program begins in: `main.jenv`.
    pub main_file: String,
    /// Existing images that something stands on or takes from.
    pub bases: Vec<Base>,
    /// Images that are built, parents before children, else in the order of their definitions.
    pub images: Vec<Image>,
    /// Cells, parents before children.
    pub cells: Vec<Cell>,
    /// Environments with their cells, those without steps of their own as well: they are the cells of what they stack.
    pub environments: Vec<(String, Vec<CellId>)>,
    /// Hubs, in the order of their definitions.
    pub hubs: Vec<Hub>,
    /// How often images ask to be rebuilt: each period that a definition names, once.
    pub rebuilds: Vec<Period>,
    /// The artifacts to write.
    pub outputs: Outputs,
    /// What `jenvc lock` has resolved.
    pub locks: Locks,
    /// Findings that the program allows.
    pub allows: Vec<Allow>,
    /// What its own files define of images and their parts.
    pub definitions: Vec<Defined>,
}

/// An image, a layer, an environment or a fragment, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defined {
    /// Its name, where it is defined.
    pub name: Place,
    /// The whole definition.
    pub whole: Place,
}

/// A kind of finding that one definition allows, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// Which.
    pub code: &'static Code,
    /// The definition: findings whose primary place is in it, or whose cells are its.
    pub definition: String,
    /// The whole definition in its file.
    pub scope: Place,
    /// The reason.
    pub because: String,
    /// Where it is written.
    pub origin: Place,
}

impl Program {
    /// The cells from the one on the base up to `cell`, both in.
    #[must_use]
    pub fn stack(&self, cell: CellId) -> Vec<CellId> {
        let mut stack = Vec::with_capacity(self.downwards(cell).count());
        stack.extend(self.downwards(cell));
        stack.reverse();
        stack
    }

    /// A cell and those it stands on, down to the one on the base.
    pub fn downwards(&self, cell: CellId) -> impl Iterator<Item = CellId> {
        let below = |cell: &CellId| if let Parent::Cell(parent) = self[*cell].parent { Some(parent) } else { None };
        std::iter::successors(Some(cell), below)
    }

    /// The base at the bottom of a cell's stack.
    #[must_use]
    pub fn base_of(&self, cell: CellId) -> BaseId {
        let mut at = cell;
        loop {
            match self[at].parent {
                Parent::Cell(parent) => at = parent,
                Parent::Base(base) => return base,
            }
        }
    }

    /// The cells of each recipe, in order: cells of one recipe have the same stack, so a rule that reads nothing but stacks looks at
    /// the first of them.
    #[must_use]
    pub fn stacks(&self) -> Vec<Vec<CellId>> {
        let mut stacks: IndexMap<*const Recipe, Vec<CellId>> = IndexMap::default();
        for (id, cell) in self.cells() {
            stacks.entry(Rc::as_ptr(&cell.recipe)).or_default().push(id);
        }
        stacks.into_values().collect()
    }

    /// Cells by their value of an axis, in order.
    #[must_use]
    pub fn by_axis(&self, cells: &[CellId], axis: &str) -> Vec<Vec<CellId>> {
        let mut groups: IndexMap<Option<&str>, Vec<CellId>> = IndexMap::default();
        for id in cells {
            groups.entry(self[*id].axis(axis)).or_default().push(*id);
        }
        groups.into_values().collect()
    }

    /// The recipes, each once, in the order of their first cells.
    #[must_use]
    pub fn recipes(&self) -> Vec<&Recipe> {
        let mut recipes: IndexMap<*const Recipe, &Recipe> = IndexMap::default();
        for cell in &self.cells {
            recipes.entry(Rc::as_ptr(&cell.recipe)).or_insert(&*cell.recipe);
        }
        recipes.into_values().collect()
    }

    /// The cells whose stages are in the Dockerfile of a cell, each after those that it needs itself.
    #[must_use]
    pub fn stages(&self, cell: CellId) -> Vec<CellId> {
        let mut found = Vec::new();
        self.collect_stages(cell, &mut found);
        found
    }

    fn collect_stages(&self, cell: CellId, found: &mut Vec<CellId>) {
        let Cell { parent, recipe, .. } = &self[cell];
        let below = if let Parent::Cell(parent) = parent { Some(*parent) } else { None };
        let images = recipe.steps.iter().flat_map(Step::images);
        let taken = images.filter_map(|image| if let ImageRef::Cell(cell) = image { Some(*cell) } else { None });
        for stage in below.into_iter().chain(taken).filter(|cell| self.is_stage(*cell)) {
            if !found.contains(&stage) {
                self.collect_stages(stage, found);
                found.push(stage);
            }
        }
    }

    /// Whether a cell is a stage in the Dockerfiles of others, and no image of its own.
    #[must_use]
    pub fn is_stage(&self, cell: CellId) -> bool {
        self[self[cell].image].stage
    }

    /// The images that are built and pushed, with their ids, in order.
    pub fn built(&self) -> impl Iterator<Item = (ImageId, &Image)> {
        self.images().filter(|(_, image)| !image.stage)
    }

    /// The secrets that the build of a cell is given: each one's name, and what it is called where the build is started.
    #[must_use]
    pub fn secrets(&self, cell: CellId) -> BTreeMap<&str, &str> {
        let cells = self.stages(cell).into_iter().chain([cell]);
        let steps = cells.flat_map(|cell| self[cell].steps.iter());
        steps.flat_map(Step::secrets).map(|(name, secret)| (name, secret.from.as_str())).collect()
    }

    /// The images with their ids, in order.
    pub fn images(&self) -> impl Iterator<Item = (ImageId, &Image)> {
        self.images.iter().enumerate().map(|(at, image)| (ImageId(u32::try_from(at).unwrap_or(u32::MAX)), image))
    }

    /// The cells with their ids, in order.
    pub fn cells(&self) -> impl Iterator<Item = (CellId, &Cell)> {
        self.cells.iter().enumerate().map(|(at, cell)| (CellId(u32::try_from(at).unwrap_or(u32::MAX)), cell))
    }
}

impl Index<CellId> for Program {
    type Output = Cell;
    #[expect(clippy::indexing_slicing, reason = "ids are made by the analysis, which never removes a cell")]
    fn index(&self, id: CellId) -> &Cell {
        &self.cells[id.0 as usize]
    }
}

impl Index<ImageId> for Program {
    type Output = Image;
    #[expect(clippy::indexing_slicing, reason = "ids are made by the analysis, which never removes an image")]
    fn index(&self, id: ImageId) -> &Image {
        &self.images[id.0 as usize]
    }
}

impl Index<BaseId> for Program {
    type Output = Base;
    #[expect(clippy::indexing_slicing, reason = "ids are made by the analysis, which never removes a base")]
    fn index(&self, id: BaseId) -> &Base {
        &self.bases[id.0 as usize]
    }
}
