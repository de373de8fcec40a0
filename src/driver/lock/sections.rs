//! From an answer to a section, and from sections of cells to files.

use std::collections::{BTreeMap, BTreeSet};

use super::Question;
use super::request::Files;
use crate::check::locked::{Facts, Unit, cell_name, inputs, parent, required_name, unlisted};
use crate::ir::{Lockable, Pin, Platform, Program, Section};

/// The section of a unit: what the answer brings beyond what is below.
pub(super) fn section(
    program: &Program,
    unit: &Unit<'_>,
    question: &Question,
    pins: &BTreeMap<String, Pin>,
    (below, resolver): (&Facts, &str),
    unknown: BTreeMap<String, String>,
) -> Section {
    let mut section = Section {
        lockable: unit.lockable,
        cells: vec![unit.cell_name(program).to_owned()],
        platform: unit.platform,
        resolver: resolver.to_owned(),
        cut_off: question.cut_off.clone(),
        inputs: inputs(program, unit),
        parent: String::new(),
        pins: BTreeMap::new(),
        unknown,
    };
    for (name, pin) in pins {
        match below.get(name) {
            Some(fact) if fact.version.as_deref() == Some(&pin.version) => continue,
            Some(fact) if fact.version.is_none() && unit.lockable == Lockable::Pypi => {
                section.unknown.insert(name.clone(), "from conda, whose versions are not locked".to_owned());
                continue;
            }
            _ => {}
        }
        let named = || question.index_of(name);
        let index = if unit.lockable == Lockable::Conda { pin.index.clone() } else { named().or_else(|| pin.index.clone()) };
        section.pins.insert(name.clone(), Pin { index, ..pin.clone() });
    }
    for root in &unit.roots {
        if let Some(why) = unlisted(root) {
            section.unknown.insert(root.normal.clone(), why.to_owned());
        }
    }
    // A section refers to nothing that is not there: to what an engine names whatever the interpreter, or leaves out.
    let Section { pins, unknown, .. } = &mut section;
    let names: BTreeSet<String> = pins.keys().chain(unknown.keys()).cloned().collect();
    let is_there = |text: &String| {
        let name = required_name(text, unit.lockable);
        names.contains(&name) || below.get(&name).is_some()
    };
    for pin in pins.values_mut() {
        pin.requires.retain(is_there);
    }
    section.parent = parent(program, unit, &section, below);
    section
}

/// The files: cells of one image that resolve alike share a section. Those of other ecosystems are as they were.
pub(super) fn files(program: &Program, lockable: Lockable, sections: &BTreeMap<(u32, Platform), Section>) -> Files {
    let mut files = of_sections(program, sections);
    for (image, others) in &program.locks.0 {
        let others: Vec<Section> = others.iter().filter(|section| section.lockable != lockable).cloned().collect();
        if !others.is_empty() {
            let file = files.entry(image.clone()).or_default();
            file.extend(others);
            file.sort_by_key(|section| section.lockable);
        }
    }
    files
}

fn of_sections(program: &Program, sections: &BTreeMap<(u32, Platform), Section>) -> Files {
    let mut files = Files::new();
    for platform in Platform::ALL {
        for (id, cell) in program.cells() {
            let Some(section) = sections.get(&(id.0, platform)) else { continue };
            let file = files.entry(program[cell.image].name.clone()).or_default();
            let name = cell_name(program, id).to_owned();
            let alike = |known: &&mut Section| {
                Section { cells: Vec::new(), ..(*known).clone() } == Section { cells: Vec::new(), ..section.clone() }
            };
            match file.iter_mut().find(alike) {
                Some(known) => known.cells.push(name),
                None => file.push(Section { cells: vec![name], ..section.clone() }),
            }
        }
    }
    files
}
