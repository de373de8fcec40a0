//! Constraints on versions.

use super::texts::{Name, TextPart};
use crate::base::{Span, Spanned};
use crate::versions::Op;

/// Alternatives (`|`) of conjunctions (`,`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraint {
    /// At least one alternative, each with at least one bound.
    pub alternatives: Vec<Vec<Bound>>,
    /// All of it.
    pub span: Span,
}

/// One bound of a constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The operator (`>=`); `None` for a bare version or pattern.
    pub operator: Option<Spanned<Op>>,
    /// The version: literal text (perhaps ending in `.*`, perhaps `*`), interpolations, and names of values, which
    /// come as interpolations, too (`==python.*`).
    pub version: Vec<TextPart>,
    /// The build string after a glued `=`.
    pub build: Option<Box<Name>>,
    /// All of it.
    pub span: Span,
}
