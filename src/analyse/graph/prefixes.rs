//! Open layers that several stacks begin with become an image of their own, which those stacks share.

use super::{Builder, Footing, FootingText, Ground, Node, NodeId, key_of, stack_of};
use crate::analyse::context::{DefId, UnitId};
use crate::syntax::ast::{Keyword, Reference, Stack};

impl Builder<'_, '_> {
    /// Counts how many stacks of the program begin with the same root and the same open layers.
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

    /// Puts the shared prefixes of a stack's open layers below it; gives what it stands on then and the layers that are left.
    pub(super) fn over_prefixes(&mut self, unit: UnitId, stack: &Stack, footing: Footing, open: &[DefId]) -> (Footing, Vec<DefId>) {
        let Some((root, _)) = self.quiet_parts(unit, stack) else { return (footing, open.to_vec()) };
        let mut footing = footing;
        let mut from = 0;
        for length in self.shared(&root, open) {
            let (Some(bodies), Some(whole)) = (open.get(from..length), open.get(..length)) else { continue };
            let key = (key_of(&footing), whole.to_vec());
            let node = if let Some(node) = self.prefixes.get(&key) {
                *node
            } else {
                let Some(last) = bodies.last().and_then(|id| self.cx.names.get(*id).map(|def| (*id, def.name))) else { continue };
                let base = self.ground_name(footing.ground);
                let node = NodeId(self.graph.nodes.len());
                let name = format!("{base}-{}", last.1);
                self.graph.nodes.push(Node {
                    name,
                    def: last.0,
                    bodies: bodies.to_vec(),
                    footing: footing.clone(),
                    root: None,
                    prefix: true,
                });
                self.prefixes.insert(key, node);
                node
            };
            footing = Footing { ground: Ground::Node(node), fixed: Vec::new(), origin: footing.origin };
            from = length;
        }
        (footing, open.get(from..).unwrap_or_default().to_vec())
    }

    /// The name of a ground in the name of a prefix: that of the definition at its root.
    fn ground_name(&self, ground: Ground) -> String {
        match ground {
            Ground::Base(def) => self.cx.names.get(def).map_or_else(String::new, |def| def.name.to_owned()),
            Ground::Node(id) => match self.graph.nodes.get(id.0) {
                Some(node) if node.prefix => self.ground_name(node.footing.ground),
                Some(node) => node.name.clone(),
                None => String::new(),
            },
        }
    }
}
