//! `jenvc diff`: what the change since a revision means.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::args::Diff;
use super::compiled::{Compiled, failed};
use super::console::Console;
use super::find::{self, Located};
use super::global::{Format, Global};
use super::reply::{Exit, Misuse, Reply};
use super::revision::Revision;
use super::table::{Screen, Table};
use crate::check::Checked;
use crate::diagnostics::Severity;
use crate::driver::check_with;
use crate::driver::difference::{Difference, ImageChange, Kind, MenuChange, PackageChange};
use crate::driver::lock::Move;
use crate::report::count;

pub(super) fn run(diff: &Diff, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let compiled = Compiled::new(program(diff)?, global);
    let Some(after) = &compiled.outcome.checked else { return Ok(failed(&compiled.told(), global, console)) };
    let difference = Difference::between(&before(&compiled, &diff.since, global)?, after);
    let text = match diff.format {
        Format::Json => format!("{:#}\n", object(&diff.since, &difference)),
        Format::Markdown => markdown(&diff.since, &difference),
        _ => human(&diff.since, &difference, console.screen()),
    };
    Ok(Reply::new(text, if difference.is_empty() { Exit::Clean } else { Exit::Drift }))
}

/// The program. Who comes from git writes a revision where its file belongs.
fn program(diff: &Diff) -> Result<Located, Misuse> {
    find::program(diff.file.as_deref()).map_err(|misuse| match &diff.file {
        Some(file) if !file.exists() && !find::is_jenv(file) => {
            Misuse(format!("{}; a revision is written `--since {}`", misuse.0, file.display()))
        }
        _ => misuse,
    })
}

/// A program as it is in a revision, without errors.
pub(super) fn before(compiled: &Compiled, since: &str, global: &Global) -> Result<Checked, Misuse> {
    let unread = |words| Misuse(format!("`{since}` can't be read: {words}"));
    let revision = Revision::new(&compiled.located.root, since).map_err(unread)?;
    let outcome = check_with(&revision, &compiled.located.main, &global.policy());
    outcome.checked.ok_or_else(|| {
        let first = outcome.findings.sorted().into_iter().find(|finding| finding.severity == Severity::Error);
        let why = first.map(|finding| format!(": {}", finding.message)).unwrap_or_default();
        Misuse(format!("nothing can be compared with the program of `{since}`, it has errors{why}"))
    })
}

fn cell_name(change: &ImageChange) -> String {
    if change.cell.is_empty() { change.image.clone() } else { format!("{} {}", change.image, change.cell) }
}

/// `py3.12-3f9c1d2a6b41` of a reference.
fn tag(reference: Option<&String>) -> &str {
    reference.and_then(|text| text.rsplit_once(':')).map_or("", |(_, tag)| tag)
}

fn why(change: &ImageChange) -> String {
    change.reasons.iter().map(crate::driver::difference::Reason::words).collect::<Vec<_>>().join(", ")
}

fn versions(text: Option<&String>) -> &str {
    match text.map(String::as_str) {
        Some("") => "any",
        Some(text) => text,
        None => "",
    }
}

fn human(since: &str, difference: &Difference, screen: Screen) -> String {
    if difference.is_empty() {
        return format!("nothing differs from {since}\n");
    }
    let mut text = String::new();
    let mut section = |title: &str, rows: Vec<Vec<String>>| {
        if rows.is_empty() {
            return;
        }
        let mut table = Table::default();
        for row in rows {
            table.row(row);
        }
        let _ = writeln!(text, "{}{}", if text.is_empty() { "" } else { "\n" }, screen.painted("1", title));
        text.push_str(&table.text(screen, 2, tone));
    };
    section("Images", difference.images.iter().map(image_row).collect());
    section("Packages", difference.packages.iter().map(package_row).collect());
    section("Locked", difference.locked.iter().map(locked_row).collect());
    section("Menus", seen(difference).iter().map(menu_row).collect());
    let _ = writeln!(text, "\n{}", summary(since, difference));
    text
}

/// What comes is green, what goes and breaks is red, what changes is yellow.
fn tone(_: usize, column: usize, cell: &str) -> &'static str {
    match (column, cell) {
        (0, "+") => "32",
        (0, "-") | (5, "breaking") => "31",
        (0, _) => "33",
        (1, _) => "1",
        _ => "",
    }
}

fn summary(since: &str, difference: &Difference) -> String {
    let of = |kind: Kind| difference.images.iter().filter(|change| change.kind == kind).count();
    let mut parts = vec![format!("{} built anew", count(of(Kind::Added) + of(Kind::Changed), "image"))];
    if of(Kind::Removed) > 0 {
        parts.push(format!("{} gone", of(Kind::Removed)));
    }
    let follow: BTreeSet<_> = difference.menus.iter().filter(|change| change.image).map(|change| (&change.hub, &change.slug)).collect();
    match follow.len() {
        0 => {}
        1 => parts.push("1 entry of the menu follows".to_owned()),
        number => parts.push(format!("{number} entries of the menu follow")),
    }
    if difference.is_breaking() {
        parts.push("breaking for people who saved what they picked".to_owned());
    }
    format!("since {since}: {}", parts.join(", "))
}

fn sign(kind: Kind) -> &'static str {
    match kind {
        Kind::Added => "+",
        Kind::Removed => "-",
        Kind::Changed => "~",
    }
}

/// `before → after`, or the one that there is.
fn moved(before: Option<&str>, after: Option<&str>) -> String {
    [before, after].into_iter().flatten().collect::<Vec<_>>().join(" → ")
}

fn image_row(change: &ImageChange) -> Vec<String> {
    let tags = moved(change.before.as_ref().map(|text| tag(Some(text))), change.after.as_ref().map(|text| tag(Some(text))));
    vec![sign(change.kind).to_owned(), cell_name(change), tags, why(change)]
}

fn package_row(change: &PackageChange) -> Vec<String> {
    let versions = moved(change.before.as_ref().map(|text| versions(Some(text))), change.after.as_ref().map(|text| versions(Some(text))));
    let name = format!("{} ({})", change.name, change.ecosystem);
    vec![sign(change.kind).to_owned(), change.image.clone(), name, versions, change.sense.unwrap_or("").to_owned()]
}

fn locked_row(change: &Move) -> Vec<String> {
    let kind = match (change.before.is_empty(), change.after.is_empty()) {
        (true, _) => Kind::Added,
        (_, true) => Kind::Removed,
        _ => Kind::Changed,
    };
    let (before, after) = (change.before.join(", "), change.after.join(", "));
    let versions = moved(Some(before.as_str()).filter(|text| !text.is_empty()), Some(after.as_str()).filter(|text| !text.is_empty()));
    vec![sign(kind).to_owned(), change.image.clone(), change.name.clone(), versions]
}

/// What people see change; what is alike in several entries of a hub, as its `defaults` are, once.
fn seen(difference: &Difference) -> Vec<MenuChange> {
    let mut all: Vec<(MenuChange, usize)> = Vec::new();
    for change in difference.menus.iter().filter(|change| !change.image) {
        let alike = |known: &MenuChange| MenuChange { slug: change.slug.clone(), ..known.clone() } == *change;
        match all.iter_mut().find(|(known, _)| alike(known)) {
            Some((_, number)) => *number += 1,
            None => all.push((change.clone(), 1)),
        }
    }
    let told = |(change, number)| match number {
        1 => change,
        _ => MenuChange { slug: format!("{number} entries"), ..change },
    };
    all.into_iter().map(told).collect()
}

fn menu_row(change: &MenuChange) -> Vec<String> {
    // What comes or goes has one value; what changes has two, of which one may be nothing.
    let nothing = Some("nothing").filter(|_| change.kind == Kind::Changed);
    let values = moved(change.before.as_deref().or(nothing), change.after.as_deref().or(nothing));
    let breaking = if change.breaking { "breaking" } else { "" };
    let (hub, slug) = (change.hub.clone(), change.slug.clone());
    vec![sign(change.kind).to_owned(), hub, slug, change.what.clone(), values, breaking.to_owned()]
}

/// For a comment on a pull request.
fn markdown(since: &str, difference: &Difference) -> String {
    if difference.is_empty() {
        return format!("### Images and menus\n\nNothing differs from `{since}`.\n");
    }
    let mut text = format!("### Images and menus\n\n{}.\n", summary(since, difference));
    if difference.is_breaking() {
        text.push_str("\n> **Breaking**: entries or choices vanish that people have saved or bookmarked.\n");
    }
    let mut table = |title: &str, head: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            let rule = head.matches('|').count() - 1;
            let _ = write!(text, "\n#### {title}\n\n{head}\n|{}\n{}\n", " --- |".repeat(rule), rows.join("\n"));
        }
    };
    let code = |value: &str| if value.is_empty() { String::new() } else { format!("`{}`", value.replace('|', "\\|").replace('`', "'")) };
    let plain = |value: &str| value.replace('|', "\\|").replace('\n', " ");
    let images = difference.images.iter().map(|change| {
        let (before, after) = (code(tag(change.before.as_ref())), code(tag(change.after.as_ref())));
        format!("| {} | {} | {before} | {after} | {} |", change.kind.word(), code(&cell_name(change)), plain(&why(change)))
    });
    table("Images", "| | image | before | after | why |", images.collect());
    let packages = difference.packages.iter().map(|change| {
        let (before, after) = (code(versions(change.before.as_ref())), code(versions(change.after.as_ref())));
        let sense = change.sense.unwrap_or(change.kind.word());
        format!("| {sense} | {} | {} | {before} | {after} |", code(&change.image), code(&change.name))
    });
    table("Packages", "| | image | package | before | after |", packages.collect());
    let locked = difference.locked.iter().map(|change| {
        let (before, after) = (code(&change.before.join(", ")), code(&change.after.join(", ")));
        format!("| {} | {} | {before} | {after} |", code(&change.image), code(&change.name))
    });
    table("Locked versions", "| image | package | before | after |", locked.collect());
    let menus = seen(difference);
    let menus = menus.iter().map(|change| {
        let mark = if change.breaking { format!("**{}**", change.kind.word()) } else { change.kind.word().to_owned() };
        let (before, after) = (plain(change.before.as_deref().unwrap_or("")), plain(change.after.as_deref().unwrap_or("")));
        format!("| {mark} | {} | {} | {} | {before} | {after} |", code(&change.hub), code(&change.slug), plain(&change.what))
    });
    table("Menus", "| | hub | entry | what | before | after |", menus.collect());
    text
}

fn object(since: &str, difference: &Difference) -> Value {
    let images = difference.images.iter().map(|change| {
        let reasons = change.reasons.iter().map(|reason| json!({ "kind": reason.word(), "text": reason.words() }));
        json!({ "kind": change.kind.word(), "image": change.image, "cell": change.cell, "before": change.before, "after": change.after,
                "reasons": reasons.collect::<Vec<_>>() })
    });
    let packages = difference.packages.iter().map(|change| {
        json!({ "kind": change.kind.word(), "image": change.image, "ecosystem": change.ecosystem.as_str(), "name": change.name,
                "before": change.before, "after": change.after, "sense": change.sense, "cells": change.cells })
    });
    let menus = difference.menus.iter().map(|change| {
        json!({ "kind": change.kind.word(), "hub": change.hub, "slug": change.slug, "what": change.what, "before": change.before,
                "after": change.after, "breaking": change.breaking, "image": change.image })
    });
    let locked = difference
        .locked
        .iter()
        .map(|change| json!({ "image": change.image, "name": change.name, "before": change.before, "after": change.after }));
    json!({ "version": 1, "since": since, "locked": locked.collect::<Vec<_>>(),
            "images": images.collect::<Vec<_>>(), "packages": packages.collect::<Vec<_>>(),
            "menus": menus.collect::<Vec<_>>(), "breaking": difference.is_breaking() })
}
