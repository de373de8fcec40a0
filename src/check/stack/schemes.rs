//! Packages of two managers held against each other: whether they share an environment, and in which scheme both can be
//! read.

use super::ask::Ask;
use crate::ir::Package;
use crate::versions::{Bound, Constraint, Op, Scheme, VersionSet};

/// Whether the two are installed into one environment, so that there can be only one of them. The packages of the
/// operating system are in no environment of conda's; its Python is where `pip system` installs to.
pub(crate) fn same_prefix(one: &Ask<'_>, other: &Ask<'_>) -> bool {
    prefix(one) == prefix(other)
}

fn prefix<'a>(ask: &'a Ask<'_>) -> Option<&'a str> {
    match ask.package.ecosystem.as_str() {
        "apt" | "rpm" => Some("system"),
        _ => ask.package.environment.as_deref(),
    }
}

/// The versions of an ask in Python's scheme.
pub(crate) fn as_python(ask: &Ask<'_>) -> Option<VersionSet> {
    if ask.package.scheme == Scheme::Pep440 {
        return Some((*ask.set).clone());
    }
    in_python(ask.package.scheme, &ask.package.constraint)
}

/// What nothing above an ask may leave, in Python's scheme.
pub(crate) fn pin_as_python(ask: &Ask<'_>) -> Option<VersionSet> {
    in_python(ask.package.scheme, ask.package.pin.as_ref()?)
}

/// What two packages allow, in their own scheme where they share one, else in Python's; `None` where one can't be read so.
pub(crate) fn in_one_scheme(one: &Package, other: &Package) -> Option<(VersionSet, VersionSet)> {
    if one.scheme == other.scheme {
        return Some((one.versions(&one.constraint).ok()?, other.versions(&other.constraint).ok()?));
    }
    Some((in_python(one.scheme, &one.constraint)?, in_python(other.scheme, &other.constraint)?))
}

/// The versions of a constraint in Python's scheme, which reads what the others write in all but odd cases; `None` in those.
/// Builds are left out.
pub(crate) fn in_python(scheme: Scheme, constraint: &Constraint) -> Option<VersionSet> {
    if scheme == Scheme::Pep440 {
        return scheme.set(constraint).ok();
    }
    let alternatives = constraint.alternatives.iter().map(|bounds| bounds.iter().map(|one| bound(scheme, one)).collect()).collect();
    let set = Scheme::Pep440.set(&Constraint { alternatives }).ok()?;
    Some(if scheme == Scheme::Conda && !constraint.is_any() { set.of_channel(constraint) } else { set })
}

/// One bound in Python's scheme.
fn bound(scheme: Scheme, bound: &Bound) -> Bound {
    let version = upstream(scheme, &bound.version);
    let (op, version) = match (bound.op, &bound.build) {
        (Op::Fuzzy, Some(_)) => (Op::Equal, version.to_owned()),
        (Op::Fuzzy, None) => (Op::Equal, format!("{}.*", version.trim_end_matches(".*"))),
        (op, _) => (op, version.to_owned()),
    };
    Bound { op, version, build: None }
}

/// The version that the authors of a package gave it: without the epoch and the revision of a distribution.
fn upstream(scheme: Scheme, version: &str) -> &str {
    if !matches!(scheme, Scheme::Debian | Scheme::Rpm) {
        return version;
    }
    let version = version.split_once(':').map_or(version, |(_, rest)| rest);
    let version = version.rsplit_once('-').map_or(version, |(rest, _)| rest);
    version.split_once(['+', '~']).map_or(version, |(rest, _)| rest)
}
