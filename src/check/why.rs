//! Who asks for a package in a cell, and what is left of the versions: what `jenvc why` tells.

use super::packages::asked;
use super::stack::{Ask, full_name};
use crate::diagnostics::PackageRef;
use crate::ir::{CellId, Package, Program};
use crate::versions::VersionSet;

/// What the stack of a cell says about one piece of software.
#[derive(Clone, Debug)]
pub struct Answer<'p> {
    /// Everything that is said, the root first.
    pub voices: Vec<Voice<'p>>,
    /// What is left, for each manager and environment.
    pub left: Vec<Left>,
}

/// One entry of one list.
#[derive(Clone, Debug)]
pub struct Voice<'p> {
    /// The image, and the statement that brings the entry where that is another one: `virgo: layer wdf`.
    pub storey: String,
    /// The entry.
    pub package: &'p Package,
    /// Whether it still counts: a later `override` takes its place.
    pub in_force: bool,
}

/// What is left of the versions of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// `conda`, `pip`, `apt`.
    pub manager: String,
    /// The name, as its manager writes it.
    pub name: String,
    /// The environment, where it is not the one that people are in.
    pub environment: Option<String>,
    /// The versions: `>=2, <3`, `any version`, `no version`.
    pub versions: String,
}

/// What the stack of a cell says about a package, whatever manager it comes from. Empty where nothing is said.
#[must_use]
pub fn why<'p>(program: &'p Program, cell: CellId, name: &str) -> Vec<Answer<'p>> {
    let answer = |one: super::packages::InForce<'p>| {
        let later = |at: usize| one.said.iter().skip(at + 1);
        let voice = |(at, ask): (usize, &Ask<'p>)| {
            let beaten = ask.pin.is_none() && later(at).any(|other| other.package.overrides && other.is_same_package(ask));
            Voice { storey: full_name(program, ask), package: ask.package, in_force: !beaten }
        };
        let voices = one.said.iter().enumerate().map(voice).collect();
        Answer { voices, left: left(&one.held, &one.lost) }
    };
    asked(program, cell, name).into_iter().map(answer).collect()
}

/// What is left of each package.
fn left(held: &[Ask<'_>], lost: &[PackageRef]) -> Vec<Left> {
    let mut all: Vec<(&Ask<'_>, VersionSet)> = Vec::new();
    for ask in held {
        if let Some((first, set)) = all.iter_mut().find(|(first, _)| first.is_same_package(ask)) {
            // What an image is known to hold, a later entry may move.
            let moved = first.known().is_some() && !first.set.shares_candidate(&ask.set);
            *set = if moved { (*ask.set).clone() } else { set.intersect(&ask.set) };
        } else {
            all.push((ask, (*ask.set).clone()));
        }
    }
    let is_lost = |ask: &Ask<'_>| lost.iter().any(|lost| ask.package.ecosystem == *lost.ecosystem && lost.name == ask.package.normal);
    let one = |(ask, set): (&Ask<'_>, VersionSet)| Left {
        manager: ask.package.manager.to_string(),
        name: ask.package.name.clone(),
        environment: ask.package.environment.clone(),
        versions: if is_lost(ask) || !set.has_candidate() { "no version".to_owned() } else { set.to_string() },
    };
    all.into_iter().map(one).collect()
}
