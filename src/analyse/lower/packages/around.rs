//! The commands around the packages of a list.

use crate::ir::ShellText;

/// What a list runs around its packages.
#[derive(Default)]
pub(super) struct Around {
    /// After them.
    pub(super) after: Vec<ShellText>,
    /// For packages that their manager keeps and the list moves: what lets go of one, and what keeps it again.
    pub(super) moved: Vec<(ShellText, ShellText)>,
}
