//! What stands on what, as a list in which each image comes before those on it.

use std::collections::{BTreeMap, BTreeSet};

use super::contents::{Stacks, base_anchor, image_anchor, tagged};
use super::page::{Link, Node};
use crate::ir::{CellId, ImageId, Parent, Program};

/// The tree of some stacks; `cards` are the links to what offers a cell.
pub(super) fn nodes(program: &Program, stacks: &Stacks<'_>, cards: impl Fn(&[CellId], &str) -> Vec<Link>) -> Vec<Node> {
    let mut on_base: BTreeMap<&str, Vec<ImageId>> = BTreeMap::new();
    let mut on_image: BTreeMap<ImageId, Vec<ImageId>> = BTreeMap::new();
    let cells: BTreeMap<ImageId, Vec<CellId>> = stacks.images().map(|(id, cells)| (id, cells.iter().copied().collect())).collect();
    for (id, of) in &cells {
        // The parents of an image's cells are cells of one image, but for variants that stand on others: drawn under the first.
        match of.first().map(|cell| program[*cell].parent) {
            Some(Parent::Base(base)) => on_base.entry(&program[base].name).or_default().push(*id),
            Some(Parent::Cell(parent)) => on_image.entry(program[parent].image).or_default().push(*id),
            None => {}
        }
    }
    let mut all = Vec::new();
    for (name, bases) in stacks.bases() {
        let references: BTreeSet<String> = bases.iter().map(|base| tagged(&program[*base])).collect();
        let above = on_base.remove(name).unwrap_or_default();
        all.push(Node {
            name: name.to_owned(),
            id: base_anchor(name),
            existing: true,
            notes: references.into_iter().collect(),
            cards: cards(&[], name),
            depth: 0,
            opens: !above.is_empty(),
            closes: 0,
        });
        let mut waiting: Vec<(ImageId, usize)> = above.into_iter().rev().map(|id| (id, 1)).collect();
        while let Some((id, depth)) = waiting.pop() {
            let above = on_image.remove(&id).unwrap_or_default();
            let of = cells.get(&id).map_or(&[][..], Vec::as_slice);
            all.push(Node { opens: !above.is_empty(), ..built(program, id, of, depth, cards(of, "")) });
            waiting.extend(above.into_iter().rev().map(|id| (id, depth + 1)));
        }
    }
    let depths: Vec<usize> = all.iter().map(|node| node.depth).skip(1).chain([0]).collect();
    for (node, next) in all.iter_mut().zip(depths) {
        node.closes = node.depth.saturating_sub(next);
    }
    all
}

/// An image that is built.
fn built(program: &Program, id: ImageId, cells: &[CellId], depth: usize, cards: Vec<Link>) -> Node {
    let names = cells.iter().map(|cell| program[*cell].name.clone()).filter(|name| !name.is_empty());
    let name = program[id].name.clone();
    Node { id: image_anchor(&name), name, existing: false, notes: names.collect(), cards, depth, opens: false, closes: 0 }
}
