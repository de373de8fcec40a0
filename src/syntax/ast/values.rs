//! Values as written: texts, numbers, ranges, lists, maps, references.

use super::constraints::Constraint;
use super::texts::{Name, Text};
use crate::base::{Span, Spanned};

/// A name, perhaps with dots, perhaps with arguments: `jupyter.server-extension("x")`, `base(python = 3.11)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The name, with its dots.
    pub path: Name,
    /// The arguments, where there are parentheses.
    pub arguments: Option<Vec<Argument>>,
    /// All of it.
    pub span: Span,
}

/// One argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its name, where given.
    pub name: Option<Name>,
    /// Its value.
    pub value: Value,
}

/// A value, its type still open.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(Text),
    /// A number as written: version, count, quantity, mode, duration or date.
    Number(Name),
    /// `2..4`.
    Range(Range),
    /// `true`, `false`.
    Boolean(Spanned<bool>),
    /// `[a, b]`.
    List(List),
    /// `{ a = 1 }`.
    Map(Map),
    /// A name: an axis value, a member of a closed set, a definition, a `let`.
    Reference(Reference),
    /// `==39.2.0`: a constraint as a value.
    Constraint(Constraint),
}

impl Value {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span,
            Self::Number(number) => number.span,
            Self::Range(range) => range.span,
            Self::Boolean(boolean) => boolean.span,
            Self::List(list) => list.span,
            Self::Map(map) => map.span,
            Self::Reference(reference) => reference.span,
            Self::Constraint(constraint) => constraint.span,
        }
    }
}

/// `2..4`: the two numbers as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The lower bound.
    pub from: Name,
    /// The upper bound.
    pub to: Name,
    /// All of it.
    pub span: Span,
}

/// Values in brackets.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The values.
    pub items: Vec<Value>,
    /// With the brackets.
    pub span: Span,
}

/// Fields in braces, as a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// The fields.
    pub fields: Vec<Field>,
    /// With the braces.
    pub span: Span,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Value,
    /// From the key to the end of the value.
    pub span: Span,
}

/// The left side of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its text, unescaped.
    pub text: String,
    /// How it was written.
    pub kind: KeyKind,
    /// Where.
    pub span: Span,
}

/// How a key was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// `registry`
    Name,
    /// `"node.kubernetes.io/instance-type"`
    Quoted,
    /// `3.11`
    Number,
}
