//! Which file a definition stands in.

use crate::ir::Project;
use crate::syntax::ast::{Definition, Text};

/// An index into the units of a context.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct UnitId(pub(crate) usize);

/// An index into the definitions of what is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DefId(pub(crate) usize);

/// A definition and the file it stands in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Def<'a> {
    /// The file.
    pub(crate) unit: UnitId,
    /// The definition.
    pub(crate) node: &'a Definition,
    /// Its name.
    pub(crate) name: &'a str,
}

/// The project, and the pattern of its repositories with the file it stands in.
pub(crate) type ProjectBlock<'a> = (Project, Option<(UnitId, &'a Text)>);
