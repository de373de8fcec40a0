//! Entries of the menus that people will see change. What vanishes is marked: people's saved options and bookmarks name it.

use std::collections::BTreeMap;

use super::kind::Kind;
use crate::emit::Plan;
use crate::ir::{Hub, Profile, Program, is_earlier};

/// One change of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuChange {
    /// Whether it is new, gone or otherwise.
    pub kind: Kind,
    /// The hub.
    pub hub: String,
    /// The slug of the entry.
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

struct Comparison<'a> {
    hub: &'a str,
    all: Vec<MenuChange>,
}

pub(super) fn compare(old: &Program, old_plan: &Plan, new: &Program, new_plan: &Plan) -> Vec<MenuChange> {
    let mut all = Vec::new();
    let hubs: BTreeMap<&str, &Hub> = old.hubs.iter().map(|hub| (hub.name.as_str(), hub)).collect();
    for hub in &new.hubs {
        let mut comparison = Comparison { hub: &hub.name, all: Vec::new() };
        let before: &[Profile] = hubs.get(hub.name.as_str()).map_or(&[], |hub| &hub.menu);
        for entry in &hub.menu {
            let renamed = |slug: &str| entry.renamed_from.iter().any(|name| name.value == slug);
            match before.iter().find(|known| known.slug.text == entry.slug.text || renamed(&known.slug.text)) {
                None => comparison.entry(Kind::Added, &entry.slug.text, None, Some(entry.title.value.clone()), false),
                Some(known) => comparison.entries(known, old, old_plan, entry, new, new_plan),
            }
        }
        for entry in before {
            let kept = hub
                .menu
                .iter()
                .any(|known| known.slug.text == entry.slug.text || known.renamed_from.iter().any(|name| name.value == entry.slug.text));
            if !kept {
                // Also where it is retired: who had saved it gets something else.
                comparison.entry(Kind::Removed, &entry.slug.text, Some(entry.title.value.clone()), None, true);
            }
        }
        all.append(&mut comparison.all);
    }
    all
}

impl Comparison<'_> {
    fn entry(&mut self, kind: Kind, slug: &str, before: Option<String>, after: Option<String>, breaking: bool) {
        self.say(kind, slug, "the entry".to_owned(), before, after, breaking);
    }

    fn say(&mut self, kind: Kind, slug: &str, what: String, before: Option<String>, after: Option<String>, breaking: bool) {
        let image = kind == Kind::Changed && (what == ITS_IMAGE || what.starts_with(IMAGE_OF));
        self.all.push(MenuChange { kind, hub: self.hub.to_owned(), slug: slug.to_owned(), what, before, after, breaking, image });
    }

    fn entries(&mut self, before: &Profile, old: &Program, old_plan: &Plan, after: &Profile, new: &Program, new_plan: &Plan) {
        let slug = &after.slug.text;
        let mut text = |what: &str, one: Option<String>, two: Option<String>| {
            if one != two {
                self.say(Kind::Changed, slug, what.to_owned(), one, two, false);
            }
        };
        text("its slug", Some(before.slug.text.clone()), Some(after.slug.text.clone()));
        text("its title", Some(before.title.value.clone()), Some(after.title.value.clone()));
        let description = |profile: &Profile| profile.description.as_ref().map(|text| text.value.clone());
        text("its description", description(before), description(after));
        let image =
            |profile: &Profile, program: &Program, plan: &Plan| profile.image.as_ref().map(|image| plan.reference(program, &image.value));
        text(ITS_IMAGE, image(before, old, old_plan), image(after, new, new_plan));
        text(
            "whether it is the default",
            before.default.map(|_| "the default".to_owned()),
            after.default.map(|_| "the default".to_owned()),
        );
        self.options(before, old, old_plan, after, new, new_plan);
        // Earlier releases come and go with each new one: seen on the page, and nothing that breaks.
        let (one, two) = (earlier(before, old, old_plan), earlier(after, new, new_plan));
        for (kind, lines, others) in [(Kind::Added, &two, &one), (Kind::Removed, &one, &two)] {
            for (what, title) in lines.iter().filter(|line| !others.contains(line)) {
                let (gone, new) = if kind == Kind::Added { (None, Some(title.clone())) } else { (Some(title.clone()), None) };
                self.say(kind, slug, what.clone(), gone, new, false);
            }
        }
    }

    fn options(&mut self, before: &Profile, old: &Program, old_plan: &Plan, after: &Profile, new: &Program, new_plan: &Plan) {
        let slug = &after.slug.text;
        for option in &after.options {
            let key = &option.key.value;
            let Some(known) = before.options.iter().find(|known| known.key.value == *key) else {
                self.say(Kind::Added, slug, format!("the option `{key}`"), None, None, false);
                continue;
            };
            for choice in &option.choices {
                let name = format!("the choice `{}` of `{key}`", choice.key.value);
                let renamed = |text: &str| choice.renamed_from.iter().any(|name| name.value == text);
                match known.choices.iter().find(|other| other.key.value == choice.key.value || renamed(&other.key.value)) {
                    None => self.say(Kind::Added, slug, name, None, Some(choice.title.value.clone()), false),
                    Some(other) => {
                        let one = other.image.as_ref().map(|image| old_plan.reference(old, &image.value));
                        let two = choice.image.as_ref().map(|image| new_plan.reference(new, &image.value));
                        if one != two {
                            self.say(Kind::Changed, slug, format!("{IMAGE_OF}{name}"), one, two, false);
                        }
                    }
                }
            }
            for choice in &known.choices {
                let kept = option.choices.iter().any(|other| {
                    other.key.value == choice.key.value || other.renamed_from.iter().any(|name| name.value == choice.key.value)
                });
                if !kept {
                    self.say(
                        Kind::Removed,
                        slug,
                        format!("the choice `{}` of `{key}`", choice.key.value),
                        Some(choice.title.value.clone()),
                        None,
                        true,
                    );
                }
            }
        }
        for option in before.options.iter().filter(|option| !after.options.iter().any(|known| known.key.value == option.key.value)) {
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
