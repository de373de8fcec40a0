//! What could be newer than it is locked: within the constraints, and beyond them.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::explain::entry_words;
use super::request::{Locked, Request};
use super::run::lock;
use super::state::Locker;
use super::undecided::not_decided;
use super::{Answer, Question, Resolver, Root};
use crate::check::locked::{Facts, Unit, of_requirement, unlisted};
use crate::ir::{Lockable, Locks, Package, PackageSource, Pin, Program};

/// A package of an image that could be newer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outdated {
    /// The image that pins it.
    pub image: String,
    /// The package.
    pub name: String,
    /// The locked versions of its cells.
    pub locked: Vec<String>,
    /// The newest ones that all constraints allow.
    pub allowed: Vec<String>,
    /// The newest ones that there are for the Pythons and platforms.
    pub newest: Vec<String>,
    /// What holds it, where the newest is not allowed.
    pub held: Option<String>,
}

/// What could be newer, and the run that says what the constraints allow.
pub fn outdated(program: &Program, resolver: &dyn Resolver, request: &Request) -> (Vec<Outdated>, Locked) {
    let request = Request { upgrade: true, ..request.clone() };
    let lockable = resolver.lockable();
    let mut upgraded = lock(program, resolver, &request);
    let locker = Locker::new(program, resolver, &request);
    let units: Vec<&Unit<'_>> =
        locker.units.iter().filter(|unit| locker.is_meant(unit) && (unit.python.is_some() || lockable == Lockable::Conda)).collect();
    let questions: Vec<Question> = units.iter().map(|unit| newest(program, unit, &locker)).collect();
    locker.answers.ask(&questions);
    let mut all: BTreeMap<(String, String), Outdated> = BTreeMap::new();
    for (unit, mut question) in units.iter().zip(questions) {
        let image = unit.image(program);
        let Some(section) = unit.section(program, &program.locks) else { continue };
        let after = unit.section(program, &upgraded.locks);
        let newest = match locker.answers.of(&mut question).0 {
            Answer::Solved(pins) => pins,
            Answer::Failed(words) => {
                upgraded.findings.push(not_decided(program, unit, &words));
                upgraded.undecided = true;
                BTreeMap::new()
            }
            _ => BTreeMap::new(),
        };
        for (name, pin) in &section.pins {
            // A package that the newest versions of others no longer need is no news.
            let Some(allowed) = after.and_then(|after| after.pins.get(name)) else { continue };
            let newest = newest.get(name).filter(|newest| is_newer(&newest.version, &allowed.version, lockable)).unwrap_or(allowed);
            if pin.version == allowed.version && newest.version == allowed.version {
                continue;
            }
            let key = (image.to_owned(), name.clone());
            let one = all.entry(key).or_insert_with(|| Outdated::new(image, name));
            add(&mut one.locked, pin);
            add(&mut one.allowed, allowed);
            add(&mut one.newest, newest);
            if newest.version != allowed.version && one.held.is_none() {
                let held = held(program, &locker.units, unit, &upgraded.locks, (name, &newest.version));
                one.held = Some(held.unwrap_or_else(|| "what it requires itself".to_owned()));
            }
        }
    }
    (all.into_values().collect(), upgraded)
}

impl Outdated {
    fn new(image: &str, name: &str) -> Self {
        Self { image: image.to_owned(), name: name.to_owned(), locked: Vec::new(), allowed: Vec::new(), newest: Vec::new(), held: None }
    }
}

fn is_newer(version: &str, than: &str, lockable: Lockable) -> bool {
    lockable.scheme().compare(version, than) == Ok(Ordering::Greater)
}

fn add(versions: &mut Vec<String>, pin: &Pin) {
    if !versions.contains(&pin.version) {
        versions.push(pin.version.clone());
    }
}

/// The question for the newest version of each package that a unit pins, whatever others require.
fn newest(program: &Program, unit: &Unit<'_>, locker: &Locker<'_>) -> Question {
    let mut question = Question::new(program, unit, &[], &Facts::default());
    question.cut_off.clone_from(locker.request.cut_off.as_ref().unwrap_or(&locker.request.today));
    question.build = locker.request.build;
    question.alone = true;
    let pins = unit.section(program, &program.locks).into_iter().flat_map(|section| section.pins.keys());
    for name in pins {
        let own = || unit.roots.iter().filter(|root| root.normal == *name);
        if own().all(|root| unlisted(root).is_none() && matches!(root.source, PackageSource::Index | PackageSource::Resolved(_))) {
            let root = Root { name: name.clone(), ..Root::default() };
            let of_index = own().find(|root| root.index.is_some());
            question.roots.push(of_index.map_or(root.clone(), |entry| root.with_indexes(entry)));
        }
    }
    question
}

/// The line, or the package, that does not allow a version: in the stack, or in what is built on it.
fn held(program: &Program, units: &[Unit<'_>], unit: &Unit<'_>, locks: &Locks, (name, version): (&str, &str)) -> Option<String> {
    let stack = program.stack(unit.cell);
    let is_near = |other: &&Unit<'_>| {
        other.platform == unit.platform && (stack.contains(&other.cell) || program.stack(other.cell).contains(&unit.cell))
    };
    let near: Vec<&Unit<'_>> = units.iter().filter(is_near).collect();
    let refuses = |entry: &&&Package| {
        entry.normal == name && unit.lockable.scheme().set(&entry.constraint).is_ok_and(|set| !set.contains(version).unwrap_or(true))
    };
    let line = near.iter().find_map(|other| {
        let entry = other.roots.iter().chain(&other.bounds).find(refuses)?;
        Some(format!("`{}` asks for `{}`", other.image(program), entry_words(entry)))
    });
    line.or_else(|| {
        near.iter().find_map(|other| {
            let pins = &other.section(program, locks)?.pins;
            let requires = |pin: &Pin| {
                let asks = |text: &&String| {
                    of_requirement(text, unit.lockable).is_some_and(|one| one.name == name && !one.set.contains(version).unwrap_or(true))
                };
                pin.requires.iter().find(asks).cloned()
            };
            let (who, pin, text) = pins.iter().find_map(|(who, pin)| Some((who, pin, requires(pin)?)))?;
            Some(format!("`{who} {}` of `{}` requires `{text}`", pin.version, other.image(program)))
        })
    })
}
