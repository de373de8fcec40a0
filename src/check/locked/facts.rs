//! What is below a layer: the packages that an existing image is known to hold, those of conda, and the sections of the parents.

use std::collections::BTreeMap;
use std::rc::Rc;

use foldhash::HashMap;

use super::entries::is_for;
use crate::check::stack::{in_python, on_pypi};
use crate::ir::{BaseId, CellId, Locks, Package, Parent, Platform, Program, Section};
use crate::versions::{Constraint, Scheme};

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// An existing image holds it, or a step that says so: no index need have it, and what it requires is not known.
    Known,
    /// conda installs it.
    Conda,
    /// It is locked in this cell.
    Locked(CellId),
}

/// A package that is below.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its version; `None` where only bounds are known.
    pub version: Option<String>,
    /// The bounds, where no version is known.
    pub bounds: Constraint,
    /// Where it comes from.
    pub held: Held,
    /// The index it came from, where that is not the default one.
    pub index: Option<String>,
    /// What it requires; `None` where that is not known.
    pub requires: Option<Vec<String>>,
    /// The entry that says so, where one does.
    pub said: Option<crate::base::Place>,
}

/// All that is below, by name: what a storey adds, and the storeys under it.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    below: Option<Rc<Self>>,
    own: BTreeMap<String, Fact>,
    hidden: BTreeMap<String, (String, crate::base::Place)>,
}

impl Facts {
    /// The package of conda's that is the same software as one of `PyPI`'s, which pip does not find there: its name, and the entry.
    #[must_use]
    pub fn hidden(&self, name: &str) -> Option<&(String, crate::base::Place)> {
        self.hidden.get(name).or_else(|| self.below.as_deref()?.hidden(name))
    }

    /// What is known of a package.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Fact> {
        let mut storey = self;
        loop {
            if let Some(fact) = storey.own.get(name) {
                return Some(fact);
            }
            storey = storey.below.as_deref()?;
        }
    }

    /// Every fact, by name.
    #[must_use]
    pub fn all(&self) -> BTreeMap<&str, &Fact> {
        let mut all = self.below.as_deref().map(Self::all).unwrap_or_default();
        all.extend(self.own.iter().map(|(name, fact)| (name.as_str(), fact)));
        all
    }

    /// Adds what an entry makes known: a package that is there already, or one of conda's.
    fn add(&mut self, program: &Program, package: &Package) {
        if package.environment.is_some() || package.normal == "python" {
            return;
        }
        let (names, held) = match package.ecosystem.as_str() {
            "pypi" if package.provided => (vec![package.normal.clone()], Held::Known),
            "conda" => {
                let (seen, hidden) = on_pypi(&program.project, package);
                self.hidden.extend(hidden.into_iter().map(|name| (name, (package.name.clone(), package.origin))));
                (seen, if package.provided { Held::Known } else { Held::Conda })
            }
            _ => return,
        };
        let version = in_python(package.scheme, &package.constraint).and_then(|set| set.single());
        let bounds = if package.scheme == Scheme::Pep440 { package.constraint.clone() } else { Constraint::default() };
        for name in names {
            // A bound on what is known exactly says nothing new.
            if version.is_none() && self.get(&name).is_some_and(|known| known.version.is_some()) {
                continue;
            }
            let (bounds, held) = (bounds.clone(), held.clone());
            let fact = Fact { version: version.clone(), bounds, held, index: None, requires: None, said: Some(package.origin) };
            self.own.insert(name, fact);
        }
    }

    /// Adds what is locked of a cell.
    fn put(&mut self, section: &Section, cell: CellId) {
        for (name, pin) in &section.pins {
            let fact = Fact {
                version: Some(pin.version.clone()),
                bounds: Constraint::default(),
                held: Held::Locked(cell),
                index: pin.index.clone(),
                requires: Some(pin.requires.clone()),
                said: None,
            };
            self.own.insert(name.clone(), fact);
        }
    }
}

/// What is below each cell of a program, made once for cells that share a parent.
#[derive(Debug)]
pub struct Ground<'p> {
    program: &'p Program,
    locks: &'p Locks,
    bases: HashMap<(BaseId, Platform), Rc<Facts>>,
    cells: HashMap<(CellId, Platform), Rc<Facts>>,
}

impl<'p> Ground<'p> {
    /// Of a program with a lock.
    #[must_use]
    pub fn new(program: &'p Program, locks: &'p Locks) -> Self {
        Self { program, locks, bases: HashMap::default(), cells: HashMap::default() }
    }

    /// What is below a cell and beside its own list: the stack under it, and what conda and its own steps bring.
    pub fn under(&mut self, cell: CellId, platform: Platform) -> Facts {
        let below = match self.program[cell].parent {
            Parent::Base(base) => self.base(base, platform),
            Parent::Cell(parent) => self.cell(parent, platform),
        };
        let mut facts = Facts { below: Some(below), ..Facts::default() };
        for package in self.program[cell].packages.iter().filter(|package| is_for(package, platform)) {
            facts.add(self.program, package);
        }
        facts
    }

    fn base(&mut self, base: BaseId, platform: Platform) -> Rc<Facts> {
        if let Some(known) = self.bases.get(&(base, platform)) {
            return Rc::clone(known);
        }
        let mut facts = Facts::default();
        for package in self.program[base].provides.iter().filter(|package| is_for(package, platform)) {
            facts.add(self.program, package);
        }
        let facts = Rc::new(facts);
        self.bases.insert((base, platform), Rc::clone(&facts));
        facts
    }

    /// What is in a cell when it is built.
    fn cell(&mut self, cell: CellId, platform: Platform) -> Rc<Facts> {
        if let Some(known) = self.cells.get(&(cell, platform)) {
            return Rc::clone(known);
        }
        let mut facts = self.under(cell, platform);
        if let Some(section) = self.locks.section(&self.program[self.program[cell].image].name, cell_name(self.program, cell), platform) {
            facts.put(section, cell);
        }
        let facts = Rc::new(facts);
        self.cells.insert((cell, platform), Rc::clone(&facts));
        facts
    }
}

/// What a cell is called in a lock: `py3.11`, `default`.
#[must_use]
pub fn cell_name(program: &Program, cell: CellId) -> &str {
    program[cell].lock_name()
}
