//! What a change means: two compilations of one program, compared as people who use and build the images would.

mod facts;
mod images;
mod kind;
mod menus;
mod packages;

pub use images::{ImageChange, Reason};
pub use kind::Kind;
pub use menus::MenuChange;
pub use packages::PackageChange;

use super::lock::{Move, moves};
use crate::check::Checked;
use crate::emit::plan;

/// Everything that differs between two programs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Cells whose image is another one, with why: parents before children.
    pub images: Vec<ImageChange>,
    /// Packages of images that exist on both sides.
    pub packages: Vec<PackageChange>,
    /// Entries of the menus, by hub.
    pub menus: Vec<MenuChange>,
    /// What the locks pin otherwise.
    pub locked: Vec<Move>,
}

impl Difference {
    /// What `after` makes of `before`.
    #[must_use]
    pub fn between(before: &Checked, after: &Checked) -> Self {
        let (old, new) = (before.program(), after.program());
        let (old_plan, new_plan) = (plan(before), plan(after));
        Self {
            images: images::compare(old, &old_plan, new, &new_plan),
            packages: packages::compare(old, new),
            menus: menus::compare(old, &old_plan, new, &new_plan),
            locked: moves(&old.locks, &new.locks),
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.images.is_empty() && self.packages.is_empty() && self.menus.is_empty() && self.locked.is_empty()
    }

    /// Whether something vanishes that people have saved: a slug, an option or a choice.
    #[must_use]
    pub fn is_breaking(&self) -> bool {
        self.menus.iter().any(|change| change.breaking)
    }
}
