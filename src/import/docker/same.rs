//! Which steps of images are the same, as numbers that are quick to compare.

use std::collections::{BTreeMap, HashMap};

use super::images::Image;
use super::meant::by_contents;
use super::steps::{Act, Step, reads};
use super::sums::contents;
use crate::base::Files;

/// How many steps images must have in common at their beginning, for a layer of its own.
pub(super) const LEAST: usize = 2;

/// What an image does, in order: equal numbers are equal steps. Only steps whose place counts have one (see [`Step::has_place`]).
pub(super) type Row = Vec<usize>;

/// The row of each image. Files of the context are the same where what is in them is.
pub(super) fn rows(images: &[Image], files: &dyn Files) -> Vec<Row> {
    let mut images = images.to_vec();
    images.iter_mut().flat_map(|image| &mut image.steps).for_each(|step| contents(step, files));
    by_contents(&mut images, &|image| !image.internal);
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut rows = Vec::new();
    for image in &images {
        let mut row = Vec::new();
        let mut args: BTreeMap<&str, &Option<String>> = BTreeMap::new();
        for step in &image.steps {
            if let Act::Arg(name, value) = &step.act {
                args.insert(name, value);
            }
            if step.has_place() {
                let next = known.len();
                row.push(*known.entry(key(step, &args)).or_insert(next));
            }
        }
        rows.push(row);
    }
    rows
}

/// What tells a step from others: what it does, who does it, and the arguments that it reads.
fn key(step: &Step, args: &BTreeMap<&str, &Option<String>>) -> String {
    let mut text = step.keys().join("\n");
    if let Act::Setting(word, _, statement) = &step.act {
        text.extend([*word, " ", statement]);
    }
    text.extend(["\nby ", &step.user]);
    for (name, value) in args.iter().filter(|(name, _)| reads(step, name)) {
        text.extend(["\n", name, "=", value.as_deref().unwrap_or_default()]);
    }
    text
}

/// With how many steps all rows begin.
pub(super) fn common(rows: &[&[usize]]) -> usize {
    let Some((first, others)) = rows.split_first() else { return 0 };
    let all = |at: &usize| others.iter().all(|row| row.get(*at) == first.get(*at));
    (0..first.len()).take_while(all).count()
}

/// Behind which place the first steps that count end.
pub(super) fn end(steps: &[Step], length: usize) -> usize {
    let mut places = steps.iter().enumerate().filter(|(_, step)| step.has_place()).map(|(at, _)| at + 1);
    length.checked_sub(1).and_then(|last| places.nth(last)).unwrap_or_default()
}
