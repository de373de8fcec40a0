//! Which images are stages and nothing else: internal ones that others only take files from.

use super::cells::Built;
use crate::ir::{Cell, CellId, ImageRef, Parent, Step};

/// Marks the stages. An image that CI does not build stays one, since somebody pushes it by hand.
pub(crate) fn mark(built: &mut Built<'_>) {
    let mut uses = Uses(vec![Use::default(); built.images.len()]);
    for offered in built.offers.iter().chain(built.named.iter().map(|(_, offer)| offer)).flat_map(|offer| &offer.cells) {
        if let Parent::Cell(cell) = offered.parent {
            uses.add(&built.cells, cell, false);
        }
    }
    // What is built on an image or takes from it comes after it.
    for (at, image) in built.images.iter_mut().enumerate().rev() {
        let what = uses.0.get(at).copied().unwrap_or_default();
        image.stage = !image.publish && image.ci.skip.is_none() && what.as_stage && !what.as_image;
        for cell in image.cells.iter().filter_map(|id| built.cells.get(id.0 as usize)) {
            if let Parent::Cell(parent) = cell.parent {
                uses.add(&built.cells, parent, image.stage);
            }
            for reference in cell.steps.iter().flat_map(Step::images) {
                if let ImageRef::Cell(taken) = reference {
                    uses.add(&built.cells, *taken, true);
                }
            }
        }
    }
}

/// What is made of an image.
#[derive(Clone, Copy, Default)]
struct Use {
    /// Whether a stage is built on it, or something takes files from it.
    as_stage: bool,
    /// Whether an image that is pushed is built on it, or a menu offers it.
    as_image: bool,
}

/// By image.
struct Uses(Vec<Use>);

impl Uses {
    fn add(&mut self, cells: &[Cell], cell: CellId, as_stage: bool) {
        let image = cells.get(cell.0 as usize).map(|cell| cell.image.0 as usize);
        if let Some(used) = image.and_then(|image| self.0.get_mut(image)) {
            used.as_stage |= as_stage;
            used.as_image |= !as_stage;
        }
    }
}
