//! Open layers that several stacks begin with become an image of their own, which those stacks share.

use super::nodes::{Builder, Footing, FootingText, Ground, Node, NodeId, has_no_steps, key_of, stack_of};
use crate::analyse::definitions::{DefId, UnitId};
use crate::syntax::ast::{Keyword, Reference, Stack};

/// The definition whose stack is resolved.
#[derive(Clone, Copy)]
pub(super) struct Own<'o> {
    pub(super) id: DefId,
    pub(super) unit: UnitId,
    pub(super) stack: &'o Stack,
    /// The root on which it is put instead of its own.
    pub(super) onto: Option<&'o Footing>,
}

impl Builder<'_, '_> {
    /// Counts how many stacks of the program begin with the same root and the same open layers, and notes which of them are
    /// the whole of an environment.
    pub(super) fn count_prefixes(&mut self) {
        for (id, def) in self.cx.names.all() {
            let built = matches!(def.node.keyword.node, Keyword::Environment | Keyword::Layer);
            if !built || self.cx.is_standard(def.unit) || self.cx.find(def.unit, def.name) != Some(id) {
                continue;
            }
            let Some(stack) = stack_of(def) else { continue };
            let Some((root, open)) = self.quiet_parts(def.unit, stack) else { continue };
            for length in 1..=open.len() {
                if let Some(prefix) = open.get(..length) {
                    *self.counts.entry((root.clone(), prefix.to_vec())).or_default() += 1;
                }
            }
            if def.node.keyword.node == Keyword::Environment && !open.is_empty() && has_no_steps(def) {
                self.whole.entry((root, open)).or_insert(id);
            }
        }
    }

    /// The root and the open layers of a stack, without findings.
    fn quiet_parts(&self, unit: UnitId, stack: &Stack) -> Option<(FootingText, Vec<DefId>)> {
        let (first, rest) = stack.parts.split_first()?;
        let text = |reference: &Reference| {
            let place = self.cx.place(unit, reference.span);
            self.cx.sources.text(place).split_whitespace().collect::<String>()
        };
        let root = self.cx.find(unit, &first.path.node)?;
        let onto = stack.onto.as_ref().map(text).unwrap_or_default();
        let open = rest.iter().map(|reference| self.cx.find(unit, &reference.path.node)).collect::<Option<Vec<_>>>()?;
        Some(((root, format!("{}>{onto}", text(first))), open))
    }

    /// The lengths at which a stack's open layers are cut into images of their own: prefixes that several stacks share,
    /// where not all of those go on with the same layer.
    fn shared(&self, root: &FootingText, open: &[DefId]) -> Vec<usize> {
        let count =
            |length: usize| open.get(..length).and_then(|prefix| self.counts.get(&(root.clone(), prefix.to_vec()))).copied().unwrap_or(0);
        (1..=open.len()).filter(|length| count(*length) >= 2 && count(*length) > count(*length + 1)).collect()
    }

    /// Puts the shared prefixes of the open layers of a definition below it; gives what it stands on then and the layers that
    /// are left. A prefix that is the whole of an environment is that environment's image.
    pub(super) fn over_prefixes(&mut self, own: Own<'_>, footing: Footing, open: &[DefId]) -> (Footing, Vec<DefId>) {
        let Some((root, _)) = self.quiet_parts(own.unit, own.stack) else { return (footing, open.to_vec()) };
        let mut footing = footing;
        let base = self.root_of_name(own, &root, &footing);
        let mut from = 0;
        for length in self.shared(&root, open) {
            let (Some(bodies), Some(whole)) = (open.get(from..length), open.get(..length)) else { continue };
            let ground = match self.whole.get(&(root.clone(), whole.to_vec())) {
                Some(environment) if *environment == own.id => break,
                Some(environment) => match self.image(*environment, own.onto) {
                    Some(ground) => ground,
                    None => break,
                },
                None => match self.prefix(&base, &root, &footing, bodies, whole) {
                    Some(node) => Ground::Node(node),
                    None => continue,
                },
            };
            footing = Footing { ground, fixed: Vec::new(), origin: footing.origin };
            from = length;
        }
        (footing, open.get(from..).unwrap_or_default().to_vec())
    }

    /// The image of a shared prefix: `bodies` on what the footing is, which are the last of the open layers `whole`.
    fn prefix(&mut self, base: &str, root: &FootingText, footing: &Footing, bodies: &[DefId], whole: &[DefId]) -> Option<NodeId> {
        let key = (key_of(footing), whole.to_vec());
        if let Some(node) = self.prefixes.get(&key) {
            return Some(*node);
        }
        let def = *bodies.last()?;
        let name = format!("{base}-{}", self.layers_name(root, whole));
        let node = NodeId(self.graph.nodes.len());
        self.graph.nodes.push(Node { name, def, bodies: bodies.to_vec(), footing: footing.clone(), root: None, prefix: true });
        self.prefixes.insert(key, node);
        Some(node)
    }

    /// The open layers of a prefix in its name: the last one, or all of them where a shorter prefix on the same root ends with
    /// it, too.
    fn layers_name(&self, root: &FootingText, whole: &[DefId]) -> String {
        let names: Vec<&str> = whole.iter().filter_map(|id| self.cx.names.get(*id)).map(|def| def.name).collect();
        let taken = self.counts.keys().any(|(other, layers)| {
            other.0 == root.0
                && layers.len() < whole.len()
                && layers.last() == whole.last()
                && self.shared(other, layers).contains(&layers.len())
        });
        if taken { names.join("-") } else { names.last().copied().unwrap_or_default().to_owned() }
    }

    /// The root in the name of a prefix: as the stack names it, whatever images are cut out above it; with `onto`, the image
    /// that the root becomes there.
    fn root_of_name(&self, own: Own<'_>, root: &FootingText, footing: &Footing) -> String {
        let written = own.onto.is_none() && own.stack.onto.is_none();
        match footing.ground {
            Ground::Node(node) if !written => self.graph.nodes.get(node.0).map(|node| node.name.clone()),
            Ground::Base(def) if !written => self.cx.names.get(def).map(|def| def.name.to_owned()),
            _ => self.cx.names.get(root.0).map(|def| def.name.to_owned()),
        }
        .unwrap_or_default()
    }
}
