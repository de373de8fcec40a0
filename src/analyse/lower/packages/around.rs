//! The commands around the packages of a list.

use crate::ir::{Mount, ShellText};

/// What a list runs around its packages.
#[derive(Default)]
pub(super) struct Around {
    /// After them.
    pub(super) after: Vec<ShellText>,
    /// For packages that their manager keeps and the list moves: what lets go of one, and what keeps it again.
    pub(super) moved: Vec<(ShellText, ShellText)>,
}

/// Whether two files would be mounted in one place.
pub(super) fn hides(one: &Mount, other: &Mount) -> bool {
    one.target == other.target && one.source != other.source
}
