//! What a `from` names: the root of a stack with the axes that are fixed on it, and the open layers above.

use super::lost_its_root;
use super::nodes::{Builder, Footing, stack_of};
use crate::analyse::axes;
use crate::analyse::definitions::{DefId, UnitId};
use crate::analyse::scope::Scope;
use crate::diagnostics::{Diagnostic, known};
use crate::syntax::ast::{Keyword, Reference, Stack};

impl Builder<'_, '_> {
    /// The root of a stack and its open layers.
    pub(super) fn footing(&mut self, unit: UnitId, stack: &Stack, onto: Option<&Footing>) -> Option<(Footing, Vec<DefId>)> {
        let (first, rest) = stack.parts.split_first()?;
        let mut open = Vec::new();
        for reference in rest {
            open.push(self.open_layer(unit, reference)?);
        }
        let written_onto = match &stack.onto {
            Some(reference) => Some(self.ground_of(unit, reference, None)?),
            None => None,
        };
        let below = match (&written_onto, onto) {
            (Some(_), Some(outer)) => Some(outer.clone()),
            (Some(inner), None) => Some(inner.clone()),
            (None, outer) => outer.cloned(),
        };
        let footing = self.ground_of(unit, first, below.as_ref())?;
        Some((footing, open))
    }

    /// An image of the program, as an example.
    fn an_image(&self) -> &str {
        let mut images = self.cx.names.all().map(|(_, def)| def);
        images.find(|def| def.node.keyword.node == Keyword::Image && !self.cx.is_standard(def.unit)).map_or("IMAGE", |def| def.name)
    }

    /// What a reference in `from` means: an image, a layer with a root, an environment.
    pub(super) fn ground_of(&mut self, unit: UnitId, reference: &Reference, onto: Option<&Footing>) -> Option<Footing> {
        let kinds = [Keyword::Image, Keyword::Layer, Keyword::Environment];
        let id = self.cx.resolve(unit, &reference.path, &kinds, "a layer, image or environment")?;
        let def = self.cx.names.get(id)?;
        self.used.push(id);
        let place = self.cx.place(unit, reference.span);
        if def.node.keyword.node == Keyword::Layer && stack_of(def).is_none() {
            if lost_its_root(self.cx, def) {
                return None;
            }
            self.cx.report(
                Diagnostic::new(&known::NO_ROOT, place, format!("`{}` is an open layer: it has no root of its own", def.name))
                    .here("the first of a stack must be an image, or stand on one")
                    .also(self.cx.place_of(def), "defined without `from`")
                    .help(format!("write the image that it goes on: `from {} / {}`", self.an_image(), reference.path.node)),
            );
            return None;
        }
        let mut fixed = axes::fixed(self.cx, &Scope::new(unit), reference);
        let ground = self.image(id, onto)?;
        if let (Keyword::Image, Some(onto)) = (def.node.keyword.node, onto) {
            fixed.clone_from(&onto.fixed);
        }
        Some(Footing { ground, fixed, origin: place })
    }

    fn open_layer(&mut self, unit: UnitId, reference: &Reference) -> Option<DefId> {
        let id = self.cx.resolve(unit, &reference.path, &[Keyword::Layer], "an open layer")?;
        let def = self.cx.names.get(id)?;
        self.used.push(id);
        let place = self.cx.place(unit, reference.span);
        if let Some(stack) = stack_of(def) {
            self.cx.report(
                Diagnostic::new(
                    &known::WRONG_KIND,
                    place,
                    format!("`{}` has a root of its own, so it can't be stacked on another", def.name),
                )
                .here("an open layer belongs here")
                .also(self.cx.place(def.unit, stack.span), "it stands on this")
                .help(format!("begin the stack with it, or put it on another root: `from {} onto …`", reference.path.node)),
            );
            return None;
        }
        if let Some(argument) = reference.arguments.iter().flatten().next() {
            self.cx.report(
                Diagnostic::new(
                    &known::UNEXPECTED_PART,
                    self.cx.place(unit, argument.value.span()),
                    format!("the open layer `{}` takes no arguments", def.name),
                )
                .help("fix an axis on the root, or use a fragment for steps with parameters"),
            );
        }
        Some(id)
    }
}
