//! J0461: packages that can't be together, by what the locked ones require; J0462: a package below that an entry breaks; J0463: packages of
//! which nothing is known.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::chain::chain;
use super::entries::{is_for, is_locked};
use super::facts::{Facts, Ground, Held, cell_name};
use super::installed;
use super::python::{glibc, manylinux};
use super::requires::{Read, Requires};
use super::stale::stale;
use super::unit::Unit;
use crate::base::Place;
use crate::check::stack::cell_ref;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{CellId, Lockable, Package, Pin, Platform, Program, Section};

/// Holds the lock against the program and against itself.
pub(crate) fn check(program: &Program, findings: &mut Findings) {
    let installs = program.images.iter().any(|image| image.locked);
    if !installs && !program.locks.is_used() {
        return;
    }
    let stale = stale(program);
    // A file that can't be read is one mistake, which is reported.
    let told = if findings.has(&known::BAD_LOCK) { &[][..] } else { &stale };
    installed::check(program, told, findings);
    if !program.locks.is_used() {
        return;
    }
    let stale: BTreeSet<_> = stale.into_iter().map(|one| (one.image, one.cell, one.platform, one.lockable)).collect();
    let mut read = Read::default();
    let mut unknown = Unknown::default();
    for lockable in Lockable::ALL.into_iter().filter(|lockable| program.locks.has(*lockable)) {
        let mut ground = Ground::new(program, &program.locks, lockable);
        for unit in Unit::all(program, lockable) {
            let is_stale = |level: &CellId| {
                let image = &program[program[*level].image].name;
                let of = |one: Lockable| stale.contains(&(image.clone(), cell_name(program, *level).to_owned(), unit.platform, one));
                // What pip finds of conda's is resolved before.
                of(lockable) || of(Lockable::Conda)
            };
            let Some(section) = unit.section(program, &program.locks) else { continue };
            let below = ground.under(unit.cell, unit.platform);
            let scene = Scene { program, unit: &unit, section, below: &below };
            let needs = needs(section, &mut read);
            if program.downwards(unit.cell).any(|level| is_stale(&level)) {
                scene.forced(&needs, findings);
            } else {
                scene.together(&needs, findings);
                scene.broken(&mut read, findings);
                scene.twice(&needs, findings);
            }
            unknown.add(program, &unit, section);
        }
    }
    unknown.close(findings);
    environments(program, true, findings);
}

/// Environments of their own, of images that install from their lock or of the others: they are resolved when the image is built.
pub(crate) fn environments(program: &Program, locked: bool, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for (id, cell) in program.cells() {
        let image = &program[program[id].image];
        let is_meant = |package: &&Package| Lockable::ALL.iter().any(|one| package.ecosystem == one.as_str()) && !package.provided;
        for package in cell.packages.iter().filter(is_meant).filter(|_| image.locked == locked) {
            let Some(name) = package.environment.as_deref() else { continue };
            if !told.insert((&image.name, name.to_owned())) {
                continue;
            }
            let what = if name == "system" { "system's Python".to_owned() } else { format!("conda environment `{name}`") };
            let message = format!("the packages of the {what} of `{}` are not locked", image.name);
            let finding = Diagnostic::new(&known::UNKNOWN_REQUIREMENTS, package.origin, message).here("resolved when the image is built");
            findings.push(finding.help("pin them, or write them in a list of the environment that people are in"));
        }
    }
}

/// One requirement of one package of a section.
struct Need<'s> {
    name: &'s str,
    pin: &'s Pin,
    text: &'s str,
    required: Rc<Requires>,
}

fn needs<'s>(section: &'s Section, read: &mut Read) -> Vec<Need<'s>> {
    let all = section.pins.iter().flat_map(|(name, pin)| pin.requires.iter().map(move |text| (name, pin, text)));
    all.filter_map(|(name, pin, text)| Some(Need { name, pin, text, required: read.get(text, section.lockable)? })).collect()
}

/// One section and what is below it.
struct Scene<'s, 'p> {
    program: &'p Program,
    unit: &'s Unit<'p>,
    section: &'s Section,
    below: &'s Facts,
}

impl<'p> Scene<'_, 'p> {
    /// Whether each package finds what it requires, in the layer or below it.
    fn together(&self, needs: &[Need<'_>], findings: &mut Findings) {
        for need in needs {
            let own = self.section.pins.get(&need.required.name);
            let below = self.below.get(&need.required.name);
            let version = own.map(|pin| pin.version.as_str()).or_else(|| below.and_then(|fact| fact.version.as_deref()));
            let Some(version) = version else { continue };
            let index = own.map_or_else(|| below.and_then(|fact| fact.index.as_deref()), |pin| pin.index.as_deref());
            // A wheel that is made for one exact release of another one is made for the build of its own index.
            let is_pip = self.unit.lockable == Lockable::Pypi;
            let other_build =
                index.filter(|_| is_pip && need.required.exact.is_some() && version.contains('+') && need.pin.index.is_none());
            let fits = need.required.set.contains(version).unwrap_or(true);
            if fits && other_build.is_none() {
                continue;
            }
            let (name, required, holder) = (need.name, &need.required.name, self.holder(&need.required.name));
            let message = format!("`{name} {}` requires `{}`, and `{holder}` has `{required} {version}`", need.pin.version, need.text);
            findings.push(match other_build {
                Some(index) => self
                    .finding(format!("{message} of the index `{index}`"), need)
                    .help(format!("take `{name}` from the index of this `{required}`")),
                None => self.finding(message, need).help("run `jenvc lock` and commit what it writes"),
            });
        }
    }

    /// Of a section that is stale: what is wrong whatever `jenvc lock` finds, since an entry fixes the version that requires it.
    fn forced(&self, needs: &[Need<'_>], findings: &mut Findings) {
        let lines = self.lines();
        let scheme = self.unit.lockable.scheme();
        let single = |line: &Package| scheme.set(&line.constraint).ok().and_then(|set| set.single());
        for need in needs {
            let wanted = &need.required.name;
            let is_fixed = lines.iter().any(|(_, line)| line.normal == need.name && single(line).as_deref() == Some(&need.pin.version));
            let apart = |line: &Package| {
                line.normal == *wanted && scheme.set(&line.constraint).is_ok_and(|set| !set.shares_candidate(&need.required.set))
            };
            if !is_fixed || lines.iter().any(|(_, line)| line.normal == *wanted && line.overrides) {
                continue;
            }
            let Some((cell, line)) = lines.iter().find(|(_, line)| apart(line)) else { continue };
            let who = &self.program[self.program[*cell].image].name;
            let message = format!(
                "`{} {}` requires `{}`, and `{who}` asks for `{} {}`",
                need.name, need.pin.version, need.text, line.name, line.constraint
            );
            findings.push(
                self.finding(message, need)
                    .also(line.origin, format!("`{who}` asks for this"))
                    .help(format!("ask for another `{}`, or for `{}`", need.name, need.text)),
            );
        }
    }

    /// Whether a package that the layer moves breaks one below, which was resolved for the earlier version.
    fn broken(&self, read: &mut Read, findings: &mut Findings) {
        let is_moved = |name: &str, pin: &Pin| self.below.get(name).is_some_and(|fact| fact.version.as_deref() != Some(&pin.version));
        let moved: BTreeMap<_, _> = self.section.pins.iter().filter(|(name, pin)| is_moved(name, pin)).collect();
        if moved.is_empty() {
            return;
        }
        for (below, fact) in self.below.all() {
            let (Some(version), Held::Locked(cell)) = (&fact.version, &fact.held) else { continue };
            if self.section.pins.contains_key(below) {
                continue;
            }
            for text in fact.requires.iter().flatten() {
                let Some(required) = read.get(text, self.unit.lockable) else { continue };
                let Some(pin) = moved.get(&required.name) else { continue };
                if required.set.contains(&pin.version).unwrap_or(true) {
                    continue;
                }
                let (who, holder) = (self.unit.image(self.program), &self.program[self.program[*cell].image].name);
                let name = &required.name;
                let message =
                    format!("`{name} {}` of `{who}` breaks `{below} {version}` of `{holder}`, which requires `{text}`", pin.version);
                let place = self.entry(name);
                let finding = Diagnostic::new(&known::BROKEN_BELOW, place, message)
                    .here(format!("replaces the `{name}` below"))
                    .in_cells([cell_ref(self.program, self.unit.cell)])
                    .about(self.unit.lockable.as_str(), name)
                    .help(format!("ask for a `{name}` that `{below} {version}` allows, or for another `{below}` here"));
                let there = self.program[*cell].packages.iter().find(|package| package.normal == below);
                findings.push(match there {
                    Some(there) => finding.also(there.origin, format!("`{below} {version}` is locked for this")),
                    None => finding,
                });
            }
        }
    }

    /// Whether pip brings what conda has already under a name that pip does not find.
    fn twice(&self, needs: &[Need<'_>], findings: &mut Findings) {
        let asked = |name: &String| self.unit.roots.iter().any(|root| root.normal == *name);
        for (name, pin) in self.section.pins.iter().filter(|(name, _)| !asked(name)) {
            let Some((conda, place)) = self.below.hidden(name) else { continue };
            let by = needs.iter().find(|need| need.required.name == *name);
            let why = by.map(|need| format!(", which `{} {}` requires,", need.name, need.pin.version)).unwrap_or_default();
            let message = format!("`{conda}` of conda does not count for pip: `{name} {}`{why} is installed over its files", pin.version);
            findings.push(
                Diagnostic::new(&known::HIDDEN_FROM_PIP, self.entry(name), message)
                    .here(format!("brings `{name} {}`", pin.version))
                    .also(*place, "the same modules, from conda")
                    .in_cells([cell_ref(self.program, self.unit.cell)])
                    .about("pypi", name)
                    .help(format!("drop `{conda}`, or install what requires `{name}` with `pip no-deps`")),
            );
        }
    }

    /// The entries of the whole stack that are locked, the root first.
    fn lines(&self) -> Vec<(CellId, &'p Package)> {
        let platform = self.unit.platform;
        let of = |cell: CellId| self.program[cell].packages.iter().map(move |package| (cell, package));
        let all = self.program.stack(self.unit.cell).into_iter().flat_map(of);
        all.filter(|(_, package)| is_locked(package, self.unit.lockable) && is_for(package, platform)).collect()
    }

    /// The entry of the layer that brings a package; the definition, where none does.
    fn entry(&self, name: &str) -> Place {
        let chain = chain(self.unit, &self.section.pins, name);
        chain.map_or(self.program[self.program[self.unit.cell].image].origin, |chain| chain.root.origin)
    }

    /// Who has a package: the layer itself, one below, or the existing image.
    fn holder(&self, name: &str) -> &'p str {
        if self.section.pins.contains_key(name) {
            return self.unit.image(self.program);
        }
        match self.below.get(name).map(|fact| &fact.held) {
            Some(Held::Locked(cell)) => &self.program[self.program[*cell].image].name,
            _ => &self.program[self.program.base_of(self.unit.cell)].name,
        }
    }

    fn finding(&self, message: String, need: &Need<'_>) -> Diagnostic {
        let finding = Diagnostic::new(&known::TRANSITIVE_CONFLICT, self.entry(need.name), message)
            .here(format!("brings `{} {}`", need.name, need.pin.version))
            .in_cells([cell_ref(self.program, self.unit.cell)])
            .about(self.unit.lockable.as_str(), &need.required.name);
        match self.below.get(&need.required.name).and_then(|fact| fact.said) {
            Some(said) => finding.also(said, "known to be there"),
            None => finding,
        }
    }
}

/// Packages of which nothing is known: one note for each image.
#[derive(Default)]
struct Unknown(BTreeMap<String, (Place, BTreeMap<String, String>)>);

impl Unknown {
    fn add(&mut self, program: &Program, unit: &Unit<'_>, section: &Section) {
        let image = &program[program[unit.cell].image];
        // An image that installs from its lock can't do without them, which is an error.
        let told = section.unknown.iter().filter(|(_, why)| !image.locked || *why != Section::SOURCE_ONLY);
        for (name, why) in told {
            let (_, packages) = self.0.entry(image.name.clone()).or_insert_with(|| (image.origin, BTreeMap::new()));
            packages.insert(name.clone(), why.clone());
        }
    }

    fn close(self, findings: &mut Findings) {
        for (image, (place, packages)) in self.0 {
            let all: Vec<_> = packages.iter().map(|(name, why)| format!("`{name}` ({why})")).collect();
            let message = format!("not all packages of `{image}` are locked: {}", all.join(", "));
            findings.push(Diagnostic::new(&known::UNKNOWN_REQUIREMENTS, place, message).here("asks for it"));
        }
    }
}

/// Existing images that are known by a list of packages: nothing says what those require, which is reported when a program is locked.
pub(crate) fn known_by_lists(program: &Program, findings: &mut Findings) {
    let mut bases: BTreeMap<&str, Place> = BTreeMap::new();
    for unit in Unit::all(program, Lockable::Pypi).iter().filter(|unit| holds_python(program, unit.cell, unit.platform)) {
        let lowest = program.stack(unit.cell).first().map_or(unit.cell, |cell| *cell);
        bases.entry(&program[program.base_of(unit.cell)].name).or_insert(program[program[lowest].image].origin);
    }
    for (name, place) in bases {
        let message = format!("what the packages of `{name}` require is unknown: the program has a list of them");
        findings.push(
            Diagnostic::new(&known::UNKNOWN_REQUIREMENTS, place, message).here("is built on it").help("run `pip check` in the built image"),
        );
    }
}

/// Existing images of which nothing says for which glibc wheels can be: reported when a program is locked.
pub(crate) fn without_system(program: &Program, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    let conda = Lockable::ALL.into_iter().filter(|lockable| *lockable == Lockable::Conda && program.locks.has(*lockable));
    for unit in [Lockable::Pypi].into_iter().chain(conda).flat_map(|lockable| Unit::all(program, lockable)) {
        let what = if unit.lockable == Lockable::Conda { "packages" } else { "wheels" };
        let base = &program[program.base_of(unit.cell)];
        if glibc(base).is_some() || !told.insert(&base.name) {
            continue;
        }
        let why = match &base.os {
            None => format!("`{}` does not say which operating system it has", base.name),
            Some(os) => format!("the glibc of `{os}` is not known"),
        };
        let message = format!("{why}: {what} for glibc 2.{} and earlier are chosen", manylinux(base));
        let finding = Diagnostic::new(&known::UNKNOWN_REQUIREMENTS, base.origin, message);
        findings.push(finding.help(format!("state it in `{}`: `os = \"debian 12\"`", base.name)));
    }
}

/// Whether the existing image under a cell is known to hold packages of Python's.
fn holds_python(program: &Program, cell: CellId, platform: Platform) -> bool {
    let base = &program[program.base_of(cell)];
    let is_python = |package: &&Package| package.normal != "python" && package.ecosystem.is_python();
    base.provides.iter().filter(|package| is_for(package, platform)).any(|package| is_python(&package))
}
