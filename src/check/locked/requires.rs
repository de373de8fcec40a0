//! What a locked package requires, in the words of its ecosystem.

use foldhash::HashMap;

use crate::ir::Lockable;
use crate::requirements::{MatchSpec, Requirement};
use crate::versions::{Bound, Constraint, Op, Scheme, VersionSet};

/// The package that a requirement of a lock names, and the versions that it allows.
#[derive(Clone, Debug)]
pub struct Requires {
    /// The name as the ecosystem compares it.
    pub name: String,
    /// The versions.
    pub set: VersionSet,
    /// The one version, where the requirement is exact.
    pub exact: Option<String>,
    /// The specifiers, to stand behind the name: `>=1.26,<2`; empty for any version.
    pub spec: String,
}

/// Reads a requirement of a lock; `None` where it can't be read.
#[must_use]
pub fn of_requirement(text: &str, lockable: Lockable) -> Option<Requires> {
    let (name, constraint) = match lockable {
        Lockable::Conda => {
            let read = MatchSpec::read(text).ok()?;
            (Scheme::Conda.normalize_name(&read.name), read.constraint)
        }
        Lockable::Pypi => {
            let read = Requirement::read(text).ok()?;
            (Scheme::Pep440.normalize_name(&read.name?), read.constraint)
        }
    };
    let set = lockable.scheme().set(&constraint).ok()?;
    let exact = set.single();
    Some(Requires { name, set, exact, spec: specifiers(&constraint, lockable) })
}

/// The versions of a constraint as the ecosystem's tools read them behind a name: `>=2,<3`, `=3.12.*`, `[version='2.1.*',build='*cuda*']`.
#[must_use]
pub fn specifiers(constraint: &Constraint, lockable: Lockable) -> String {
    if lockable == Lockable::Pypi {
        return constraint.to_string().replace(' ', "");
    }
    let builds = constraint.alternatives.iter().flatten().find_map(|bound| bound.build.as_deref());
    let bound = |bound: &Bound| {
        let op = match bound.op {
            Op::Bare if bound.version.ends_with('*') && builds.is_none() => "=",
            Op::Bare if bound.version.ends_with('*') => "",
            Op::Bare => "==",
            op => op.as_str(),
        };
        format!("{op}{}", bound.version)
    };
    let all = constraint.alternatives.iter().map(|bounds| bounds.iter().map(bound).collect::<Vec<_>>().join(","));
    let versions = all.collect::<Vec<_>>().join("|");
    match builds {
        None => versions,
        Some(build) => format!("[version='{versions}',build='{build}']"),
    }
}

/// Requirements that have been read already: sections say the same over and over.
#[derive(Debug, Default)]
pub(super) struct Read(HashMap<Lockable, HashMap<String, Option<std::rc::Rc<Requires>>>>);

impl Read {
    pub(super) fn get(&mut self, text: &str, lockable: Lockable) -> Option<std::rc::Rc<Requires>> {
        let known = self.0.entry(lockable).or_default();
        if let Some(known) = known.get(text) {
            return known.clone();
        }
        let read = of_requirement(text, lockable).map(std::rc::Rc::new);
        known.insert(text.to_owned(), read.clone());
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_of_conda_are_read_with_their_builds() {
        let cases = [
            ("numpy >=1.26,<3", "numpy", ">=1.26,<3"),
            ("python_abi 3.12.* *_cp312", "python_abi", "[version='3.12.*',build='*_cp312']"),
            ("python", "python", ""),
            ("python 3.12.*", "python", "=3.12.*"),
            ("tk >=8.6.13,<8.7.0a0", "tk", ">=8.6.13,<8.7.0a0"),
            ("blas * openblas", "blas", "[version='*',build='openblas']"),
            ("libcxx 1.2|1.3.*", "libcxx", "==1.2|=1.3.*"),
        ];
        for (text, name, spec) in cases {
            let read = of_requirement(text, Lockable::Conda).unwrap_or_else(|| panic!("{text} is read"));
            assert_eq!((read.name.as_str(), read.spec.as_str()), (name, spec), "{text}");
            let again = of_requirement(&format!("{name}{spec}"), Lockable::Conda).unwrap_or_else(|| panic!("{name}{spec} is read"));
            assert!(again.set.is_same(&read.set), "{text}: {spec}");
        }
    }
}
