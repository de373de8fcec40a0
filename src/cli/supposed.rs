//! `jenvc why … --if`: what one more constraint would break, and where.

use std::fmt::Write as _;

use serde_json::json;

use super::args::Why;
use super::compiled::Compiled;
use super::console::{Console, Stream};
use super::disk::Disk;
use super::global::Global;
use super::list::{axes_of, offered};
use super::reply::{Exit, Misuse, Reply};
use super::words;
use crate::check::why::{Left, why};
use crate::diagnostics::{Diagnostic, Severity};
use crate::driver::{Supposition, news, suppose};
use crate::ir::{Cell, CellId, MenuImage, Package, Parent, Program};
use crate::report::{Batch, Format, count, json_finding, render};

pub(super) fn run(
    args: &Why,
    (name, package): (&str, &str),
    global: &Global,
    console: &Console,
    known: &Compiled,
    program: &Program,
) -> Result<Reply, Misuse> {
    let entry = entry(args, package);
    let manager = args.with.clone().unwrap_or_else(|| manager(program, name, name_of(&entry)));
    let what = Supposition { definition: name, manager: &manager, entry: &entry };
    let disk = Disk::new(known.located.root.clone());
    let outcome = suppose(&disk, &known.located.main, &global.policy_in(&known.located.root), &known.outcome, &what).map_err(Misuse)?;
    let news: Vec<Diagnostic> = news(&outcome, &known.outcome).into_iter().cloned().collect();
    let errors: Vec<&Diagnostic> = news.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let after = outcome.program();
    let broken = after.map(|after| broken(after, &errors)).unwrap_or_default();
    let changed = after.map(|after| changed(program, after)).unwrap_or_default();
    let left = after.map(|after| left(after, &changed, name_of(&entry))).unwrap_or_default();
    let exit = if errors.is_empty() { Exit::Clean } else { Exit::Findings };
    let batch = Batch { main: &known.located.main, prefix: &known.prefix, sources: &outcome.sources, findings: &news };
    let list = format!("{manager} {{ {entry} }}");
    let text = if global.json() {
        let cells: Vec<_> = after
            .into_iter()
            .flat_map(|after| broken.iter().map(|id| json!({ "environment": after[after[*id].image].name, "axes": axes_of(&after[*id]) })))
            .collect();
        let menus = after.map(|after| on_menus(after, &broken)).unwrap_or_default();
        let findings: Vec<_> = news.iter().map(|finding| json_finding(&batch, finding, false)).collect();
        let object = json!({
            "version": 1, "name": name, "if": list, "breaks": !errors.is_empty(), "cells": cells, "menu": menus, "findings": findings,
            "left": left, "rebuilds": changed.len(),
        });
        format!("{object:#}\n")
    } else {
        let mut text = findings(&batch, global, console);
        match after {
            Some(after) if !broken.is_empty() => text.push_str(&verdict(after, name, &list, &broken)),
            _ if !errors.is_empty() => {
                let _ = writeln!(text, "`{list}` in `{name}` breaks the program");
            }
            _ => {
                let already = known.outcome.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
                let before =
                    if already == 0 { String::new() } else { format!(" more: the program has {} already", count(already, "error")) };
                let _ = writeln!(text, "`{list}` in `{name}` breaks nothing{before}");
            }
        }
        for left in left {
            let _ = writeln!(text, "left: {left}");
        }
        let _ = writeln!(text, "rebuilds {}", count(changed.len(), "image"));
        text
    };
    Ok(Reply::new(text, exit))
}

/// The cells that are built anew: those whose own packages differ, and all that stand on them.
fn changed(before: &Program, after: &Program) -> Vec<CellId> {
    let same = |cell: &Cell| {
        let named = before.images.iter().find(|image| image.name == after[cell.image].name);
        let own = named.and_then(|image| image.cells.iter().map(|id| &before[*id]).find(|known| known.axes == cell.axes));
        let said = |package: &Package| (package.ecosystem, package.normal.clone(), package.constraint.clone(), package.pin.clone());
        own.is_some_and(|own| own.packages.iter().map(said).eq(cell.packages.iter().map(said)))
    };
    let mut all: Vec<CellId> = Vec::new();
    for (id, cell) in after.cells() {
        if matches!(cell.parent, Parent::Cell(parent) if all.contains(&parent)) || !same(cell) {
            all.push(id);
        }
    }
    all
}

/// What is left of the package in the cells that change, each text once.
fn left(program: &Program, cells: &[CellId], package: &str) -> Vec<String> {
    let mut all = Vec::new();
    for answer in cells.iter().flat_map(|id| why(program, *id, package)) {
        let text = answer.left.iter().map(left_in_words).collect::<Vec<_>>().join(", and ");
        if !all.contains(&text) {
            all.push(text);
        }
    }
    all
}

/// The entry: a constraint alone is one of the package.
fn entry(args: &Why, package: &str) -> String {
    let written = args.supposed.as_deref().unwrap_or_default().trim();
    let is_version = written.starts_with(|c: char| "<>=!~^".contains(c) || c.is_ascii_digit());
    if is_version || matches!(written, "latest" | "newest" | "stable") { format!("{package} {written}") } else { written.to_owned() }
}

/// The name that an entry begins with.
fn name_of(entry: &str) -> &str {
    let end = entry.find(|c: char| c.is_whitespace() || "[<>=!~^;".contains(c)).unwrap_or(entry.len());
    entry.get(..end).unwrap_or(entry)
}

/// The manager that has the package uppermost in the stack.
fn manager(program: &Program, name: &str, package: &str) -> String {
    let cells = super::cells::cells(program, name).unwrap_or_default();
    let Some(first) = cells.first() else { return "pip".to_owned() };
    let own = program.downwards(*first).flat_map(|level| program[level].packages.iter().rev());
    let all = own.chain(program[program.base_of(*first)].provides.iter());
    let named = |one: &&crate::ir::Package| one.normal == one.scheme.normalize_name(package);
    all.into_iter().find(named).map_or_else(|| "pip".to_owned(), |package| package.manager.to_string())
}

/// The new findings as `check` would tell them, without its last line.
fn findings(batch: &Batch<'_>, global: &Global, console: &Console) -> String {
    if batch.findings.is_empty() {
        return String::new();
    }
    let text = render(global.format.into(), &[*batch], console.style(Stream::Out));
    match (Format::from(global.format), text.rsplit_once("\n\n")) {
        (Format::Human, Some((findings, _))) => format!("{findings}\n\n"),
        _ => text,
    }
}

/// The cells that errors name, and all that stand on them.
fn broken(program: &Program, errors: &[&Diagnostic]) -> Vec<CellId> {
    let mut all: Vec<CellId> = Vec::new();
    for (id, cell) in program.cells() {
        let name = &program[cell.image].name;
        let is = |hit: &crate::diagnostics::CellRef| {
            hit.environment == *name && hit.axes.iter().all(|(axis, value)| cell.axis(axis) == Some(value))
        };
        let below = matches!(cell.parent, Parent::Cell(parent) if all.contains(&parent));
        if below || errors.iter().flat_map(|finding| &finding.cells).any(is) {
            all.push(id);
        }
    }
    all
}

fn verdict(program: &Program, name: &str, list: &str, broken: &[CellId]) -> String {
    let mut text = format!("`{list}` in `{name}` breaks {} of {}\n", broken.len(), count(program.cells.len(), "cell"));
    for id in broken {
        let _ = writeln!(text, "  {}", words::cell(program, *id));
    }
    let menus = on_menus(program, broken);
    if !menus.is_empty() {
        let _ = writeln!(text, "on the menu: {}", menus.join(", "));
    }
    text
}

/// `jsonschema <4.18 from conda`.
pub(super) fn left_in_words(left: &Left) -> String {
    let inside = left.environment.as_ref().map(|name| format!(" in `{name}`")).unwrap_or_default();
    let versions = match left.versions.as_str() {
        all @ ("any version" | "no version") => format!("{all} of {}", left.name),
        versions => format!("{} {versions}", left.name),
    };
    format!("{versions} from {}{inside}", left.manager)
}

/// The entries of the menus that offer one of these cells.
pub(super) fn on_menus(program: &Program, cells: &[CellId]) -> Vec<String> {
    let mut names = Vec::new();
    for profile in program.hubs.iter().flat_map(|hub| &hub.menu) {
        let hit = offered(profile).into_iter().any(|image| matches!(image, MenuImage::Cell(id) if cells.contains(id)));
        if hit && !names.contains(&profile.definition) {
            names.push(profile.definition.clone());
        }
    }
    names
}
