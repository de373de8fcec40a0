//! What a file says that an image holds, typed.

use super::context::Context;
use super::inventories::FactLine;
use crate::base::Place;
use crate::ir::{Ecosystem, Package, PackageSource, Wanted};
use crate::versions::{Bound, Constraint, Op};

/// The manager of an ecosystem's packages.
fn manager(ecosystem: Ecosystem) -> &'static str {
    match ecosystem {
        Ecosystem::Pypi => "pip",
        Ecosystem::Rpm => "dnf",
        other => other.as_str(),
    }
}

/// A package that a file says is there, typed.
pub(crate) fn package(cx: &Context<'_>, fact: &FactLine, origin: Place) -> Option<Package> {
    let mut package = plain(cx, fact.ecosystem, &fact.name, origin)?;
    package.provided = true;
    package.index.clone_from(&fact.channel);
    if let Some(version) = &fact.version {
        let bound = Bound { op: Op::Equal, version: version.clone(), build: fact.build.clone() };
        package.constraint = Constraint { alternatives: vec![vec![bound]] };
    }
    Some(package)
}

/// A package of which only the name is known.
pub(crate) fn plain(cx: &Context<'_>, ecosystem: &str, name: &str, origin: Place) -> Option<Package> {
    let ecosystem = Ecosystem::find(ecosystem)?;
    let installer = cx.installer(manager(ecosystem))?;
    let wanted = Wanted {
        manager: installer.name.clone(),
        ecosystem,
        scheme: installer.scheme,
        name: name.to_owned(),
        normal: installer.scheme.normalize_name(name),
        extras: Vec::new(),
        constraint: Constraint::default(),
        provided: false,
        pin: None,
        overrides: false,
        because: None,
        until: None,
        source: PackageSource::Index,
        index: None,
        besides: Vec::new(),
        environment: None,
        no_deps: false,
    };
    Some(Package::new(wanted, origin))
}
