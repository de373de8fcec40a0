//! Python itself: J0408, a layer that may move the interpreter that everything below was installed for, and J0409, an axis
//! that names another Python than the stack holds.

use super::book::Book;
use super::scene::Scene;
use crate::base::Place;
use crate::check::stack::{Ask, storeys};
use crate::diagnostics::{Change, Diagnostic, Edit, known};
use crate::versions::{Constraint, Op};

/// Whether an ask is about the interpreter of the environment that people are in.
fn is_interpreter(ask: &Ask<'_>) -> bool {
    ask.package.normal == "python" && ask.package.ecosystem == "conda" && ask.package.environment.is_none()
}

/// The axis `python` is the interpreter of the cell, whether its stack reads the axis or not. Says whether the entry is wrong in all
/// cells.
pub(super) fn axis(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> bool {
    if !is_interpreter(scene.ask) || scene.ask.is_open() {
        return false;
    }
    let mut wrong = true;
    for cells in scene.program.by_axis(scene.cells, "python") {
        let Some(cell) = cells.first().copied() else { continue };
        wrong &= interpreter(&Scene { cell, cells: &cells, ..*scene }, book);
    }
    wrong
}

/// Holds an entry for the interpreter against the axis of cells that agree in it.
fn interpreter(scene: &Scene<'_, '_>, book: &mut Book<'_>) -> bool {
    let ask = scene.ask;
    let Some(value) = scene.program[scene.cell].axis("python") else { return false };
    let version = if value.split('.').count() < 3 { format!("{value}.*") } else { value.to_owned() };
    let Ok(set) = ask.package.scheme.set(&Constraint::of(Op::Equal, version)) else { return false };
    let is_wrong = !set.shares_candidate(&ask.set);
    if is_wrong {
        let package = ask.package;
        book.note(&known::PYTHON_AXIS, scene, &[], || {
            let verb = if package.provided { "the image holds" } else { "this asks for" };
            let message = format!("the axis says Python {value}, and {verb} `{} {}`", package.name, package.constraint);
            let finding = Diagnostic::new(&known::PYTHON_AXIS, ask.spot(), message).here("another Python than the cell's");
            let finding = match declaring(scene).filter(|_| package.provided) {
                Some((name, place)) => finding.also(place, format!("`{name}` says which Pythons there are")).help(format!(
                    "leave the axis out of `{name}`, or build on an image of Python {value}: an axis changes no image that exists"
                )),
                None => finding,
            };
            let of_a_layer = (!package.provided).then(|| "or fix the axis where it stands on its root: `from base(python = …)`".to_owned());
            let finding = finding.maybe_help(of_a_layer);
            let edits = package.bounds.map(|place| Change::Edits(vec![Edit { place, text: "{{ python }}.*".to_owned() }]));
            match edits {
                Some(edits) => finding.propose("write `{{ python }}.*`: the Python of the axis", edits),
                None => finding,
            }
        });
    }
    is_wrong
}

/// The lowest image of the program that has the axis, where the image that exists has none.
fn declaring<'p>(scene: &Scene<'_, 'p>) -> Option<(&'p str, Place)> {
    let program = scene.program;
    if program[program.base_of(scene.cell)].axes.iter().any(|point| &*point.axis == "python") {
        return None;
    }
    let lowest = program.downwards(scene.cell).filter(|cell| program[*cell].axis("python").is_some()).last()?;
    let image = &program[program[lowest].image];
    Some((&image.name, image.origin))
}

/// A narrower constraint on Python above packages that were installed for the one below.
pub(super) fn moved(scene: &Scene<'_, '_>, book: &mut Book<'_>) {
    let ask = scene.ask;
    if !is_interpreter(ask) || ask.is_open() {
        return;
    }
    let below = |other: &&Ask<'_>| other.at != ask.at && !other.set.is_within(&ask.set);
    let Some(other) = scene.same().filter(below).last() else { return };
    book.note(&known::PYTHON_MOVED, scene, &[other], || {
        let package = ask.package;
        let there = match (other.known(), other.package.constraint.is_any()) {
            (Some(version), _) => format!("`{}` holds `{version}`", scene.who(other)),
            (None, true) => format!("`{}` allows any Python", scene.who(other)),
            (None, false) => format!("`{}` allows `{}`", scene.who(other), other.package.constraint),
        };
        let elsewhere = if other.package.provided {
            "stand on an image with that Python".to_owned()
        } else {
            format!("ask for it in `{}`", scene.who(other))
        };
        let message = format!("`{} {}` may move the Python that all packages below are installed for", package.name, package.constraint);
        Diagnostic::new(&known::PYTHON_MOVED, ask.spot(), message)
            .here("other than what is there")
            .also(other.spot(), there)
            .on_stack(storeys(scene.program, scene.cell, &[other, ask], ""))
            .help(format!("{elsewhere}, or write `requires {{ python {} }}` here", package.constraint))
    });
}
