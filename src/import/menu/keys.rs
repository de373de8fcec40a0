//! The public names of a menu, and what drop-downs do to each other.

use super::fields::{field, key};
use super::model::{Choices, Common, Entry, Note, Said, Set};
use super::page;
use crate::import::RemarkKind::{Changed, Mistake};
use crate::import::yaml::{Node, Value};
use crate::import::{Item, Work, name, repository};
use crate::ir::slugify;

/// Words that begin another statement where a choice could be: they need quotes.
const WORDS: [&str; 62] = [
    "after",
    "allow",
    "apt",
    "arg",
    "authors",
    "build",
    "choose",
    "ci",
    "cmd",
    "conda",
    "copy",
    "cran",
    "credential",
    "defaults",
    "dnf",
    "dynamic_image_building",
    "entrypoint",
    "env",
    "environment",
    "exclude",
    "expose",
    "fetch",
    "finish",
    "fragment",
    "from",
    "healthcheck",
    "hook",
    "hooks",
    "hub",
    "image",
    "import",
    "include",
    "installer",
    "internal",
    "julia",
    "label",
    "labels",
    "layer",
    "let",
    "link",
    "matrix",
    "npm",
    "only",
    "option",
    "output",
    "override",
    "path",
    "pip",
    "profile",
    "project",
    "provides",
    "publish",
    "rebuild",
    "renamed_from",
    "repo",
    "requires",
    "run",
    "tags",
    "test",
    "title",
    "unlisted",
    "when",
];

/// The keys of the drop-downs of an entry, or of the choices of a drop-down.
pub(super) struct Names {
    /// The key in the program, and the one before where the language does not take that.
    all: Vec<(String, Option<String>)>,
}

impl Names {
    /// Keys that the page can cut apart again, and of which the image puller can make a name where that is asked for; others are
    /// renamed.
    pub(super) fn of<'k>(keys: impl Iterator<Item = (&'k Said, bool)>, options: bool, notes: &mut Vec<Note>) -> Self {
        let mut all: Vec<(String, Option<String>)> = Vec::new();
        for (said, pulled) in keys {
            let mut good = taken(&said.text, options);
            if pulled {
                good = good.to_lowercase().replace(['_', '.'], "-");
            }
            let wanted = good.clone();
            let mut numbers = 2..;
            while all.iter().any(|(other, _)| *other == good) {
                good = format!("{wanted}-{}", numbers.next().unwrap_or_default());
            }
            let former = (good != said.text).then(|| said.text.clone());
            if former.is_some() {
                let text = format!("the key `{}` is `{good}` now: the page and the image puller take no other", said.text);
                notes.push(Note { kind: Changed, place: said.place, text });
            }
            all.push((good, former));
        }
        Self { all }
    }

    /// The keys in the program.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|(key, _)| key.as_str())
    }

    /// The key as the language writes it.
    pub(super) fn written(&self, at: usize) -> String {
        let text = self.all.get(at).map_or("", |(key, _)| key);
        if WORDS.contains(&text) { crate::import::quoted(text) } else { key(text) }
    }

    /// `renamed_from`, where the key is another one now.
    pub(super) fn former(&self, at: usize) -> Option<Item> {
        let former = self.all.get(at).and_then(|(_, former)| former.as_ref())?;
        (!former.is_empty()).then(|| field("renamed_from", former))
    }
}

/// A key that can stand in the name of a field of the page.
fn taken(key: &str, option: bool) -> String {
    let letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') || !option && " +/:,()=@".contains(c);
    let mut good: String = key.trim().chars().map(|c| if letter(c) { c } else { '-' }).collect();
    while good.contains("--") {
        good = good.replace("--", "-");
    }
    let start = good.find(|c: char| c.is_ascii_alphanumeric());
    let good = start.and_then(|start| good.get(start..)).unwrap_or_default().trim_end_matches(['-', ' ']);
    match good {
        "" => "key".to_owned(),
        "profile" if option => "profile-option".to_owned(),
        "unlisted-choice" | "unlisted_choice" if !option => "unlisted".to_owned(),
        _ => good.to_owned(),
    }
}

/// A key as a reader would say it.
pub(super) fn spoken(key: &str) -> String {
    let plain = key.replace(['_', '-'], " ");
    let mut letters = plain.trim().chars();
    letters.next().map_or_else(|| "Entry".to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

/// The slug of an entry, which saved choices name.
pub(super) struct Slug {
    /// As `KubeSpawner` has it.
    pub(super) own: String,
    /// In small letters, digits and hyphens.
    pub(super) wanted: String,
    /// The same, with a number where another entry has it.
    pub(super) free: String,
}

/// The slug of an entry that people see under a title, beside those that are taken.
pub(super) fn slug(entry: &Entry, title: &str, taken: &[String]) -> Slug {
    let own = match (&entry.slug, &entry.common.title) {
        (Some(slug), _) => slug.text.clone(),
        (None, Some(title)) => slugify(&page::words(&title.text).0),
        (None, None) => String::new(),
    };
    let made = slugify(&own);
    let wanted = if made.is_empty() { name(title, "entry") } else { made };
    let mut free = wanted.clone();
    let mut numbers = 2..;
    while taken.contains(&free) {
        free = format!("{wanted}-{}", numbers.next().unwrap_or_default());
    }
    Slug { own, wanted, free }
}

/// The layer that an image of the originals is now, with its axes: `lab(python = 3.12)`.
pub(super) fn of_program<'w>(work: &'w Work<'_>, reference: &str) -> Option<&'w String> {
    work.images.get(reference.trim()).or_else(|| work.images.get(repository(reference)))
}

/// Whether the free text of a drop-down is an image, beside choices that leave that of the entry: they name it then, which says of the
/// free text what it is.
pub(super) fn lends(option: &Choices) -> bool {
    let typed = option.unlisted.as_ref().is_some_and(|free| free.common.image.as_ref().is_some_and(|image| image.text == "{value}"));
    typed && option.key.text != "image" && option.lines.iter().all(|choice| choice.common.image.is_none())
}

/// Whether a drop-down has a free text, and something uses what people type.
pub(super) fn useful(option: &Choices) -> bool {
    option.unlisted.as_ref().is_some_and(|free| {
        let image = free.common.image.as_ref().is_some_and(|image| image.text == "{value}");
        image || free.common.sets.iter().any(|set| mentions_value(&set.value))
    })
}

/// Whether `{value}` is in a text of a value.
fn mentions_value(node: &Node) -> bool {
    match &node.value {
        Value::Text(text) => text.contains("{value}"),
        Value::List(items) => items.iter().any(mentions_value),
        Value::Map(fields) => fields.iter().any(|field| field.key.contains("{value}") || mentions_value(&field.value)),
        _ => false,
    }
}

/// What a choice sets, without what a later drop-down always sets again: the one whose key sorts last wins.
pub(super) fn not_beaten(entry: &Entry, option: usize, common: &Common, notes: &mut Vec<Note>) -> Common {
    let later = || entry.options.iter().skip(option + 1);
    let mut kept = common.clone();
    kept.sets.retain(|set| {
        let Some(winner) = later().find(|other| always(other, set)) else { return true };
        let text = format!(
            "`{}` has no effect: the option `{}`, whose key sorts behind, always sets it again; it is left out",
            set.name, winner.key.text
        );
        notes.push(Note { kind: Mistake, place: set.place, text });
        false
    });
    if let Some(image) = &common.image
        && let Some(winner) = later().find(|other| other.always_brings_images())
    {
        let text = format!("this image is never started: the option `{}` always brings another; it is left out", winner.key.text);
        notes.push(Note { kind: Mistake, place: image.place, text });
        kept.image = None;
    }
    kept
}

/// Whether whatever is chosen of a drop-down sets a trait again.
fn always(option: &Choices, set: &Set) -> bool {
    let again = |common: &Common| {
        common.set(&set.name).is_some_and(|other| match (&set.value.value, &other.value.value) {
            (Value::Map(own), Value::Map(others)) => own.iter().all(|field| others.iter().any(|other| other.key == field.key)),
            _ => true,
        })
    };
    !option.lines.is_empty()
        && option.lines.iter().all(|choice| again(&choice.common))
        && option.unlisted.as_ref().is_none_or(|free| again(&free.common))
}
