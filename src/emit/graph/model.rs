//! Nodes and edges, as the program says them. Cells of one image are one node; each cell is told in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::emit::Plan;
use crate::ir::{BaseId, Cell, CellId, Hub, ImageId, MenuImage, Parent, Profile, Program};

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKind {
    /// An image that exists already.
    Base,
    /// An image that is built.
    Image,
    /// An entry of a menu.
    Entry,
}

impl NodeKind {
    /// `base`, `image` or `entry`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Image => "image",
            Self::Entry => "entry",
        }
    }
}

/// One cell of a node: of an existing image, one of its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeCell {
    /// `py3.12-cuda12`; empty where the image has one cell without axes.
    pub name: String,
    /// What a `FROM` line names.
    pub reference: String,
    /// Whether it is to be drawn as touched by a change.
    pub touched: bool,
}

/// One image or entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// What it stands for.
    pub kind: NodeKind,
    /// The name of the definition, or the repository of an image that no definition names.
    pub name: String,
    /// The title of an entry; the repository of an image.
    pub title: String,
    /// The hub of an entry.
    pub hub: Option<String>,
    /// Whether an entry is the one that is chosen where nobody chooses.
    pub default: bool,
    /// Its cells, in order; none for an entry.
    pub cells: Vec<NodeCell>,
}

impl Node {
    /// Whether a change touches it.
    #[must_use]
    pub fn touched(&self) -> bool {
        self.cells.iter().any(|cell| cell.touched)
    }
}

/// Why two nodes are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// The second one stands on the first.
    StandsOn,
    /// The second one takes files from the first.
    Takes,
    /// The second one is an entry that offers the first.
    Offers,
}

impl EdgeKind {
    /// `stands-on`, `takes` or `offers`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::StandsOn => "stands-on",
            Self::Takes => "takes",
            Self::Offers => "offers",
        }
    }
}

/// A line between two nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The node that is underneath, by place.
    pub from: usize,
    /// The node that is above.
    pub to: usize,
    /// Why.
    pub kind: EdgeKind,
    /// Which cells of the upper node, by place; all of an entry's images are one edge without any.
    pub cells: Vec<usize>,
}

/// All of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Existing images, built ones with parents before children, entries by hub.
    pub nodes: Vec<Node>,
    /// By the place of the upper node.
    pub edges: Vec<Edge>,
}

/// Where things of the program are in the graph.
#[derive(Default)]
struct Places {
    bases: BTreeMap<BaseId, usize>,
    elsewhere: BTreeMap<String, usize>,
    images: BTreeMap<ImageId, usize>,
}

/// The part of a program that one definition needs.
struct Part<'a> {
    name: &'a str,
    cells: BTreeSet<CellId>,
}

impl<'a> Part<'a> {
    /// The cells of the image or of the entries of this name, and all that they stand on or take files from; `None` where there
    /// is neither.
    fn new(program: &Program, plan: &Plan, name: &'a str) -> Option<Self> {
        let entries = || menus(program).filter(|profile| profile.definition == name);
        let mut waiting: Vec<CellId> = program.cells().filter(|(_, cell)| program[cell.image].name == name).map(|(id, _)| id).collect();
        waiting.extend(entries().flat_map(offered).filter_map(|image| if let MenuImage::Cell(cell) = image { Some(*cell) } else { None }));
        if waiting.is_empty() && entries().next().is_none() {
            return None;
        }
        let mut cells = BTreeSet::new();
        while let Some(id) = waiting.pop() {
            if cells.insert(id) {
                waiting.extend(&plan[id].needs);
                waiting.extend(if let Parent::Cell(parent) = program[id].parent { Some(parent) } else { None });
            }
        }
        Some(Self { name, cells })
    }
}

impl Graph {
    /// The graph of a program.
    #[must_use]
    pub fn of(program: &Program, plan: &Plan) -> Self {
        Self::of_part(program, plan, None)
    }

    /// What the definition of this name needs, with the entries that it has on menus; `None` where it has neither images nor
    /// entries.
    #[must_use]
    pub fn needed_by(program: &Program, plan: &Plan, name: &str) -> Option<Self> {
        Part::new(program, plan, name).map(|part| Self::of_part(program, plan, Some(&part)))
    }

    fn of_part(program: &Program, plan: &Plan, part: Option<&Part<'_>>) -> Self {
        let (mut graph, mut places) = (Self::default(), Places::default());
        let has = |id: &CellId| part.is_none_or(|part| part.cells.contains(id));
        let entries = |hub: &'_ Hub| -> Vec<usize> {
            let all = hub.menu.iter().enumerate().filter(|(_, profile)| part.is_none_or(|part| part.name == profile.definition));
            all.map(|(at, _)| at).collect()
        };
        let under = program.cells().filter(|(id, _)| has(id)).filter_map(|(_, cell)| base(cell.parent));
        let shown = program.hubs.iter().flat_map(|hub| entries(hub).into_iter().filter_map(|at| hub.menu.get(at)));
        let on_menus = shown.flat_map(offered).filter_map(|image| if let MenuImage::Base(base) = image { Some(*base) } else { None });
        for id in under.chain(on_menus) {
            graph.base(program, &mut places, id);
        }
        for (id, image) in program.images() {
            let cells: Vec<CellId> = image.cells.iter().copied().filter(has).collect();
            if cells.is_empty() {
                continue;
            }
            places.images.insert(id, graph.nodes.len());
            let shown = cells.iter().map(|cell| node_cell(&program[*cell].name, &plan[*cell].reference)).collect();
            graph.nodes.push(node(NodeKind::Image, &image.name, &program[image.default_cell].repository, shown));
            for (at, cell) in cells.into_iter().enumerate() {
                graph.stands_on(program, plan, &places, cell, at);
            }
        }
        for hub in &program.hubs {
            for profile in entries(hub).into_iter().filter_map(|at| hub.menu.get(at)) {
                graph.entry(program, &mut places, hub, profile);
            }
        }
        graph
    }

    /// An existing image; those of one definition are one node.
    fn base(&mut self, program: &Program, places: &mut Places, id: BaseId) {
        if places.bases.contains_key(&id) {
            return;
        }
        let base = &program[id];
        let axes: Vec<&str> = base.axes.iter().map(|point| &*point.short).filter(|short| !short.is_empty()).collect();
        let cell = node_cell(&axes.join("-"), &base.reference());
        let is = |node: &Node| node.kind == NodeKind::Base && node.name == base.name && node.title == base.repository;
        let at = self.nodes.iter().position(is).unwrap_or(self.nodes.len());
        match self.nodes.get_mut(at) {
            Some(node) => node.cells.push(cell),
            None => self.nodes.push(node(NodeKind::Base, &base.name, &base.repository, vec![cell])),
        }
        places.bases.insert(id, at);
    }

    fn stands_on(&mut self, program: &Program, plan: &Plan, places: &Places, id: CellId, at: usize) {
        let cell: &Cell = &program[id];
        let Some(to) = places.images.get(&cell.image).copied() else { return };
        let parent = match cell.parent {
            Parent::Base(base) => places.bases.get(&base).copied(),
            Parent::Cell(parent) => places.images.get(&program[parent].image).copied(),
        };
        if let Some(from) = parent {
            self.join(from, to, EdgeKind::StandsOn, Some(at));
        }
        for need in plan[id].needs.iter().filter(|need| cell.parent != Parent::Cell(**need)) {
            if let Some(from) = places.images.get(&program[*need].image).copied() {
                self.join(from, to, EdgeKind::Takes, Some(at));
            }
        }
    }

    fn entry(&mut self, program: &Program, places: &mut Places, hub: &Hub, profile: &Profile) {
        let mut from = Vec::new();
        for image in offered(profile) {
            let place = match image {
                MenuImage::Cell(cell) => places.images.get(&program[*cell].image).copied(),
                MenuImage::Base(base) => places.bases.get(base).copied(),
                MenuImage::Reference(reference) => Some(self.elsewhere(places, reference)),
            };
            from.extend(place);
        }
        let to = self.nodes.len();
        let entry = node(NodeKind::Entry, &profile.definition, &profile.title.value, Vec::new());
        self.nodes.push(Node { hub: Some(hub.name.clone()), default: profile.default.is_some(), ..entry });
        for from in from {
            self.join(from, to, EdgeKind::Offers, None);
        }
    }

    /// An image that is built elsewhere and that a menu names by its reference.
    fn elsewhere(&mut self, places: &mut Places, reference: &str) -> usize {
        *places.elsewhere.entry(reference.to_owned()).or_insert_with(|| {
            let repository = reference.split('@').next().unwrap_or(reference);
            let name = repository.rsplit('/').next().and_then(|last| last.split(':').next()).unwrap_or(repository);
            self.nodes.push(node(NodeKind::Base, name, repository, vec![node_cell("", reference)]));
            self.nodes.len() - 1
        })
    }

    fn join(&mut self, from: usize, to: usize, kind: EdgeKind, cell: Option<usize>) {
        // The edges of one node come one after the other.
        let of_node = self.edges.iter_mut().rev().take_while(|edge| edge.to == to);
        match of_node.into_iter().find(|edge| edge.from == from && edge.kind == kind) {
            Some(known) => known.cells.extend(cell),
            None => self.edges.push(Edge { from, to, kind, cells: cell.into_iter().collect() }),
        }
    }

    /// Marks the cells of built images of which `is` says so: by image and name.
    pub fn touch(&mut self, is: impl Fn(&str, &str) -> bool) {
        for node in self.nodes.iter_mut().filter(|node| node.kind == NodeKind::Image) {
            for cell in &mut node.cells {
                cell.touched = is(&node.name, &cell.name);
            }
        }
    }
}

fn node_cell(name: &str, reference: &str) -> NodeCell {
    NodeCell { name: name.to_owned(), reference: reference.to_owned(), touched: false }
}

fn node(kind: NodeKind, name: &str, title: &str, cells: Vec<NodeCell>) -> Node {
    Node { kind, name: name.to_owned(), title: title.to_owned(), hub: None, default: false, cells }
}

fn base(parent: Parent) -> Option<BaseId> {
    if let Parent::Base(base) = parent { Some(base) } else { None }
}

fn menus(program: &Program) -> impl Iterator<Item = &Profile> {
    program.hubs.iter().flat_map(|hub| &hub.menu)
}

/// The images behind an entry, in order.
fn offered(profile: &Profile) -> impl Iterator<Item = &MenuImage> {
    profile.images().map(|image| &image.value)
}
