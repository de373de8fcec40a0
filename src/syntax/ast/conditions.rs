//! Conditions as written: of `when` and of markers.

use super::texts::{Name, Text};
use crate::base::{Span, Spanned};

/// A condition of `when` or of a marker.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `a or b`.
    Or(Box<Self>, Box<Self>),
    /// `a and b`.
    And(Box<Self>, Box<Self>),
    /// `not a`.
    Not(Box<Self>),
    /// `python >= 3.12`.
    Compare {
        /// The left side.
        left: Operand,
        /// The operator.
        operator: Spanned<Comparison>,
        /// The right side.
        right: Operand,
    },
    /// A bare operand.
    Operand(Operand),
    /// What can't be read, which is reported.
    Unread(Span),
}

impl Condition {
    /// From its first operand to its last one.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Or(left, right) | Self::And(left, right) => left.span().to(right.span()),
            Self::Not(inner) => inner.span(),
            Self::Compare { left, right, .. } => left.span().to(right.span()),
            Self::Operand(operand) => operand.span(),
            Self::Unread(span) => *span,
        }
    }

    /// Its last comparison or operand.
    #[must_use]
    pub fn last(&self) -> &Self {
        match self {
            Self::Or(_, right) | Self::And(_, right) => right.last(),
            Self::Not(inner) => inner.last(),
            alone => alone,
        }
    }
}

/// An operator of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    GreaterEqual,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `~=`, of PEP 508's markers alone.
    Compatible,
    /// `===`, of PEP 508's markers alone.
    Arbitrary,
    /// `in`
    In,
    /// `not in`
    NotIn,
}

/// An operand of a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A name, perhaps with dots.
    Name(Name),
    /// A number as written.
    Number(Name),
    /// A text.
    Text(Text),
    /// `true`, `false`.
    Boolean(Spanned<bool>),
    /// `[a, b]`.
    List(Vec<Self>, Span),
}

impl Operand {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Name(name) | Self::Number(name) => name.span,
            Self::Text(text) => text.span,
            Self::Boolean(boolean) => boolean.span,
            Self::List(_, span) => *span,
        }
    }
}
