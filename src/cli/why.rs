//! `jenvc why`: who asks for a package, layer by layer, and what is left; and what one more constraint would break.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::args::Why;
use super::cells::{axes_in_words, cells};
use super::compiled::{Compiled, failed};
use super::console::Console;
use super::global::Global;
use super::list::axes_of;
use super::reply::{Exit, Misuse, Reply};
use super::supposed::left_in_words;
use super::table::Table;
use super::{find, supposed, words};
use crate::base::{IndexSet, Place, Sources, or_nearest};
use crate::check::locked::{Told, told};
use crate::check::why::{Answer, Voice, why};
use crate::ir::{CellId, Lockable, Package, Program};

/// How many cells with the same answer are named.
const NAMED_CELLS: usize = 8;

/// Cells whose stacks say the same.
struct Same<'p> {
    cells: Vec<CellId>,
    answers: Vec<Answer<'p>>,
    locked: [(Lockable, Told); 2],
}

impl Same<'_> {
    fn is_silent(&self) -> bool {
        self.answers.is_empty() && self.locked.iter().all(|(_, told)| told.is_empty())
    }
}

/// What is asked: about a package in one definition, or in the whole program.
struct Question<'a> {
    name: Option<&'a str>,
    package: &'a str,
    file: Option<&'a Path>,
}

impl<'a> Question<'a> {
    /// The words of the command line: one is the package, and so is the first of two where the second is a path.
    fn of(args: &'a Why) -> Self {
        match args.package.as_deref() {
            None => Self { name: None, package: &args.name, file: None },
            Some(word) if args.file.is_none() && find::is_path(word) && !word.starts_with('@') => {
                Self { name: None, package: &args.name, file: Some(Path::new(word)) }
            }
            Some(package) => Self { name: Some(&args.name), package, file: args.file.as_deref() },
        }
    }
}

pub(super) fn run(args: &Why, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let question = Question::of(args);
    let compiled = Compiled::new(find::program(question.file)?, global);
    let Some(program) = compiled.outcome.program() else { return Ok(failed(&compiled.told(), global, console)) };
    let has = |id: &CellId| args.cell.iter().all(|(axis, value)| program[*id].axis(axis) == Some(value));
    let all = question.name.map_or_else(|| Ok(program.cells().map(|(id, _)| id).collect()), |name| cells(program, name))?;
    let meant: Vec<_> = all.iter().copied().filter(has).collect();
    if meant.is_empty() && !all.is_empty() {
        let all: Vec<_> = all.iter().map(|id| format!("`{}`", axes_in_words(&program[*id]))).collect();
        return Err(Misuse(format!("`{}` has no such cell; it has {}", question.name.unwrap_or("the program"), all.join(", "))));
    }
    if args.supposed.is_some() {
        let Some(name) = question.name else {
            return Err(Misuse("`--if` needs a layer or an environment: `jenvc why NAME PACKAGE --if …`".to_owned()));
        };
        return supposed::run(args, (name, question.package), global, console, &compiled, program);
    }
    let mut groups = group(program, &meant, question.package);
    if question.name.is_none() && groups.iter().any(|group| !group.is_silent()) {
        groups.retain(|group| !group.is_silent());
    }
    let sources = &compiled.outcome.sources;
    let text = if global.json() {
        let cells: Vec<_> = groups.iter().map(|group| object(program, sources, group)).collect();
        format!("{:#}\n", json!({ "version": 1, "name": question.name, "package": question.package, "answers": cells }))
    } else {
        human(program, sources, &question, &groups)
    };
    Ok(Reply::new(text, Exit::Clean))
}

/// Cells with the same answer together, in the order of the first ones.
fn group<'p>(program: &'p Program, cells: &[CellId], package: &str) -> Vec<Same<'p>> {
    let mut all: Vec<Same<'p>> = Vec::new();
    for cell in cells {
        let answers = why(program, *cell, package);
        let locked = Lockable::ALL.map(|lockable| (lockable, told(program, *cell, package, lockable)));
        match all.iter_mut().find(|group| is_same(&group.answers, &answers) && group.locked == locked) {
            Some(group) => group.cells.push(*cell),
            None => all.push(Same { cells: vec![*cell], answers, locked }),
        }
    }
    all
}

fn is_same(one: &[Answer<'_>], other: &[Answer<'_>]) -> bool {
    let said = |one: &Voice<'_>, other: &Voice<'_>| {
        one.storey == other.storey
            && one.in_force == other.in_force
            && one.package.origin == other.package.origin
            && says(one) == says(other)
    };
    let voices = |one: &Answer<'_>, other: &Answer<'_>| {
        one.voices.len() == other.voices.len() && one.voices.iter().zip(&other.voices).all(|(one, other)| said(one, other))
    };
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.left == other.left && voices(one, other))
}

fn human(program: &Program, sources: &Sources, args: &Question<'_>, groups: &[Same<'_>]) -> String {
    let mut text = String::new();
    for group in groups {
        if !text.is_empty() {
            text.push('\n');
        }
        let _ = writeln!(text, "{} in {}", args.package, where_in_words(program, &group.cells));
        if group.is_silent() {
            let _ = writeln!(
                text,
                "  nothing in the stack names it; something else may bring it along{}",
                hint(program, &group.cells, args.package)
            );
        }
        for answer in &group.answers {
            text.push_str(&voices(sources, answer));
        }
        for (lockable, told) in &group.locked {
            text.push_str(&locked(sources, args.package, *lockable, told));
        }
    }
    text
}

/// `base (py3.11)`, or `all 4 cells of tensorflow-notebook`.
fn where_in_words(program: &Program, cells: &[CellId]) -> String {
    let image = cells.first().map(|id| &program[program[*id].image]);
    match image {
        Some(image) if cells.len() > 1 && image.cells.len() == cells.len() => format!("all {} cells of {}", cells.len(), image.name),
        _ => {
            let named = cells.iter().take(NAMED_CELLS).map(|id| words::cell(program, *id)).collect::<Vec<_>>().join(", ");
            let more = cells.len().saturating_sub(NAMED_CELLS);
            if more == 0 { named } else { format!("{named} and {more} more cells") }
        }
    }
}

/// The voices of one answer, and what is left.
fn voices(sources: &Sources, answer: &Answer<'_>) -> String {
    let mut table = Table::default();
    for voice in &answer.voices {
        table.row([voice.storey.clone(), says(voice), place(sources, voice.package.origin)]);
    }
    let indent = answer.voices.iter().map(|voice| voice.storey.chars().count()).max().unwrap_or(0);
    let mut text = String::from("\n");
    for (line, voice) in table.to_string().lines().zip(&answer.voices) {
        let _ = writeln!(text, "  {line}");
        if let Some(why) = &voice.package.because {
            let _ = writeln!(text, "  {:indent$}  because {why}", "");
        }
    }
    let _ = writeln!(text, "\n  left: {}", answer.left.iter().map(left_in_words).collect::<Vec<_>>().join(", and "));
    text
}

/// What is locked, who requires it, and what brings it.
fn locked(sources: &Sources, package: &str, lockable: Lockable, told: &Told) -> String {
    let mut text = String::new();
    for (image, version, platforms) in &told.versions {
        let platforms: Vec<_> = platforms.iter().map(|platform| platform.as_str()).collect();
        let of = if lockable == Lockable::Conda { "conda, " } else { "" };
        let _ = writeln!(text, "  locked: {package} {version} in {image} ({of}{})", platforms.join(", "));
    }
    for (image, who, required) in &told.required {
        let _ = writeln!(text, "  {who} of {image} requires {required}");
    }
    if let Some((entry, names)) = &told.brought {
        let _ = writeln!(text, "  brought by {} ({})", place(sources, *entry), names.join(" → "));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

/// `holds notebook 7.2.2`, `wants notebook <7 (conda)`.
fn says(voice: &Voice<'_>) -> String {
    let package = voice.package;
    let over = if voice.in_force { "" } else { ", overridden above" };
    if package.provided {
        format!("holds {}{over}", words::package(package))
    } else {
        format!("wants {} ({}){over}", words::package(package), package.manager)
    }
}

pub(super) fn place(sources: &Sources, place: Place) -> String {
    sources.get(place.file).map(|source| format!("{}:{}", source.name, source.position(place.span.start).line)).unwrap_or_default()
}

/// The nearest name among the packages of the stacks.
fn hint(program: &Program, cells: &[CellId], name: &str) -> String {
    let of = |id: &CellId| -> Vec<&Package> {
        let base = program[program.base_of(*id)].provides.iter();
        base.chain(program.stack(*id).into_iter().flat_map(|level| program[level].packages.iter())).collect()
    };
    let names: IndexSet<_> = cells.iter().flat_map(of).map(|package| package.name.as_str()).collect();
    or_nearest(name, names).map(|hint| format!("; {hint}")).unwrap_or_default()
}

fn object(program: &Program, sources: &Sources, group: &Same<'_>) -> Value {
    let cells: Vec<_> =
        group.cells.iter().map(|id| json!({ "environment": program[program[*id].image].name, "axes": axes_of(&program[*id]) })).collect();
    let voices: Vec<_> = group.answers.iter().flat_map(|answer| &answer.voices).map(|one| voice(sources, one)).collect();
    let left: Vec<_> = group
        .answers
        .iter()
        .flat_map(|answer| &answer.left)
        .map(|left| json!({ "manager": left.manager, "name": left.name, "environment": left.environment, "versions": left.versions }))
        .collect();
    let locked = || group.locked.iter().map(|(lockable, told)| (lockable.as_str(), told));
    let versions = locked().flat_map(|(from, told)| told.versions.iter().map(move |one| (from, one))).map(|(from, one)| {
        let (image, version, platforms) = one;
        let platforms: Vec<_> = platforms.iter().map(|platform| platform.as_str()).collect();
        json!({ "image": image, "ecosystem": from, "version": version, "platforms": platforms })
    });
    let required = locked().flat_map(|(from, told)| told.required.iter().map(move |one| (from, one)));
    let required = required.map(|(from, (image, who, text))| json!({ "image": image, "ecosystem": from, "by": who, "requirement": text }));
    let brought = locked().find_map(|(_, told)| told.brought.as_ref());
    let brought = brought.map(|(entry, names)| json!({ "at": place(sources, *entry), "way": names }));
    json!({
        "cells": cells, "voices": voices, "left": left,
        "locked": { "versions": versions.collect::<Vec<_>>(), "required": required.collect::<Vec<_>>(), "brought": brought },
    })
}

fn voice(sources: &Sources, voice: &Voice<'_>) -> Value {
    let package = voice.package;
    let position = sources.get(package.origin.file).map(|source| source.position(package.origin.span.start));
    json!({
        "storey": voice.storey,
        "manager": &*package.manager,
        "ecosystem": package.ecosystem.as_str(),
        "name": package.name,
        "constraint": package.constraint.to_string(),
        "provided": package.provided,
        "pin": package.pin.as_ref().map(ToString::to_string),
        "override": package.overrides,
        "because": package.because,
        "until": package.until.map(|date| date.to_string()),
        "in_force": voice.in_force,
        "file": sources.get(package.origin.file).map(|source| source.name.clone()),
        "line": position.map(|position| position.line),
        "column": position.map(|position| position.column),
    })
}
