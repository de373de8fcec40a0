//! What the cells of a program are made into.

use std::rc::Rc;

use foldhash::HashMap;

use crate::analyse::axes::Domain;
use crate::analyse::context::Context;
use crate::analyse::definitions::{DefId, UnitId};
use crate::analyse::graph::Graph;
use crate::analyse::lower::{Existing, Info, State};
use crate::analyse::reads::Answers;
use crate::base::Place;
use crate::diagnostics::CellRef;
use crate::ir::{AxisPoint, Base, BaseId, Cell, Image, Locks, Parent, Platform, Project, Recipe};
use crate::syntax::ast::Block;

/// The most cells that a program may have.
pub(crate) const MAX_CELLS: usize = 10_000;

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
    /// What is locked of the images.
    pub(crate) locks: Locks,
}

pub(super) struct Builder<'c, 'a> {
    pub(super) cx: &'c Context<'a>,
    pub(super) project: &'c Project,
    pub(super) graph: &'c Graph,
    pub(super) existing: Existing,
    pub(super) built: Built<'a>,
    pub(super) infos: Vec<Info>,
    pub(super) made: Vec<Made<'a>>,
    /// The index in `made` of each cell's recipe.
    pub(super) by_cell: Vec<usize>,
    pub(super) full: bool,
}

/// A recipe, and what else came of lowering it.
pub(super) struct Made<'a> {
    pub(super) recipe: Rc<Recipe>,
    /// The definition that its image is made of.
    pub(super) def: DefId,
    /// What its children inherit.
    pub(super) state: State,
    /// The blocks of its `profile` statements.
    pub(super) profiles: Vec<(UnitId, &'a Block)>,
}

/// What a recipe is put on.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Under {
    Base(BaseId),
    /// An index into [`Builder::made`].
    Recipe(usize),
}

/// The recipes of a node, by what is under them and the platforms: indices into [`Builder::made`].
pub(super) type Recipes = HashMap<Under, Vec<(Vec<Platform>, Answers<usize>)>>;

/// A point of what something stands on: its index there, what it is, its axes.
pub(super) type Below = (usize, Parent, Rc<Vec<AxisPoint>>);

/// One point of a definition before it is lowered.
pub(super) struct Point {
    pub(super) parent: Parent,
    pub(super) axes: Rc<Vec<AxisPoint>>,
    pub(super) platforms: Vec<Platform>,
    pub(super) default: bool,
}

/// A cell as findings name it.
pub(crate) fn cell_ref(name: &str, axes: &[AxisPoint]) -> CellRef {
    CellRef { environment: name.to_owned(), axes: axes.iter().map(|point| (point.axis.to_string(), point.value.to_string())).collect() }
}
