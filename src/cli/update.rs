//! `jenvc update`: moves the slots of images with `rebuild` to today's, in `jenv.lock`. It writes nothing else: the artifacts
//! are `build`'s.

use std::fmt::Write;
use std::fs;
use std::io;

use serde_json::json;

use super::args::{Global, Update};
use super::compiled::{Compiled, failed};
use super::console::Console;
use super::disk::words;
use super::{Exit, Misuse, Reply, clock, find, write};
use crate::ir::{LOCK, Period, read_slot, write_slots};

/// One slot: what it is for, what it was, what it is.
struct Moved {
    period: Period,
    before: Option<String>,
    after: String,
}

pub(super) fn run(update: &Update, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let compiled = Compiled::new(find::program(update.file.as_deref())?, global);
    let Some(periods) = compiled.outcome.checked.as_ref().map(|checked| checked.program().rebuilds.clone()) else {
        return Ok(failed(&compiled.told(), global, console));
    };
    let today = clock::today().ok_or_else(|| Misuse("neither SOURCE_DATE_EPOCH nor the clock says which day it is".to_owned()))?;
    let file = compiled.located.root.join(LOCK);
    let old = match fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(Misuse(format!("`{LOCK}` can't be read: {}", words(&error)))),
    };
    let moved: Vec<Moved> = periods
        .into_iter()
        .map(|period| Moved { period, before: old.as_deref().and_then(|text| read_slot(text, period)), after: period.slot(today) })
        .collect();
    if !moved.is_empty() {
        let text = write_slots(&moved.iter().map(|slot| (slot.period, slot.after.clone())).collect::<Vec<_>>());
        let written = match &old {
            Some(known) if *known == text => Ok(()),
            Some(_) => write::replace(&file, &text),
            None => write::create_new(&file, &text),
        };
        written.map_err(|error| Misuse(format!("`{LOCK}` can't be written: {}", words(&error))))?;
    }
    Ok(Reply::new(if global.json() { as_json(&moved) } else { told(&moved, &compiled) }, Exit::Clean))
}

fn told(moved: &[Moved], compiled: &Compiled) -> String {
    if moved.is_empty() {
        return "nothing of the program says `rebuild`\n".to_owned();
    }
    let mut text = String::new();
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

fn as_json(moved: &[Moved]) -> String {
    let slots: Vec<_> =
        moved.iter().map(|slot| json!({ "period": slot.period.word(), "before": slot.before, "after": slot.after })).collect();
    format!("{}\n", json!({ "version": 1, "file": LOCK, "slots": slots }))
}
