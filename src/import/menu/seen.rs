//! What people see of a menu, and what saved choices name: the same of an original and of what it compiles to.

use super::keys::{self, Names, useful};
use super::model::{Choices, Common, Entry, Said};
use super::page;

/// One thing that people see.
pub(super) struct Fact {
    /// Of what: "entry `lab`, drop-down `size`".
    pub(super) about: String,
    /// What: `title`.
    pub(super) what: &'static str,
    /// Its words; empty where there are none.
    pub(super) value: String,
}

/// What people see of an entry; choices have descriptions on the page of fancy-profiles alone.
pub(super) fn facts(entry: &Entry, slug: &str, fancy: bool) -> Vec<Fact> {
    let mut all = Facts { fancy, all: Vec::new() };
    let about = format!("entry `{slug}`");
    all.common(&about, &entry.common, slug);
    if !fancy {
        all.add(&about, "description", words(entry.common.description.as_ref()));
    }
    let keys = unnumbered(entry.options.iter().map(|option| (&option.key, keys::lends(option))), true);
    all.add(&about, "drop-downs", keys.join(", "));
    for (option, key) in entry.options.iter().zip(&keys) {
        all.option(&format!("{about}, drop-down `{key}`"), option, key);
    }
    all.all
}

/// The slugs of entries, in order.
pub(super) fn slugs(entries: &[Entry]) -> Vec<String> {
    let mut taken = Vec::new();
    for entry in entries {
        let free = keys::slug(entry, &words(entry.common.title.as_ref()), &taken).free;
        taken.push(free);
    }
    taken
}

/// Words as the page shows them.
fn words(text: Option<&Said>) -> String {
    let words = text.map(|text| page::words(&text.text).0).unwrap_or_default();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Facts {
    fancy: bool,
    all: Vec<Fact>,
}

impl Facts {
    fn add(&mut self, about: &str, what: &'static str, value: String) {
        self.all.push(Fact { about: about.to_owned(), what, value });
    }

    /// The title, for which the key stands where there is none; who sees it.
    fn common(&mut self, about: &str, common: &Common, key: &str) {
        let title = words(common.title.as_ref());
        self.add(about, "title", if title.is_empty() { keys::spoken(key) } else { title });
        let mut groups = common.groups.clone();
        groups.sort();
        groups.dedup();
        self.add(about, "groups", groups.join(", "));
        if self.fancy {
            self.add(about, "description", words(common.description.as_ref()));
        }
    }

    fn option(&mut self, about: &str, option: &Choices, key: &str) {
        self.common(about, &Common { title: option.title.clone(), ..Common::default() }, key);
        let keys = unnumbered(option.lines.iter().map(|choice| (&choice.key, keys::lends(option))), false);
        self.add(about, "choices", keys.join(", "));
        self.add(about, "default", keys.get(option.default_index()).cloned().unwrap_or_default());
        self.add(about, "dynamic_image_building", if option.builds { "true".to_owned() } else { String::new() });
        for (choice, key) in option.lines.iter().zip(&keys) {
            self.common(&format!("{about}, choice `{key}`"), &choice.common, key);
        }
        if let Some(free) = option.unlisted.as_ref().filter(|_| useful(option)) {
            let about = format!("{about}, free text");
            self.common(&about, &Common { description: None, ..free.common.clone() }, "Other");
            self.add(&about, "line among the choices", words(free.in_choices.as_ref()));
            self.add(&about, "message", words(free.message.as_ref()));
            let pattern = free.pattern.as_ref().map_or_else(|| ".+".to_owned(), |text| page::pattern(&text.text, !self.fancy).0);
            self.add(&about, "pattern", pattern);
        }
    }
}

/// Keys as the program has them, without the numbers that keep the order where Helm sorts; a second one that is the same then is
/// counted.
fn unnumbered<'k>(keys: impl Iterator<Item = (&'k Said, bool)>, options: bool) -> Vec<String> {
    let names = Names::of(keys, options, &mut Vec::new());
    let mut all: Vec<String> = Vec::new();
    for key in names.keys() {
        let mut bare = key;
        while let Some((number, rest)) = bare.split_once('-')
            && matches!(number.len(), 2 | 3)
            && number.bytes().all(|byte| byte.is_ascii_digit())
        {
            bare = rest;
        }
        let mut counted = bare.to_owned();
        let mut numbers = 2..;
        while all.contains(&counted) {
            counted = format!("{bare} ({})", numbers.next().unwrap_or_default());
        }
        all.push(counted);
    }
    all
}
