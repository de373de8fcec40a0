//! conda's packages of an image that installs from its lock: one list of addresses with checksums for each step and platform, which conda,
//! mamba and micromamba install as it is (CEP 23, November 2026).

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::rc::Rc;

use super::body::unique;
use super::draft::{Draft, is_file, names_of};
use crate::check::locked::{Unit, channel_address, channel_of, step_of};
use crate::ir::{
    Cell, CellId, Install, Lockable, LockedList, LockedWords, Mount, MountSource, Only, Platform, Program, Section, Segment, Segments,
    ShellPart, ShellText, Step,
};

/// The lists of a cell, in the order of its steps.
pub(super) fn drafts(program: &Program, id: CellId, taken: &mut BTreeSet<String>) -> Vec<Draft> {
    let cell = &program[id];
    let units: Vec<Unit<'_>> = cell.platforms.iter().map(|platform| Unit::of(program, id, *platform, Lockable::Conda)).collect();
    let steps_of = |unit: &Unit<'_>| unit.roots.iter().filter_map(|root| step_of(cell, root)).collect::<BTreeSet<usize>>();
    let steps: BTreeSet<usize> = units.iter().flat_map(steps_of).collect();
    let mut done: Vec<BTreeSet<String>> = units.iter().map(|_| BTreeSet::new()).collect();
    let mut all = Vec::new();
    for step in steps {
        let several = platforms(cell, cell.steps.get(step)).len() > 1;
        for (unit, done) in units.iter().zip(&mut done) {
            let Some(section) = unit.section(program, &program.locks) else { continue };
            let names = names_of(unit, cell, section, step, steps_of(unit).last());
            let new: Vec<String> = names.into_iter().filter(|name| section.pins.contains_key(name) && done.insert(name.clone())).collect();
            if new.is_empty() {
                continue;
            }
            let wanted = if several { format!("conda-{}", unit.platform.machine()) } else { "conda".to_owned() };
            let stem = unique(&wanted, |name| taken.contains(name));
            taken.insert(stem.clone());
            let lines = lines(program, unit, section, &new);
            all.push(Draft { step, stem, target: format!("/tmp/{wanted}"), index: false, platform: Some(unit.platform), lines });
        }
    }
    all
}

/// The platforms of a step.
fn platforms(cell: &Cell, step: Option<&Step>) -> Vec<Platform> {
    let only = step.and_then(|step| step.only.as_deref());
    cell.platforms.iter().copied().filter(|platform| only.is_none_or(|only| only.contains(platform))).collect()
}

/// The lines of a list: the address of each file, with its checksum.
fn lines(program: &Program, unit: &Unit<'_>, section: &Section, names: &[String]) -> String {
    let mut text = "@EXPLICIT\n".to_owned();
    for (name, pin) in names.iter().filter_map(|name| section.pins.get_key_value(name)) {
        let reason = unit.roots.iter().filter(|root| root.normal == *name).find_map(|root| root.because.as_deref());
        for reason in reason.into_iter().flat_map(str::lines) {
            let _ = writeln!(text, "# {}", reason.trim());
        }
        let channel = channel_of(program, unit.cell, pin.index.as_deref().unwrap_or_default());
        let _ = write!(text, "{}/{}", channel_address(channel), pin.file);
        if !pin.sha256.is_empty() {
            let _ = write!(text, "#sha256:{}", pin.sha256);
        }
        text.push('\n');
    }
    text
}

/// The platforms of a step on which it has something to install, where those are not all of them.
pub(super) fn only<'d>(cell: &Cell, step: &Step, own: impl Iterator<Item = &'d Draft>) -> Only {
    let there: Vec<Platform> = own.filter_map(|draft| draft.platform).collect();
    (!there.is_empty() && there.len() < platforms(cell, Some(step)).len()).then_some(there)
}

/// The command that reads the list of its platform.
pub(super) fn install(install: &Install, words: &LockedWords, own: &[(&Draft, &Rc<LockedList>)]) -> Option<Install> {
    let (first, _) = own.first()?;
    let mut flags: Vec<ShellText> = words.flags.clone();
    let mut read = words.list.clone();
    read.0.push(ShellPart::Raw(" ".to_owned()));
    read.0.push(match own {
        [_] => ShellPart::Word(Segments(vec![Segment::Literal(format!("{}.txt", first.target))])),
        _ => ShellPart::Raw("\"/tmp/conda-$(uname -m).txt\"".to_owned()),
    });
    flags.push(read);
    let mut mounts: Vec<Mount> = install.mounts.iter().filter(|mount| !is_file(mount)).cloned().collect();
    for (draft, list) in own {
        let source = MountSource::List(Rc::clone(list));
        mounts.push(Mount { name: draft.stem.clone(), source, target: format!("{}.txt", draft.target) });
    }
    Some(Install { mounts, flags, before: Vec::new(), items: Vec::new(), after: Vec::new(), ..install.clone() })
}
