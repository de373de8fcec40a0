//! `jenvc explain`: the page of a word or a finding, or the lists of all.

use super::args::Explain;
use super::console::{Console, Stream};
use super::global::Global;
use super::reply::{Exit, Misuse, Reply};
use super::table::{Screen, Table};
use crate::base::nearest;
use crate::diagnostics::{ALL_CODES, Code, find_code};
use crate::ir::{find_trait, snake_case};
use crate::report::{Style, page as drawn};
use crate::syntax::words::{Found, Room, address, habits, has_part, mentions, page, pages};

pub(super) fn run(explain: &Explain, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let Some(wanted) = explain.what.as_deref().map(str::trim) else {
        let all = if global.json() { json(&[], ALL_CODES, false) } else { list(console.screen(), &[], ALL_CODES) };
        return Ok(Reply::new(all, Exit::Clean));
    };
    let style = console.style(Stream::Out);
    let screen = console.screen();
    let exact = spelled(wanted);
    let code = find_code(wanted);
    let text = match (exact.as_slice(), code) {
        ([word], _) => answer(global, (style, screen), &[*word], &[]),
        ([], Some(code)) => answer(global, (style, screen), &[], &[code]),
        ([], None) => {
            let (words, codes) = with_part(wanted);
            match elsewhere(wanted, global, style) {
                Some(text) => text,
                None if words.is_empty() && codes.is_empty() => return Err(unknown(wanted)),
                None => answer(global, (style, screen), &words, &codes),
            }
        }
        (several, _) => answer(global, (style, screen), several, &[]),
    };
    Ok(Reply::new(text, Exit::Clean))
}

/// The pages of a word, also where `-` or a blank is written for `_`, or one for several.
fn spelled(wanted: &str) -> Vec<Found> {
    let joined = wanted.replace(['-', ' '], "_");
    let spellings = [wanted.to_owned(), joined.clone(), format!("{joined}s"), joined.trim_end_matches('s').to_owned()];
    spellings.iter().map(|spelling| pages(spelling, false)).find(|found| !found.is_empty()).unwrap_or_default()
}

/// What a word of another tool is here: what takes its place, and the page of that.
fn elsewhere(wanted: &str, global: &Global, style: Style) -> Option<String> {
    let found = habits(&wanted.replace(' ', "_"));
    let traits = kube_name(wanted);
    let (mut helps, mut words): (Vec<String>, Vec<Found>) = (Vec::new(), Vec::new());
    for (room, habit) in &found {
        let place = if *room == Room::Top { "at the top of a file" } else { &format!("in {}", room.called()) };
        helps.push(format!("{place}: {}", habit.help));
        let meant = room.words().find(|word| word.name == habit.instead).map(|word| (*room, word));
        words.extend(meant.filter(|(_, word)| words.iter().all(|(_, other)| other.name != word.name)));
    }
    if let Some(name) = traits.filter(|_| words.is_empty()) {
        let help = format!("in a profile: write `override {{ {name} = … }}`: it is a trait of KubeSpawner without a word of its own here");
        if found.is_empty() {
            helps.push(help);
        }
        words.extend(pages("profile.override", false).first());
    }
    if helps.is_empty() {
        return None;
    }
    if global.json() {
        let words: Vec<String> = words.iter().copied().map(address).collect();
        return Some(format!("{:#}\n", serde_json::json!({ "version": 1, "help": helps, "words": words })));
    }
    let helps: Vec<String> = helps.iter().map(|help| format!("- {help}\n")).collect();
    let mut text = format!("# {wanted}\n\nA word of another tool.\n\n{}", helps.concat());
    if let [one] = words.as_slice() {
        text += "\n";
        text += &page(*one, 1);
    }
    Some(drawn(&text, style))
}

/// The trait of `KubeSpawner` that a name means, also as Kubernetes writes it.
fn kube_name(wanted: &str) -> Option<String> {
    let name = snake_case(&wanted.replace(['-', ' '], "_"));
    [name.clone(), format!("{name}s")].into_iter().find(|name| find_trait(name).is_some())
}

/// Everything with the text in its name; where there is nothing, the words whose pages speak of it.
fn with_part(part: &str) -> (Vec<Found>, Vec<&'static Code>) {
    let folded = part.to_ascii_lowercase().replace([' ', '_'], "-");
    let named = |code: &&Code| has_part(code.name, &folded) || code.id.to_ascii_lowercase().contains(&folded);
    let codes: Vec<&'static Code> = ALL_CODES.iter().copied().filter(named).collect();
    let words = pages(part, true);
    if words.is_empty() && codes.is_empty() { (mentions(part), codes) } else { (words, codes) }
}

fn unknown(wanted: &str) -> Misuse {
    let words: Vec<String> = pages("", true).into_iter().map(address).collect();
    let plain = || words.iter().map(|word| word.rsplit('.').next().unwrap_or(word));
    let names = plain().chain(words.iter().map(String::as_str)).chain(ALL_CODES.iter().flat_map(|code| [code.id, code.name]));
    Misuse(match nearest(wanted, names) {
        Some(near) => format!("there is no word or finding `{wanted}`; did you mean `{near}`?"),
        None => format!("there is no word or finding `{wanted}`; `jenvc explain` lists the findings, `docs/reference/` has the words"),
    })
}

/// One page, or a list of several.
fn answer(global: &Global, (style, screen): (Style, Screen), words: &[Found], codes: &[&'static Code]) -> String {
    match (words, codes) {
        _ if global.json() => json(words, codes, words.len() + codes.len() == 1),
        ([word], []) => drawn(&page(*word, 1), style),
        ([], [code]) => drawn(code.page, style),
        // The address tells them apart no more than the name does.
        ([first, others @ ..], []) if others.iter().all(|other| address(*other) == address(*first)) => {
            drawn(&words.iter().map(|word| page(*word, 1)).collect::<Vec<_>>().join("\n"), style)
        }
        _ => list(screen, words, codes),
    }
}

fn list(screen: Screen, words: &[Found], codes: &[&'static Code]) -> String {
    let mut table = Table::default();
    for word in words {
        table.row([address(*word).as_str(), word.1.about]);
    }
    let mut text = table.text(screen, 0, |_, _, _| "");
    let mut table = Table::default();
    for code in codes {
        table.row([code.id, code.name, code.severity.word()]);
    }
    if !words.is_empty() && !codes.is_empty() {
        text.push('\n');
    }
    text + &table.text(screen, 0, |_, _, _| "")
}

fn json(words: &[Found], codes: &[&'static Code], whole: bool) -> String {
    let code = |code: &&'static Code| {
        let mut object = serde_json::json!({ "code": code.id, "name": code.name, "severity": code.severity.word() });
        if let (true, Some(map)) = (whole, object.as_object_mut()) {
            map.insert("page".to_owned(), serde_json::json!(code.page));
        }
        object
    };
    let word = |word: &Found| {
        let mut object = serde_json::json!({ "word": address(*word), "about": word.1.about });
        if let (true, Some(map)) = (whole, object.as_object_mut()) {
            map.insert("page".to_owned(), serde_json::json!(page(*word, 1)));
        }
        object
    };
    let object = match (words, codes) {
        ([], [one]) if whole => code(one),
        ([one], []) if whole => word(one),
        ([], _) => serde_json::json!({ "version": 1, "codes": codes.iter().map(code).collect::<Vec<_>>() }),
        _ => serde_json::json!({
            "version": 1,
            "words": words.iter().map(word).collect::<Vec<_>>(),
            "codes": codes.iter().map(code).collect::<Vec<_>>(),
        }),
    };
    format!("{object:#}\n")
}
