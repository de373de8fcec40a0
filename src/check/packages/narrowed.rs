//! J0403: an entry that allows less than what a lower layer asked for, or other than what an existing image holds: the solve
//! may replace files of that layer, which then are in the image twice. With a reason there is nothing to tell.

use super::Scene;
use super::book::Book;
use super::groups::Kind;
use crate::check::stack::Ask;
use crate::diagnostics::known;

const KIND: Kind = Kind {
    code: &known::NARROWED_BELOW,
    message: |upper, lower, what| format!("`{upper}` may move what `{lower}` has installed: {what}"),
    here: "may replace files of a lower layer",
    there: "installed here",
    help: "say why (`because \"…\"`), or ask for it where it is installed first",
    always: false,
};

/// Looks for an ask below that allows more.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    let ask = scene.ask;
    if ask.is_open() || ask.package.because.is_some() || ask.package.provided || ask.package.normal == "python" {
        return;
    }
    let below = || scene.same().filter(|other| other.at != ask.at);
    if below().any(|other| !other.is_open() && other.set.is_subset(&ask.set)) {
        return;
    }
    // What an existing image holds without a version is known too little of.
    let moved = |other: &&Ask<'_>| !other.package.provided || other.known().is_some();
    if let Some(other) = below().filter(moved).last() {
        book.groups.add(KIND, scene, other, || {
            let there = other.known().map(|version| format!(" (there `{version}`)")).unwrap_or_default();
            format!("`{}` to `{}`{there}", ask.package.name, ask.package.constraint)
        });
    }
}
