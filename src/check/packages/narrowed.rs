//! J0403: an entry that allows less than what a lower layer asked for, or other than what an existing image holds: the solve
//! may replace files of that layer, which then are in the image twice. With a reason there is nothing to tell.

use super::book::Book;
use super::groups::Kind;
use super::scene::Scene;
use crate::check::locked::versions;
use crate::check::stack::Ask;
use crate::diagnostics::known;
use crate::ir::{CellId, Lockable, PackageSource, Parent, Platform};

const KIND: Kind = Kind {
    code: &known::NARROWED_BELOW,
    message: |sides, what| format!("`{}` may move what `{}` has installed: {what}", sides.upper, sides.lower),
    here: "may replace files of a lower layer",
    there: "installed here",
    help: |_| "say why (`because \"…\"`), or ask for it where it is installed first".to_owned(),
    always: false,
};

/// Looks for an ask below that allows more.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    let ask = scene.ask;
    let resolved = match &ask.package.source {
        PackageSource::Resolved(command) => Some(command),
        _ => None,
    };
    let locked = ask.package.listed.is_some_and(|listed| listed.locked);
    if locked
        || (ask.is_open() && resolved.is_none())
        || ask.package.because.is_some()
        || ask.package.provided
        || ask.package.normal == "python"
    {
        return;
    }
    let below = || scene.same().filter(|other| other.at != ask.at);
    if resolved.is_none() && below().any(|other| !other.is_open() && other.set.is_within(&ask.set)) {
        return;
    }
    if holds_already(scene) {
        return;
    }
    // What an existing image holds without a version is known too little of.
    let moved = |other: &&Ask<'_>| !other.package.provided || other.known().is_some();
    if let Some(other) = below().filter(moved).last() {
        book.groups.add(KIND, scene, other, || {
            let there = other.known().map(|version| format!(" (there `{version}`)")).unwrap_or_default();
            let name = &ask.package.name;
            match resolved {
                Some(command) => format!("`{name}` to what `{command}` prints"),
                None => format!("`{name}` to `{}`{there}", ask.package.constraint),
            }
        });
    }
}

/// Whether what is below is installed from a lock, in a version that the entry allows.
fn holds_already(scene: &Scene<'_, '_>) -> bool {
    let program = scene.program;
    let ask = scene.ask;
    let name = &ask.package.normal;
    let Some(lockable) = Lockable::ALL.into_iter().find(|one| ask.package.ecosystem == one.as_str()) else { return false };
    let is_locked = |cell: &CellId| {
        let Parent::Cell(parent) = program[*cell].parent else { return false };
        let below = versions(program, parent, name, lockable);
        let fits = |(_, image, version): &(Platform, &str, &str)| {
            program.images.iter().any(|one| one.locked && one.name == **image) && ask.set.contains(version).unwrap_or(false)
        };
        below.len() == program[*cell].platforms.len() && below.iter().all(fits)
    };
    scene.cells.iter().all(is_locked)
}
