//! `requires { pip { numpy >=2 } }`: a package against what the stack asks for and is known to hold.

use super::below::Below;
use super::{Reason, Verdict};
use crate::ir::Package;
use crate::versions::{Bound, Constraint, Op, Scheme, VersionSet};

/// A package underneath.
pub(super) fn package(below: &Below<'_>, wanted: &Package) -> Verdict {
    let found: Vec<&Package> = below.packages().filter(|package| same(package, wanted)).collect();
    let Some(last) = found.last() else {
        return Verdict::Open(Reason {
            said: "nothing underneath is known to hold it".to_owned(),
            here: "not decided".to_owned(),
            other: None,
            help: format!("install it below, or say in `provides` of `{}` that it is there", below.base.name),
        });
    };
    let mut decided = wanted.constraint.alternatives.is_empty();
    for package in &found {
        let Some((has, wants)) = sets(package, wanted) else { continue };
        if has.is_disjoint(&wants) && !has.is_empty() && !wants.is_empty() {
            return Verdict::Unmet(Reason {
                said: format!("`{}` is underneath", shown(package)),
                here: "not met".to_owned(),
                other: Some((package.origin, if package.provided { "known to be there" } else { "asked for here" }.to_owned())),
                help: "change one of the two".to_owned(),
            });
        }
        decided |= has.is_subset(&wants);
    }
    if decided {
        return Verdict::Met;
    }
    Verdict::Open(Reason {
        said: format!("all that is known is `{}`", shown(last)),
        here: "some of these versions fulfil it, others do not".to_owned(),
        other: Some((last.origin, "underneath".to_owned())),
        help: "bind the version below, where it is installed".to_owned(),
    })
}

/// `numpy >=2`.
fn shown(package: &Package) -> String {
    format!("{} {}", package.name, package.constraint).trim_end().to_owned()
}

/// Whether two packages are the same one. A name means the same software on `PyPI` and conda.
fn same(package: &Package, wanted: &Package) -> bool {
    let python = |package: &Package| matches!(package.ecosystem.as_str(), "pypi" | "conda");
    let name = |package: &Package| Scheme::Pep440.normalize_name(&package.normal);
    if package.ecosystem == wanted.ecosystem {
        return package.normal == wanted.normal;
    }
    python(package) && python(wanted) && name(package) == name(wanted)
}

/// The versions of both in one scheme.
fn sets(package: &Package, wanted: &Package) -> Option<(VersionSet, VersionSet)> {
    if package.scheme == wanted.scheme && !matches!(package.scheme, Scheme::Pep440 | Scheme::Conda) {
        return Some((package.scheme.set(&package.constraint).ok()?, wanted.scheme.set(&wanted.constraint).ok()?));
    }
    let set = |package: &Package| readable(&package.constraint).and_then(|constraint| Scheme::Pep440.set(&constraint).ok());
    match (set(package), set(wanted)) {
        (Some(package), Some(wanted)) => Some((package, wanted)),
        _ if package.scheme == wanted.scheme => {
            Some((package.scheme.set(&package.constraint).ok()?, wanted.scheme.set(&wanted.constraint).ok()?))
        }
        _ => None,
    }
}

/// A constraint of conda's as Python's versions take it; `None` where it asks for a build. A pattern is taken to begin with
/// the release: nobody means the pre-releases of 3.8 by `3.8.*`.
pub(super) fn readable(constraint: &Constraint) -> Option<Constraint> {
    let mut constraint = constraint.clone();
    for bounds in &mut constraint.alternatives {
        let mut releases = Vec::new();
        for bound in bounds.iter_mut() {
            if bound.build.is_some() {
                return None;
            }
            if bound.op == Op::Fuzzy {
                bound.op = Op::Equal;
                if !bound.version.ends_with('*') {
                    bound.version.push_str(".*");
                }
            }
            if let (Op::Equal | Op::Bare, Some(release)) = (bound.op, bound.version.strip_suffix(".*")) {
                releases.push(Bound { op: Op::GreaterEqual, version: release.to_owned(), build: None });
            }
        }
        bounds.append(&mut releases);
    }
    Some(constraint)
}
