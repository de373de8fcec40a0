//! Cells of the standard library that nothing reaches: its axes are wide, and nobody wants five Pythons of each image.

use std::rc::Rc;

use foldhash::HashMap;

use super::cells::{Built, Info};
use super::context::Context;
use super::graph::Graph;
use crate::ir::{Cell, CellId, CopySource, ImageId, ImageRef, Mount, MountSource, Parent, Recipe, Step, StepKind};

/// Drops what nothing of the program reaches. All cells of the program's own definitions stay, with all that they stand on
/// and take from, and the cells that a menu names.
pub(crate) fn prune(cx: &Context<'_>, graph: &Graph, infos: &[Info], built: &mut Built<'_>) {
    let mut keep = vec![false; built.cells.len()];
    for (node, info) in graph.nodes.iter().zip(infos) {
        let own = cx.names.get(node.def).is_some_and(|def| !cx.is_standard(def.unit));
        for (parent, _) in info.points.iter().filter(|_| own) {
            if let Parent::Cell(cell) = parent {
                mark(&mut keep, *cell);
            }
        }
    }
    for offered in built.offers.iter().chain(built.named.iter().map(|(_, offer)| offer)).flat_map(|offer| &offer.cells) {
        if let Parent::Cell(cell) = offered.parent {
            mark(&mut keep, cell);
        }
    }
    // Parents come before children, so one walk from the end reaches all that a kept cell needs.
    for at in (0..built.cells.len()).rev() {
        if keep.get(at).copied().unwrap_or(false)
            && let Some(cell) = built.cells.get(at)
        {
            for needed in needs(cell) {
                mark(&mut keep, needed);
            }
        }
    }
    if keep.iter().all(|kept| *kept) {
        return;
    }
    renumber(built, &keep);
}

fn mark(keep: &mut [bool], cell: CellId) {
    if let Some(kept) = keep.get_mut(cell.0 as usize) {
        *kept = true;
    }
}

/// The cells that a cell stands on and takes from.
fn needs(cell: &Cell) -> Vec<CellId> {
    let mut all = Vec::new();
    if let Parent::Cell(parent) = cell.parent {
        all.push(parent);
    }
    for step in &cell.steps {
        all.extend(step.images().filter_map(|reference| if let ImageRef::Cell(cell) = reference { Some(*cell) } else { None }));
    }
    all
}

/// Gives the kept cells and images new numbers.
fn renumber(built: &mut Built<'_>, keep: &[bool]) {
    let mut next = 0;
    let new: Vec<Option<CellId>> = keep
        .iter()
        .map(|kept| {
            kept.then(|| {
                next += 1;
                CellId(next - 1)
            })
        })
        .collect();
    let moved = |cell: CellId| new.get(cell.0 as usize).copied().flatten();
    let mut image_next = 0;
    let mut image_new: Vec<Option<ImageId>> = Vec::new();
    for image in &mut built.images {
        let default = moved(image.default_cell);
        image.cells = image.cells.iter().filter_map(|cell| moved(*cell)).collect();
        image_new.push(image.cells.first().map(|first| {
            image.default_cell = default.unwrap_or(*first);
            image_next += 1;
            ImageId(image_next - 1)
        }));
    }
    built.images.retain(|image| !image.cells.is_empty());
    let mut at = 0;
    built.cells.retain(|_| {
        at += 1;
        keep.get(at - 1).copied().unwrap_or(false)
    });
    let parent_of = |parent: Parent| if let Parent::Cell(cell) = parent { moved(cell).map_or(parent, Parent::Cell) } else { parent };
    let mut recipes: HashMap<*const Recipe, Rc<Recipe>> = HashMap::default();
    for cell in &mut built.cells {
        cell.parent = parent_of(cell.parent);
        cell.image = image_new.get(cell.image.0 as usize).copied().flatten().unwrap_or(cell.image);
        if cell.steps.iter().any(|step| step.images().any(|reference| matches!(reference, ImageRef::Cell(_)))) {
            let recipe = recipes.entry(Rc::as_ptr(&cell.recipe)).or_insert_with(|| {
                let mut recipe = Recipe::clone(&cell.recipe);
                recipe.steps.iter_mut().for_each(|step| move_references(step, &moved));
                Rc::new(recipe)
            });
            cell.recipe = Rc::clone(recipe);
        }
    }
    let offers = built.offers.iter_mut().chain(built.named.iter_mut().map(|(_, offer)| offer));
    for offered in offers.flat_map(|offer| &mut offer.cells) {
        offered.parent = parent_of(offered.parent);
    }
}

fn move_references(step: &mut Step, moved: &dyn Fn(CellId) -> Option<CellId>) {
    let move_one = |reference: &mut ImageRef| {
        if let ImageRef::Cell(cell) = reference {
            *cell = moved(*cell).unwrap_or(*cell);
        }
    };
    match &mut step.kind {
        StepKind::Copy(copy) => {
            if let CopySource::Image { image, .. } = &mut copy.source {
                move_one(image);
            }
        }
        StepKind::Install(install) => move_mounts(&mut install.mounts, move_one),
        StepKind::Run(run) => move_mounts(&mut run.mounts, move_one),
        StepKind::Build(build) => move_mounts(&mut build.mounts, move_one),
        _ => {}
    }
}

fn move_mounts(mounts: &mut [Mount], mut move_one: impl FnMut(&mut ImageRef)) {
    for mount in mounts {
        if let MountSource::Image { image, .. } = &mut mount.source {
            move_one(image);
        }
    }
}
