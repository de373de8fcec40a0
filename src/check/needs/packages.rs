//! `requires { pip { numpy >=2 } }`: a package against what the stack asks for and is known to hold.

use super::below::Below;
use super::verdict::{Reason, Verdict};
use crate::check::stack::in_one_scheme;
use crate::ir::Package;
use crate::versions::Scheme;

/// A package underneath.
pub(super) fn package(below: &Below<'_>, wanted: &Package) -> Verdict {
    // Bounds that exclude each other are reported where they are written.
    if wanted.versions(&wanted.constraint).is_ok_and(|set| !set.has_candidate()) {
        return Verdict::Met;
    }
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
        let Some((has, wants)) = in_one_scheme(package, wanted) else { continue };
        if !has.shares_candidate(&wants) && has.has_candidate() && wants.has_candidate() {
            return Verdict::Unmet(Reason {
                said: format!("`{}` is underneath", shown(package)),
                here: "not met".to_owned(),
                other: Some((package.origin, if package.provided { "known to be there" } else { "asked for here" }.to_owned())),
                help: "change one of the two".to_owned(),
            });
        }
        let built = package.scheme != wanted.scheme && wanted.constraint.bounds().any(|bound| bound.build.is_some());
        decided |= !built && has.is_within(&wants);
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

/// Whether two packages are the same one, in the environment that is named. A name means the same software on `PyPI` and conda.
fn same(package: &Package, wanted: &Package) -> bool {
    if wanted.environment.is_some() && package.environment != wanted.environment {
        return false;
    }
    let python = |package: &Package| package.ecosystem.is_python();
    let name = |package: &Package| Scheme::Pep440.normalize_name(&package.normal);
    if package.ecosystem == wanted.ecosystem {
        return package.normal == wanted.normal;
    }
    python(package) && python(wanted) && name(package) == name(wanted)
}
