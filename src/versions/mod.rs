//! Placeholder until the floor lands: the types that the IR holds.
#![allow(missing_docs, clippy::allow_attributes_without_reason, clippy::allow_attributes)]

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    Arbitrary,
    Equal,
    Compatible,
    NotEqual,
    GreaterEqual,
    LessEqual,
    Greater,
    Less,
    Fuzzy,
    Caret,
    Tilde,
    Bare,
}
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bound {
    pub op: Op,
    pub version: String,
    pub build: Option<String>,
}
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Constraint {
    pub alternatives: Vec<Vec<Bound>>,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scheme {
    Pep440,
    Conda,
    Debian,
    Rpm,
    Npm,
    Julia,
    R,
}
