//! Nodes → images and cells: axes multiplied, linked ones moved together, `exclude` and `only` applied, each cell lowered.

mod again;
mod built;
mod points;

pub(crate) use super::lower::Info;
pub(crate) use built::{Built, MAX_CELLS, Offer, OfferedCell, cell_ref};
pub(crate) use points::{combinations, fixed};

use std::rc::Rc;

use super::axes::Domain;
use super::axes::{self, Axis};
use super::context::Context;
use super::definitions::{Def, DefId, UnitId};
use super::graph::{EnvironmentNode, Graph, Ground, NamedImage, Node, NodeId};
use super::holding::AtPoint;
use super::lower::Existing;
use super::lower::{self, Lowered};
use super::reads::{Answers, Axes, Reads};
use super::rules::{self, CellRule};
use super::{prune, rebuild, settings, stages};
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{AxisPoint, Cell, CellId, Image, ImageId, Parent, Project, Recipe};
use crate::syntax::ast::{Block, Keyword};
use built::{Builder, Made, Point, Recipes, Under};

/// Builds all cells.
pub(crate) fn build<'a>(cx: &Context<'a>, project: &Project, graph: &Graph) -> Built<'a> {
    let mut builder = Builder {
        cx,
        project,
        graph,
        existing: Existing::new(),
        built: Built::default(),
        infos: Vec::new(),
        made: Vec::new(),
        by_cell: Vec::new(),
        full: false,
    };
    for at in 0..graph.nodes.len() {
        builder.node(NodeId(at));
    }
    for environment in &graph.environments {
        builder.offer(environment);
    }
    for named in &graph.named {
        builder.named(named);
    }
    builder.unread_images();
    builder.built.bases = builder.existing.into_bases();
    prune::prune(cx, graph, &builder.infos, &mut builder.built);
    stages::mark(&mut builder.built);
    builder.built
}

/// A node with its axes.
#[derive(Clone, Copy)]
struct Target<'t, 'a> {
    node: &'t Node,
    domains: &'t [Domain],
    own: &'t [Axis<'a>],
}

impl<'a> Builder<'_, 'a> {
    /// Images that nothing stands on are read for what is wrong in them.
    fn unread_images(&self) {
        let mut unread = Existing::new();
        let image = |def: &Def<'_>| def.node.keyword.node == Keyword::Image && !self.cx.is_standard(def.unit);
        for (id, _) in self.cx.names.all().filter(|(id, def)| image(def) && !self.existing.is_read(*id)) {
            unread.info(self.cx, id);
        }
    }

    fn node(&mut self, id: NodeId) {
        let Some(node) = self.graph.nodes.get(id.0) else { return };
        let info = self.image(node).unwrap_or_default();
        self.infos.push(info);
    }

    fn info(&mut self, ground: Ground) -> Info {
        match ground {
            Ground::Node(id) => self.infos.get(id.0).cloned().unwrap_or_default(),
            Ground::Base(def) => self.existing.info(self.cx, def),
        }
    }

    fn image(&mut self, node: &Node) -> Option<Info> {
        let below = self.info(node.footing.ground);
        let points = fixed(self.cx, &node.footing.fixed, node.footing.origin, &below)?;
        let own = self.own_axes(node, &below)?;
        let mut domains = below.domains.clone();
        domains.extend(own.iter().map(Axis::domain));
        let def = self.cx.names.get(node.def)?;
        let settings = settings::image(self.cx, node);
        let platforms = settings.platforms.clone().unwrap_or_else(|| self.platforms_below(&below));
        let mut all = self.multiply(self.limit_place(node, &below, &own), &points, &own, below.default, &platforms);
        let rules: Vec<Vec<CellRule>> = node
            .bodies
            .iter()
            .filter_map(|id| self.cx.names.get(*id))
            .map(|def| rules::rules(self.cx, def.unit, &def.node.body, &domains))
            .collect();
        self.apply(&rules, &mut all);
        if all.is_empty() {
            self.no_cells(node, def, points.is_empty() || self.full);
            return None;
        }
        let image = ImageId(u32::try_from(self.built.images.len()).ok()?);
        let mut info = Info { domains, points: Vec::new(), default: 0, def: Some(node.def) };
        let mut ids = Vec::new();
        let mut recipes = Recipes::default();
        for point in &all {
            let cell = self.cell(Target { node, domains: &info.domains, own: &own }, image, point, &mut recipes)?;
            if point.default {
                info.default = info.points.len();
            }
            info.points.push((Parent::Cell(cell), Rc::clone(&point.axes)));
            ids.push(cell);
        }
        let default_cell = ids.get(info.default).copied()?;
        self.built.images.push(Image {
            name: node.name.clone(),
            title: settings.title,
            description: settings.description,
            doc: def.node.doc.clone(),
            cells: ids,
            default_cell,
            root: node.root.clone(),
            ci: settings.ci,
            publish: settings.publish,
            locked: settings.locked.unwrap_or(self.project.locked),
            stage: false,
            origin: self.cx.place_of(def),
        });
        Some(info)
    }

    /// What to point at where a node has too many cells: the image below that alone brings them, else the node's definition.
    fn limit_place(&self, node: &Node, below: &Info, own: &[Axis<'a>]) -> Place {
        let wide = own.is_empty() && below.points.len() > MAX_CELLS;
        let def = if wide { below.def.unwrap_or(node.def) } else { node.def };
        self.cx.names.get(def).map_or_else(Place::default, |def| self.cx.place_of(def))
    }

    /// The axes that the bodies of a node declare; one that is there already is reported.
    fn own_axes(&self, node: &Node, below: &Info) -> Option<Vec<Axis<'a>>> {
        let mut own: Vec<Axis<'a>> = Vec::new();
        for id in &node.bodies {
            let def = self.cx.names.get(*id)?;
            for axis in axes::declared(self.cx, def.unit, &def.node.body) {
                if let Some(known) = below.domains.iter().find(|(name, _)| *name == axis.name) {
                    self.cx.report(again::again(self.cx, &axis, known, node.footing.origin));
                } else if let Some(other) = own.iter().find(|other| other.name == axis.name) {
                    self.cx.report(axes::twice(&axis, other.origin));
                } else {
                    own.push(axis);
                }
            }
        }
        Some(own)
    }

    fn no_cells(&self, node: &Node, def: Def<'_>, broken_below: bool) {
        if !broken_below {
            self.cx.report(
                Diagnostic::new(&known::NO_CELLS, self.cx.place_of(def), format!("`{}` has no cells left", node.name))
                    .here("`exclude` and `only` take all of them")
                    .help("let at least one cell exist"),
            );
        }
    }

    fn cell(&mut self, target: Target<'_, 'a>, image: ImageId, point: &Point, recipes: &mut Recipes) -> Option<CellId> {
        let id = CellId(u32::try_from(self.built.cells.len()).ok()?);
        let under = match point.parent {
            Parent::Cell(cell) => Under::Recipe(*self.by_cell.get(cell.0 as usize)?),
            Parent::Base(base) => Under::Base(base),
        };
        let known = recipes.entry(under).or_default();
        let of_platforms = known.iter().position(|(platforms, _)| *platforms == point.platforms).unwrap_or(known.len());
        if of_platforms == known.len() {
            known.push((point.platforms.clone(), Answers::default()));
        }
        let (_, known) = known.get_mut(of_platforms)?;
        let mut at = known.at(&point.axes).copied();
        if at.is_none() {
            let reads = Reads::default();
            let made = self.make(target, under, point, &reads)?;
            known.keep(&point.axes, &reads, self.made.len());
            at = Some(self.made.len());
            self.made.push(made);
        }
        let at = at?;
        self.by_cell.push(at);
        self.built.cells.push(Cell {
            image,
            name: readable(target.node.root.as_deref(), &point.axes),
            axes: Rc::clone(&point.axes),
            parent: point.parent,
            recipe: Rc::clone(&self.made.get(at)?.recipe),
        });
        Some(id)
    }

    /// Lowers a node at one point; which of its axes that depends on is in `reads` afterwards.
    fn make(&mut self, target: Target<'_, 'a>, under: Under, point: &Point, reads: &Reads) -> Option<Made<'a>> {
        let Target { node, domains, own } = target;
        let state = match under {
            Under::Recipe(at) => self.made.get(at)?.state.clone(),
            Under::Base(base) => self.existing.state(base)?.clone(),
        };
        if let Some(place) = state.user_of_one_platform {
            self.user_of_one_platform(node, place);
        }
        let account_before = state.account.clone();
        let axes = Axes::noted(&point.axes, reads);
        let job = lower::Job { node, domains, own, axes, platforms: &point.platforms, infos: &self.infos };
        let Lowered { steps, packages, bounds, requirements, members, state, profiles } =
            lower::lower(self.cx, &job, state, &mut self.existing);
        let recipe = Recipe {
            repository: settings::repository(self.cx, self.project, node, &AtPoint { axes, own, domains }),
            platforms: point.platforms.clone(),
            steps,
            packages,
            bounds,
            requirements,
            members,
            account_before,
            account: state.account.clone(),
            tags: Rc::clone(&state.tags),
            tests: Rc::clone(&state.tests),
            rebuild: rebuild::slot(self.cx, node),
        };
        Some(Made { recipe: Rc::new(recipe), def: node.def, state, profiles })
    }

    /// An image on top would have to end as one user or the other.
    fn user_of_one_platform(&self, node: &Node, place: Place) {
        self.cx.report(
            Diagnostic::new(
                &known::USER_OF_ONE_PLATFORM,
                place,
                format!("`{}` is built on an image with a user for each platform", node.name),
            )
            .here("this user is for some platforms only")
            .also(node.footing.origin, "built on it here")
            .help("let the image have one user, or move the condition to the last image of the stack"),
        );
    }

    fn offer(&mut self, environment: &EnvironmentNode) {
        let below = self.info(environment.footing.ground);
        let Some(points) = fixed(self.cx, &environment.footing.fixed, environment.footing.origin, &below) else { return };
        let has_default = points.iter().any(|(at, ..)| *at == below.default);
        let mut cells = Vec::new();
        for (order, (at, parent, axes)) in points.into_iter().enumerate() {
            let default = if has_default { at == below.default } else { order == 0 };
            let mut profiles = match parent {
                Parent::Cell(cell) => self.profiles(environment.def, cell),
                Parent::Base(_) => Vec::new(),
            };
            if profiles.is_empty() {
                profiles = lower::profile_blocks(self.cx, environment.def);
            }
            cells.push(OfferedCell { parent, axes, default, profiles });
        }
        self.built.offers.push(Offer { def: environment.def, domains: below.domains, cells });
    }

    /// An image that an entry of a menu names: all its cells; of a standard one, whose axes are wide, the default cell.
    fn named(&mut self, named: &NamedImage) {
        let below = self.info(named.footing.ground);
        let Some(points) = fixed(self.cx, &named.footing.fixed, named.footing.origin, &below) else { return };
        let standard = self.cx.names.get(named.def).is_some_and(|def| self.cx.is_standard(def.unit));
        let has_default = points.iter().any(|(at, ..)| *at == below.default);
        let mut cells = Vec::new();
        for (order, (at, parent, axes)) in points.into_iter().enumerate() {
            let default = if has_default { at == below.default } else { order == 0 };
            if default || !standard {
                cells.push(OfferedCell { parent, axes, default, profiles: Vec::new() });
            }
        }
        self.built.named.push((named.footing.origin, Offer { def: named.def, domains: below.domains, cells }));
    }

    /// The blocks of the `profile` statements of a cell of the image that an environment defines itself.
    fn profiles(&self, def: DefId, cell: CellId) -> Vec<(UnitId, &'a Block)> {
        let made = self.by_cell.get(cell.0 as usize).and_then(|at| self.made.get(*at));
        made.filter(|made| made.def == def).map(|made| made.profiles.clone()).unwrap_or_default()
    }
}

/// The readable name of a point: `py3.12-cuda12`.
pub(crate) fn readable(root: Option<&str>, axes: &[AxisPoint]) -> String {
    let parts: Vec<&str> = root.into_iter().chain(axes.iter().map(|point| &*point.short)).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}
