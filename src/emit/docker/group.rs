//! Which cells share a Dockerfile, how the files are called, and the plan of every cell.

use std::collections::BTreeSet;
use std::rc::Rc;

use foldhash::HashMap;

use super::body::{Body, unique};
use super::file::{Arguments, Group, Member, lists, write};
use super::names::{file_name, folder};
use super::{cell, content, locked};
use crate::base::Sources;
use crate::emit::artifact::Artifact;
use crate::emit::plan::{CellPlan, Plan};
use crate::ir::{CellId, Image, ImageId, ImageRef, Parent, Program, Recipe};

/// The plans of all cells, and, with `sources`, the Dockerfiles with what stands beside them.
pub(in crate::emit) fn lay_out(program: &Program, sources: Option<&Sources>) -> (Plan, Vec<Artifact>) {
    let program = &*locked::installed(program);
    let mut layout = Layout {
        program,
        plan: Plan { cells: Vec::with_capacity(program.cells.len()) },
        artifacts: Vec::new(),
        targets: reserved(program),
    };
    let mut open: Vec<Open<'_>> = program.images.iter().map(|image| Open { left: image.cells.len(), ..Open::default() }).collect();
    for (id, cell) in program.cells() {
        layout.cell(id);
        if program.is_stage(id) {
            continue;
        }
        let Some(open) = open.get_mut(cell.image.0 as usize) else { continue };
        let known = open.recipes.entry(Rc::as_ptr(&cell.recipe));
        let rendered = known.or_insert_with(|| Rendered::new(cell::render(program, id), &mut open.groups));
        let body = Rc::clone(&rendered.body);
        let digest = rendered.digest(cell.parent, || content::digest(program, cell, &body, &layout.plan.cells));
        let tag = content::tag(&cell.name, digest);
        if let Some(group) = open.groups.get_mut(rendered.group) {
            group.cells.push(Member { id, body: Rc::clone(&body) });
        }
        layout.name(id, tag, &body.images);
        open.left = open.left.saturating_sub(1);
        if open.left == 0 {
            layout.image(cell.image, &std::mem::take(open).groups, sources);
        }
    }
    // A stage of several images mounts one list in each of them.
    layout.artifacts.sort_by(|one, two| one.path.cmp(&two.path));
    layout.artifacts.dedup_by(|one, two| one.path == two.path);
    (layout.plan, layout.artifacts)
}

/// An image some of whose cells are still to come.
#[derive(Default)]
struct Open<'p> {
    groups: Vec<Group<'p>>,
    recipes: HashMap<*const Recipe, Rendered<'p>>,
    /// How many cells are to come.
    left: usize,
}

/// What the cells of one recipe share.
struct Rendered<'p> {
    body: Rc<Body<'p>>,
    /// The index of its group: bodies of one shape are one file.
    group: usize,
    /// The hash of the image on each parent.
    digests: Vec<(Parent, String)>,
}

impl<'p> Rendered<'p> {
    fn new(body: Body<'p>, groups: &mut Vec<Group<'p>>) -> Self {
        let body = Rc::new(body);
        let known = groups.iter().position(|group| group.body.same_shape(&body));
        let group = known.unwrap_or(groups.len());
        if known.is_none() {
            groups.push(Group { body: Rc::clone(&body), cells: Vec::new() });
        }
        Self { body, group, digests: Vec::new() }
    }

    fn digest(&mut self, parent: Parent, make: impl FnOnce() -> String) -> &str {
        let known = self.digests.iter().position(|(one, _)| *one == parent);
        let at = known.unwrap_or(self.digests.len());
        if known.is_none() {
            self.digests.push((parent, make()));
        }
        self.digests.get(at).map_or("", |(_, digest)| digest)
    }
}

/// What is laid out so far.
struct Layout<'p> {
    program: &'p Program,
    plan: Plan,
    artifacts: Vec<Artifact>,
    /// Names of bake targets that are taken.
    targets: BTreeSet<String>,
}

impl Layout<'_> {
    /// An empty plan, so that the index of each is its cell's.
    fn cell(&mut self, id: CellId) {
        debug_assert_eq!(self.plan.cells.len(), id.0 as usize, "cells come in order");
        let empty = CellPlan {
            tag: String::new(),
            reference: String::new(),
            dockerfile: String::new(),
            target: String::new(),
            args: Vec::new(),
            needs: Vec::new(),
        };
        self.plan.cells.push(empty);
    }

    /// The names of a cell.
    fn name(&mut self, id: CellId, tag: String, images: &[(String, ImageRef)]) {
        let cell = &self.program[id];
        let image = &self.program[cell.image];
        let wanted = if cell.name.is_empty() { image.name.clone() } else { format!("{}-{}", image.name, cell.slug()) };
        // The group of an image has its name; an image of one cell needs no group.
        let own = cell.name.is_empty() && image.cells.len() == 1 && wanted != "default";
        let target = if own { wanted } else { unique(&wanted, |name| self.targets.contains(name)) };
        self.targets.insert(target.clone());
        let parent = if let Parent::Cell(parent) = cell.parent { Some(parent) } else { None };
        let taken = images.iter().filter_map(|(_, image)| if let ImageRef::Cell(cell) = image { Some(*cell) } else { None });
        let needs: BTreeSet<CellId> = parent.into_iter().chain(taken).collect();
        if let Some(plan) = self.plan.cells.get_mut(id.0 as usize) {
            plan.reference = format!("{}:{tag}", cell.repository);
            plan.tag = tag;
            plan.target = target;
            plan.needs = needs.into_iter().collect();
        }
    }

    /// The files of an image whose cells are all there.
    fn image(&mut self, id: ImageId, groups: &[Group<'_>], sources: Option<&Sources>) {
        let image = &self.program[id];
        let names = file_names(self.program, image, groups);
        for (group, dockerfile) in groups.iter().zip(names) {
            let Some(default) = group.cells.iter().find(|member| member.id == image.default_cell).or_else(|| group.cells.first()) else {
                continue;
            };
            let arguments = Arguments::of(self.program, group, default);
            let defaults = arguments.values(self.program, default, &self.plan.cells);
            for member in &group.cells {
                let mut args = arguments.values(self.program, member, &self.plan.cells);
                args.retain(|argument| !defaults.contains(argument));
                args.sort();
                if let Some(plan) = self.plan.cells.get_mut(member.id.0 as usize) {
                    plan.args = args;
                    plan.dockerfile.clone_from(&dockerfile);
                }
            }
            if let Some(sources) = sources {
                self.artifacts.extend(lists(self.program, sources, group));
                self.artifacts.extend(write(self.program, sources, group, &arguments, default, &self.plan.cells));
            }
        }
    }
}

/// The paths of the files of an image: `Dockerfile` where all its cells share one, else named after the axes in which they differ.
fn file_names(program: &Program, image: &Image, groups: &[Group<'_>]) -> Vec<String> {
    let folder = folder(program, image);
    if groups.len() <= 1 {
        return groups.iter().map(|_| format!("{folder}/Dockerfile")).collect();
    }
    let names = by_axes(program, groups).unwrap_or_else(|| {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let first = groups.iter().filter_map(|group| group.cells.first());
        first
            .map(|member| {
                let name = unique(&file_name(&program[member.id].name), |name| taken.contains(&name.to_lowercase()));
                taken.insert(name.to_lowercase());
                name
            })
            .collect()
    });
    names.into_iter().map(|name| format!("{folder}/{name}.Dockerfile")).collect()
}

/// Names from the axes on which every file has one value and not all the same; `None` where they don't tell the files apart.
fn by_axes(program: &Program, groups: &[Group<'_>]) -> Option<Vec<String>> {
    let mut names = vec![String::new(); groups.len()];
    let axes = &program[groups.first()?.cells.first()?.id].axes;
    for axis in axes.iter() {
        let mut values = Vec::with_capacity(groups.len());
        for group in groups {
            let mut points = group.cells.iter().map(|member| program[member.id].axes.iter().find(|point| point.axis == axis.axis));
            let first = points.next()??;
            values.push(points.all(|point| point.is_some_and(|point| point.value == first.value)).then_some(first));
        }
        let Some(values) = values.into_iter().collect::<Option<Vec<_>>>() else { continue };
        if values.iter().all(|point| Some(&point.value) == values.first().map(|first| &first.value)) {
            continue;
        }
        for (name, point) in names.iter_mut().zip(values).filter(|(_, point)| !point.short.is_empty()) {
            if !name.is_empty() {
                name.push('-');
            }
            name.push_str(&file_name(&point.short));
        }
    }
    let distinct: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
    (distinct.len() == names.len() && names.iter().all(|name| !name.is_empty())).then_some(names)
}

/// Names that no cell's target may have: those of groups.
fn reserved(program: &Program) -> BTreeSet<String> {
    program.images.iter().map(|image| image.name.clone()).chain(["default".to_owned(), "_common".to_owned()]).collect()
}
