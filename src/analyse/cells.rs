//! Nodes → images and cells: axes multiplied, linked ones moved together, `exclude` and `only` applied, each cell lowered.

use std::rc::Rc;

use indexmap::IndexMap;

use super::axes::{self, Axis, CellRule};
use super::context::{Context, Def, DefId, UnitId};
use super::existing::Existing;
use super::graph::{EnvironmentNode, Footing, Graph, Ground, NamedImage, Node, NodeId};
use super::lower::{self, Lowered, State};
use super::prune;
use super::rebuild;
use super::settings;
use crate::base::{Place, or_nearest};
use crate::diagnostics::{CellRef, Diagnostic, known};
use crate::ir::{AxisPoint, Base, Cell, CellId, Image, ImageId, Parent, Platform, Project};
use crate::syntax::ast::Block;

/// The most cells that a program may have.
pub(crate) const MAX_CELLS: usize = 10_000;

/// An axis and all its values in a definition.
pub(crate) type Domain = (Rc<str>, Vec<Rc<str>>);

/// A cell that an environment offers, with the profile blocks that hold for it.
#[derive(Clone, Debug)]
pub(crate) struct OfferedCell<'a> {
    /// The image: a cell of the program or an image that exists.
    pub(crate) parent: Parent,
    /// The point.
    pub(crate) axes: Rc<Vec<AxisPoint>>,
    /// Whether it is the default cell of the environment.
    pub(crate) default: bool,
    /// The blocks of `profile` statements, in order, later ones winning.
    pub(crate) profiles: Vec<(UnitId, &'a Block)>,
}

/// An environment with its cells.
#[derive(Clone, Debug)]
pub(crate) struct Offer<'a> {
    /// Its definition.
    pub(crate) def: DefId,
    /// The axes of its cells.
    pub(crate) domains: Vec<Domain>,
    /// Its cells.
    pub(crate) cells: Vec<OfferedCell<'a>>,
}

/// What the cells of a program are made of.
#[derive(Debug, Default)]
pub(crate) struct Built<'a> {
    /// Existing images.
    pub(crate) bases: Vec<Base>,
    /// Images that are built.
    pub(crate) images: Vec<Image>,
    /// Cells.
    pub(crate) cells: Vec<Cell>,
    /// Environments.
    pub(crate) offers: Vec<Offer<'a>>,
    /// Images that entries of a menu name, with the place of the name.
    pub(crate) named: Vec<(Place, Offer<'a>)>,
}

/// A ground with its cells.
#[derive(Clone, Debug, Default)]
pub(crate) struct Info {
    /// Its axes.
    pub(crate) domains: Vec<Domain>,
    /// Its points: what each is, and its axes.
    pub(crate) points: Vec<(Parent, Rc<Vec<AxisPoint>>)>,
    /// The index of the default point.
    pub(crate) default: usize,
    /// The image of the program it is.
    pub(crate) image: Option<ImageId>,
    /// The definition it is made of.
    pub(crate) def: Option<DefId>,
}

/// Builds all cells.
pub(crate) fn build<'a>(cx: &Context<'a>, project: &Project, graph: &Graph) -> Built<'a> {
    let mut builder = Builder {
        cx,
        project,
        graph,
        existing: Existing::new(),
        built: Built::default(),
        infos: Vec::new(),
        states: Vec::new(),
        profiles: Vec::new(),
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
    builder.built.bases = builder.existing.into_bases();
    prune::prune(cx, graph, &builder.infos, &mut builder.built);
    builder.built
}

struct Builder<'c, 'a> {
    cx: &'c Context<'a>,
    project: &'c Project,
    graph: &'c Graph,
    existing: Existing,
    built: Built<'a>,
    infos: Vec<Info>,
    states: Vec<State>,
    profiles: Vec<Vec<(UnitId, &'a Block)>>,
    full: bool,
}

/// A point of what something stands on: its index there, what it is, its axes.
type Below = (usize, Parent, Rc<Vec<AxisPoint>>);

/// One point of a definition before it is lowered.
struct Point {
    parent: Parent,
    axes: Rc<Vec<AxisPoint>>,
    platforms: Vec<Platform>,
    default: bool,
}

impl<'a> Builder<'_, 'a> {
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
        let points = self.fixed(&node.footing, &below)?;
        let own = self.own_axes(node, &below)?;
        let mut domains = below.domains.clone();
        domains.extend(own.iter().map(|axis| (Rc::clone(&axis.name), axis.values.iter().map(|value| Rc::clone(&value.text)).collect())));
        let def = self.cx.names.get(node.def)?;
        let settings = settings::image(self.cx, self.project, node);
        let platforms = settings.platforms.clone().unwrap_or_else(|| self.platforms_below(&below));
        let mut all = self.multiply(&points, &own, below.default, &platforms);
        let rules: Vec<CellRule> = node
            .bodies
            .iter()
            .filter_map(|id| self.cx.names.get(*id))
            .flat_map(|def| axes::rules(self.cx, def.unit, &def.node.body, &domains))
            .collect();
        self.apply(&rules, &mut all);
        if all.is_empty() {
            self.no_cells(node, def, points.is_empty() || self.full);
            return None;
        }
        let image = ImageId(u32::try_from(self.built.images.len()).ok()?);
        let mut info = Info { domains, points: Vec::new(), default: 0, image: Some(image), def: Some(node.def) };
        let mut ids = Vec::new();
        for point in &all {
            let cell = self.cell(node, image, &info.domains, &own, point)?;
            if point.default {
                info.default = info.points.len();
            }
            info.points.push((Parent::Cell(cell), Rc::clone(&point.axes)));
            ids.push(cell);
        }
        let default_cell = ids.get(info.default).copied()?;
        self.built.images.push(Image {
            name: node.name.clone(),
            repository: settings.repository,
            title: settings.title,
            description: settings.description,
            doc: def.node.doc.clone(),
            cells: ids,
            default_cell,
            root: node.root.clone(),
            ci: settings.ci,
            publish: settings.publish,
            origin: self.cx.place_of(def),
        });
        Some(info)
    }

    /// The axes that the bodies of a node declare; one that is there already is reported.
    fn own_axes(&self, node: &Node, below: &Info) -> Option<Vec<Axis<'a>>> {
        let mut own: Vec<Axis<'a>> = Vec::new();
        for id in &node.bodies {
            let def = self.cx.names.get(*id)?;
            for axis in axes::declared(self.cx, def.unit, &def.node.body) {
                if below.domains.iter().any(|(name, _)| *name == axis.name) {
                    self.cx.report(axes::twice(&axis, node.footing.origin));
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

    /// The platforms of the image below, else the project's, as far as the base is known to have them.
    fn platforms_below(&self, below: &Info) -> Vec<Platform> {
        match below.points.first() {
            Some((Parent::Cell(cell), _)) => self.built.cells.get(cell.0 as usize).map_or_else(
                || self.project.platforms.clone(),
                |cell| {
                    let image = self.built.images.get(cell.image.0 as usize);
                    let mut all: Vec<Platform> = image
                        .into_iter()
                        .flat_map(|image| &image.cells)
                        .filter_map(|id| self.built.cells.get(id.0 as usize))
                        .flat_map(|cell| cell.platforms.clone())
                        .collect();
                    all.sort_unstable();
                    all.dedup();
                    all
                },
            ),
            Some((Parent::Base(base), _)) => {
                let known = self.existing.get(*base).map(|base| base.platforms.clone()).unwrap_or_default();
                let kept: Vec<Platform> =
                    self.project.platforms.iter().copied().filter(|platform| known.is_empty() || known.contains(platform)).collect();
                if kept.is_empty() { known } else { kept }
            }
            None => self.project.platforms.clone(),
        }
    }

    /// The points of the ground that the fixed axes leave, each with its index below.
    fn fixed(&self, footing: &Footing, below: &Info) -> Option<Vec<Below>> {
        let mut good = true;
        for (axis, values) in &footing.fixed {
            match below.domains.iter().find(|(name, _)| **name == **axis) {
                None => {
                    good = false;
                    let names: Vec<&str> = below.domains.iter().map(|(name, _)| &**name).collect();
                    self.cx.report(
                        Diagnostic::new(&known::UNKNOWN_AXIS, footing.origin, format!("what this stands on has no axis `{axis}`"))
                            .maybe_help(or_nearest(axis, names)),
                    );
                }
                Some((_, known_values)) => {
                    for value in values {
                        if !known_values.iter().any(|known| **known == **value) {
                            good = false;
                            self.cx.report(axes::unknown_value(footing.origin, axis, value, known_values.iter().map(|value| &**value)));
                        }
                    }
                }
            }
        }
        let fits = |axes: &[AxisPoint]| {
            footing
                .fixed
                .iter()
                .all(|(axis, values)| axes.iter().any(|point| *point.axis == **axis && values.iter().any(|value| **value == *point.value)))
        };
        let points = below.points.iter().enumerate().filter(|(_, (_, axes))| fits(axes));
        good.then(|| points.map(|(at, (parent, axes))| (at, *parent, Rc::clone(axes))).collect())
    }

    /// Every point below × every point of the own axes.
    fn multiply(&mut self, points: &[Below], own: &[Axis<'a>], default_below: usize, platforms: &[Platform]) -> Vec<Point> {
        let combinations = combinations(own);
        let wanted = points.len().saturating_mul(combinations.len());
        if wanted.saturating_add(self.built.cells.len()) > MAX_CELLS {
            if !self.full {
                self.full = true;
                let place = own.first().map_or_else(Place::default, |axis| axis.origin);
                self.cx.report(
                    Diagnostic::new(&known::TOO_MANY_CELLS, place, format!("the program has more than {MAX_CELLS} cells"))
                        .here(format!("{wanted} cells here"))
                        .help("drop values or axes, or take cells away by `exclude` and `only`"),
                );
            }
            return Vec::new();
        }
        let has_default = points.iter().any(|(at, ..)| *at == default_below);
        let mut all = Vec::with_capacity(wanted);
        for (order, (at, parent, axes)) in points.iter().enumerate() {
            for (indices, default) in &combinations {
                let mut point = axes.to_vec();
                for (axis, index) in own.iter().zip(indices) {
                    if let Some(mut new) = axis.point(*index) {
                        let said = axis.link.is_some()
                            && own.iter().take_while(|other| other.name != axis.name).any(|other| other.link == axis.link);
                        if said {
                            new.short = Rc::from("");
                        }
                        point.push(new);
                    }
                }
                let below_default = if has_default { *at == default_below } else { order == 0 };
                let axes = if own.is_empty() { Rc::clone(axes) } else { Rc::new(point) };
                all.push(Point {
                    parent: *parent,
                    axes,
                    platforms: self.platforms_of(*parent, platforms),
                    default: below_default && *default,
                });
            }
        }
        all
    }

    /// The platforms of a cell: the image's, as far as what is below has them.
    fn platforms_of(&self, parent: Parent, platforms: &[Platform]) -> Vec<Platform> {
        let below = match parent {
            Parent::Cell(cell) => self.built.cells.get(cell.0 as usize).map(|cell| cell.platforms.clone()).unwrap_or_default(),
            Parent::Base(base) => self.existing.get(base).map(|base| base.platforms.clone()).unwrap_or_default(),
        };
        platforms.iter().copied().filter(|platform| below.is_empty() || below.contains(platform)).collect()
    }

    fn apply(&self, rules: &[CellRule], points: &mut Vec<Point>) {
        for rule in rules {
            let hits = points.iter().filter(|point| rule.matches(&point.axes)).count();
            if hits == 0 {
                let word = if rule.only { "only" } else { "exclude" };
                self.cx.report(
                    Diagnostic::new(&known::EXCLUDE_HITS_NOTHING, rule.origin, format!("this `{word}` hits no cell"))
                        .here("no cell has these values, or another rule took them already")
                        .help("correct the values, or drop it"),
                );
                continue;
            }
            points.retain_mut(|point| {
                let matches = rule.matches(&point.axes);
                match &rule.platforms {
                    None => matches == rule.only,
                    Some(named) if rule.only => {
                        point.platforms.retain(|platform| matches && named.contains(platform));
                        !point.platforms.is_empty()
                    }
                    Some(named) => {
                        point.platforms.retain(|platform| !(matches && named.contains(platform)));
                        !point.platforms.is_empty()
                    }
                }
            });
        }
        points.retain(|point| !point.platforms.is_empty());
        if !points.is_empty()
            && !points.iter().any(|point| point.default)
            && let Some(first) = points.first_mut()
        {
            first.default = true;
        }
    }

    fn cell(&mut self, node: &Node, image: ImageId, domains: &[Domain], own: &[Axis<'a>], point: &Point) -> Option<CellId> {
        let id = CellId(u32::try_from(self.built.cells.len()).ok()?);
        let state = match point.parent {
            Parent::Cell(cell) => self.states.get(cell.0 as usize)?.clone(),
            Parent::Base(base) => self.existing.state(base)?.clone(),
        };
        let account_before = state.account.clone();
        let name = readable(node.root.as_deref(), &point.axes);
        let job = lower::Job { node, domains, own, axes: &point.axes, platforms: &point.platforms, infos: &self.infos };
        let Lowered { steps, packages, requirements, state, profiles } = lower::lower(self.cx, &job, state, &mut self.existing);
        self.built.cells.push(Cell {
            image,
            name,
            axes: Rc::clone(&point.axes),
            parent: point.parent,
            platforms: point.platforms.clone(),
            steps: Rc::new(steps),
            packages: Rc::new(packages),
            requirements: Rc::new(requirements),
            account_before,
            account: state.account.clone(),
            tags: Rc::clone(&state.tags),
            tests: Rc::clone(&state.tests),
            rebuild: rebuild::slot(self.cx, node),
        });
        self.states.push(state);
        self.profiles.push(profiles);
        Some(id)
    }

    fn offer(&mut self, environment: &EnvironmentNode) {
        let below = self.info(environment.footing.ground);
        let Some(points) = self.fixed(&environment.footing, &below) else { return };
        let has_default = points.iter().any(|(at, ..)| *at == below.default);
        let mut cells = Vec::new();
        for (order, (at, parent, axes)) in points.into_iter().enumerate() {
            let default = if has_default { at == below.default } else { order == 0 };
            let mut profiles = match parent {
                Parent::Cell(cell) if self.is_own(environment.def, cell) => self.profiles.get(cell.0 as usize).cloned().unwrap_or_default(),
                _ => Vec::new(),
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
        let Some(points) = self.fixed(&named.footing, &below) else { return };
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

    /// Whether a cell is of the image that an environment defines itself.
    fn is_own(&self, def: DefId, cell: CellId) -> bool {
        let image = self.built.cells.get(cell.0 as usize).map(|cell| cell.image);
        self.graph.nodes.iter().zip(&self.infos).any(|(node, info)| node.def == def && info.image.is_some() && info.image == image)
    }
}

/// All combinations of the values of axes, linked ones together, the last axis fastest; whether each is the default one.
pub(crate) fn combinations(own: &[Axis<'_>]) -> Vec<(Vec<usize>, bool)> {
    let mut all: Vec<(Vec<usize>, bool)> = vec![(Vec::new(), true)];
    let mut links: IndexMap<usize, usize> = IndexMap::new();
    for (at, axis) in own.iter().enumerate() {
        let leader = axis.link.map(|link| *links.entry(link).or_insert(at));
        all = match leader {
            Some(leader) if leader != at => all
                .into_iter()
                .map(|(mut indices, default)| {
                    indices.push(indices.get(leader).copied().unwrap_or(0));
                    (indices, default)
                })
                .collect(),
            _ => {
                let values = 0..axis.values.len();
                all.iter()
                    .flat_map(|(indices, default)| {
                        values.clone().map(move |value| {
                            let mut indices = indices.clone();
                            indices.push(value);
                            (indices, *default && value == axis.default)
                        })
                    })
                    .take(MAX_CELLS + 1)
                    .collect()
            }
        };
    }
    all
}

/// The readable name of a point: `py3.12-cuda12`.
pub(crate) fn readable(root: Option<&str>, axes: &[AxisPoint]) -> String {
    let parts: Vec<&str> = root.into_iter().chain(axes.iter().map(|point| &*point.short)).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}

/// A cell as findings name it.
pub(crate) fn cell_ref(name: &str, axes: &[AxisPoint]) -> CellRef {
    CellRef { environment: name.to_owned(), axes: axes.iter().map(|point| (point.axis.to_string(), point.value.to_string())).collect() }
}
