//! `jenvc update`: writes into `jenv.lock` what the menus name now, for entries with `keep`, and moves the slots of images with
//! `rebuild` to today's. It writes nothing else: the artifacts are `build`'s.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use clap::Args as Arguments;
use serde_json::json;

use super::compiled::{Compiled, failed};
use super::console::Console;
use super::errors::words;
use super::global::Global;
use super::lock_file::LockFile;
use super::reply::{Exit, Misuse, Reply};
use super::{clock, find};
use crate::check::Checked;
use crate::emit::plan;
use crate::ir::{Date, LOCK, Lock, MenuImage, Period, Release, floating};

#[derive(Arguments, Debug)]
pub(super) struct Update {
    /// The file that the program begins in, or its folder.
    pub(super) file: Option<PathBuf>,
    /// Writes down only those of the program's own images that are in FILE, one a line.
    #[arg(long, value_name = "FILE")]
    pub(super) published: Option<PathBuf>,
}

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
    sense: Sense,
}

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sense {
    /// The lock says so now.
    Noted,
    /// The lock said so before.
    Kept,
    /// It is not published, and so not written down.
    Waits,
}

impl Sense {
    fn word(self) -> &'static str {
        match self {
            Self::Noted => "noted",
            Self::Kept => "kept",
            Self::Waits => "waits",
        }
    }
}

pub(super) fn run(update: &Update, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let compiled = Compiled::new(find::program(update.file.as_deref())?, global);
    let Some(checked) = &compiled.outcome.checked else { return Ok(failed(&compiled.told(), global, console)) };
    let today = clock::today().ok_or_else(|| Misuse("neither SOURCE_DATE_EPOCH nor the clock says which day it is".to_owned()))?;
    let file = LockFile::read(&compiled.located.root)?;
    let before = &file.lock;
    let (slots, moved) = slots(checked, before, today);
    let published = update.published.as_ref().map(|file| {
        let text = fs::read_to_string(file).map_err(|error| Misuse(format!("`{}` can't be read: {}", file.display(), words(&error))))?;
        Ok(text.lines().map(|line| line.trim().to_owned()).collect::<BTreeSet<_>>())
    });
    let (releases, noted) = releases(checked, before, today, published.transpose()?.as_ref());
    if !moved.is_empty() || !noted.is_empty() {
        file.replace(&Lock { slots, releases, images: before.images.clone() })?;
    }
    Ok(Reply::new(if global.json() { as_json(&moved, &noted) } else { told(&moved, &noted, &compiled) }, Exit::Clean))
}

/// The slots of today.
fn slots(checked: &Checked, before: &Lock, today: Date) -> (BTreeMap<Period, String>, Vec<Moved>) {
    let periods = checked.program().rebuilds.iter().copied();
    let moved: Vec<Moved> =
        periods.map(|period| Moved { period, before: before.slots.get(&period).cloned(), after: period.slot(today) }).collect();
    (moved.iter().map(|slot| (slot.period, slot.after.clone())).collect(), moved)
}

/// The releases of all entries that keep some, with what they name as the program was before any slot moved: those are the
/// images that have been built.
fn releases(
    checked: &Checked,
    before: &Lock,
    today: Date,
    published: Option<&BTreeSet<String>>,
) -> (BTreeMap<String, Vec<Release>>, Vec<Noted>) {
    let (program, plan) = (checked.program(), plan(checked));
    let (mut all, mut noted) = (BTreeMap::new(), Vec::new());
    for (hub, profile) in program.hubs.iter().flat_map(|hub| hub.menu.iter().map(move |profile| (hub, profile))) {
        let Some(keep) = &profile.keep else { continue };
        for one in profile.keepable() {
            let image = plan.reference(program, &one.image.value);
            let names = profile.lock_keys(&hub.name, one.choice);
            let Some(key) = names.first().filter(|_| floating(&image).is_none()) else { continue };
            let mut known = names.iter().find_map(|name| before.releases.get(name)).cloned().unwrap_or_default();
            let own = matches!(one.image.value, MenuImage::Cell(_));
            let sense = if known.first().is_some_and(|first| first.image == image) {
                Sense::Kept
            } else if own && published.is_some_and(|published| !published.contains(&image)) {
                Sense::Waits
            } else {
                Sense::Noted
            };
            if sense == Sense::Noted {
                known.retain(|release| release.image != image);
                known.insert(0, Release { noted: today.to_string(), image: image.clone() });
            }
            known.truncate(usize::try_from(keep.count).unwrap_or(usize::MAX).saturating_add(1));
            if !known.is_empty() {
                all.insert(key.clone(), known);
            }
            noted.push(Noted { key: key.clone(), image, sense });
        }
    }
    (all, noted)
}

fn told(moved: &[Moved], noted: &[Noted], compiled: &Compiled) -> String {
    if moved.is_empty() && noted.is_empty() {
        return "nothing of the program says `rebuild` or `keep`\n".to_owned();
    }
    let mut text = String::new();
    for Noted { key, image, sense } in noted {
        let why = if *sense == Sense::Waits { ": not published yet" } else { "" };
        let _ = writeln!(text, "{:<5}  {key} {image}{why}", sense.word());
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
    let releases: Vec<_> = noted.iter().map(|one| json!({ "entry": one.key, "image": one.image, "sense": one.sense.word() })).collect();
    format!("{}\n", json!({ "version": 1, "file": LOCK, "slots": slots, "releases": releases }))
}
