//! `jenvc outdated`: what could be newer than it is locked, within the constraints and beyond them.

use clap::Args as Arguments;
use serde_json::json;

use super::super::compiled::{add, exit, failed};
use super::super::console::Console;
use super::super::table::Table;
use super::engines;
use super::program::{Engine, day, known_images, meant, read_program, today};
use crate::check::locked::Unit;
use crate::cli::global::Global;
use crate::cli::reply::{Exit, Misuse, Reply};
use crate::driver::lock::{self, Request};
use crate::ir::Lockable;
use crate::report::{Summary, json_finding, json_summary};

#[derive(Arguments, Debug)]
pub(in crate::cli) struct Outdated {
    /// Only these images; all where left out. A path is the file that the program begins in, or its folder.
    #[arg(value_name = "IMAGE|FILE")]
    names: Vec<String>,
    /// Counts no file that was uploaded after this day [default: today].
    #[arg(long, value_parser = day, value_name = "DATE")]
    cut_off: Option<String>,
    #[command(flatten)]
    engine: Engine,
}

pub(in crate::cli) fn run(args: &Outdated, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let (located, images) = meant(&args.names)?;
    let (mut compiled, program) = read_program(located, global);
    let Some(program) = program else { return Ok(failed(&compiled.told(), global, console)) };
    known_images(&program, &images)?;
    let is_there = |unit: &Unit<'_>| unit.section(&program, &program.locks).is_some();
    if !Lockable::ALL.into_iter().any(|lockable| Unit::all(&program, lockable).iter().any(is_there)) {
        return Err(Misuse("nothing of the program is locked: run `jenvc lock`".to_owned()));
    }
    let images = images.iter().map(|image| (*image).clone()).collect();
    let request = Request { images, cut_off: args.cut_off.clone(), today: today()?, ..Request::default() };
    let (all, mut upgraded) = engines::outdated(&program, &request, &args.engine, console)?;
    for finding in std::mem::take(&mut upgraded.findings).sorted() {
        add(&mut compiled.outcome.findings, finding, global);
    }
    let told = compiled.told();
    let status = if told.has_errors() || !upgraded.undecided { exit(told.has_errors()) } else { Exit::Unknown };
    let text = if global.json() {
        let packages: Vec<_> = all
            .iter()
            .map(|one| {
                json!({
                    "image": one.image, "name": one.name, "locked": one.locked, "allowed": one.allowed, "newest": one.newest,
                    "held": one.held,
                })
            })
            .collect();
        let batch = told.batch();
        let findings: Vec<_> = told.findings.iter().map(|finding| json_finding(&batch, finding, false)).collect();
        let summary = json_summary(Summary::of(&told.findings));
        format!("{:#}\n", json!({ "version": 1, "packages": packages, "findings": findings, "summary": summary }))
    } else if all.is_empty() {
        if upgraded.undecided { String::new() } else { "all packages are as new as there are\n".to_owned() }
    } else {
        table(&all).text(console.screen(), 0, |row, column, _| match (row, column) {
            (0, _) => "1",
            (_, 3) => "32",
            _ => "",
        })
    };
    Ok(told.answer(text, status, global, console))
}

fn table(all: &[lock::Outdated]) -> Table {
    let mut table = Table::default();
    table.row(["PACKAGE", "IMAGE", "LOCKED", "ALLOWED", "NEWEST", "HELD BY"]);
    for one in all {
        let versions = |all: &[String]| all.join(", ");
        let held = one.held.clone().unwrap_or_default();
        table.row([one.name.clone(), one.image.clone(), versions(&one.locked), versions(&one.allowed), versions(&one.newest), held]);
    }
    table
}
