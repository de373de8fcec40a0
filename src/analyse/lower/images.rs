//! The existing images that have been read.

use std::rc::Rc;

use super::State;
use crate::analyse::axes::Domain;
use crate::analyse::definitions::DefId;
use crate::base::IndexMap;
use crate::ir::{AxisPoint, Base, Parent};

/// The table of existing images.
pub(crate) struct Existing {
    pub(in crate::analyse) bases: Vec<Base>,
    pub(in crate::analyse) states: Vec<State>,
    pub(in crate::analyse) by_def: IndexMap<DefId, Info>,
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
    /// The definition it is made of.
    pub(crate) def: Option<DefId>,
}
