//! `jenvc check --watch`: checks again after every save, until it is ended.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::args::Check;
use super::check;
use super::compiled::Told;
use super::console::Console;
use super::global::Global;
use super::ours::{PASSED_BY, UNFINISHED};
use super::reply::{Exit, Misuse, Reply};

/// How long it has to be quiet before a check begins: editors save in several steps.
const QUIET: Duration = Duration::from_millis(40);
/// How many events one check waits for at most: something that writes all the time is no reason to wait for ever.
const MOST: usize = 1000;
/// Checks, and checks again; ends only where nobody listens any longer, or where there is no program.
pub(super) fn run(arguments: &Check, global: &Global, console: &Console) -> Result<Exit, Misuse> {
    let (sender, events) = channel();
    let mut watcher = notify::recommended_watcher(sender).map_err(|error| unwatched(&error))?;
    let roots = |told: &[Told]| told.iter().map(|told| told.compiled.located.root.clone()).collect::<Vec<_>>();
    let terminal = io::stdout().is_terminal();
    let mut folders = roots(&check::all(arguments, global)?);
    loop {
        for root in &folders {
            watch(&mut watcher, root)?;
        }
        let told = check::all(arguments, global);
        if terminal {
            console.write("\u{1b}[2J\u{1b}[3J\u{1b}[H");
        }
        let reply = match &told {
            Ok(told) => {
                folders = roots(told);
                check::reply(told, global, console)
            }
            // A file that an editor has just taken away comes back.
            Err(Misuse(words)) => Reply::new(format!("error: {words}\n"), Exit::Usage),
        };
        if !console.write(&reply.text) {
            return Ok(reply.exit);
        }
        if terminal && !console.quiet() {
            console.error("watching; Ctrl-C ends it\n");
        }
        wait(&events);
    }
}

fn unwatched(error: &notify::Error) -> Misuse {
    Misuse(format!("the files can't be watched: {error}"))
}

/// Watches a folder and all in it, one by one: what is passed by costs nothing. Those that are watched already stay so.
fn watch(watcher: &mut RecommendedWatcher, root: &Path) -> Result<(), Misuse> {
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        match watcher.watch(&folder, RecursiveMode::NonRecursive) {
            // One that is taken away meanwhile is no trouble.
            Err(error) if folder.exists() => return Err(unwatched(&error)),
            _ => {}
        }
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let passed = entry.file_name().to_str().is_some_and(|name| PASSED_BY.contains(&name));
            if !passed && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                waiting.push(entry.path());
            }
        }
    }
    Ok(())
}

/// Waits for a change, and until it is quiet.
fn wait(events: &Receiver<notify::Result<Event>>) {
    loop {
        match events.recv() {
            Ok(Ok(event)) if !counts(&event) => {}
            _ => break,
        }
    }
    for _ in 0..MOST {
        if events.recv_timeout(QUIET).is_err() {
            break;
        }
    }
}

/// Whether something was written, made or taken away; not by a build on its way.
fn counts(event: &Event) -> bool {
    let written = match event.kind {
        EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
        _ => true,
    };
    let own = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED));
    written && (event.paths.is_empty() || !event.paths.iter().all(own))
}
