//! The words and the ways out that several rules share. A proposal is an edit that is tried before it is offered.

use super::scene::Scene;
use crate::base::Place;
use crate::check::stack::{Ask, same_prefix};
use crate::diagnostics::{Change, Diagnostic, Edit, Proposal};
use crate::ir::{AxisPoint, Cell, CellId, Package, Program, Wanted};
use crate::versions::{Bound, Constraint, Op, Scheme};

/// How many things a message names.
const NAMED: usize = 6;

/// How many ways out come before one that leaves cells out: one version on both sides, and an `override`.
const BEFORE_EXCLUDE: usize = 3;

/// What a label says of a side: `` `wdf` asks for this``, ``what `scipy` holds on `linux/arm64` ``.
pub(super) fn side<'p>(scene: &Scene<'_, 'p>, ask: &Ask<'p>) -> String {
    let who = scene.who(ask);
    let says = match (ask.package.provided, &ask.package.pin) {
        _ if ask.package.listed.is_some() => format!("`{who}` reads this list"),
        (true, _) => format!("what `{who}` holds"),
        (false, Some(_)) => format!("`{who}` pins it"),
        (false, None) => format!("`{who}` asks for this"),
    };
    match ask.only(scene.platforms) {
        Some(platforms) => format!("{says} on {}", join_in_words(&platforms)),
        None => says,
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
    let mut finding = finding;
    let proposal = Proposal { title: format!("write `{rule} because \"…\"` in `{}`", image.name), change };
    finding.proposals.insert(finding.proposals.len().min(BEFORE_EXCLUDE), proposal);
    finding
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

/// The ways out of sides that no version fulfils together, in the order in which a maintainer would choose: both on one
/// version, an `override` with its reason, and last that a side asks for less.
pub(super) fn propose(scene: &Scene<'_, '_>, sides: &[&Ask<'_>], mut finding: Diagnostic) -> Diagnostic {
    let package = scene.ask.package;
    let pinned = scene.beside().any(|other| other.pin.is_some() && same_prefix(scene.ask, other));
    if package.listed.is_some() && !pinned {
        let (manager, name) = (&package.manager, &package.name);
        finding = finding.help(format!("change its line, or write `{manager} file … {{ {name} override because \"…\" }}`"));
    }
    if let [other] = sides
        && !other.package.provided
        && other.package.scheme == package.scheme
    {
        let is_same = other.is_same_package(scene.ask);
        let of = |package: &Package| if is_same { package.constraint.to_string() } else { of_any_build(package).to_string() };
        finding = write(other, &of(package), &at(scene, other), finding);
        finding = write(scene.ask, &of(other.package), "here", finding);
    }
    if !pinned {
        finding = override_it(scene.ask, finding);
    }
    for other in sides.iter().filter(|other| !other.package.provided && other.package.origin != package.origin) {
        finding = widen(scene, other, finding);
    }
    write(scene.ask, "", "here", finding)
}

/// What is asked of a package, whatever its build: parts of one release have its version, and builds of their own.
pub(super) fn of_any_build(package: &Package) -> Constraint {
    let mut constraint = package.constraint.clone();
    constraint.alternatives.iter_mut().flatten().for_each(|bound| bound.build = None);
    constraint
}

/// The ways out where the other side stays as it is: its version here, or none.
pub(super) fn propose_for_pin(scene: &Scene<'_, '_>, pin: &Ask<'_>, mut finding: Diagnostic) -> Diagnostic {
    if let Some([bounds]) = pin.package.pin.as_ref().map(|pin| pin.alternatives.as_slice())
        && let [Bound { op: op @ (Op::Equal | Op::Bare | Op::Fuzzy), version, build: None }] = bounds.as_slice()
    {
        let star = if *op == Op::Fuzzy { ".*" } else { "" };
        finding = write(scene.ask, &format!("=={version}{star}"), "here", finding);
    }
    write(scene.ask, "", "here", finding)
}

/// Another constraint in the place of a side's; none drops it.
fn write(ask: &Ask<'_>, constraint: &str, there: &str, finding: Diagnostic) -> Diagnostic {
    let Wanted { name, provided, constraint: written, .. } = &**ask.package;
    let Some(place) = ask.package.bounds.filter(|_| !provided) else { return finding };
    let title = match constraint {
        "" => format!("drop `{written}` {there}"),
        constraint => format!("write `{name} {constraint}` {there}"),
    };
    finding.propose(title, Change::Edits(vec![Edit { place, text: constraint.to_owned() }]))
}

/// Where the other side is, in words.
fn at(scene: &Scene<'_, '_>, other: &Ask<'_>) -> String {
    let who = scene.who(other);
    if who == scene.who(scene.ask) { "at the other place".to_owned() } else { format!("in `{who}`") }
}

/// Widens the other side so that it allows this one, too, where its manager takes a range.
fn widen(scene: &Scene<'_, '_>, other: &Ask<'_>, finding: Diagnostic) -> Diagnostic {
    if matches!(other.package.scheme, Scheme::Debian | Scheme::Rpm | Scheme::R) {
        return finding;
    }
    let Some(wide) = hull(other, scene.ask) else { return finding };
    write(other, &wide.to_string(), &at(scene, other), finding)
}

/// The smallest single range that holds both.
fn hull(one: &Ask<'_>, other: &Ask<'_>) -> Option<Constraint> {
    let scheme = one.package.scheme;
    if other.package.scheme != scheme {
        return None;
    }
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
        Some(_) => finding.propose("write `override` before its reason", Change::Edits(vec![Edit { place, text: " override".to_owned() }])),
        None => finding.propose(
            "write `override because \"…\"` behind it",
            Change::Edits(vec![Edit { place, text: " override because \"say why\"".to_owned() }]),
        ),
    }
}
