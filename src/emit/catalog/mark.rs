//! The mark of a page.

use crate::emit::MARK;
use crate::ir::Program;

/// The comment in the first lines of every page.
pub(super) fn mark(program: &Program) -> String {
    format!("{MARK}{}: change it there and run `jenvc build`.", program.main_file)
}
