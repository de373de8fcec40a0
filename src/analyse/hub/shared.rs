//! What the cells behind one drop-down have in common, and what each has beside it.

use crate::base::Place;
use crate::ir::{Choice, Located, MenuImage, MenuOption, OptionKind, Override, Settings, Unlisted};

/// Pairs of names and texts.
type Pairs = [(Located<String>, Located<String>)];

/// What two settings say alike.
pub(super) fn common(a: &Settings, b: &Settings) -> Settings {
    Settings {
        cpu: same(a.cpu.as_ref(), b.cpu.as_ref()),
        memory: same(a.memory.as_ref(), b.memory.as_ref()),
        gpu: same(a.gpu.as_ref(), b.gpu.as_ref()),
        node: pairs(&a.node, &b.node, true),
        env: pairs(&a.env, &b.env, true),
        url: same(a.url.as_ref(), b.url.as_ref()),
        overrides: overrides(&a.overrides, &b.overrides, true),
    }
}

/// What settings say beside those in common.
pub(super) fn without(all: &Settings, common: &Settings) -> Settings {
    Settings {
        cpu: all.cpu.filter(|_| common.cpu.is_none()),
        memory: all.memory.filter(|_| common.memory.is_none()),
        gpu: all.gpu.clone().filter(|_| common.gpu.is_none()),
        node: pairs(&all.node, &common.node, false),
        env: pairs(&all.env, &common.env, false),
        url: all.url.clone().filter(|_| common.url.is_none()),
        overrides: overrides(&all.overrides, &common.overrides, false),
    }
}

fn same<T: Clone + PartialEq>(a: Option<&Located<T>>, b: Option<&Located<T>>) -> Option<Located<T>> {
    a.zip(b).filter(|(a, b)| a.value == b.value).map(|(a, _)| a.clone())
}

/// The pairs of `a` that are also of `b`, or those that are not.
fn pairs(a: &Pairs, b: &Pairs, wanted: bool) -> Vec<(Located<String>, Located<String>)> {
    let there = |(key, value): &&(Located<String>, Located<String>)| {
        b.iter().any(|(other, text)| other.value == key.value && text.value == value.value) == wanted
    };
    a.iter().filter(there).cloned().collect()
}

/// The overrides of `a` that are also of `b`, or those that are not.
fn overrides(a: &[Override], b: &[Override], wanted: bool) -> Vec<Override> {
    let there =
        |one: &&Override| b.iter().any(|other| other.name.value == one.name.value && other.value.value == one.value.value) == wanted;
    a.iter().filter(there).cloned().collect()
}

/// The drop-down of a free text that stands beside no choices. One for an image gets the entry's own as its first line: a
/// server that is started without the page takes it.
pub(super) fn beside(key: Located<String>, free: Unlisted, name: &str, image: &mut Option<Located<MenuImage>>) -> MenuOption {
    let place: Place = free.origin;
    let own = if free.image { image.take() } else { None };
    let choices = own.into_iter().map(|image| Choice {
        key: Located::new(name.replace(['_', '.', ':', '@'], "-").to_lowercase(), place),
        title: Located::new(name.to_owned(), place),
        description: None,
        default: Some(image.place),
        image: Some(image),
        settings: Settings::default(),
        groups: Vec::new(),
        renamed_from: Vec::new(),
        origin: place,
    });
    MenuOption {
        title: Located::new(super::options::spoken(&key.value), key.place),
        key,
        kind: OptionKind::Unlisted,
        choices: choices.collect(),
        unlisted: Some(free),
        renamed_from: Vec::new(),
        builds: None,
        origin: place,
    }
}
