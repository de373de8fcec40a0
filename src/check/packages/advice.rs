//! The words and the ways out that several rules share. A proposal is an edit that is tried before it is offered.

use super::Scene;
use crate::base::Place;
use crate::check::stack::Ask;
use crate::diagnostics::{Change, Diagnostic, Edit};
use crate::ir::{AxisPoint, Cell, CellId, Program};
use crate::versions::{Bound, Constraint, Op};

/// How many things a message names.
const NAMED: usize = 6;

/// What a label says of a side: ``asked for by `wdf` ``, ``what `scipy` holds``.
pub(super) fn side<'p>(scene: &Scene<'_, 'p>, ask: &Ask<'p>) -> String {
    let who = scene.who(ask);
    if ask.package.bounds.is_none() && !ask.is_open() && !ask.package.provided {
        return format!("`{who}` asks for `{} {}` in it", ask.package.name, ask.package.constraint);
    }
    match (ask.package.provided, &ask.package.pin) {
        (true, _) => format!("what `{who}` holds"),
        (false, Some(_)) => format!("`{who}` pins it"),
        (false, None) => format!("`{who}` asks for this"),
    }
}

/// A constraint in backticks.
pub(super) fn quoted(ask: &Ask<'_>) -> String {
    format!("`{}`", ask.package.constraint)
}

/// `a and b`, `a, b and c`.
pub(super) fn join_in_words(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => one.clone(),
        all if all.len() > NAMED => format!("{} and {} more", all.get(..NAMED).unwrap_or_default().join(", "), all.len() - NAMED),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Takes the cells that a finding hits out of their definition, where others are left: ``exclude { python = 3.12 }``.
pub(super) fn exclude(program: &Program, hit: &[CellId], finding: Diagnostic) -> Diagnostic {
    let Some(image) = hit.first().map(|cell| &program[program[*cell].image]) else { return finding };
    let all = &image.cells;
    if hit.len() >= all.len() || !hit.iter().all(|cell| all.contains(cell)) {
        return finding;
    }
    let Some(point) = common_point(program, all, hit) else { return finding };
    let rule = format!("exclude {{ {point} }}");
    let why: String = finding.message.chars().filter(|c| !matches!(c, '`' | '"' | '\\' | '{' | '}')).collect();
    let change = Change::Statement { definition: image.origin, text: format!("{rule} because \"{why}\"") };
    finding.propose(format!("write `{rule} because \"…\"` in `{}`", image.name), change)
}

/// The fewest values of axes that only the cells hit have together: `python = 3.12, variant = cuda`.
fn common_point(program: &Program, all: &[CellId], hit: &[CellId]) -> Option<String> {
    let first: &Cell = &program[*hit.first()?];
    let shared: Vec<_> = first.axes.iter().filter(|point| hit.iter().all(|cell| program[*cell].axes.contains(point))).collect();
    let only_hit = |points: &[&&AxisPoint]| {
        let fits = |cell: &&CellId| points.iter().all(|point| program[**cell].axes.contains(point));
        all.iter().filter(fits).count() == hit.len()
    };
    let written = |points: &[&&AxisPoint]| {
        let all: Vec<_> = points.iter().map(|point| format!("{} = {}", point.axis, point.value)).collect();
        all.join(", ")
    };
    let alone = shared.iter().map(|point| vec![point]);
    let pairs = shared.iter().enumerate().flat_map(|(at, one)| shared.iter().skip(at + 1).map(move |other| vec![one, other]));
    let mut points = alone.chain(pairs).chain([shared.iter().collect()]);
    points.find(|points| !points.is_empty() && only_hit(points)).map(|points| written(&points))
}

/// The ways out of sides that no version fulfils together.
pub(super) fn propose(scene: &Scene<'_, '_>, sides: &[&Ask<'_>], mut finding: Diagnostic) -> Diagnostic {
    let package = scene.ask.package;
    if package.bounds.is_none() && !package.provided {
        // The entry is a line of a file in another format.
        let (manager, name) = (&package.manager, &package.name);
        finding = finding.help(format!("change its line, or write `{manager} file … {{ {name} override because \"…\" }}`"));
    }
    finding = drop_bound(scene.ask, finding);
    for other in sides.iter().filter(|other| !other.package.provided && other.package.origin != scene.ask.package.origin) {
        finding = widen(scene, other, finding);
    }
    override_it(scene.ask, finding)
}

/// The ways out where the other side stays as it is.
pub(super) fn propose_for_pin(scene: &Scene<'_, '_>, finding: Diagnostic) -> Diagnostic {
    drop_bound(scene.ask, finding)
}

fn drop_bound(ask: &Ask<'_>, finding: Diagnostic) -> Diagnostic {
    let package = ask.package;
    match package.bounds {
        Some(place) if !package.provided => {
            finding.propose(format!("drop `{}` here", package.constraint), Change::Edits(vec![Edit { place, text: String::new() }]))
        }
        _ => finding,
    }
}

/// Widens the other side so that it allows this one, too.
fn widen(scene: &Scene<'_, '_>, other: &Ask<'_>, finding: Diagnostic) -> Diagnostic {
    let (Some(place), Some(wide)) = (other.package.bounds, hull(other, scene.ask)) else { return finding };
    let (who, here) = (scene.who(other), scene.who(scene.ask));
    let there = if who == here { "at the other place".to_owned() } else { format!("in `{who}`") };
    if wide.is_any() {
        return finding
            .propose(format!("drop `{}` {there}", other.package.constraint), Change::Edits(vec![Edit { place, text: String::new() }]));
    }
    finding.propose(format!("write `{} {wide}` {there}", other.package.name), Change::Edits(vec![Edit { place, text: wide.to_string() }]))
}

/// The smallest single range that holds both.
fn hull(one: &Ask<'_>, other: &Ask<'_>) -> Option<Constraint> {
    let scheme = one.package.scheme;
    let mut bounds = Vec::new();
    if let (Some(a), Some(b)) = (one.set.lower(), other.set.lower()) {
        let (version, included) = if scheme.compare(a.0, b.0).ok()?.is_le() { a } else { b };
        bounds.push(Bound { op: if included { Op::GreaterEqual } else { Op::Greater }, version: version.to_owned(), build: None });
    }
    if let (Some(a), Some(b)) = (one.set.upper(), other.set.upper()) {
        let (version, included) = if scheme.compare(a.0, b.0).ok()?.is_ge() { a } else { b };
        bounds.push(Bound { op: if included { Op::LessEqual } else { Op::Less }, version: version.to_owned(), build: None });
    }
    let wide = Constraint { alternatives: if bounds.is_empty() { Vec::new() } else { vec![bounds] } };
    let set = scheme.set(&wide).ok()?;
    (one.set.is_subset(&set) && other.set.is_subset(&set)).then_some(wide)
}

/// Says that this side is meant.
fn override_it(ask: &Ask<'_>, finding: Diagnostic) -> Diagnostic {
    let package = ask.package;
    let Some(bounds) = package.bounds.filter(|_| !package.provided) else { return finding };
    let place = Place::new(bounds.file, bounds.span.after());
    match &package.because {
        Some(_) => finding.propose(
            "write `override` before its reason, if it is meant",
            Change::Edits(vec![Edit { place, text: " override".to_owned() }]),
        ),
        None => finding.propose(
            "write `override because \"…\"` behind it, if it is meant",
            Change::Edits(vec![Edit { place, text: " override because \"say why\"".to_owned() }]),
        ),
    }
}
