//! What is inside: the layers of some cells, each with the packages that it asks for, told once for all its cells.

use std::collections::{BTreeMap, BTreeSet};

use super::page::{Before, Group, Level, Link, Reference, Replaced, Row};
use super::points::{self, Point};
use super::words;
use crate::base::IndexMap;
use crate::check::also_called;
use crate::check::locked::resolved;
use crate::ir::{Base, BaseId, Cell, CellId, Date, ImageId, Package, Parent, Program};

/// Versions of more characters than this need a line of their own.
const LONG: usize = 24;

/// Cells and existing images, with all that is underneath.
pub(super) struct Stacks<'a> {
    program: &'a Program,
    /// What was asked for.
    asked: Vec<Stack>,
    /// The images of the stacks with the cells that are in them.
    images: BTreeMap<ImageId, BTreeSet<CellId>>,
    /// Existing images, those that differ only in their axes together.
    bases: IndexMap<&'a str, BTreeSet<BaseId>>,
}

/// A cell with what is underneath, or an existing image with nothing on it.
struct Stack {
    cells: Vec<CellId>,
    base: BaseId,
}

impl<'a> Stacks<'a> {
    /// The stacks of some cells, and some existing images.
    pub(super) fn new(program: &'a Program, cells: &[CellId], bases: &[BaseId]) -> Self {
        let built = cells.iter().map(|id| Stack { cells: program.stack(*id), base: program.base_of(*id) });
        let asked: Vec<_> = built.chain(bases.iter().map(|base| Stack { cells: Vec::new(), base: *base })).collect();
        let mut images: BTreeMap<ImageId, BTreeSet<CellId>> = BTreeMap::new();
        for level in asked.iter().flat_map(|stack| &stack.cells) {
            images.entry(program[*level].image).or_default().insert(*level);
        }
        let mut all: IndexMap<&str, BTreeSet<BaseId>> = IndexMap::default();
        for base in asked.iter().map(|stack| stack.base).collect::<BTreeSet<_>>() {
            all.entry(&program[base].name).or_default().insert(base);
        }
        Self { program, asked, images, bases: all }
    }

    /// The images in the stacks, parents first.
    pub(super) fn images(&self) -> impl Iterator<Item = (ImageId, &BTreeSet<CellId>)> {
        self.images.iter().map(|(id, cells)| (*id, cells))
    }

    /// The existing images, those that differ only in their axes together.
    pub(super) fn bases(&self) -> impl Iterator<Item = (&'a str, &BTreeSet<BaseId>)> {
        self.bases.iter().map(|(name, bases)| (*name, bases))
    }

    /// Every layer, from the highest down.
    pub(super) fn levels(&self) -> Vec<Level> {
        let built = self.images.iter().rev().map(|(image, cells)| self.image(*image, cells));
        built.chain(self.bases.iter().map(|(name, bases)| self.base(name, bases))).collect()
    }

    /// Every layer, from the highest down, with a mark on what is replaced wherever it is.
    pub(super) fn marked(&self, overrides: &[Replaced]) -> Vec<Level> {
        let mut levels = self.levels();
        for before in overrides.iter().filter(|one| one.stacks == self.asked.len()).flat_map(|one| &one.before) {
            let rows = levels
                .iter_mut()
                .filter(|level| level.name == before.by)
                .flat_map(|level| &mut level.groups)
                .flat_map(|group| &mut group.rows);
            rows.filter(|row| (&row.name, &row.version) == (&before.name, &before.version)).for_each(|row| row.replaced = true);
        }
        levels
    }

    /// An image that is built.
    fn image(&self, id: ImageId, cells: &BTreeSet<CellId>) -> Level {
        let image = &self.program[id];
        let member = |id: CellId| {
            let cell: &Cell = &self.program[id];
            let point = Point { name: cell.name.clone(), axes: &cell.axes };
            Member { point, packages: cell.packages.iter().map(|package| (package, version(self.program, Some(id), package))).collect() }
        };
        let members: Vec<_> = cells.iter().map(|cell| member(*cell)).collect();
        let mut below = Vec::new();
        for cell in cells {
            let (name, id) = match self.program[*cell].parent {
                Parent::Cell(parent) => {
                    let name = &self.program[self.program[parent].image].name;
                    (name, image_anchor(name))
                }
                Parent::Base(base) => (&self.program[base].name, base_anchor(&self.program[base].name)),
            };
            let link = Link { text: name.clone(), id: Some(id) };
            if !below.contains(&link) {
                below.push(link);
            }
        }
        Level {
            id: image_anchor(&image.name),
            name: image.name.clone(),
            existing: false,
            about: image.doc.as_ref().or(image.description.as_ref()).map_or_else(Vec::new, |text| words::paragraphs(text)),
            references: Vec::new(),
            os: None,
            only: self.only(|stack| stack.cells.iter().any(|cell| self.program[*cell].image == id)),
            below,
            groups: groups(&members),
            same: None,
        }
    }

    /// An existing image.
    fn base(&self, name: &str, ids: &BTreeSet<BaseId>) -> Level {
        let bases: Vec<_> = ids.iter().map(|id| &self.program[*id]).collect();
        let member = |base: &&'a Base| Member {
            point: Point { name: base.axes.iter().map(|one| &*one.short).collect::<Vec<_>>().join("-"), axes: &base.axes },
            packages: base.provides.iter().map(|package| (package, words::version(package))).collect(),
        };
        let members: Vec<_> = bases.iter().map(member).collect();
        let points: Vec<_> = members.iter().map(|member| member.point.clone()).collect();
        let reference = |(at, base): (usize, &&Base)| Reference {
            name: tagged(base),
            digest: base.digest.clone(),
            only: points::label(&points, &(0..points.len()).map(|other| other == at).collect::<Vec<_>>()),
        };
        Level {
            id: base_anchor(name),
            name: name.to_owned(),
            existing: true,
            about: Vec::new(),
            references: bases.iter().enumerate().map(reference).collect(),
            os: bases.iter().find_map(|base| base.os.clone()),
            only: self.only(|stack| self.program[stack.base].name == name),
            below: Vec::new(),
            groups: groups(&members),
            same: None,
        }
    }

    /// In which of what was asked for something is, where it is not in all of it.
    fn only(&self, is_in: impl Fn(&Stack) -> bool) -> String {
        let chosen: Vec<bool> = self.asked.iter().map(is_in).collect();
        let top = |stack: &Stack| stack.cells.last().map(|id| self.program[*id].image);
        let one_image = self.asked.iter().all(|stack| self.asked.first().is_some_and(|first| top(first) == top(stack)));
        let point = |stack: &Stack| {
            let Some(cell) = stack.cells.last().map(|id| &self.program[*id]) else {
                return Point { name: self.program[stack.base].name.clone(), axes: &[] };
            };
            let image = &self.program[cell.image].name;
            match cell.name.as_str() {
                name if one_image => Point { name: name.to_owned(), axes: cell.axes.as_slice() },
                "" => Point { name: image.clone(), axes: &[] },
                name => Point { name: format!("{image} {name}"), axes: &[] },
            }
        };
        points::label(&self.asked.iter().map(point).collect::<Vec<_>>(), &chosen)
    }

    /// Where the stacks override what they stand on.
    pub(super) fn overrides(&self) -> Vec<Replaced> {
        let mut all: Vec<Replaced> = Vec::new();
        for stack in &self.asked {
            let base = &self.program[stack.base];
            let known = base.provides.iter().map(|one| (None, one));
            let asked = stack.cells.iter().flat_map(|id| self.program[*id].packages.iter().map(|one| (Some(*id), one)));
            let packages: Vec<(Option<CellId>, &Package)> = known.chain(asked).collect();
            let by = |cell: Option<CellId>| cell.map_or(&base.name, |cell| &self.program[self.program[cell].image].name).clone();
            for (at, (cell, package)) in packages.iter().enumerate().filter(|(_, (_, package))| package.overrides) {
                let same = |one: &&(Option<CellId>, &Package)| one.1.ecosystem == package.ecosystem && one.1.normal == package.normal;
                let below = packages.iter().take(at).filter(same);
                let before = |(cell, one): &(Option<CellId>, &Package)| Before {
                    name: words::name(one),
                    version: version(self.program, *cell, one),
                    by: by(*cell),
                };
                add(&mut all, package, (version(self.program, *cell, package), by(*cell)), below.map(before).collect());
            }
        }
        all.sort_by(|one, two| one.name.cmp(&two.name));
        all
    }
}

/// Adds an override, or what it has replaced to the same one of another cell.
fn add(all: &mut Vec<Replaced>, package: &Package, (version, by): (String, String), before: Vec<Before>) {
    let new = Replaced { name: words::name(package), version, by, before: Vec::new(), because: package.because.clone(), stacks: 0 };
    let same = |one: &Replaced| (&one.name, &one.version, &one.by, &one.because) == (&new.name, &new.version, &new.by, &new.because);
    let at = all.iter().position(same).unwrap_or_else(|| {
        all.push(new);
        all.len() - 1
    });
    if let Some(found) = all.get_mut(at) {
        found.stacks += 1;
        let unknown: Vec<_> = before.into_iter().filter(|one| !found.before.contains(one)).collect();
        found.before.extend(unknown);
    }
}

/// A cell of an image, or an existing image at one point of its axes.
struct Member<'a> {
    point: Point<'a>,
    /// With the version of each.
    packages: Vec<(&'a Package, String)>,
}

/// The version of a package of a cell: the locked one, each once where platforms differ; else as it is asked for.
fn version(program: &Program, cell: Option<CellId>, package: &Package) -> String {
    let mut locked: Vec<&str> = cell.map_or_else(Vec::new, |cell| resolved(program, cell, package));
    locked.dedup();
    if locked.is_empty() { words::version(package) } else { locked.join(", ") }
}

/// The packages of an image, told once for all its cells, by manager and what their lists have in common.
fn groups(members: &[Member<'_>]) -> Vec<Group> {
    let mut all: IndexMap<(String, Vec<String>), IndexMap<Row, Vec<bool>>> = IndexMap::default();
    for (at, member) in members.iter().enumerate() {
        for (package, version) in &member.packages {
            let key = (package.manager.to_string(), notes(package));
            let rows = all.entry(key).or_default();
            if let Some(there) = rows.entry(row(package, version.clone())).or_insert_with(|| vec![false; members.len()]).get_mut(at) {
                *there = true;
            }
        }
    }
    let points: Vec<_> = members.iter().map(|member| member.point.clone()).collect();
    let group = |((manager, notes), rows): ((String, Vec<String>), IndexMap<Row, Vec<bool>>)| {
        let mut rows: Vec<_> = rows.into_iter().map(|(row, chosen)| told(row, points::label(&points, &chosen))).collect();
        rows.sort_by_cached_key(|row| (row.long, row.name.to_lowercase()));
        together(Group { manager, notes, only: String::new(), rows })
    };
    all.into_iter().map(group).collect()
}

/// A list whose packages are all for the same cells says so once.
fn together(mut group: Group) -> Group {
    let first = group.rows.first().map(|row| row.only.clone()).unwrap_or_default();
    if !first.is_empty() && group.rows.iter().all(|row| row.only == first) {
        group.rows.iter_mut().for_each(|row| row.only.clear());
        group.notes.retain(|note| *note != format!("variant {first}"));
        group.only = first;
    }
    group
}

/// A row with the cells that have it.
fn told(mut row: Row, cells: String) -> Row {
    if !cells.is_empty() {
        row.only = if row.only.is_empty() { cells } else { format!("{cells} on {}", row.only) };
    }
    row
}

/// What the list of a package says for all its packages.
fn notes(package: &Package) -> Vec<String> {
    let environment = package.environment.as_deref().map(|name| match name {
        "system" => "into the system's own".to_owned(),
        name => format!("environment {name}"),
    });
    let index = package.index.as_ref().map(|index| match Date::parse(index) {
        Some(day) => format!("as of {day}"),
        None => format!("from {}", words::address(index)),
    });
    let alone = package.no_deps.then(|| "without their dependencies".to_owned());
    let via = package.via.as_ref().map(|via| via.text.clone());
    [index, environment, alone, via].into_iter().flatten().collect()
}

fn row(package: &Package, version: String) -> Row {
    let platforms = package.only.as_ref().map(|only| only.iter().map(|platform| platform.as_str()).collect::<Vec<_>>().join(", "));
    let mut marks = Vec::new();
    match &package.pin {
        Some(pin) if *pin == package.constraint => marks.push("pinned".to_owned()),
        Some(pin) => marks.push(format!("pinned to {}", words::constraint(pin))),
        None => {}
    }
    if package.overrides {
        marks.push("override".to_owned());
    }
    if let Some(until) = package.until {
        marks.push(format!("until {until}"));
    }
    Row {
        long: package.because.is_some() || version.len() > LONG,
        name: words::name(package),
        version,
        only: platforms.unwrap_or_default(),
        marks,
        because: package.because.clone(),
        // Debian's prefix says nothing that people would search for.
        also: also_called(package).into_iter().filter(|name| !name.starts_with("python3-")).collect(),
        replaced: false,
    }
}

/// Repository and tag of an existing image.
pub(super) fn tagged(base: &Base) -> String {
    base.tag.as_ref().map_or_else(|| base.repository.clone(), |tag| format!("{}:{tag}", base.repository))
}

/// The anchor of an image that is built.
pub(super) fn image_anchor(name: &str) -> String {
    format!("image-{}", words::anchor(name))
}

/// The anchor of an existing image.
pub(super) fn base_anchor(name: &str) -> String {
    format!("existing-{}", words::anchor(name))
}
