//! J0406: an entry that asks for what is underneath already and adds nothing to it, in none of the cells it is in.

use super::book::Book;
use super::groups::Kind;
use super::scene::Scene;
use crate::check::stack::Ask;
use crate::diagnostics::known;
use crate::ir::PackageSource;

const KIND: Kind = Kind {
    code: &known::REPEATED_PACKAGE,
    message: |sides, what| format!("`{}` asks again for what `{}` has already: {what}", sides.upper, sides.lower),
    here: "there already",
    there: "from here",
    help: |_| "drop it".to_owned(),
    always: true,
};

/// Says whether the entry adds nothing.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> bool {
    let (ask, package) = (scene.ask, scene.ask.package);
    let plain = package.extras.is_empty() && package.source == PackageSource::Index && package.pin.is_none() && package.because.is_none();
    // A list in a file is written for itself.
    if !plain || package.provided || package.listed.is_some() {
        return false;
    }
    let covers = |other: &&Ask<'_>| {
        // From another index it is another package, even of an equal version.
        other.at != ask.at
            && (package.index.is_none() || package.index == other.package.index)
            && ask.platforms & !other.platforms == 0
            && (ask.is_open() || (!other.package.provided && !other.is_open() && other.set.is_within(&ask.set)))
    };
    let Some(other) = scene.same().filter(covers).last() else { return false };
    book.groups.add(KIND, scene, other, || format!("`{}`", package.name));
    true
}
