//! `requires { python >=3.10 }`: the interpreter against the axis `python`, or what the stack knows of it.

use super::below::Below;
use super::verdict::{Reason, Verdict};
use crate::base::Place;
use crate::check::stack::in_python;
use crate::versions::{Bound, Constraint, Op, Scheme, VersionSet};

/// What is known of the interpreter.
struct Known {
    set: VersionSet,
    /// As a reader would say it.
    shown: String,
    /// Where it is said, if not by the axis.
    place: Option<Place>,
}

/// The interpreter of the cell.
pub(super) fn python(below: &Below<'_>, wanted: &Constraint) -> Verdict {
    let Ok(wanted_set) = Scheme::Pep440.set(wanted) else { return Verdict::Met };
    let Some(known) = known(below) else {
        return Verdict::Open(Reason {
            said: "nothing says which Python is underneath".to_owned(),
            here: "not decided".to_owned(),
            other: Some((below.base.origin, "what it provides holds no `python`".to_owned())),
            help: format!("say it in `{}`: `provides {{ conda {{ python 3.12.* }} }}`", below.base.name),
        });
    };
    if known.set.is_within(&wanted_set) {
        return Verdict::Met;
    }
    let other = known.place.map(|place| (place, format!("Python `{}`", known.shown)));
    if !known.set.shares_candidate(&wanted_set) {
        return Verdict::Unmet(Reason {
            said: format!("stands on Python `{}`", known.shown),
            here: "not met".to_owned(),
            other,
            help: "take another Python, or `exclude` these cells and say `because`".to_owned(),
        });
    }
    Verdict::Open(Reason {
        said: format!("all that is known is Python `{}`", known.shown),
        here: "some of these versions fulfil it, others do not".to_owned(),
        other,
        help: "require no more than the axis says, or say the version more exactly below".to_owned(),
    })
}

/// What the axis says, else all that the stack says of `python`.
fn known(below: &Below<'_>) -> Option<Known> {
    if let Some(version) = below.cell.axis("python") {
        let shown = format!("{version}.*");
        let bound = Bound { op: Op::Equal, version: shown.clone(), build: None };
        let set = in_python(Scheme::Conda, &Constraint { alternatives: vec![vec![bound]] })?;
        return Some(Known { set, shown, place: None });
    }
    let mut known: Option<Known> = None;
    let pythons = below.packages().filter(|package| package.normal == "python" && package.environment.is_none());
    for package in pythons.filter(|package| !package.constraint.alternatives.is_empty()) {
        let Some(set) = in_python(package.scheme, &package.constraint) else { continue };
        let set = known.as_ref().map_or_else(|| set.clone(), |known| known.set.intersect(&set));
        known = Some(Known { set, shown: package.constraint.to_string(), place: Some(package.origin) });
    }
    // Where the stack contradicts itself, that has a finding of its own.
    known.filter(|known| !known.set.is_empty())
}
