//! The page as Markdown for a forge or a generator of documentation. What is shared is told once: an environment names its
//! layers, each layer has its table, and the last table says for every package where it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::page::{Card, Level, Link, Offer, Page, Replaced, Row};

/// The page.
pub(super) fn write(page: &Page) -> String {
    let mut out = format!("<!-- {} -->\n\n# {}\n", page.mark.replace('>', "&gt;"), text(&page.title));
    if let Some(source) = &page.source {
        let _ = write!(out, "\nCompiled from <{}>.\n", source.replace(['<', '>', ' '], ""));
    }
    for section in &page.sections {
        let _ = write!(out, "\n## {}\n", section.title);
        if !section.note.is_empty() {
            let _ = write!(out, "\n{}\n", section.note);
        }
        overview(&mut out, &section.cards, section.noun);
        for one in &section.cards {
            card(&mut out, one);
        }
    }
    if !page.levels.is_empty() {
        out.push_str("\n## What is inside\n");
        for one in &page.levels {
            level(&mut out, one);
        }
    }
    tree(&mut out, page);
    index(&mut out, page);
    out
}

/// All cards in a few words.
fn overview(out: &mut String, cards: &[Card], noun: &str) {
    let head = if noun == "image" { "Image" } else { "Environment" };
    let _ = write!(out, "\n| {head} | What it is | Of which there are |\n|---|---|---|\n");
    for card in cards {
        let axes: Vec<_> = card.axes.iter().map(|axis| format!("{} {}", text(&axis.name), text(&axis.values.join(", ")))).collect();
        let about = card.about.first().map_or_else(String::new, |about| text(about));
        let _ = writeln!(out, "| {} | {about} | {} |", anchor_link(&card.title, &card.id), axes.join("; "));
    }
}

fn card(out: &mut String, card: &Card) {
    let _ = write!(out, "\n### {}{}\n", place(&card.id), text(&card.title));
    for about in &card.about {
        let _ = write!(out, "\n{}\n", line(about));
    }
    out.push('\n');
    if card.name != card.title {
        let _ = writeln!(out, "- name: {}", code(&card.name));
    }
    for axis in &card.axes {
        let _ = writeln!(out, "- {}: {}", line(&axis.name), text(&axis.values.join(", ")));
    }
    for one in &card.offers {
        offer(out, one);
    }
    let stack: Vec<_> =
        card.levels.iter().map(|level| format!("{}{}", anchor_link(&level.name, &level.id), bracketed(&level.only))).collect();
    if stack.is_empty() {
        out.push_str("- built elsewhere: what is inside is not known to the program\n");
    } else {
        let _ = writeln!(out, "- layers: {}", stack.join(", "));
    }
    for one in &card.overrides {
        let _ = writeln!(out, "- replaces: {}", replaced(one));
    }
    for image in &card.images {
        let name = if image.name.is_empty() { String::new() } else { format!(" {}", text(&image.name)) };
        let platforms = if image.platforms.is_empty() { String::new() } else { format!(" for {}", image.platforms.join(", ")) };
        let _ = writeln!(out, "- image{name}: {}{platforms}", code(&image.reference));
        if !image.tags.is_empty() {
            let tags: Vec<_> = image.tags.iter().map(|tag| code(tag)).collect();
            let _ = writeln!(out, "  tags {}", tags.join(" "));
        }
    }
}

/// How a menu offers it.
fn offer(out: &mut String, offer: &Offer) {
    let hubs = if offer.hubs.is_empty() { String::new() } else { format!("on {}: ", text(&offer.hubs.join(", "))) };
    let mut words: Vec<String> = offer.default.then(|| "the default".to_owned()).into_iter().collect();
    words.extend(offer.resources.iter().map(|one| text(one)));
    if !offer.groups.is_empty() {
        words.push(format!("for {}", text(&offer.groups.join(", "))));
    }
    if !words.is_empty() || !hubs.is_empty() {
        let words = if words.is_empty() { "on the menu".to_owned() } else { words.join(", ") };
        let _ = writeln!(out, "- {hubs}{words}");
    }
    for option in &offer.options {
        let _ = writeln!(out, "- {hubs}{}", line(&option.title));
        for choice in &option.choices {
            let default = if choice.default { " (default)" } else { "" };
            let notes = if choice.notes.is_empty() { String::new() } else { format!(": {}", text(&choice.notes.join(", "))) };
            let _ = writeln!(out, "  - {}{default}{notes}", line(&choice.title));
        }
    }
}

fn replaced(one: &Replaced) -> String {
    let mut words = format!("{} {} by {}", code(&one.name), version(&one.version), code(&one.by));
    for (at, before) in one.before.iter().enumerate() {
        let _ = write!(words, "{} {} of {}", if at == 0 { ", in place of" } else { "," }, version(&before.version), code(&before.by));
    }
    if let Some(because) = &one.because {
        let _ = write!(words, " — {}", text(because));
    }
    words
}

fn level(out: &mut String, level: &Level) {
    let _ = write!(out, "\n### {}{}\n", place(&level.id), code(&level.name));
    for about in &level.about {
        let _ = write!(out, "\n{}\n", line(about));
    }
    if level.existing {
        let os = level.os.as_ref().map_or_else(String::new, |os| format!(" with {}", text(os)));
        let _ = write!(out, "\nAn image that exists{os}:\n\n");
        for one in &level.references {
            let digest = one.digest.as_ref().map_or_else(String::new, |digest| format!(", {}", code(digest)));
            let _ = writeln!(out, "- {}{digest}{}", code(&one.name), bracketed(&one.only));
        }
    } else {
        let below: Vec<_> = level.below.iter().map(link).collect();
        let _ = write!(out, "\nStands on {}.\n", below.join(", "));
    }
    if level.groups.is_empty() {
        out.push_str(if level.existing {
            "\nWhat is inside is not known to the program.\n"
        } else {
            "\nIt names no packages of its own.\n"
        });
        return;
    }
    out.push_str("\n| Package | Version | By | Remarks |\n|---|---|---|---|\n");
    for group in &level.groups {
        let by = std::iter::once(&group.manager).chain(&group.notes).map(|one| text(one)).collect::<Vec<_>>().join(", ");
        for row in &group.rows {
            let _ = writeln!(out, "| {} | {} | {by} | {} |", cell(&row.name), text(&row.version), remarks(&group.only, row));
        }
    }
}

/// Where it is, its marks, and why.
fn remarks(all: &str, row: &Row) -> String {
    let only = [all, &row.only].into_iter().find(|only| !only.is_empty()).map(|only| format!("only {only}"));
    let all: Vec<_> = only.iter().chain(&row.marks).chain(&row.because).map(|one| text(one)).collect();
    all.join("; ")
}

fn tree(out: &mut String, page: &Page) {
    if page.tree.is_empty() {
        return;
    }
    out.push_str("\n## What stands on what\n\n");
    for node in &page.tree {
        let notes: Vec<_> = node.notes.iter().map(|note| if node.existing { code(note) } else { text(note) }).collect();
        let notes = if notes.is_empty() { String::new() } else { format!(" ({})", notes.join(", ")) };
        let cards: Vec<_> = node.cards.iter().map(link).collect();
        let cards = if cards.is_empty() { String::new() } else { format!(": {}", cards.join(", ")) };
        let _ = writeln!(out, "{}- {}{notes}{cards}", "  ".repeat(node.depth), anchor_link(&node.name, &node.id));
    }
}

/// Every package with where it is: for "which environment has gdal?".
fn index(out: &mut String, page: &Page) {
    let mut all: BTreeMap<(String, &str, &str, &str), Vec<usize>> = BTreeMap::new();
    let cards: Vec<&Card> = page.sections.iter().flat_map(|section| &section.cards).collect();
    for (at, card) in cards.iter().enumerate() {
        for group in card.levels.iter().flat_map(|level| &level.groups) {
            for row in &group.rows {
                let places = all.entry((row.name.to_lowercase(), &row.name, &group.manager, &row.version)).or_default();
                if places.last() != Some(&at) {
                    places.push(at);
                }
            }
        }
    }
    if all.is_empty() {
        return;
    }
    out.push_str("\n## Packages\n\n| Package | Version | By | Where |\n|---|---|---|---|\n");
    for ((_, name, manager, version), places) in &all {
        let titles: Vec<_> = places.iter().filter_map(|at| cards.get(*at)).map(|card| text(&card.title)).collect();
        let titles = if titles.len() == cards.len() && titles.len() > 1 { "everywhere".to_owned() } else { titles.join(", ") };
        let _ = writeln!(out, "| {} | {} | {} | {titles} |", cell(name), text(version), text(manager));
    }
}

fn version(version: &str) -> String {
    if version.is_empty() { "any version".to_owned() } else { text(version) }
}

fn bracketed(words: &str) -> String {
    if words.is_empty() { String::new() } else { format!(" ({})", text(words)) }
}

fn link(link: &Link) -> String {
    link.id.as_ref().map_or_else(|| text(&link.text), |id| anchor_link(&link.text, id))
}

/// Anchors are letters, digits, hyphens and underscores.
fn anchor_link(words: &str, id: &str) -> String {
    format!("[{}](#{id})", text(words))
}

/// The anchor of a heading, which no forge may change.
fn place(id: &str) -> String {
    format!("<a id=\"{id}\"></a>")
}

/// A text in which nothing is Markdown, on one line, within a line.
fn text(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            c if c.is_control() => out.push(' '),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '#' | '|' | '~' | '$' | '&' => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}

/// The same at the beginning of a line, where a number, a dash and others would begin something.
fn line(words: &str) -> String {
    let words = words.trim_start();
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    match words.as_bytes().get(digits) {
        Some(b'.' | b')') if digits > 0 => {
            let (number, rest) = words.split_at(digits);
            format!("{number}\\{}", text(rest))
        }
        Some(b'-' | b'+' | b'=' | b'>' | b':') if digits == 0 => format!("\\{}", text(words)),
        _ => text(words),
    }
}

/// A text as code.
fn code(words: &str) -> String {
    let words: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if words.starts_with('`') || words.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{words}{space}{fence}")
}

/// The same in a table, in which `|` ends a cell even within code.
fn cell(words: &str) -> String {
    code(words).replace('|', "\\|")
}
