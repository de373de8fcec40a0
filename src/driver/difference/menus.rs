//! Entries of the menus that people will see change. What vanishes is marked: people's saved options and bookmarks name it.

use std::collections::BTreeMap;

use super::facts::{self, differing};
use super::kind::Kind;
use crate::emit::Plan;
use crate::ir::{Hub, Located, Profile, Program, Written, is_earlier};

/// One change of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuChange {
    /// Whether it is new, gone or otherwise.
    pub kind: Kind,
    /// The hub.
    pub hub: String,
    /// The slug of the entry; empty where it is the hub itself.
    pub slug: String,
    /// What differs, in words: ``the entry``, ``the choice `cuda12` of `variant` ``, `its image`.
    pub what: String,
    /// Before, where it is a text.
    pub before: Option<String>,
    /// After, where it is a text.
    pub after: Option<String>,
    /// Whether something vanishes that people have saved.
    pub breaking: bool,
    /// Whether it is only the image behind the entry or the choice: nobody sees that on the page.
    pub image: bool,
}

/// How changes are called that are told with the images.
const ITS_IMAGE: &str = "its image";
const IMAGE_OF: &str = "the image of ";

/// One side of a comparison.
#[derive(Clone, Copy)]
struct Side<'a> {
    program: &'a Program,
    plan: &'a Plan,
    hub: &'a Hub,
}

struct Comparison<'a> {
    hub: &'a str,
    all: Vec<MenuChange>,
}

pub(super) fn compare(old: &Program, old_plan: &Plan, new: &Program, new_plan: &Plan) -> Vec<MenuChange> {
    let mut all = Vec::new();
    let hubs: BTreeMap<&str, &Hub> = old.hubs.iter().map(|hub| (hub.name.as_str(), hub)).collect();
    for hub in &new.hubs {
        let mut comparison = Comparison { hub: &hub.name, all: Vec::new() };
        let after = Side { program: new, plan: new_plan, hub };
        match hubs.get(hub.name.as_str()) {
            Some(known) => comparison.hubs(Side { program: old, plan: old_plan, hub: known }, after),
            None => hub.menu.iter().for_each(|entry| comparison.comes(entry)),
        }
        all.append(&mut comparison.all);
    }
    for hub in old.hubs.iter().filter(|hub| !new.hubs.iter().any(|known| known.name == hub.name)) {
        let mut comparison = Comparison { hub: &hub.name, all: Vec::new() };
        hub.menu.iter().for_each(|entry| comparison.goes(entry));
        all.append(&mut comparison.all);
    }
    all
}

/// Whether a name is, or was, that of another one.
fn is_called(key: &str, renamed_from: &[Located<String>], name: &str) -> bool {
    key == name || renamed_from.iter().any(|former| former.value == name)
}

impl Comparison<'_> {
    fn say(&mut self, kind: Kind, slug: &str, what: String, before: Option<String>, after: Option<String>, breaking: bool) {
        let image = kind == Kind::Changed && (what == ITS_IMAGE || what.starts_with(IMAGE_OF));
        self.all.push(MenuChange { kind, hub: self.hub.to_owned(), slug: slug.to_owned(), what, before, after, breaking, image });
    }

    /// What is another one, where it is.
    fn text(&mut self, slug: &str, what: &str, before: Option<String>, after: Option<String>) {
        if before != after {
            self.say(Kind::Changed, slug, what.to_owned(), before, after, false);
        }
    }

    fn facts(&mut self, slug: &str, before: &facts::Facts, after: &facts::Facts) {
        for (what, one, two) in differing(before, after) {
            self.say(Kind::Changed, slug, what, one, two, false);
        }
    }

    fn comes(&mut self, entry: &Profile) {
        self.say(Kind::Added, &entry.slug.text, "the entry".to_owned(), None, Some(entry.title.value.clone()), false);
    }

    /// Also where it is retired: who had saved it gets something else.
    fn goes(&mut self, entry: &Profile) {
        self.say(Kind::Removed, &entry.slug.text, "the entry".to_owned(), Some(entry.title.value.clone()), None, true);
    }

    fn hubs(&mut self, before: Side<'_>, after: Side<'_>) {
        self.facts("", &facts::of_hub(before.hub), &facts::of_hub(after.hub));
        let first = |hub: &Hub| hub.default_profile().or(hub.menu.first()).map(|entry| entry.slug.text.clone());
        let default = |slug: &str| after.hub.menu.iter().find(|entry| is_called(&entry.slug.text, &entry.renamed_from, slug));
        let known = first(before.hub).map(|slug| default(&slug).map_or(slug, |entry| entry.slug.text.clone()));
        self.text("", "its default", known, first(after.hub));
        for entry in &after.hub.menu {
            match before.hub.menu.iter().find(|known| is_called(&entry.slug.text, &entry.renamed_from, &known.slug.text)) {
                None => self.comes(entry),
                Some(known) => self.entries(before, known, after, entry),
            }
        }
        for entry in before.hub.menu.iter().filter(|entry| default(&entry.slug.text).is_none()) {
            self.goes(entry);
        }
    }

    fn entries(&mut self, old: Side<'_>, before: &Profile, new: Side<'_>, after: &Profile) {
        let slug = &after.slug.text;
        self.text(slug, "its slug", Some(before.slug.text.clone()), Some(slug.clone()));
        self.text(slug, "its title", Some(before.title.value.clone()), Some(after.title.value.clone()));
        let description = |profile: &Profile| profile.description.as_ref().map(|text| text.value.clone());
        self.text(slug, "its description", description(before), description(after));
        let image = |side: Side<'_>, profile: &Profile| profile.image.as_ref().map(|image| side.plan.reference(side.program, &image.value));
        self.text(slug, ITS_IMAGE, image(old, before), image(new, after));
        let (one, two) = (old.hub.written(before), new.hub.written(after));
        self.facts(slug, &facts::of_entry(before, &one), &facts::of_entry(after, &two));
        self.options((old, before, &one), (new, after, &two));
        // Earlier releases come and go with each new one: seen on the page, and nothing that breaks.
        let (one, two) = (earlier(before, old.program, old.plan), earlier(after, new.program, new.plan));
        for (kind, lines, others) in [(Kind::Added, &two, &one), (Kind::Removed, &one, &two)] {
            for (what, title) in lines.iter().filter(|line| !others.contains(line)) {
                let (gone, new) = if kind == Kind::Added { (None, Some(title.clone())) } else { (Some(title.clone()), None) };
                self.say(kind, slug, what.clone(), gone, new, false);
            }
        }
    }

    fn options(&mut self, (old, before, one): (Side<'_>, &Profile, &Written<'_>), (new, after, two): (Side<'_>, &Profile, &Written<'_>)) {
        let slug = &after.slug.text;
        for option in &after.options {
            let key = &option.key.value;
            let Some(known) = before.options.iter().find(|known| is_called(key, &option.renamed_from, &known.key.value)) else {
                self.say(Kind::Added, slug, format!("the option `{key}`"), None, None, false);
                continue;
            };
            self.text(slug, "the key of an option", Some(known.key.value.clone()), Some(key.clone()));
            // Under today's name, whatever it was called.
            let mut former = known.clone();
            former.key.clone_from(&option.key);
            self.facts(slug, &facts::of_option(&former, one), &facts::of_option(option, two));
            for choice in &option.choices {
                let name = format!("the choice `{}` of `{key}`", choice.key.value);
                let Some(other) = known.choices.iter().find(|other| is_called(&choice.key.value, &choice.renamed_from, &other.key.value))
                else {
                    self.say(Kind::Added, slug, name, None, Some(choice.title.value.clone()), false);
                    continue;
                };
                let what = format!("the key of a choice of `{key}`");
                self.text(slug, &what, Some(other.key.value.clone()), Some(choice.key.value.clone()));
                let image = |side: Side<'_>, image: &Option<Located<_>>| {
                    image.as_ref().map(|image| side.plan.reference(side.program, &image.value))
                };
                self.text(slug, &format!("{IMAGE_OF}{name}"), image(old, &other.image), image(new, &choice.image));
                self.facts(slug, &facts::of_choice(other, one, &name), &facts::of_choice(choice, two, &name));
            }
            for choice in &known.choices {
                if !option.choices.iter().any(|other| is_called(&other.key.value, &other.renamed_from, &choice.key.value)) {
                    let what = format!("the choice `{}` of `{key}`", choice.key.value);
                    self.say(Kind::Removed, slug, what, Some(choice.title.value.clone()), None, true);
                }
            }
        }
        let kept = |key: &str| after.options.iter().any(|option| is_called(&option.key.value, &option.renamed_from, key));
        for option in before.options.iter().filter(|option| !kept(&option.key.value)) {
            self.say(Kind::Removed, slug, format!("the option `{}`", option.key.value), None, None, true);
        }
    }
}

/// The lines of the page that are earlier releases: where they stand, and what they are called.
fn earlier(profile: &Profile, program: &Program, plan: &Plan) -> Vec<(String, String)> {
    let offered = profile.offered(&|image| plan.reference(program, image));
    let lines = offered.options.iter().flat_map(|option| option.choices.iter().map(move |choice| (option, choice)));
    let earlier = lines.filter(|(_, choice)| is_earlier(&choice.key.value));
    earlier
        .map(|(option, choice)| (format!("the choice `{}` of `{}`", choice.key.value, option.key.value), choice.title.value.clone()))
        .collect()
}
