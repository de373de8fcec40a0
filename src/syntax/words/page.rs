//! The page of a word, and the pages of the reference, as Markdown.

use std::fmt::Write as _;

use super::word::{Form, Room, Word};

/// A word with the room in which it is.
pub type Found = (Room, &'static Word);

/// All words with their rooms, in the order of the reference.
fn all() -> impl Iterator<Item = Found> {
    Room::all().flat_map(|room| room.words().map(move |word| (room, word)))
}

/// The address of a word: `profile.memory`, `fetch`; what begins an item or a statement of a layer is known by its name alone.
#[must_use]
pub fn address((room, word): Found) -> String {
    match room {
        Room::Top | Room::Layer => word.name.to_owned(),
        _ => format!("{}.{}", room.name(), word.name),
    }
}

/// The rooms in which a word is written by the same line of the table.
fn rooms(word: &'static Word) -> Vec<Room> {
    Room::all().filter(|room| room.words().any(|other| std::ptr::eq(other, word))).collect()
}

/// The room under which a word of several is known: the layer, else the first one.
fn home(word: &'static Word) -> Room {
    let rooms = rooms(word);
    let layer = rooms.iter().copied().find(|room| *room == Room::Layer);
    layer.or(rooms.first().copied()).unwrap_or(Room::Top)
}

/// The pages that a word or an address means, each once; with `part`, all addresses that have it in them.
#[must_use]
pub fn pages(wanted: &str, part: bool) -> Vec<Found> {
    let wanted = wanted.trim().to_ascii_lowercase();
    let means = |found: Found| {
        let (room, word) = found;
        let qualified = wanted
            .split_once('.')
            .is_some_and(|(first, last)| word.name == last && (room.name() == first || (room == Room::Layer && first == "environment")));
        if part { has_part(&address((home(word), word)), &wanted) } else { word.name == wanted || qualified }
    };
    let mut found: Vec<Found> = Vec::new();
    for one in all().filter(|found| means(*found)) {
        if !found.iter().any(|(_, word)| std::ptr::eq(*word, one.1)) {
            let qualified = wanted.contains('.') && !part;
            found.push(if qualified { one } else { (home(one.1), one.1) });
        }
    }
    // A word that begins an item or a statement is meant before options and fields of the same name.
    let leading = |(room, word): &Found| matches!(room, Room::Top | Room::Layer) && word.name == wanted;
    if !part && found.iter().any(leading) {
        found.retain(leading);
    }
    found
}

/// Whether a text is in a name from the beginning of one of its words on: `sha` in `fetch.sha256`, and `ram` not in `program`.
#[must_use]
pub fn has_part(name: &str, part: &str) -> bool {
    let begins = |at: usize| at == 0 || name.get(..at).is_some_and(|before| before.ends_with(['.', '-', '_']));
    name.match_indices(part).any(|(at, _)| begins(at))
}

/// The words whose pages speak of a text.
#[must_use]
pub fn mentions(text: &str) -> Vec<Found> {
    let wanted = text.to_ascii_lowercase();
    let speaks =
        |word: &Word| [word.about, word.takes, word.makes, word.example].iter().any(|said| has_word(&said.to_ascii_lowercase(), &wanted));
    let mut found: Vec<Found> = Vec::new();
    for (_, word) in all().filter(|(_, word)| speaks(word)) {
        if !found.iter().any(|(_, other)| std::ptr::eq(*other, word)) {
            found.push((home(word), word));
        }
    }
    found
}

/// Whether a text holds a word, or one that begins so.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text.get(..at).is_some_and(|before| before.ends_with(|c: char| c.is_ascii_alphanumeric())))
}

/// The page of one word, its heading with `level` marks.
#[must_use]
pub fn page((room, word): Found, level: usize) -> String {
    let mut text = format!("{} {}\n\n{}\n\n", "#".repeat(level), address((room, word)), word.about);
    let _ = writeln!(text, "- Takes: {}", word.takes);
    if !word.default.is_empty() {
        let _ = writeln!(text, "- Default: {}", word.default);
    }
    if !word.makes.is_empty() {
        let _ = writeln!(text, "- Becomes: {}", word.makes);
    }
    let places: Vec<&str> = rooms(word).into_iter().map(Room::called).fold(Vec::new(), |mut all, called| {
        if !all.contains(&called) {
            all.push(called);
        }
        all
    });
    let place = if word.form == Form::Behind { "Behind or in" } else { "In" };
    let _ = writeln!(text, "- {place}: {}", places.join(", "));
    if let Some(inner) = word.inner {
        let names: Vec<String> = inner.words().map(|word| format!("`{}`", word.name)).collect();
        let kind = if inner == Room::Output { "Kinds" } else { "Words" };
        let _ = writeln!(text, "- {kind}: {}", names.join(", "));
    }
    let _ = write!(text, "\n```jenv\n{}\n```\n", word.example);
    text
}

/// The page of a room in the reference: all its words that no earlier room has.
#[must_use]
pub fn room_page(room: Room) -> Option<String> {
    let new: Vec<&Word> = room.words().filter(|word| home(word) == room).collect();
    if new.is_empty() {
        return None;
    }
    let mut text = format!("# {}\n", title(room));
    let shared: Vec<String> = room.words().filter(|word| home(word) != room).map(|word| format!("`{}`", word.name)).collect();
    if !shared.is_empty() {
        let _ = write!(text, "\nAlso here, with pages of their own: {}.\n", shared.join(", "));
    }
    for word in room.words().filter(|word| home(word) == room) {
        let _ = write!(text, "\n{}", page((room, word), 2));
    }
    Some(text)
}

/// The heading of a room: `A profile`, `` `fetch` ``.
fn title(room: Room) -> String {
    let mut letters = room.called().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_name_address_and_part() {
        let addresses = |wanted: &str, part: bool| pages(wanted, part).into_iter().map(address).collect::<Vec<_>>();
        assert_eq!(addresses("fetch", false), ["fetch"]);
        assert_eq!(addresses("profile.memory", false), ["profile.memory"]);
        assert_eq!(addresses("choice.memory", false), ["choice.memory"]);
        assert!(addresses("sha256", false).contains(&"fetch.sha256".to_owned()));
        assert!(addresses("index", true).contains(&"list.extra-index".to_owned()));
        assert!(pages("frobnicate", false).is_empty());
    }

    #[test]
    fn every_word_says_all_of_itself() {
        for (room, word) in all() {
            assert!(!word.takes.is_empty() && word.about.ends_with('.') && word.example.contains(word.name), "{room:?} {}", word.name);
            let twins = room.words().filter(|other| other.name == word.name && other.form == word.form).count();
            assert_eq!(twins, 1, "{room:?} {}", word.name);
        }
    }
}
