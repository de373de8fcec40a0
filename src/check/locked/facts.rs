//! What is below a layer: the packages that an existing image is known to hold, those of conda, and the sections of the parents.

use std::collections::BTreeMap;
use std::rc::Rc;

use foldhash::HashMap;

use super::entries::is_for;
use super::requires::of_requirement;
use crate::check::stack::{in_python, names_for_pip, on_pypi};
use crate::ir::{BaseId, CellId, Lockable, Locks, Package, Parent, Pin, Platform, Program, Section};
use crate::versions::{Bound, Constraint, Op, Scheme};

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
    /// Its build, of conda's, where it is known; else empty.
    pub build: String,
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

    /// Adds a package of conda's that an existing image holds, for a layer's own packages of conda.
    fn add_conda(&mut self, package: &Package) {
        if package.environment.is_some() || package.ecosystem != "conda" || !package.provided {
            return;
        }
        let version = package.versions(&package.constraint).ok().and_then(|set| set.single());
        if version.is_none() && self.get(&package.normal).is_some_and(|known| known.version.is_some()) {
            return;
        }
        let build = package.constraint.bounds().find_map(|bound| bound.build.clone()).filter(|build| !build.contains('*'));
        let fact = Fact {
            build: build.filter(|_| version.is_some()).unwrap_or_default(),
            version,
            bounds: package.constraint.clone(),
            held: Held::Known,
            index: None,
            requires: None,
            said: Some(package.origin),
        };
        self.own.insert(package.normal.clone(), fact);
    }

    /// Adds what an entry makes known to pip: a package that is there already, or one of conda's.
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
            let (version, build, said) = (version.clone(), String::new(), Some(package.origin));
            self.own.insert(name, Fact { version, build, bounds, held, index: None, requires: None, said });
        }
    }

    /// Adds what is locked of a cell. Of what could not be locked, the bounds that its layer states hold above it.
    fn put(&mut self, program: &Program, section: &Section, cell: CellId) {
        let is_open = |package: &&Package| section.unknown.contains_key(&package.normal) && package.ecosystem == section.lockable.as_str();
        for package in program[cell].packages.iter().filter(is_open).filter(|package| !package.constraint.is_any()) {
            let bounds = package.constraint.clone();
            let (build, said) = (String::new(), Some(package.origin));
            let fact = Fact { version: None, build, bounds, held: Held::Known, index: None, requires: None, said };
            self.own.insert(package.normal.clone(), fact);
        }
        for (name, pin) in &section.pins {
            let fact = Fact {
                version: Some(pin.version.clone()),
                build: pin.build.clone(),
                bounds: Constraint::default(),
                held: Held::Locked(cell),
                index: pin.index.clone(),
                requires: Some(pin.requires.clone()),
                said: None,
            };
            self.own.insert(name.clone(), fact);
        }
    }

    /// Adds what is locked of conda in a cell as pip sees it: the packages that have the metadata which pip looks for. Those are packages
    /// of Python's, which require it, under the names of the table.
    fn put_conda(&mut self, program: &Program, section: &Section, cell: CellId) {
        let is_python = |pin: &Pin| {
            let mut required = pin.requires.iter().filter_map(|text| of_requirement(text, Lockable::Conda));
            required.any(|one| one.name == "python" || one.name == "python_abi")
        };
        for (name, pin) in section.pins.iter().filter(|(_, pin)| is_python(pin)) {
            let entry = program[cell].packages.iter().find(|package| package.ecosystem == "conda" && package.normal == *name);
            let place = entry.map_or(program[program[cell].image].origin, |entry| entry.origin);
            let (seen, hidden) = names_for_pip(&program.project, name);
            self.hidden.extend(hidden.into_iter().map(|one| (one, (name.clone(), place))));
            let exact = Constraint { alternatives: vec![vec![Bound { op: Op::Equal, version: pin.version.clone(), build: None }]] };
            let version = in_python(Scheme::Conda, &exact).and_then(|set| set.single());
            for name in seen {
                let (version, held) = (version.clone(), Held::Conda);
                let (build, bounds) = (String::new(), Constraint::default());
                self.own.insert(name, Fact { version, build, bounds, held, index: None, requires: None, said: None });
            }
        }
    }
}

/// What is below each cell of a program, made once for cells that share a parent.
#[derive(Debug)]
pub struct Ground<'p> {
    program: &'p Program,
    locks: &'p Locks,
    lockable: Lockable,
    bases: HashMap<(BaseId, Platform), Rc<Facts>>,
    cells: HashMap<(CellId, Platform), Rc<Facts>>,
}

impl<'p> Ground<'p> {
    /// Of a program with a lock, for the packages of an ecosystem.
    #[must_use]
    pub fn new(program: &'p Program, locks: &'p Locks, lockable: Lockable) -> Self {
        Self { program, locks, lockable, bases: HashMap::default(), cells: HashMap::default() }
    }

    /// What is below a cell and beside its own list: the stack under it, and what conda and its own steps bring.
    pub fn under(&mut self, cell: CellId, platform: Platform) -> Facts {
        let below = match self.program[cell].parent {
            Parent::Base(base) => self.base(base, platform),
            Parent::Cell(parent) => self.cell(parent, platform),
        };
        let mut facts = Facts { below: Some(below), ..Facts::default() };
        let own = self.program[cell].packages.iter().filter(|package| is_for(package, platform));
        if self.lockable == Lockable::Conda {
            own.for_each(|package| facts.add_conda(package));
            return facts;
        }
        // What conda's lists ask for is known better from their section.
        let conda = self.section(cell, platform, Lockable::Conda);
        for package in own.filter(|package| conda.is_none() || package.ecosystem != "conda" || package.provided) {
            facts.add(self.program, package);
        }
        if let Some(section) = conda {
            facts.put_conda(self.program, section, cell);
        }
        facts
    }

    fn section(&self, cell: CellId, platform: Platform, lockable: Lockable) -> Option<&'p Section> {
        let image = &self.program[self.program[cell].image].name;
        self.locks.section(image, cell_name(self.program, cell), platform, lockable)
    }

    fn base(&mut self, base: BaseId, platform: Platform) -> Rc<Facts> {
        if let Some(known) = self.bases.get(&(base, platform)) {
            return Rc::clone(known);
        }
        let mut facts = Facts::default();
        for package in self.program[base].provides.iter().filter(|package| is_for(package, platform)) {
            match self.lockable {
                Lockable::Conda => facts.add_conda(package),
                Lockable::Pypi => facts.add(self.program, package),
            }
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
        if let Some(section) = self.section(cell, platform, self.lockable) {
            facts.put(self.program, section, cell);
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
