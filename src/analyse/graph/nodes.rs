//! The images of a program and what they stand on.

use std::collections::BTreeMap;

use crate::analyse::context::Context;
use crate::analyse::definitions::{Def, DefId};
use crate::base::{IndexMap, Place};
use crate::syntax::ast::{Stack, Statement};

/// An index into [`Graph::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) usize);

/// What something stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Ground {
    /// An image that exists: its definition.
    Base(DefId),
    /// An image of the program.
    Node(NodeId),
}

/// A ground with the axes that are fixed on it.
#[derive(Clone, Debug)]
pub(crate) struct Footing {
    /// What it is.
    pub(crate) ground: Ground,
    /// Axes and the values that are taken.
    pub(crate) fixed: Vec<(String, Vec<String>)>,
    /// The reference in `from`.
    pub(crate) origin: Place,
}

/// An image that is built.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Unique in the program.
    pub(crate) name: String,
    /// The definition that gives repository, CI policy and documentation; the last body.
    pub(crate) def: DefId,
    /// The definitions whose steps it holds: open layers, then its own.
    pub(crate) bodies: Vec<DefId>,
    /// What it stands on.
    pub(crate) footing: Footing,
    /// The name of the root that `onto` put below it.
    pub(crate) root: Option<String>,
    /// Whether it is a shared prefix of open layers.
    pub(crate) prefix: bool,
}

/// An environment as the menu sees it.
#[derive(Clone, Debug)]
pub(crate) struct EnvironmentNode {
    /// Its definition.
    pub(crate) def: DefId,
    /// The image that it is: its own, or the one that it stands on where it adds nothing.
    pub(crate) footing: Footing,
}

/// An image that an entry of a menu names.
#[derive(Clone, Debug)]
pub(crate) struct NamedImage {
    /// The definition.
    pub(crate) def: DefId,
    /// What it is; its origin is the place of the name.
    pub(crate) footing: Footing,
}

/// All nodes, parents before children.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// The images.
    pub(crate) nodes: Vec<Node>,
    /// The environments, in the order of their definitions.
    pub(crate) environments: Vec<EnvironmentNode>,
    /// The images that entries of a menu name: `image = LAYER`.
    pub(crate) named: Vec<NamedImage>,
}

/// The key of a ground: what, and with which axes fixed.
pub(super) type FootingKey = (Ground, Vec<(String, Vec<String>)>);

/// The `from` statement of a definition.
pub(crate) fn stack_of(def: Def<'_>) -> Option<&Stack> {
    def.node.body.statements.iter().find_map(|statement| if let Statement::From(stack) = statement { Some(stack) } else { None })
}

/// Whether the image of a definition differs in nothing from the same stack without it: it may say how the image is called and
/// how CI treats it.
pub(super) fn has_no_steps(def: Def<'_>) -> bool {
    holds_only(def, &["description", "title", "repository"], &["profile", "allow", "ci", "publish", "internal"])
}

pub(super) fn holds_only(def: Def<'_>, fields: &[&str], words: &[&str]) -> bool {
    def.node.body.statements.iter().all(|statement| match statement {
        Statement::From(_) => true,
        Statement::Phrase(phrase) => phrase.head.as_ref().is_some_and(|head| words.contains(&head.node.as_str())),
        Statement::Field(field) => fields.contains(&field.key.text.as_str()),
        Statement::List(_) | Statement::When(_) => false,
    })
}

pub(super) struct Builder<'c, 'a> {
    pub(super) cx: &'c Context<'a>,
    pub(super) graph: Graph,
    pub(super) done: IndexMap<(DefId, Option<FootingKey>), Option<Ground>>,
    pub(super) busy: Vec<DefId>,
    pub(super) prefixes: BTreeMap<(FootingKey, Vec<DefId>), NodeId>,
    pub(super) counts: BTreeMap<(FootingText, Vec<DefId>), usize>,
    /// The stacks that are the whole of an environment without steps of its own.
    pub(super) whole: BTreeMap<(FootingText, Vec<DefId>), DefId>,
    pub(super) used: Vec<DefId>,
}

/// A root as it is written, for counting shared prefixes before anything is resolved.
pub(super) type FootingText = (DefId, String);

pub(super) fn key_of(footing: &Footing) -> FootingKey {
    (footing.ground, footing.fixed.clone())
}
