//! `jenvc explain`: the page of a word or a finding, or the lists of all.

use super::args::Explain;
use super::console::{Console, Stream};
use super::global::Global;
use super::reply::{Exit, Misuse, Reply};
use super::table::Table;
use crate::base::nearest;
use crate::diagnostics::{ALL_CODES, Code, find_code};
use crate::report::{Style, page as drawn};
use crate::syntax::words::{Found, address, page, pages};

pub(super) fn run(explain: &Explain, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let Some(wanted) = explain.what.as_deref().map(str::trim) else {
        return Ok(Reply::new(if global.json() { json(&[], ALL_CODES, false) } else { list(&[], ALL_CODES) }, Exit::Clean));
    };
    let style = console.style(Stream::Out);
    let exact = pages(wanted, false);
    let code = find_code(wanted);
    let text = match (exact.as_slice(), code) {
        ([word], _) => answer(global, style, &[*word], &[]),
        ([], Some(code)) => answer(global, style, &[], &[code]),
        ([], None) => {
            let (words, codes) = with_part(wanted);
            if words.is_empty() && codes.is_empty() {
                return Err(unknown(wanted));
            }
            answer(global, style, &words, &codes)
        }
        (several, _) => answer(global, style, several, &[]),
    };
    Ok(Reply::new(text, Exit::Clean))
}

/// Everything whose name has the text in it.
fn with_part(part: &str) -> (Vec<Found>, Vec<&'static Code>) {
    let folded = part.to_ascii_lowercase().replace([' ', '_'], "-");
    let codes = ALL_CODES.iter().copied().filter(|code| code.name.contains(&folded) || code.id.to_ascii_lowercase().contains(&folded));
    (pages(part, true), codes.collect())
}

fn unknown(wanted: &str) -> Misuse {
    let words: Vec<String> = pages("", true).into_iter().map(address).collect();
    let names = words.iter().map(String::as_str).chain(ALL_CODES.iter().flat_map(|code| [code.id, code.name]));
    Misuse(match nearest(wanted, names) {
        Some(near) => format!("there is no word or finding `{wanted}`; did you mean `{near}`?"),
        None => format!("there is no word or finding `{wanted}`; `jenvc explain` lists the findings, `docs/reference/` has the words"),
    })
}

/// One page, or a list of several.
fn answer(global: &Global, style: Style, words: &[Found], codes: &[&'static Code]) -> String {
    match (words, codes) {
        _ if global.json() => json(words, codes, words.len() + codes.len() == 1),
        ([word], []) => drawn(&page(*word, 1), style),
        ([], [code]) => drawn(code.page, style),
        _ => list(words, codes),
    }
}

fn list(words: &[Found], codes: &[&'static Code]) -> String {
    let mut table = Table::default();
    for word in words {
        table.row([address(*word).as_str(), word.1.about]);
    }
    let mut text = table.to_string();
    let mut table = Table::default();
    for code in codes {
        table.row([code.id, code.name, code.severity.word()]);
    }
    if !words.is_empty() && !codes.is_empty() {
        text.push('\n');
    }
    text + &table.to_string()
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
