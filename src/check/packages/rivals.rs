//! J0419: packages of one manager that write the same files: `opencv-python` and `opencv-python-headless`.
//!
//! Which these are is said by `src/requirements/names.txt` and the project's `same`. conda's packages of one row are parts of one release,
//! which it installs side by side.

use super::advice::side;
use super::book::Book;
use super::scene::Scene;
use crate::check::stack::{Ask, are_joined, same_prefix, storeys};
use crate::diagnostics::{Diagnostic, known};

/// Looks for a package of another name that has the same files.
pub(super) fn rule(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    let ask = scene.ask;
    let is_rival = |other: &&Ask<'_>| {
        let (one, two) = (ask.package, other.package);
        one.normal != two.normal && same_prefix(ask, other) && are_joined(&scene.program.project, one, two)
    };
    if ask.package.ecosystem != "pypi" || ask.package.provided {
        return;
    }
    let Some(other) = scene.beside().filter(is_rival).last() else { return };
    book.note(&known::RIVAL_PACKAGES, scene, &[other], || finding(scene, other));
}

fn finding(scene: &Scene<'_, '_>, other: &Ask<'_>) -> Diagnostic {
    let (upper, lower) = (&scene.ask.package.name, &other.package.name);
    let message = format!("`{upper}` writes over the files of `{lower}`, which `{}` has installed", scene.who(other));
    let finding = Diagnostic::new(&known::RIVAL_PACKAGES, scene.ask.spot(), message).here("the same modules");
    let finding = if other.package.origin == scene.ask.package.origin { finding } else { finding.also(other.spot(), side(scene, other)) };
    finding.on_stack(storeys(scene.program, scene.cell, &[other, scene.ask], "both are installed")).help(format!(
        "ask for `{lower}` or for `{upper}` in all layers of the stack; with both, which files are there is a matter of order"
    ))
}
