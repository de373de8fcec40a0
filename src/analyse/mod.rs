//! Floor 3: names, types, imports, axes → cells. The only floor where the tree and the IR meet.
//!
//! The road: `load` reads the files, `names` and `lets` say what is called what, `graph` finds the images, `cells` multiplies
//! the axes and has `lower` turn each cell's statements into steps, `hub` reads the menus, `outputs` the artifacts.

mod addresses;
mod alike;
mod axes;
mod cells;
mod collisions;
mod command_lines;
mod compared;
mod condition;
mod constraints;
mod context;
mod defined;
mod definitions;
mod docker;
mod dockerfile;
mod entry;
mod entry_names;
mod existing;
mod factfiles;
mod facts;
mod fields;
mod file_list;
pub(crate) mod globs;
mod graph;
mod hashing;
mod holding;
mod hub;
mod idle;
mod installers;
mod instructions;
mod interpolate;
mod inventories;
mod known_versions;
mod lets;
mod lines;
mod listed;
mod load;
mod lock;
mod locked;
mod lower;
mod manager;
mod named_values;
mod names;
mod other_lines;
mod outputs;
mod package_file;
mod pairs;
mod parts;
mod phrases;
mod pieces;
mod project;
mod prune;
mod reads;
mod rebuild;
mod references;
mod repos;
mod restated;
mod rules;
mod scope;
mod settings;
mod shown;
mod spawner;
mod stages;
mod typed;
mod undecided;
mod unimported;
mod unread;
mod value;
mod words;
mod yaml;
mod yaml_values;

pub use load::{Inputs, decode, imported};
pub(crate) use lower::is_everywhere;
pub(crate) use typed::milliseconds;

use crate::base::Sources;
use crate::diagnostics::Findings;
use crate::ir::Program;
use context::Context;

/// Reads the program and everything that it imports. Files that were read are in `sources`, what is wrong in `findings`;
/// what is broken is left out of the program. `None` where there is no `project`.
#[must_use]
pub fn analyse(inputs: &Inputs<'_>, sources: &mut Sources, findings: &mut Findings) -> Option<Program> {
    let mut found = std::mem::take(findings);
    let units = load::load(inputs, sources, &mut found);
    let cx = Context::new(inputs.files, sources, &units, found).with_standard(inputs.standard_names);
    let program = program(&cx, inputs.main);
    let (found, more) = cx.finish();
    *findings = found;
    for source in more {
        sources.add(source);
    }
    program
}

/// Reads the files of a program and nothing else: what it is made of.
pub fn read(inputs: &Inputs<'_>, sources: &mut Sources) {
    load::load(inputs, sources, &mut Findings::default());
}

fn program(cx: &Context<'_>, main: &str) -> Option<Program> {
    words::check(cx);
    cx.check_installers();
    let (project, _) = cx.project()?.clone();
    let graph = graph::build(cx);
    let mut built = cells::build(cx, &project, &graph);
    built.locks = locked::read(cx, &built.images);
    collisions::report(cx, &built);
    let mut hubs = hub::read(cx, &built);
    cx.report_idle();
    let mut rebuilds: Vec<_> = graph.nodes.iter().filter_map(|node| rebuild::period(cx, node)).map(|said| said.value).collect();
    rebuilds.sort_unstable();
    rebuilds.dedup();
    let outputs = outputs::read(cx, &hubs);
    hub::fill_released(cx, &mut hubs, &outputs);
    let cell = |offered: &cells::OfferedCell<'_>| if let crate::ir::Parent::Cell(id) = offered.parent { Some(id) } else { None };
    let environments = built.offers.iter().filter_map(|offer| {
        let name = cx.names.get(offer.def)?.name.to_owned();
        Some((name, offer.cells.iter().filter_map(cell).collect()))
    });
    let environments = environments.collect();
    Some(Program {
        project,
        environments,
        main_file: main.to_owned(),
        bases: built.bases,
        images: built.images,
        cells: built.cells,
        hubs,
        rebuilds,
        outputs,
        locks: built.locks,
        allows: settings::allows(cx),
        definitions: cx.definitions(),
    })
}
