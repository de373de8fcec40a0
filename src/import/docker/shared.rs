//! Layers that several images share: what they begin with in common, written once.

use super::families::Family;
use super::images::{Image, Parent};
use super::steps::{Act, Step};
use crate::import::name;
use crate::import::text::free;

/// How many steps images must have in common at their beginning, for a layer of its own.
const LEAST: usize = 2;

/// The images, and a layer for each beginning that images on one parent share. Parents come before what is built on them.
/// Images that have axes stay as they are.
pub(super) fn layers(mut images: Vec<Image>, families: &[Family]) -> Vec<Image> {
    let stays = |at: usize| families.iter().any(|family| family.members.contains(&at));
    let mut at = 0;
    while at < images.len() {
        if let Some((others, length)) = begin(&images, at, &stays) {
            images = split(images, at, &others, length);
        } else {
            at += 1;
        }
    }
    images
}

/// The images behind one that begin as it does, and with how many steps.
fn begin(images: &[Image], at: usize, stays: &dyn Fn(usize) -> bool) -> Option<(Vec<usize>, usize)> {
    let one = images.get(at).filter(|_| !stays(at))?;
    let common = |other: &Image| one.steps.iter().zip(&other.steps).take_while(|(one, two)| same(one, two)).count();
    let beside = images.iter().enumerate().filter(|(index, other)| *index != at && !stays(*index) && other.parent == one.parent);
    let found: Vec<(usize, usize)> = beside.map(|(index, other)| (index, common(other))).filter(|(_, length)| *length >= LEAST).collect();
    let length = found.iter().map(|(_, length)| *length).max()?;
    let steps = one.steps.get(..length)?;
    let costs = steps.iter().any(|step| matches!(step.act, Act::List(..)));
    let others: Vec<usize> = found.into_iter().filter(|(_, common)| *common == length).map(|(index, _)| index).collect();
    (costs && !others.is_empty()).then_some((others, length))
}

/// Whether two steps do the same.
fn same(one: &Step, two: &Step) -> bool {
    match (&one.act, &two.act) {
        (Act::Setting(..) | Act::Arg(..), _) => one.act == two.act,
        (Act::Nothing, _) | (_, Act::Nothing) => false,
        _ => one.user == two.user && one.keys() == two.keys(),
    }
}

/// Moves the common steps to a layer; where one image is no more than they, it is that layer.
fn split(mut images: Vec<Image>, at: usize, others: &[usize], length: usize) -> Vec<Image> {
    let members: Vec<usize> = std::iter::once(at).chain(others.iter().copied()).collect();
    let whole = members.iter().copied().find(|member| {
        images.get(*member).is_some_and(|image| {
            image.steps.len() == length && image.after.user == image.steps.last().map_or(String::new(), |step| step.user.clone())
        })
    });
    let Some(first) = images.get(at).cloned() else { return images };
    let layer = whole.unwrap_or(images.len());
    if whole.is_none() {
        let steps: Vec<Step> = first.steps.iter().take(length).cloned().collect();
        let mut after = first.before.clone();
        if let Some(step) = steps.last() {
            after.user.clone_from(&step.user);
        }
        after.accounts.clone_from(&first.after.accounts);
        after.used.clone_from(&first.after.used);
        let name = called(&images, &first, &steps);
        images.push(Image {
            name,
            steps,
            after,
            internal: true,
            instructions: 0,
            written: 0,
            installs: (0, 0),
            above: Vec::new(),
            ..first
        });
    }
    let user = images.get(layer).map(|image| image.after.user.clone()).unwrap_or_default();
    for member in members.into_iter().filter(|member| *member != layer) {
        if let Some(image) = images.get_mut(member) {
            image.steps.drain(..length.min(image.steps.len()));
            image.parent = Parent::Image(layer);
            image.before.user.clone_from(&user);
        }
    }
    images
}

/// What a shared layer is called: its parent and the first package that it adds.
fn called(images: &[Image], first: &Image, steps: &[Step]) -> String {
    let parent = match &first.parent {
        Parent::Base(reference) => super::state::repository(reference).rsplit('/').next().unwrap_or_default().to_owned(),
        Parent::Image(index) => images.get(*index).map(|image| image.name.clone()).unwrap_or_default(),
    };
    let package = steps.iter().find_map(|step| match &step.act {
        Act::List(list, _) => list.items.first().map(|item| item.text.split([' ', '[']).next().unwrap_or_default().to_owned()),
        _ => None,
    });
    let wanted = name(&format!("{parent}-{}", package.unwrap_or_default()), "shared");
    free(&wanted, |name| images.iter().any(|image| image.name == name))
}
