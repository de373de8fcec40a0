//! Which images a program builds: stacks of layers → nodes, parents before children.
//!
//! A layer of the program's own files with a `from` is a node; one of the standard library only when something stands on it.
//! An environment is a node unless it adds nothing. A prefix of open layers that several stacks share is a node, one that a
//! single definition uses is folded into it. `onto` gives the same chain of layers on another root.

mod nodes;
mod prefixes;
mod stacks;
mod taken;

pub(crate) use nodes::{EnvironmentNode, Footing, Graph, Ground, NamedImage, Node, NodeId, stack_of};

use std::collections::BTreeMap;

use super::context::Context;
use super::definitions::{Def, DefId, UnitId};
use super::lower::profile_blocks;
use crate::base::IndexMap;
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Block, Field, Keyword, Part, Statement, Value};
use crate::syntax::words::{Room, habit};
use nodes::{Builder, holds_only, key_of};
use prefixes::Own;

/// Resolves all stacks. What is broken is reported and left out.
pub(crate) fn build(cx: &Context<'_>) -> Graph {
    let mut builder = Builder {
        cx,
        graph: Graph::default(),
        done: IndexMap::default(),
        busy: Vec::new(),
        prefixes: BTreeMap::new(),
        counts: BTreeMap::new(),
        whole: BTreeMap::new(),
        used: Vec::new(),
    };
    builder.count_prefixes();
    for (id, def) in cx.names.all() {
        let keyword = def.node.keyword.node;
        if cx.is_standard(def.unit) || cx.find(def.unit, def.name) != Some(id) {
            continue;
        }
        if keyword == Keyword::Environment {
            builder.environment(id);
            for (unit, block) in profile_blocks(cx, id) {
                builder.named(unit, block);
            }
        } else if keyword == Keyword::Layer && stack_of(def).is_some() {
            builder.image(id, None);
        } else if keyword == Keyword::Profile {
            builder.named(def.unit, &def.node.body);
        }
    }
    builder.unused();
    builder.graph
}

/// Whether a definition without `from` may have one that could not be read: that has its own finding.
fn lost_its_root(cx: &Context<'_>, def: Def<'_>) -> bool {
    let as_fact = |statement: &Statement| matches!(statement, Statement::Field(field) if means_from(&field.key.text));
    def.node.body.statements.iter().any(as_fact) || cx.is_broken(cx.place(def.unit, def.node.span))
}

/// Whether a field is `from`, in our words or in those of another tool.
fn means_from(key: &str) -> bool {
    key == "from" || habit(Room::Layer, key).is_some_and(|habit| habit.instead == "from")
}

/// Whether a definition adds nothing to what it stands on: only a stack, a profile and permissions.
fn adds_nothing(def: Def<'_>) -> bool {
    holds_only(def, &["description"], &["profile", "allow"])
}

impl<'a> Builder<'_, 'a> {
    fn environment(&mut self, id: DefId) {
        let Some(def) = self.cx.names.get(id) else { return };
        let Some(stack) = stack_of(def) else {
            if lost_its_root(self.cx, def) {
                return;
            }
            let place = self.cx.place_of(def);
            self.cx.report(
                Diagnostic::new(&known::NO_ROOT, place, format!("the environment `{}` stands on nothing", def.name))
                    .here("there is no `from`")
                    .help("add `from NAME`: a layer, an image or another environment"),
            );
            return;
        };
        let Some(ground) = self.image(id, None) else { return };
        let footing = match ground {
            Ground::Node(node) if self.graph.nodes.get(node.0).is_some_and(|node| node.def == id) => {
                Footing { ground, fixed: Vec::new(), origin: self.cx.place(def.unit, stack.span) }
            }
            _ => match self.footing(def.unit, stack, None) {
                Some((footing, open)) => self.over_prefixes(Own { id, unit: def.unit, stack, onto: None }, footing, &open).0,
                None => return,
            },
        };
        self.graph.environments.push(EnvironmentNode { def: id, footing });
    }

    /// `image = LAYER` in a profile or a choice: the layer must be built, whoever defines it.
    fn named(&mut self, unit: UnitId, block: &Block) {
        for statement in &block.statements {
            match statement {
                Statement::Field(Field { key, value, .. }) if key.text == "image" => self.named_by(unit, value),
                Statement::Field(Field { key, value: Value::Map(map), .. }) if key.text == "dynamic_image_building" => {
                    for field in map.fields.iter().filter(|field| field.key.text == "on") {
                        self.named_by(unit, &field.value);
                    }
                }
                Statement::Phrase(phrase) => {
                    for part in &phrase.parts {
                        if let Part::Block(block) = part {
                            self.named(unit, block);
                        }
                    }
                }
                Statement::When(when) => self.named(unit, &when.body),
                Statement::Field(_) | Statement::List(_) | Statement::From(_) => {}
            }
        }
    }

    fn named_by(&mut self, unit: UnitId, value: &Value) {
        if let Value::Reference(reference) = value
            && self.cx.let_value(unit, &reference.path.node).is_none()
            && let Some(footing) = self.ground_of(unit, reference, None)
            && let Some(def) = self.cx.find(unit, &reference.path.node)
        {
            self.graph.named.push(NamedImage { def, footing });
        }
    }

    /// The image that a definition is, on its own root or on another one; builds the node where there is none yet.
    fn image(&mut self, id: DefId, onto: Option<&Footing>) -> Option<Ground> {
        let key = (id, onto.map(key_of));
        if let Some(known) = self.done.get(&key) {
            return *known;
        }
        let def = self.cx.names.get(id)?;
        if self.busy.contains(&id) {
            self.circle(def);
            return None;
        }
        self.busy.push(id);
        let ground = self.make(id, def, onto);
        self.busy.pop();
        self.done.insert(key, ground);
        ground
    }

    fn circle(&self, def: Def<'_>) {
        let names: Vec<&str> = self.busy.iter().filter_map(|id| self.cx.names.get(*id)).map(|def| def.name).collect();
        self.cx.report(
            Diagnostic::new(&known::CIRCULAR_STACK, self.cx.place_of(def), format!("`{}` stands on itself", def.name))
                .here(format!("{} → {}", names.join(" → "), def.name))
                .help("let one of them stand on something else"),
        );
    }

    fn make(&mut self, id: DefId, def: Def<'a>, onto: Option<&Footing>) -> Option<Ground> {
        if def.node.keyword.node == Keyword::Image {
            return Some(onto.map_or(Ground::Base(id), |footing| footing.ground));
        }
        let stack = stack_of(def)?;
        if let Some(second) = def
            .node
            .body
            .statements
            .iter()
            .filter_map(|statement| if let Statement::From(stack) = statement { Some(stack) } else { None })
            .nth(1)
        {
            self.cx.report(
                Diagnostic::new(&known::DUPLICATE_FIELD, self.cx.place(def.unit, second.span), "`from` is said twice")
                    .here("the second time")
                    .also(self.cx.place(def.unit, stack.span), "the first time")
                    .help("stack the layers left to right: `from base / layer`"),
            );
        }
        let (footing, open) = self.footing(def.unit, stack, onto)?;
        let (footing, left) = self.over_prefixes(Own { id, unit: def.unit, stack, onto }, footing, &open);
        if left.is_empty() && def.node.keyword.node == Keyword::Environment && adds_nothing(def) {
            return Some(footing.ground);
        }
        let root = onto.and_then(|onto| self.root_name(onto));
        let name = root.as_ref().map_or_else(|| def.name.to_owned(), |root| format!("{}-{root}", def.name));
        let mut bodies = left;
        bodies.push(id);
        // What it takes files from comes first, unless that needs this image itself.
        for other in
            bodies.iter().filter_map(|body| self.cx.names.get(*body)).flat_map(|def| taken::taken(self.cx, def)).collect::<Vec<_>>()
        {
            if !self.busy.contains(&other) && self.cx.names.get(other).is_some_and(|def| stack_of(def).is_some()) {
                self.image(other, None);
            }
        }
        Some(self.add(Node { name, def: id, bodies, footing, root, prefix: false }))
    }

    fn add(&mut self, node: Node) -> Ground {
        let id = NodeId(self.graph.nodes.len());
        self.graph.nodes.push(node);
        Ground::Node(id)
    }

    /// The name that `onto` adds to the readable part of the tag: its own, or that of what it stands on.
    fn root_name(&self, onto: &Footing) -> Option<String> {
        match onto.ground {
            Ground::Base(def) => self.cx.names.get(def).map(|def| def.name.to_owned()),
            Ground::Node(node) => self.graph.nodes.get(node.0).map(|node| node.name.clone()),
        }
    }

    /// Open layers of the program's own files that nothing uses. Where something is wrong, one may only be mistyped.
    fn unused(&self) {
        if self.cx.has_errors() {
            return;
        }
        for (id, def) in self.cx.names.all() {
            let open = def.node.keyword.node == Keyword::Layer && stack_of(def).is_none();
            if open && !self.cx.is_standard(def.unit) && !self.used.contains(&id) && !def.name.is_empty() {
                self.cx.report(
                    Diagnostic::new(&known::UNUSED_LAYER, self.cx.place_of(def), format!("nothing uses the open layer `{}`", def.name))
                        .here("it has no `from`, so it is no image")
                        .help(format!("stack it (`from base / {}`), give it a `from`, or drop it", def.name)),
                );
            }
        }
    }
}
