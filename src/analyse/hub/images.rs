//! `image = …` of an entry or a choice: a reference as it is, or the name of something in the program.

use super::draft::Reader;
use crate::analyse::cells::{Built, Offer};
use crate::analyse::context::Context;
use crate::analyse::definitions::Def;
use crate::analyse::scope::Scope;
use crate::analyse::typed;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Severity, known};
use crate::ir::{Located, MenuImage, MenuOption, Parent, Profile};
use crate::syntax::ast::Value;

/// The image that a value names; of several cells the default one.
pub(super) fn read(reader: &Reader<'_, '_>, scope: &Scope<'_>, tree: &Value) -> Option<Located<MenuImage>> {
    let place = reader.cx.place(scope.unit, tree.span());
    let image = match named(reader.built, place) {
        Some(offer) => of(offer.cells.iter().find(|cell| cell.default)?.parent),
        None if is_name(reader, scope, tree) => return None,
        None => MenuImage::Reference(typed::text(reader.cx, scope, "image", tree)?),
    };
    Some(Located::new(image, place))
}

/// The cells behind a name at this place.
pub(super) fn named<'b, 'a>(built: &'b Built<'a>, place: Place) -> Option<&'b Offer<'a>> {
    built.named.iter().find(|(at, _)| *at == place).map(|(_, offer)| offer)
}

/// Whether a value is the name of a definition: if it stands for nothing, the stacks have said so.
fn is_name(reader: &Reader<'_, '_>, scope: &Scope<'_>, tree: &Value) -> bool {
    matches!(tree, Value::Reference(reference) if scope.lookup(reader.cx, &reference.path.node).is_none())
}

/// An image of the program or an existing one.
pub(super) fn of(parent: Parent) -> MenuImage {
    match parent {
        Parent::Cell(cell) => MenuImage::Cell(cell),
        Parent::Base(base) => MenuImage::Base(base),
    }
}

/// An entry that leaves the image to the hub starts whatever its chart has, which is seldom meant.
pub(super) fn none(cx: &Context<'_>, def: Def<'_>, entry: &Profile) {
    let whole = cx.place(def.unit, def.node.span);
    let typed = |option: &MenuOption| option.builds.is_some() || option.unlisted.as_ref().is_some_and(|free| free.image);
    if entry.image.is_some() || entry.options.iter().any(|option| option.brings_images() || typed(option)) || cx.has_reported("J0", whole) {
        return;
    }
    let place = cx.place_of(def);
    let mut finding = Diagnostic::new(&known::MISSING_FIELD, place, format!("the profile `{}` names no image", def.name))
        .here("starts `singleuser.image` of the hub's chart")
        .help("add `image = NAME` with an image or an environment of the program, or a reference in quotes");
    finding.severity = Severity::Warning;
    cx.report(finding.help("write `allow missing-field because \"…\"` where the hub's own image is meant"));
}
