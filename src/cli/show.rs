//! `jenvc show`: one image with all that goes into it, or a file of the standard library.

use std::fmt::Write as _;

use super::args::Show;
use super::cells::{axes_in_words, cells, pod};
use super::compiled::{Compiled, failed};
use super::console::Console;
use super::global::Global;
use super::list::offered;
use super::reply::{Exit, Misuse, Reply};
use super::table::{Screen, Table};
use super::{find, show_json, words};
use crate::base::{Sources, or_nearest};
use crate::driver::{standard, standard_names};
use crate::emit::{CellPlan, plan};
use crate::ir::{Cell, CellId, MenuImage, OverrideValue, Pod, Program, RunAs, Tag, TestKind};

pub(super) fn run(show: &Show, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    if let Some(name) = show.name.strip_prefix("std.") {
        return library(name, global);
    }
    let compiled = Compiled::new(find::program(show.file.as_deref())?, global);
    let Some(checked) = &compiled.outcome.checked else { return Ok(failed(&compiled.told(), global, console)) };
    let program = checked.program();
    if let Some(text) = existing(program, &compiled.outcome.sources, &show.name, global, console.screen()) {
        return Ok(compiled.told().look(text, global, console));
    }
    let cell = pick(program, &show.name, &show.cell)?;
    let sources = &compiled.outcome.sources;
    let plan = plan(checked);
    let text = if global.json() {
        format!("{:#}\n", show_json::cell(program, sources, cell, &plan[cell]))
    } else {
        human(program, sources, cell, &plan[cell], console.screen())
    };
    Ok(compiled.told().look(text, global, console))
}

/// A file of the standard library, as it is.
fn library(name: &str, global: &Global) -> Result<Reply, Misuse> {
    let unknown = || {
        let names: Vec<_> = standard_names().into_iter().map(|name| format!("std.{name}")).collect();
        let hint = or_nearest(&format!("std.{name}"), names.iter().map(String::as_str));
        Misuse(format!("the standard library has no `std.{name}`{}", hint.map(|hint| format!("; {hint}")).unwrap_or_default()))
    };
    let text = standard(name).ok_or_else(unknown)?;
    let text = if global.json() {
        format!("{:#}\n", serde_json::json!({ "version": 1, "name": format!("std.{name}"), "text": text }))
    } else {
        text.to_owned()
    };
    Ok(Reply::new(text, Exit::Clean))
}

/// An entry on images that exist: nothing is built for it, and there is no cell to show.
fn existing(program: &Program, sources: &Sources, name: &str, global: &Global, screen: Screen) -> Option<String> {
    if program.images.iter().any(|image| image.name == name) {
        return None;
    }
    let entries: Vec<_> = program.hubs.iter().flat_map(|hub| &hub.menu).filter(|profile| profile.definition == name).collect();
    let images: Vec<&MenuImage> = entries.iter().flat_map(|profile| offered(profile)).collect();
    if entries.is_empty() || images.iter().any(|image| matches!(image, MenuImage::Cell(_))) {
        return None;
    }
    let mut references: Vec<String> = images
        .into_iter()
        .filter_map(|image| match image {
            MenuImage::Base(base) => Some(program[*base].reference()),
            MenuImage::Reference(reference) => Some(reference.clone()),
            MenuImage::Cell(_) => None,
        })
        .collect();
    references.dedup();
    let entries = program.hubs.iter().flat_map(|hub| hub.menu.iter().map(move |profile| (hub, profile)));
    let mut own = entries.filter(|(_, profile)| profile.definition == name);
    let pod = own.find_map(|(hub, profile)| Some((hub.name.as_str(), hub.pods(profile).into_iter().next()?)));
    if global.json() {
        let pod = pod.map(show_json::pod);
        let all = serde_json::json!({ "version": 1, "name": name, "built": false, "references": references, "pod": pod });
        return Some(format!("{all:#}\n"));
    }
    let mut table = Table::default();
    for reference in references {
        table.row(["image".to_owned(), reference]);
    }
    table.row(["built", "no: it is on the menu as it is"]);
    let mut text = table.to_string();
    if let Some((hub, pod)) = pod {
        section(&mut text, &format!("pod on {hub}"), &traits(sources, &pod), screen);
    }
    Some(text)
}

/// The cell that is meant: the one that has all the values given, the default one where several have.
fn pick(program: &Program, name: &str, point: &[(String, String)]) -> Result<CellId, Misuse> {
    let cells = cells(program, name)?;
    let has = |id: &&CellId| point.iter().all(|(axis, value)| program[**id].axis(axis) == Some(value));
    let found: Vec<_> = cells.iter().filter(has).copied().collect();
    let default = found.iter().find(|id| program[program[**id].image].default_cell == **id);
    default.or(found.first()).copied().ok_or_else(|| {
        let all: Vec<_> = cells.iter().map(|id| format!("`{}`", axes_in_words(&program[*id]))).collect();
        Misuse(format!("`{name}` has no such cell; it has {}", all.join(", ")))
    })
}

fn human(program: &Program, sources: &Sources, id: CellId, plan: &CellPlan, screen: Screen) -> String {
    let cell = &program[id];
    let mut text = head(program, id, plan, screen);
    section(&mut text, "steps", &steps(program, sources, cell), screen);
    section(&mut text, "packages", &packages(program, sources, id), screen);
    section(&mut text, "requires", &requirements(sources, cell), screen);
    section(&mut text, "further tags", &tags(cell), screen);
    if let Some((hub, pod)) = pod(program, id) {
        section(&mut text, &format!("pod on {hub}"), &traits(sources, &pod), screen);
    }
    section(&mut text, "tests", &tests(cell), screen);
    text
}

fn section(text: &mut String, title: &str, table: &Table, screen: Screen) {
    let rows = lines(table, screen, 2, "2");
    if !rows.is_empty() {
        let _ = write!(text, "\n{}\n{rows}", screen.painted("1", title));
    }
}

/// The lines of a table, the first column in a colour.
fn lines(table: &Table, screen: Screen, indent: usize, first: &'static str) -> String {
    let tone = |_: usize, column: usize, _: &str| if column == 0 { first } else { "" };
    table.text(screen, indent, tone)
}

fn head(program: &Program, id: CellId, plan: &CellPlan, screen: Screen) -> String {
    let (cell, image) = (&program[id], &program[program[id].image]);
    let stack: Vec<_> = program.downwards(id).skip(1).map(|id| words::cell(program, id)).collect();
    let base = program[program.base_of(id)].reference();
    let platforms: Vec<_> = cell.platforms.iter().map(|platform| platform.as_str()).collect();
    let mut table = Table::default();
    table.row(["image", &plan.reference]);
    let which =
        if image.cells.len() == 1 { "the only one".to_owned() } else { format!("{}, one of {}", axes_in_words(cell), image.cells.len()) };
    table.row(["cell", &which]);
    table.row(["stands on", &stack.into_iter().chain([base]).collect::<Vec<_>>().join(", on ")]);
    table.row(["platforms", &platforms.join(" ")]);
    table.row(["runs as", &words::account_in_words(&cell.account)]);
    let about = image.doc.as_ref().map(|doc| format!("{doc}\n\n")).unwrap_or_default();
    about + &lines(&table, screen, 0, "1")
}

fn steps(program: &Program, sources: &Sources, cell: &Cell) -> Table {
    let mut table = Table::default();
    for step in &cell.steps {
        let (word, detail) = words::step(program, step);
        let root = if step.run_as == RunAs::Root && !cell.account.is_root() { " as root" } else { "" };
        let via = step.via.as_ref().map(|via| format!("  ({})", via.text)).unwrap_or_default();
        table.row([sources.locate(step.origin), format!("{word}{root}{}", words::only(&step.only)), format!("{detail}{via}")]);
    }
    table
}

/// What the whole stack asks for, from the base up.
fn packages(program: &Program, sources: &Sources, id: CellId) -> Table {
    let mut table = Table::default();
    for package in program[program.base_of(id)].provides.iter() {
        table.row([sources.locate(package.origin), package.manager.to_string(), words::package(package), "in the base".to_owned()]);
    }
    for level in program.stack(id) {
        for package in &program[level].packages {
            let from = if level == id { String::new() } else { format!("in {}", program[program[level].image].name) };
            let word = format!("{}{}", words::package(package), words::only(&package.only));
            table.row([sources.locate(package.origin), package.manager.to_string(), word, from]);
        }
    }
    table
}

fn requirements(sources: &Sources, cell: &Cell) -> Table {
    let mut table = Table::default();
    for requirement in &cell.requirements {
        table.row([sources.locate(requirement.origin), words::requirement(requirement)]);
    }
    table
}

fn tags(cell: &Cell) -> Table {
    let mut table = Table::default();
    for tag in cell.tags.iter() {
        match tag {
            Tag::Text(text) | Tag::Exact(text) => table.row([text.clone()]),
            Tag::Date => table.row(["the date of the build"]),
            Tag::Sha => table.row(["the commit"]),
            Tag::Probe(probe) => table.row([format!("{}-…, read by `{}`", probe.name, probe.command)]),
        }
    }
    table
}

fn tests(cell: &Cell) -> Table {
    let mut table = Table::default();
    for test in cell.tests.iter() {
        let place = if matches!(test.kind, TestKind::Host { .. }) { "on the host" } else { "" };
        table.row([test.name.as_str(), &format!("from {}", test.from), place]);
    }
    table
}

/// What a pod sets: where that is said, the trait, its value.
fn traits(sources: &Sources, pod: &Pod<'_>) -> Table {
    let mut table = Table::default();
    for one in pod.traits.iter().filter(|one| one.value.value != OverrideValue::Null) {
        table.row([sources.locate(one.value.place), one.name.value.clone(), one.value.value.to_string()]);
    }
    table
}
