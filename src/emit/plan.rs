//! What every emitter must agree on: the tag, the Dockerfile, the build arguments and the bake target of each cell.

use crate::ir::{CellId, MenuImage, Program};

/// How one cell is built and named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellPlan {
    /// The content tag: readable part and hash, `py3.12-cuda12-3f9c1d2a6b41`.
    pub tag: String,
    /// Repository and content tag: what `FROM` lines, the bake file, the workflow and the menu name.
    pub reference: String,
    /// The Dockerfile, relative to the folder of the program.
    pub dockerfile: String,
    /// The name of its bake target: `scipy-notebook-py3-12`.
    pub target: String,
    /// Build arguments by which it differs from the Dockerfile's defaults, sorted by name.
    pub args: Vec<(String, String)>,
    /// Cells of the program that its Dockerfile names in `FROM`, `COPY --from` or a mount: bake links them as contexts.
    pub needs: Vec<CellId>,
}

/// The plans of all cells, in the order of the program's cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// One for each cell.
    pub cells: Vec<CellPlan>,
}

impl Plan {
    /// The reference of an image on a menu.
    #[must_use]
    pub fn reference(&self, program: &Program, image: &MenuImage) -> String {
        match image {
            MenuImage::Cell(cell) => self[*cell].reference.clone(),
            MenuImage::Base(base) => program[*base].reference(),
            MenuImage::Reference(reference) => reference.clone(),
        }
    }
}

impl std::ops::Index<CellId> for Plan {
    type Output = CellPlan;
    #[expect(clippy::indexing_slicing, reason = "a plan is made with one entry for each cell")]
    fn index(&self, id: CellId) -> &CellPlan {
        &self.cells[id.0 as usize]
    }
}
