//! What an image is, from its base on: its steps in a form in which two images can be held against each other.

use std::collections::BTreeMap;

use super::held::chain;
use super::images::{Image, Parent};
use super::state::BINDER;
use super::steps::{Act, STATEMENT, reads};
use crate::base::Place;
use crate::import::quoted;
use crate::import::repository;

/// Settings that each image says of itself.
const ALONE: [&str; 2] = ["title", "description"];

/// A step of a whole image: what it does, and of an original where.
pub(super) struct Key {
    pub(super) text: String,
    pub(super) place: Place,
}

/// What an image is, from its base on.
pub(super) struct Whole {
    pub(super) base: String,
    pub(super) keys: Vec<Key>,
    pub(super) user: String,
    pub(super) settings: BTreeMap<(&'static str, String), String>,
    /// Settings that each image says of itself, of those below: what is said once more is not written again.
    pub(super) below: BTreeMap<(&'static str, String), String>,
}

/// All that an image is, with what it is built on.
pub(super) fn whole(images: &[Image], at: usize) -> Whole {
    let chain = chain(images, at);
    let base = match chain.last().and_then(|last| images.get(*last)).map(|image| &image.parent) {
        Some(Parent::Base(reference)) => named(reference),
        _ => String::new(),
    };
    let user = images.get(at).map(|image| image.after.user.clone()).unwrap_or_default();
    let mut all = Whole { base, keys: Vec::new(), user, settings: BTreeMap::new(), below: BTreeMap::new() };
    for step in chain.iter().rev().filter_map(|at| images.get(*at)).flat_map(|image| &image.steps) {
        all.keys.extend(step.keys().into_iter().map(|text| Key { text, place: step.place }));
    }
    for (number, image) in chain.iter().rev().enumerate().filter_map(|(number, at)| Some((number + 1, images.get(*at)?))) {
        let mut commands = false;
        for step in &image.steps {
            match &step.act {
                Act::Setting(word, key, statement) => {
                    // An entry point takes away the command of the parent, not that of the image itself.
                    commands |= *word == "cmd";
                    if *word == "entrypoint" && !commands {
                        all.settings.remove(&("cmd", String::new()));
                    }
                    if *word != STATEMENT {
                        let own = !ALONE.contains(word) || number == chain.len();
                        let settings = if own { &mut all.settings } else { &mut all.below };
                        settings.insert((word, key.clone()), statement.clone());
                    }
                }
                Act::Arg(name, Some(value)) if image.steps.iter().any(|step| reads(step, name)) => {
                    all.settings.insert(("arg", name.clone()), format!("arg {name} = {}", quoted(value)));
                }
                _ => {}
            }
        }
    }
    all
}

/// The package of an entry, or the whole command.
pub(super) fn about(key: &str) -> &str {
    let rest = key.split_once(": ").map_or(key, |(_, rest)| rest);
    if key.starts_with("run ") { rest } else { rest.split([' ', '[']).next().unwrap_or(rest) }
}

/// The manager and the package of an entry, where the compiler does not let that manager move what is there.
pub(super) fn stays(key: &Key) -> Option<(&str, &str)> {
    let manager = key.text.split(' ').next().filter(|word| matches!(*word, "apt" | "npm" | "cran"))?;
    Some((manager, about(&key.text)))
}

/// A base as both sides name it: of one of the standard library only the cell.
fn named(reference: &str) -> String {
    let repository = repository(reference);
    if repository.rsplit('/').next() != Some(BINDER) {
        return reference.to_owned();
    }
    let tag = reference.strip_prefix(repository).unwrap_or_default();
    format!("{BINDER}{}", tag.split('-').next().unwrap_or_default())
}
