//! The interpreters that are possible where a list is installed: of each minor version, each patch release.

use std::collections::BTreeSet;

use crate::versions::{Bound, Constraint, Op, Scheme, VersionSet};

/// The newest minor version of Python 3 that is thought of.
const LAST_MINOR: u32 = 30;
/// The most patch releases of a minor version: 3.9 had 25.
const LAST_PATCH: u32 = 30;

/// How much of the version is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asks {
    Nothing,
    Minor,
    Full,
}

/// One release of Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Interpreter {
    /// `3.11`
    pub(super) minor: String,
    /// `3.11.8`
    pub(super) full: String,
}

/// The interpreters that are possible, oldest first; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pythons(Vec<Interpreter>);

impl Pythons {
    /// Every release: nothing is known.
    #[must_use]
    pub fn any() -> Self {
        Self::within(&VersionSet::any(Scheme::Pep440))
    }

    /// Those that a constraint allows, of whatever manager: a version without a patch level stands for all of its releases. All, where
    /// it can't be read.
    #[must_use]
    pub fn of(constraint: &Constraint) -> Self {
        let bound = |bound: &Bound| {
            let whole = matches!(bound.op, Op::Equal | Op::Bare | Op::Fuzzy)
                && !bound.version.contains('*')
                && bound.version.split('.').count() < 3;
            let version = if whole { format!("{}.*", bound.version) } else { bound.version.clone() };
            Bound { op: if bound.op == Op::Fuzzy { Op::Equal } else { bound.op }, version, build: None }
        };
        let alternatives = constraint.alternatives.iter().map(|bounds| bounds.iter().map(bound).collect()).collect();
        Scheme::Pep440.set(&Constraint { alternatives }).map_or_else(|_| Self::any(), |set| Self::within(&set))
    }

    fn within(set: &VersionSet) -> Self {
        let minors = std::iter::once((2, 7)).chain((0..=LAST_MINOR).map(|minor| (3, minor)));
        let all = minors.flat_map(|(major, minor)| {
            (0..=LAST_PATCH).map(move |patch| Interpreter { minor: format!("{major}.{minor}"), full: format!("{major}.{minor}.{patch}") })
        });
        let mut all: Vec<_> = all.filter(|python| set.contains(&python.full).unwrap_or(false)).collect();
        if all.is_empty() {
            // A release candidate, or a release that nobody thought of.
            all.extend(set.single().map(|full| Interpreter { minor: full.split('.').take(2).collect::<Vec<_>>().join("."), full }));
        }
        if all.is_empty() { Self::any() } else { Self(all) }
    }

    /// Those that are in both; the others' alone where none is.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let both: Vec<_> = self.0.iter().filter(|python| other.0.contains(python)).cloned().collect();
        if both.is_empty() { other.clone() } else { Self(both) }
    }

    /// Whether there is one release only.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.0.len() == 1
    }

    /// `3.11` where all have one minor version.
    #[must_use]
    pub fn minor(&self) -> Option<&str> {
        let minor = self.0.first().map(|python| python.minor.as_str())?;
        self.0.iter().all(|python| python.minor == minor).then_some(minor)
    }

    /// One of each that differ in what is asked for.
    pub(super) fn distinct(&self, asks: Asks) -> impl Iterator<Item = &Interpreter> {
        let mut minors = BTreeSet::new();
        self.0
            .iter()
            .enumerate()
            .filter(move |(at, python)| match asks {
                Asks::Nothing => *at == 0,
                Asks::Minor => minors.insert(python.minor.as_str()),
                Asks::Full => true,
            })
            .map(|(_, python)| python)
    }
}
