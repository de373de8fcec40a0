//! Layers that several images share: what they begin with in common, written once. The layers are a tree: of images that share
//! one, some may share the next.

use std::collections::VecDeque;

use super::families::Family;
use super::images::{Image, Parent};
use super::same::{LEAST, Row, common, end, rows};
use super::state::State;
use super::steps::{Act, Step};
use crate::base::Files;
use crate::import::text::free;
use crate::import::{Shared, name};

/// From how many images on a family has a layer below it, where it begins with packages: each image would install them.
const MANY: usize = 5;

/// The images, and a layer for each beginning that images on one parent share; what was shared. The images of a family stay
/// together: what only a few of them begin with stays in their definition.
pub(super) fn layers(mut images: Vec<Image>, families: &[Family], files: &dyn Files) -> (Vec<Image>, Vec<Shared>) {
    for image in &mut images {
        once(&mut image.steps);
    }
    let alone = (0..images.len()).filter(|at| !families.iter().any(|family| family.members.contains(at))).map(|at| vec![at]);
    let units = alone.chain(families.iter().map(|family| family.members.clone())).collect();
    let rows = rows(&images, files);
    let mut tree = Tree { images, rows, units, shared: Vec::new() };
    tree.grow();
    (tree.images, tree.shared)
}

/// An image that is no more than a stage, and does nothing that its parent does not.
pub(super) fn is_double(images: &[Image], image: &Image) -> bool {
    let Parent::Image(parent) = image.parent else { return false };
    image.internal && image.steps.is_empty() && images.get(parent).is_some_and(|parent| parent.internal)
}

struct Tree {
    images: Vec<Image>,
    /// What each image does that its parent does not.
    rows: Vec<Row>,
    /// Images, and families of them.
    units: Vec<Vec<usize>>,
    shared: Vec<Shared>,
}

impl Tree {
    /// Shares what there is to share, from the bases up.
    fn grow(&mut self) {
        let mut waiting: VecDeque<Parent> = VecDeque::new();
        for image in self.images.iter().filter(|image| matches!(image.parent, Parent::Base(_))) {
            if !waiting.contains(&image.parent) {
                waiting.push_back(image.parent.clone());
            }
        }
        while let Some(parent) = waiting.pop_front() {
            let units: Vec<Vec<usize>> = self.units.iter().filter(|unit| unit.iter().all(|at| self.is_on(*at, &parent))).cloned().collect();
            self.share(units, 0);
            self.forward();
            waiting.extend((0..self.images.len()).filter(|at| self.is_on(*at, &parent)).map(Parent::Image));
        }
    }

    fn is_on(&self, at: usize, parent: &Parent) -> bool {
        self.images.get(at).is_some_and(|image| image.parent == *parent)
    }

    /// What a unit does: of a family what all its members begin with.
    fn row(&self, unit: &[usize]) -> &[usize] {
        let all: Vec<&[usize]> = unit.iter().filter_map(|at| self.rows.get(*at)).map(Vec::as_slice).collect();
        all.first().and_then(|row| row.get(..common(&all))).unwrap_or_default()
    }

    /// Units on one parent that have `from` steps in common: those that go on in the same way share a layer.
    fn share(&mut self, units: Vec<Vec<usize>>, from: usize) {
        let mut groups: Vec<(usize, Vec<Vec<usize>>)> = Vec::new();
        for unit in units {
            let Some(next) = self.row(&unit).get(from).copied() else { continue };
            match groups.iter_mut().find(|(known, _)| *known == next) {
                Some((_, group)) => group.push(unit),
                None => groups.push((next, vec![unit])),
            }
        }
        let many = |group: &[Vec<usize>]| group.len() > 1 || group.iter().any(|unit| unit.len() >= MANY);
        for (_, group) in groups.into_iter().filter(|(_, group)| many(group)) {
            let length = common(&group.iter().map(|unit| self.row(unit)).collect::<Vec<_>>());
            let whole = self.whole(&group, length);
            let first = group.first().and_then(|unit| unit.first()).and_then(|at| self.images.get(*at));
            let lists = first.is_some_and(|image| image.steps.get(..end(&image.steps, length)).is_some_and(has_lists));
            if lists && (length >= LEAST || whole.is_some() || group.len() == 1) {
                self.lift(&group.concat(), length, whole);
            } else if group.len() > 1 {
                self.share(group, length);
            }
        }
    }

    /// The image that is no more than what all begin with.
    fn whole(&self, group: &[Vec<usize>], length: usize) -> Option<usize> {
        let fits = |at: &usize| {
            let others = group.iter().flatten().filter(|other| *other != at).filter_map(|other| self.images.get(*other));
            let row = self.rows.get(*at).map_or(0, Vec::len);
            row == length && self.images.get(*at).is_some_and(|image| others.into_iter().all(|other| inherits(other, image)))
        };
        let mut all: Vec<usize> = group.iter().filter_map(|unit| if let [at] = unit.as_slice() { Some(*at) } else { None }).collect();
        all.sort_by_key(|at| self.images.get(*at).is_some_and(|image| image.internal));
        all.into_iter().find(fits)
    }

    /// Moves the first steps of images to a layer.
    fn lift(&mut self, members: &[usize], length: usize, whole: Option<usize>) {
        let layer = whole.unwrap_or(self.images.len());
        if whole.is_none() {
            let all: Vec<&Image> = members.iter().filter_map(|at| self.images.get(*at)).collect();
            let Some(new) = new(&self.images, &all, length) else { return };
            let row = members.first().and_then(|at| self.rows.get(*at)).and_then(|row| row.get(..length)).unwrap_or_default().to_vec();
            self.images.push(new);
            self.rows.push(row);
            self.units.push(vec![layer]);
        }
        let Some(below) = self.images.get(layer).cloned() else { return };
        let others: Vec<usize> = members.iter().copied().filter(|member| *member != layer).collect();
        for member in &others {
            let (Some(image), Some(row)) = (self.images.get_mut(*member), self.rows.get_mut(*member)) else { continue };
            image.steps = rest(std::mem::take(&mut image.steps), length, &below.steps);
            row.drain(..length);
            image.parent = Parent::Image(layer);
            image.before.user.clone_from(&below.after.user);
        }
        let named = members.iter().filter_map(|at| self.images.get(*at)).filter(|image| !image.internal);
        let images = named.map(|image| image.name.clone()).collect();
        self.shared.push(Shared { layer: below.name, images, steps: length });
    }

    /// Who takes from a stage that another one is, too, takes from that.
    fn forward(&mut self) {
        for at in 0..self.images.len() {
            let Some(image) = self.images.get(at).filter(|image| is_double(&self.images, image)) else { continue };
            let (old, parent) = (image.name.clone(), image.parent.clone());
            let Parent::Image(to) = parent else { continue };
            let Some(new) = self.images.get(to).map(|image| image.name.clone()) else { continue };
            for other in &mut self.images {
                if other.parent == Parent::Image(at) {
                    other.parent = Parent::Image(to);
                }
                other.steps.iter_mut().flat_map(Step::sources).filter(|source| **source == old).for_each(|source| source.clone_from(&new));
            }
        }
    }
}

fn has_lists(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step.act, Act::List(..)))
}

/// Leaves of each setting the last one, which is the one that counts.
fn once(steps: &mut Vec<Step>) {
    let mut seen: Vec<(&'static str, String)> = Vec::new();
    let mut at = steps.len();
    while let Some(before) = at.checked_sub(1) {
        at = before;
        let Some((word, key, _)) = steps.get(at).and_then(Step::setting) else { continue };
        let known = (word, key.to_owned());
        if seen.contains(&known) {
            steps.remove(at);
        } else {
            seen.push(known);
        }
    }
}

/// Whether an image can be built on another one: it says itself, or in the same way, what that one sets.
fn inherits(image: &Image, parent: &Image) -> bool {
    let says = |word: &str, key: &str| image.steps.iter().filter_map(Step::setting).any(|(own, at, _)| own == word && at == key);
    parent.steps.iter().filter_map(Step::setting).all(|(word, key, _)| is_own(word) || says(word, key))
}

/// Settings that every image has of its own.
fn is_own(word: &str) -> bool {
    matches!(word, "title" | "description")
}

/// A layer of the first steps of images. A setting is in it where all of them have it, wherever that is.
fn new(images: &[Image], all: &[&Image], length: usize) -> Option<Image> {
    let first = *all.first()?;
    let everywhere = |step: &Step| {
        let said = step.setting().is_some_and(|(word, ..)| !is_own(word));
        said && all.iter().all(|image| image.steps.iter().any(|other| other.act == step.act))
    };
    let cut = end(&first.steps, length);
    let stays = |(at, step): &(usize, &Step)| if step.setting().is_some() { everywhere(step) } else { *at < cut };
    let steps: Vec<Step> = first.steps.iter().enumerate().filter(stays).map(|(_, step)| step.clone()).collect();
    let user = steps.iter().rev().map(|step| &step.user).find(|user| *user != "root").cloned().unwrap_or_else(|| "root".to_owned());
    let known = first.after.clone();
    let after = State { user, accounts: known.accounts, used: known.used, filled: known.filled, ..first.before.clone() };
    Some(Image {
        name: called(images, first, &steps),
        steps,
        after,
        internal: true,
        last: false,
        stage: None,
        instructions: 0,
        written: 0,
        installs: (0, 0),
        installed: std::collections::BTreeMap::new(),
        above: Vec::new(),
        ..first.clone()
    })
}

/// What is left of the steps of an image, once it is built on others.
fn rest(mut steps: Vec<Step>, length: usize, below: &[Step]) -> Vec<Step> {
    let behind = steps.split_off(end(&steps, length));
    let begins: Vec<Step> = steps.into_iter().filter(|step| !step.has_place()).collect();
    let known = |step: &Step| below.iter().any(|other| other.act == step.act && other.notes == step.notes);
    let read = |name: &str| behind.iter().any(|step| super::steps::reads(step, name));
    let stays = |step: &Step| match &step.act {
        Act::Arg(name, _) => read(name),
        Act::Nothing => !known(step),
        _ => true,
    };
    let begins: Vec<Step> = begins.into_iter().filter(stays).collect();
    let mut left: Vec<Step> = begins.into_iter().chain(behind.iter().cloned()).collect();
    let enters = left.iter().any(|step| step.setting().is_some_and(|(word, ..)| word == "entrypoint") && !known(step));
    // Another entry point takes away the command of the parent.
    left.retain(|step| step.setting().is_none_or(|(word, ..)| is_own(word) || enters && word == "cmd" || !known(step)));
    left
}

/// What a shared layer is called: its parent and the first package that it adds.
fn called(images: &[Image], first: &Image, steps: &[Step]) -> String {
    let parent = match &first.parent {
        Parent::Base(reference) => crate::import::repository(reference).rsplit('/').next().unwrap_or_default().to_owned(),
        Parent::Image(index) => images.get(*index).map(|image| image.name.clone()).unwrap_or_default(),
    };
    let package = steps.iter().find_map(|step| match &step.act {
        Act::List(list, _) => list.items.first().map(|item| item.text.split([' ', '[']).next().unwrap_or_default().to_owned()),
        _ => None,
    });
    let wanted = name(&format!("{parent}-{}", package.unwrap_or_default()), "shared");
    free(&wanted, |name| images.iter().any(|image| image.name == name))
}
