//! The entries of menus as cards: hubs that offer the same entry share a card, and what they say alike.

use super::page::{Choices, Offer, OneChoice};
use super::words;
use crate::base::IndexMap;
use crate::ir::{Choice, Hub, MenuImage, MenuOption, OptionKind, Profile, Program, Settings, Unlisted};

/// An entry with the hubs that have it.
pub(super) type Entry<'a> = Vec<(&'a Hub, &'a Profile)>;

/// The entries of some hubs by their definitions and slugs, in the order of the first menu that has them.
pub(super) fn entries<'a>(hubs: impl Iterator<Item = &'a Hub>) -> Vec<Entry<'a>> {
    let mut all: IndexMap<(&str, &str), Entry<'a>> = IndexMap::default();
    for hub in hubs {
        for profile in &hub.menu {
            all.entry((&profile.definition, &profile.slug.text)).or_default().push((hub, profile));
        }
    }
    all.into_values().collect()
}

/// How the hubs offer an entry; the hubs are named where there are several of them.
pub(super) fn offers(program: &Program, entry: &Entry<'_>, several: bool) -> Vec<Offer> {
    let mut all: Vec<(Offer, Vec<String>)> = Vec::new();
    for (hub, profile) in entry {
        let new = offer(program, hub, profile);
        let name = several.then(|| hub.name.clone());
        match all.iter_mut().find(|(known, _)| *known == new) {
            Some((_, hubs)) => hubs.extend(name),
            None => all.push((new, name.into_iter().collect())),
        }
    }
    all.into_iter().map(|(offer, hubs)| Offer { hubs, ..offer }).collect()
}

/// How one hub offers it.
fn offer(program: &Program, hub: &Hub, profile: &Profile) -> Offer {
    Offer {
        hubs: Vec::new(),
        default: profile.default.is_some(),
        resources: words::resources(&profile.settings.over(&hub.defaults)),
        groups: profile.groups.iter().map(|group| group.value.clone()).collect(),
        options: profile.options.iter().map(|option| choices(program, option)).collect(),
    }
}

fn choices(program: &Program, option: &MenuOption) -> Choices {
    let default = option.choices.iter().position(|choice| choice.default.is_some()).unwrap_or(0);
    let written = option.kind == OptionKind::Written;
    let listed = option.choices.iter().enumerate().map(|(at, choice)| one(program, choice, written, at == default));
    Choices { title: option.title.value.clone(), choices: listed.chain(option.unlisted.as_ref().map(free)).collect() }
}

fn one(program: &Program, choice: &Choice, written: bool, default: bool) -> OneChoice {
    let described = choice.description.iter().map(|text| text.value.clone());
    // Where the axes are the choices, the titles say it already.
    let image = choice.image.as_ref().filter(|_| written).map(|image| match &image.value {
        MenuImage::Cell(id) => format!("{} {}", program[program[*id].image].name, program[*id].name).trim_end().to_owned(),
        MenuImage::Base(id) => program[*id].name.clone(),
        MenuImage::Reference(reference) => reference.clone(),
    });
    let notes = described.chain(image).chain(settings(&choice.settings)).chain(groups(&choice.groups));
    OneChoice { title: choice.title.value.clone(), notes: notes.collect(), default }
}

/// The free text beside the choices.
fn free(unlisted: &Unlisted) -> OneChoice {
    let noun = if unlisted.image { "any image" } else { "any text" };
    let what = unlisted.pattern.as_ref().map_or_else(|| noun.to_owned(), |pattern| format!("{noun} that matches {}", pattern.value));
    let notes = std::iter::once(what).chain(settings(&unlisted.settings)).chain(groups(&unlisted.groups)).collect();
    OneChoice { title: unlisted.title.value.clone(), notes, default: false }
}

fn settings(settings: &Settings) -> Option<String> {
    Some(words::resources(settings).join(", ")).filter(|text| !text.is_empty())
}

fn groups(groups: &[crate::ir::Located<String>]) -> Option<String> {
    let names: Vec<_> = groups.iter().map(|group| group.value.as_str()).collect();
    (!names.is_empty()).then(|| format!("for {}", names.join(", ")))
}
