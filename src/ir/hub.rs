//! Hubs and the entries of their menus.

use crate::base::Place;
use crate::ir::Package;

/// A hub that serves a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hub {
    /// Its name in the program.
    pub name: String,
    /// `jhub`.
    pub namespace: Option<String>,
    /// What the hub's chart is known to run.
    pub provides: Vec<Package>,
    /// What every image on the menu must agree with.
    pub requires: Vec<Package>,
    /// Where it is written.
    pub origin: Place,
}
