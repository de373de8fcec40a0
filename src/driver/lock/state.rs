//! What a run knows.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::Answers;
use super::joint::Demand;
use super::request::{Found, Request};
use crate::check::locked::Unit;
use crate::ir::{Platform, Program, Section};

pub(super) struct Locker<'p> {
    pub(super) program: &'p Program,
    pub(super) request: &'p Request,
    pub(super) units: Vec<Unit<'p>>,
    /// Images below those that are meant that have no lock, or a stale one.
    pub(super) below: BTreeSet<String>,
    pub(super) answers: Answers<'p>,
    pub(super) sections: BTreeMap<Key, Section>,
    pub(super) demands: BTreeMap<Key, Vec<Demand>>,
    /// Cells that have no section of this run, and why.
    pub(super) failed: BTreeSet<Key>,
    pub(super) found: Found,
    pub(super) undecided: bool,
    pub(super) words: Vec<String>,
    pub(super) waiting: BTreeSet<String>,
}

/// A cell on a platform.
pub(super) type Key = (u32, Platform);
