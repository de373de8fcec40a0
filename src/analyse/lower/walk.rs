//! The walk over the statements of one cell.

use std::rc::Rc;

use super::images::Existing;
use super::state::State;
use crate::analyse::axes::{Axis, Domain};
use crate::analyse::cells::Info;
use crate::analyse::context::Context;
use crate::analyse::definitions::{DefId, UnitId};
use crate::analyse::graph::Node;
use crate::analyse::reads::Axes;
use crate::ir::{Member, Package, Platform, Requirement, Step, Via};
use crate::syntax::ast::Block;

/// One cell that is to be lowered.
pub(crate) struct Job<'j, 'a> {
    /// Its node.
    pub(crate) node: &'j Node,
    /// The axes of the node with all values.
    pub(crate) domains: &'j [Domain],
    /// The axes that the node declares itself.
    pub(crate) own: &'j [Axis<'a>],
    /// The point.
    pub(crate) axes: Axes<'j>,
    /// The platforms of the cell.
    pub(crate) platforms: &'j [Platform],
    /// The nodes before this one: what `copy … from` and tools may name.
    pub(crate) infos: &'j [Info],
}

#[derive(Debug, Default)]
pub(in crate::analyse) struct Output<'a> {
    pub(in crate::analyse) steps: Vec<Step>,
    pub(in crate::analyse) packages: Vec<Package>,
    pub(in crate::analyse) bounds: Vec<Package>,
    pub(in crate::analyse) requirements: Vec<Requirement>,
    pub(in crate::analyse) members: Vec<Member>,
    pub(in crate::analyse) profiles: Vec<(UnitId, &'a Block)>,
    pub(in crate::analyse) full: bool,
    /// What the last step, if a package list, may be merged with.
    pub(in crate::analyse) mergeable: Option<String>,
}

/// The walk over the statements of one cell.
pub(in crate::analyse) struct Walk<'w, 'a> {
    pub(in crate::analyse) cx: &'w Context<'a>,
    pub(in crate::analyse) job: &'w Job<'w, 'a>,
    pub(in crate::analyse) existing: &'w mut Existing,
    pub(in crate::analyse) state: State,
    /// The platforms that the statements at hand are for.
    pub(in crate::analyse) platforms: Vec<Platform>,
    pub(in crate::analyse) via: Option<Rc<Via>>,
    /// The definition whose statements these are, as messages name it.
    pub(in crate::analyse) body: String,
    /// The fragments that are being unfolded.
    pub(in crate::analyse) including: Vec<DefId>,
    pub(in crate::analyse) out: Output<'a>,
}
