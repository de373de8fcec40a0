//! Packages of two managers held against each other: whether they share an environment, and in which scheme both can be
//! read.

use super::ask::Ask;
use crate::versions::{Bound, Constraint, Scheme, VersionSet};

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

/// The versions of an ask in Python's scheme, which reads what the others write in all but odd cases; `None` in those.
pub(crate) fn as_python(ask: &Ask<'_>) -> Option<VersionSet> {
    let scheme = ask.package.scheme;
    if scheme == Scheme::Pep440 {
        return Some((*ask.set).clone());
    }
    let bound = |bound: &Bound| Bound { op: bound.op, version: upstream(scheme, &bound.version).to_owned(), build: None };
    let alternatives = ask.package.constraint.alternatives.iter().map(|bounds| bounds.iter().map(bound).collect()).collect();
    Scheme::Pep440.set(&Constraint { alternatives }).ok()
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
