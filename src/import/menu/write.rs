//! The model → definitions: a `profile` for each entry, with its drop-downs, in the order of the page.

use std::collections::BTreeMap;

use super::context::Context;
use super::fields::field;
use super::keys::{self, Names, Slug};
use super::model::{Choice, Choices, Common, Entry, Note, Said, Unlisted};
use super::page;
use super::read::shown;
use super::sets::{self};
use crate::base::Place;
use crate::import::RemarkKind::{Changed, Decide, Mistake, NotExpressible};
use crate::import::{Definition, Home, Item, Work, name, quoted, repository};
use crate::ir::{Chart, slugify};

/// What is known while entries are written.
pub(super) struct Writer<'w, 'f> {
    pub(super) work: &'w mut Work<'f>,
    pub(super) chart: Chart,
    /// What the hub's values guarantee of memory.
    pub(super) guarantee: Option<u64>,
    /// Whether jupyterhub-fancy-profiles draws the page.
    pub(super) fancy: bool,
    /// Comments by the place of what they are about.
    pub(super) comments: BTreeMap<usize, Vec<String>>,
    /// Slugs that are taken.
    pub(super) slugs: Vec<String>,
}

impl Writer<'_, '_> {
    /// Notes as remarks, which are comments at their place.
    pub(super) fn told(&mut self, notes: Vec<Note>) -> Vec<Item> {
        notes.into_iter().map(|note| self.work.remark(note.kind, note.place, note.text)).collect()
    }

    fn comments(&mut self, place: Place) -> Vec<Item> {
        let lines = self.comments.remove(&(place.span.start as usize)).unwrap_or_default();
        lines.into_iter().map(Item::Comment).collect()
    }

    /// An entry as a definition; the second value are its drop-downs.
    pub(super) fn entry(&mut self, entry: &Entry, default: bool) -> (Definition, Vec<Item>) {
        let mut notes = entry.common.notes.clone();
        let mut items = self.comments(entry.common.place);
        let title = self.title(&entry.common, entry.slug.as_ref().map_or("entry", |slug| &slug.text), &mut notes);
        let mut fields = vec![field("title", &title)];
        if let Some(text) = &entry.common.description {
            let words = shown(text, self.fancy, "description", &mut notes);
            if !words.trim().is_empty() {
                fields.push(field("description", &words));
            }
        }
        let slug = self.slug(entry, &title, &mut fields, &mut notes);
        if default {
            fields.push(Item::Statement("default = true".to_owned()));
        }
        fields.extend(groups(&entry.common));
        let never = entry.options.iter().any(Choices::always_brings_images);
        let lends = entry.options.iter().any(keys::lends);
        if let Some(image) = &entry.common.image {
            if never {
                let text = format!("`{}` is never started: every choice brings an image of its own; it is left out", image.text);
                notes.push(Note { kind: Mistake, place: image.place, text });
            } else if !lends {
                fields.push(self.image(image, &mut notes));
            }
        } else if !entry.options.iter().any(Choices::brings_images) {
            fields.push(Item::Statement("allow missing-field because \"the hub's own image is meant\"".to_owned()));
        }
        fields.extend(sets::statements(&entry.common, self.context(None, false), &mut notes));
        let names = Names::of(entry.options.iter().map(|option| (&option.key, keys::lends(option))), true, &mut notes);
        let options = entry.options.iter().enumerate().flat_map(|(at, option)| self.option(entry, option, at, &names)).collect();
        items.extend(self.told(notes));
        items.extend(fields);
        let name = self.work.draft.free(&name(&slug, "entry"));
        (Definition { home: Home::Hub, head: format!("profile {name}"), name, doc: Vec::new(), items }, options)
    }

    fn context<'a>(&self, entry: Option<&'a Common>, unlisted: bool) -> Context<'a> {
        Context { chart: self.chart, guarantee: self.guarantee, entry, unlisted }
    }

    /// The title as one line of words; where there is none, the key.
    fn title(&self, common: &Common, key: &str, notes: &mut Vec<Note>) -> String {
        let Some(title) = &common.title else {
            notes.push(Note { kind: Mistake, place: common.place, text: "it has no `display_name`: people see nothing".to_owned() });
            return keys::spoken(key);
        };
        let words = shown(title, self.fancy, "title", notes);
        let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            notes.push(Note { kind: Mistake, place: title.place, text: "the title is blank: people see nothing".to_owned() });
            return keys::spoken(key);
        }
        line
    }

    /// The slug that saved choices name; written where the title does not give it.
    fn slug(&mut self, entry: &Entry, title: &str, fields: &mut Vec<Item>, notes: &mut Vec<Note>) -> String {
        let place = entry.slug.as_ref().or(entry.common.title.as_ref()).map_or(entry.common.place, |said| said.place);
        let Slug { own, wanted, free: slug } = keys::slug(entry, title, &self.slugs);
        let unknown = |c: char| c.is_alphabetic() && !c.is_ascii() && slugify(&c.to_string()).is_empty();
        if entry.slug.is_none() && title.contains(unknown) {
            let text =
                "say the `slug` that KubeSpawner makes of this title: saved choices name it, and its table of letters is not known here";
            notes.push(Note { kind: Decide, place, text: text.to_owned() });
        }
        if slug != wanted {
            let text = format!("a second entry has the slug `{wanted}`: it could never be started; its slug is `{slug}` now");
            notes.push(Note { kind: Mistake, place, text });
        }
        self.slugs.push(slug.clone());
        if slug != slugify(title) || entry.slug.is_some() {
            fields.push(field("slug", &slug));
        }
        if slug == wanted && own != slug && !own.is_empty() {
            fields.push(field("renamed_from", &own));
            notes.push(Note {
                kind: Changed,
                place,
                text: format!("the slug `{own}` is `{slug}` now: a slug has small letters, digits and hyphens"),
            });
        }
        slug
    }

    /// The reference of an image.
    fn image(&self, image: &Said, notes: &mut Vec<Note>) -> Item {
        if let Some(layer) = keys::of_program(self.work, &image.text) {
            return Item::Statement(format!("image = {layer}"));
        }
        let path = repository(&image.text);
        let mut text = image.text.trim().to_owned();
        if !crate::check::is_image_reference(&text) {
            let lower = path.to_lowercase() + text.get(path.len()..).unwrap_or_default();
            let meant = if crate::check::is_image_reference(&lower) { format!("; it is `{lower}` now") } else { String::new() };
            notes.push(Note {
                kind: Mistake,
                place: image.place,
                text: format!("`{text}` is no reference of an image: Kubernetes refuses the pod{meant}"),
            });
            if !meant.is_empty() {
                text = lower;
            }
        }
        field("image", &text)
    }

    /// A drop-down.
    fn option(&mut self, entry: &Entry, option: &Choices, at: usize, names: &Names) -> Vec<Item> {
        let mut notes = option.notes.clone();
        let mut items = self.comments(option.key.place);
        let mut inner: Vec<Item> = names.former(at).into_iter().collect();
        let title = Common { title: option.title.clone(), place: option.key.place, ..Common::default() };
        inner.push(field("title", &self.title(&title, &option.key.text, &mut notes)));
        if option.builds {
            inner.push(Item::Statement("dynamic_image_building = true".to_owned()));
        }
        let keys = Names::of(option.lines.iter().map(|choice| (&choice.key, keys::lends(option))), false, &mut notes);
        let lent = keys::lends(option).then_some(entry.common.image.as_ref()).flatten();
        let default = option.default_index();
        for (index, choice) in option.lines.iter().enumerate() {
            inner.extend(self.choice(entry, at, choice, (index, index == default), &keys, lent));
        }
        if let Some(free) = &option.unlisted {
            inner.extend(self.unlisted(entry, option, free, &mut notes));
        }
        items.extend(self.told(notes));
        items.push(Item::Block { head: format!("option {}", names.written(at)), items: inner });
        items
    }

    fn choice(
        &mut self,
        entry: &Entry,
        option: usize,
        choice: &Choice,
        (index, default): (usize, bool),
        keys: &Names,
        lent: Option<&Said>,
    ) -> Vec<Item> {
        let mut notes = choice.common.notes.clone();
        let mut items = self.comments(choice.common.place);
        let mut fields: Vec<Item> = keys.former(index).into_iter().collect();
        fields.push(field("title", &self.title(&choice.common, &choice.key.text, &mut notes)));
        if let Some(text) = &choice.common.description {
            if self.fancy {
                fields.push(field("description", &shown(text, true, "description", &mut notes)));
            } else {
                let text = "the description of a choice is read by fancy-profiles alone: it is left out";
                notes.push(Note { kind: Mistake, place: choice.common.place, text: text.to_owned() });
            }
        }
        if default {
            fields.push(Item::Statement("default = true".to_owned()));
        }
        fields.extend(groups(&choice.common));
        let common = keys::not_beaten(entry, option, &choice.common, &mut notes);
        if let Some(image) = common.image.as_ref().or(lent) {
            fields.push(self.image(image, &mut notes));
        }
        fields.extend(sets::statements(&common, self.context(Some(&entry.common), false), &mut notes));
        items.extend(self.told(notes));
        items.push(Item::Block { head: keys.written(index), items: fields });
        items
    }

    /// A free text.
    fn unlisted(&mut self, entry: &Entry, option: &Choices, free: &Unlisted, outer: &mut Vec<Note>) -> Vec<Item> {
        let mut notes = free.common.notes.clone();
        if !keys::useful(option) {
            let typed = free.common.image.as_ref().map(|image| image.text.as_str());
            let (kind, text) = match typed {
                Some(image) if image.contains("{value}") => (
                    NotExpressible,
                    format!("the image of the free text is `{image}`: people have to type a whole reference; it is left out"),
                ),
                _ => (Mistake, "what people type is used nowhere: the free text is left out".to_owned()),
            };
            notes.push(Note { kind, place: free.common.place, text });
            outer.append(&mut notes);
            return Vec::new();
        }
        let mut items = self.comments(free.common.place);
        let mut fields = Vec::new();
        if let Some(title) = &free.common.title {
            fields.push(field("title", &shown(title, self.fancy, "title", &mut notes)));
        }
        if let Some(line) = &free.in_choices {
            fields.push(field("in_choices", &shown(line, self.fancy, "title", &mut notes)));
        }
        fields.push(self.pattern(free, &mut notes));
        if let Some(message) = &free.message {
            fields.push(field("message", &shown(message, self.fancy, "message", &mut notes)));
        }
        fields.extend(groups(&free.common));
        fields.extend(sets::statements(&free.common, self.context(Some(&entry.common), true), &mut notes));
        debug_assert!(!option.key.text.is_empty() || fields.len() > 1);
        items.extend(self.told(notes));
        items.push(Item::Block { head: "unlisted".to_owned(), items: fields });
        items
    }

    /// What may be typed: the whole text, in a form that server and browser read alike.
    fn pattern(&self, free: &Unlisted, notes: &mut Vec<Note>) -> Item {
        let Some(written) = &free.pattern else { return Item::Statement("match = '.+'".to_owned()) };
        let (pattern, open) = page::pattern(&written.text, !self.fancy);
        if open {
            let text = "the server compared only the beginning of what is typed: it compares all of it now".to_owned();
            notes.push(Note { kind: Changed, place: written.place, text });
        }
        if let Err(problem) = crate::check::readable_pattern(&pattern) {
            notes.push(Note {
                kind: NotExpressible,
                place: written.place,
                text: format!("this pattern is not read alike by server and browser: {problem}"),
            });
        }
        let text = if pattern.contains('\'') { quoted(&pattern) } else { format!("'{pattern}'") };
        Item::Statement(format!("match = {text}"))
    }
}

fn groups(common: &Common) -> Option<Item> {
    let names: Vec<String> = common.groups.iter().map(|group| quoted(group)).collect();
    (!names.is_empty()).then(|| Item::Statement(format!("groups = [{}]", names.join(", "))))
}
