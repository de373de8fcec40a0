//! The images that files and tools are taken from.

use super::walk::Walk;
use crate::analyse::context::Context;
use crate::analyse::parts::Parts;
use crate::analyse::scope::Scope;
use crate::analyse::{axes, cells, references};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{AxisPoint, ImageRef, Parent};
use crate::syntax::ast::{Keyword, Part, Reference, Text, Value};

impl<'a> Walk<'_, 'a> {
    /// The image after `from`: a definition of one of `kinds`, or a reference in quotes.
    pub(super) fn taken_from(&mut self, scope: &Scope<'_>, parts: &mut Parts<'_, 'a>, kinds: &[Keyword]) -> Option<ImageRef> {
        if let Some(Part::Value(Value::Text(text))) = parts.peek() {
            parts.next();
            return external(self.cx, scope, text);
        }
        let reference = parts.reference("an image")?;
        self.defined(scope, &reference, kinds)
    }

    /// The image that a reference means at this cell: of the points that its arguments leave, the one with the same axes.
    fn defined(&mut self, scope: &Scope<'_>, reference: &Reference, kinds: &[Keyword]) -> Option<ImageRef> {
        let path = &reference.path;
        let id = self.cx.resolve(scope.unit, path, kinds, "an image")?;
        let def = self.cx.names.get(id)?;
        let info = if def.node.keyword.node == Keyword::Image {
            self.existing.info(self.cx, id)
        } else {
            let found = self.job.infos.iter().find(|info| info.def == Some(id)).cloned();
            // What could not be built has an error of its own.
            if found.is_none() && !self.cx.has_errors() {
                let place = self.place(scope, path.span);
                self.cx.report(
                    Diagnostic::new(&known::WRONG_KIND, place, format!("`{}` is not built before this image", path.node))
                        .here("files can only come from an image that is there already")
                        .also(self.cx.place_of(def), "defined here")
                        .help("let it stand on nothing that needs this image, and define it above"),
                );
            }
            found?
        };
        let fixed = axes::fixed(self.cx, scope, reference);
        let points = cells::fixed(self.cx, &fixed, self.place(scope, reference.span), &info)?;
        let same = |point: &AxisPoint| self.job.axes.value(&point.axis) == Some(&*point.value);
        let best = points.into_iter().max_by_key(|(at, _, axes)| {
            let fits = axes.iter().filter(|point| same(point)).count();
            (fits, *at == info.default, usize::MAX - at)
        });
        Some(match best?.1 {
            Parent::Base(base) => ImageRef::Base(base),
            Parent::Cell(cell) => ImageRef::Cell(cell),
        })
    }
}

/// A reference to an image that is no definition: `"mambaorg/micromamba:2.8.1@sha256:…"`.
fn external(cx: &Context<'_>, scope: &Scope<'_>, text: &Text) -> Option<ImageRef> {
    let written = scope.text(cx, text)?;
    if let Err(problem) = references::parse(&written) {
        let message = format!("`{written}` is no image reference: {problem}");
        cx.report(Diagnostic::new(&known::BAD_REFERENCE, cx.place(scope.unit, text.span), message));
        return None;
    }
    Some(ImageRef::Reference(written))
}
