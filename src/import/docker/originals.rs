//! The originals, in relation.

use std::collections::BTreeMap;

use super::builds::Build;
use super::families::Family;
use super::images::Image;

/// The images of the originals, and what is known of them.
pub(in crate::import) struct Originals {
    pub(in crate::import) images: Vec<Image>,
    pub(super) builds: Vec<Build>,
    /// Those of them that are one definition.
    pub(super) families: Vec<Family>,
    /// Their repositories, by name.
    pub(super) repositories: BTreeMap<String, String>,
}
