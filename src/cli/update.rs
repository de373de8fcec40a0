//! `jenvc update`: writes into `jenv.lock` what the menus name now, for entries with `keep`, and moves the slots of images with
//! `rebuild` to today's. It writes nothing else: the artifacts are `build`'s.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::io;

use serde_json::json;

use super::args::{Global, Update};
use super::compiled::{Compiled, failed};
use super::console::Console;
use super::disk::words;
use super::{Exit, Misuse, Reply, clock, find, write};
use crate::check::Checked;
use crate::emit::plan;
use crate::ir::{Date, LOCK, Lock, Period, Release, floating};

/// One slot: what it is for, what it was, what it is.
struct Moved {
    period: Period,
    before: Option<String>,
    after: String,
}

/// What an entry, or a choice of it, names now.
struct Noted {
    /// `hub/slug`, `hub/slug/choice`
    key: String,
    image: String,
    /// Whether the lock did not say so yet.
    new: bool,
}

pub(super) fn run(update: &Update, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let compiled = Compiled::new(find::program(update.file.as_deref())?, global);
    let Some(checked) = &compiled.outcome.checked else { return Ok(failed(&compiled.told(), global, console)) };
    let today = clock::today().ok_or_else(|| Misuse("neither SOURCE_DATE_EPOCH nor the clock says which day it is".to_owned()))?;
    let file = compiled.located.root.join(LOCK);
    let old = match fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Misuse(format!("`{LOCK}` can't be read: {}", words(&error)))),
    };
    let before = Lock::parse(old.as_deref().unwrap_or_default())
        .map_err(|bad| Misuse(format!("line {} of `{LOCK}` is not what `jenvc update` writes: there should be {}", bad.number, bad.wanted)))?;
    let (slots, moved) = slots(checked, &before, today);
    let (releases, noted) = releases(checked, &before, today);
    if !moved.is_empty() || !noted.is_empty() {
        let text = Lock { slots, releases }.to_text();
        let written = match &old {
            Some(known) if *known == text => Ok(()),
            Some(_) => write::replace(&file, &text),
            None => write::create_new(&file, &text),
        };
        written.map_err(|error| Misuse(format!("`{LOCK}` can't be written: {}", words(&error))))?;
    }
    Ok(Reply::new(if global.json() { as_json(&moved, &noted) } else { told(&moved, &noted, &compiled) }, Exit::Clean))
}

/// The slots of today.
fn slots(checked: &Checked, before: &Lock, today: Date) -> (BTreeMap<Period, String>, Vec<Moved>) {
    let periods = checked.program().rebuilds.iter().copied();
    let moved: Vec<Moved> = periods
        .map(|period| Moved { period, before: before.slots.get(&period).cloned(), after: period.slot(today) })
        .collect();
    (moved.iter().map(|slot| (slot.period, slot.after.clone())).collect(), moved)
}

/// The releases of all entries that keep some, with what they name as the program was before any slot moved: those are the
/// images that have been built.
fn releases(checked: &Checked, before: &Lock, today: Date) -> (BTreeMap<String, Vec<Release>>, Vec<Noted>) {
    let (program, plan) = (checked.program(), plan(checked));
    let (mut all, mut noted) = (BTreeMap::new(), Vec::new());
    for (hub, profile) in program.hubs.iter().flat_map(|hub| hub.menu.iter().map(move |profile| (hub, profile))) {
        let Some(keep) = &profile.keep else { continue };
        for one in profile.keepable() {
            let image = plan.reference(program, &one.image.value);
            let names = profile.lock_keys(&hub.name, one.choice);
            let Some(key) = names.first().filter(|_| floating(&image).is_none()) else { continue };
            let mut known = names.iter().find_map(|name| before.releases.get(name)).cloned().unwrap_or_default();
            let new = known.first().is_none_or(|first| first.image != image);
            if new {
                known.retain(|release| release.image != image);
                known.insert(0, Release { noted: today.to_string(), image: image.clone() });
            }
            known.truncate(usize::try_from(keep.count).unwrap_or(usize::MAX).saturating_add(1));
            all.insert(key.clone(), known);
            noted.push(Noted { key: key.clone(), image, new });
        }
    }
    (all, noted)
}

fn told(moved: &[Moved], noted: &[Noted], compiled: &Compiled) -> String {
    if moved.is_empty() && noted.is_empty() {
        return "nothing of the program says `rebuild` or `keep`\n".to_owned();
    }
    let mut text = String::new();
    for Noted { key, image, new } in noted {
        let _ = writeln!(text, "{}  {key} {image}", if *new { "noted" } else { "kept " });
    }
    let mut any = false;
    for Moved { period, before, after } in moved {
        let word = period.word();
        let _ = match before {
            Some(before) if before == after => writeln!(text, "kept   {word} {after}"),
            Some(before) => writeln!(text, "moved  {word} {before} → {after}"),
            None => writeln!(text, "set    {word} {after}"),
        };
        any |= before.as_ref() != Some(after);
    }
    if any {
        let _ = writeln!(text, "images with `rebuild` get new tags; run `{}`", compiled.located.build_command());
    }
    text
}

fn as_json(moved: &[Moved], noted: &[Noted]) -> String {
    let slots: Vec<_> =
        moved.iter().map(|slot| json!({ "period": slot.period.word(), "before": slot.before, "after": slot.after })).collect();
    let releases: Vec<_> = noted.iter().map(|one| json!({ "entry": one.key, "image": one.image, "new": one.new })).collect();
    format!("{}\n", json!({ "version": 1, "file": LOCK, "slots": slots, "releases": releases }))
}
