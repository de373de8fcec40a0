//! The rules of each scheme.

use std::cmp::Ordering;
use std::ops::Bound as End;
use std::sync::Arc;

use version_ranges::Ranges;

use super::constraint::{Bound, Constraint, Op};
use super::cut::{Cut, Edge, Key, Span};
use super::problem::Problem;
use super::scheme::Scheme;
use super::set::VersionSet;
use super::{conda, debian, julia, npm, pep440, r, refuse, rpm};

impl Scheme {
    /// All schemes.
    pub const ALL: [Self; 7] = [Self::Pep440, Self::Conda, Self::Debian, Self::Rpm, Self::Npm, Self::Julia, Self::R];

    /// The scheme of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name)
    }

    /// Its name in a program.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pep440 => "pep440",
            Self::Conda => "conda",
            Self::Debian => "debian",
            Self::Rpm => "rpm",
            Self::Npm => "semver",
            Self::Julia => "julia",
            Self::R => "r",
        }
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Pep440 => "PEP 440",
            Self::Conda => "conda",
            Self::Debian => "Debian",
            Self::Rpm => "RPM",
            Self::Npm => "npm",
            Self::Julia => "Julia",
            Self::R => "R",
        }
    }

    /// Whether `text` is a version.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check_version(self, text: &str) -> Result<(), Problem> {
        self.key(text).map(|_| ())
    }

    /// Which of two versions is the newer one.
    ///
    /// # Errors
    /// Says which of them is no version.
    pub fn compare(self, left: &str, right: &str) -> Result<Ordering, Problem> {
        if self == Self::Julia {
            return Ok(julia::full_key(left)?.cmp(&julia::full_key(right)?));
        }
        Ok(self.key(left)?.cmp(&self.key(right)?))
    }

    /// The versions that fulfil a constraint.
    ///
    /// # Errors
    /// Says which version can't be read, or which operator the scheme lacks and what to write instead.
    pub fn set(self, constraint: &Constraint) -> Result<VersionSet, Problem> {
        let mut all: Option<VersionSet> = None;
        for conjunction in &constraint.alternatives {
            let mut set: Option<VersionSet> = None;
            for bound in conjunction {
                let next = self.bound(bound)?;
                set = Some(match set {
                    Some(set) => set.intersect(&next),
                    None => next,
                });
            }
            let mut set = set.unwrap_or_else(|| VersionSet::any(self));
            match self {
                Self::Npm if !conjunction.is_empty() => set.pre = set.pre.intersection(&npm::named(conjunction)),
                _ => set.named = conjunction.iter().any(|bound| self.names_prerelease(bound)),
            }
            all = Some(match all {
                Some(all) => all.union(&set),
                None => set,
            });
        }
        Ok(all.unwrap_or_else(|| VersionSet::any(self)))
    }

    /// Whether a bound asks for pre-releases, in the schemes that have them only then.
    fn names_prerelease(self, bound: &Bound) -> bool {
        match self {
            Self::Conda => conda::names_prerelease(bound),
            Self::Pep440 => pep440::names_prerelease(bound),
            _ => false,
        }
    }

    /// A package's name as its index compares names: `Foo_bar.x` is `foo-bar-x` on `PyPI`; the channel, the
    /// architecture and Julia's `.jl` are left out.
    #[must_use]
    pub fn normalize_name(self, name: &str) -> String {
        match self {
            Self::Pep440 if is_normal(name) => name.to_owned(),
            Self::Pep440 => {
                let lower = name.to_ascii_lowercase();
                lower.split(['-', '_', '.']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
            }
            Self::Conda => name.rsplit("::").next().unwrap_or(name).to_ascii_lowercase(),
            Self::Debian => name.split(':').next().unwrap_or(name).to_owned(),
            Self::Rpm => match name.rsplit_once('.') {
                Some((plain, "noarch" | "x86_64" | "aarch64" | "i686" | "i386" | "ppc64le" | "s390x")) => plain.to_owned(),
                _ => name.to_owned(),
            },
            Self::Julia => name.strip_suffix(".jl").unwrap_or(name).to_owned(),
            Self::Npm | Self::R => name.to_owned(),
        }
    }

    /// The key of a version within sets.
    pub(super) fn key(self, text: &str) -> Result<Key, Problem> {
        match self {
            Self::Pep440 => pep440::key(text),
            Self::Conda => conda::key(text),
            Self::Debian => debian::key(text),
            Self::Rpm => rpm::key(text),
            Self::Npm => npm::key(text),
            Self::Julia => julia::key(text),
            Self::R => r::key(text),
        }
    }

    /// The versions that `==` and the version text stand for.
    pub(super) fn span(self, text: &str) -> Result<Span, Problem> {
        match self {
            Self::Pep440 => pep440::span(text),
            Self::Conda => conda::span(text),
            Self::Debian => debian::span(text),
            Self::Rpm => rpm::span(text),
            Self::Npm => npm::span(text),
            Self::Julia => julia::span(text),
            Self::R => r::span(text),
        }
    }

    /// The versions that begin with `prefix`.
    fn pattern(self, prefix: &str) -> Result<Span, Problem> {
        match self {
            Self::Pep440 => pep440::pattern(prefix),
            Self::Conda => conda::pattern(prefix),
            Self::Debian => debian::pattern(prefix),
            Self::Rpm => rpm::pattern(prefix),
            Self::Npm => npm::pattern(prefix),
            Self::Julia => julia::pattern(prefix),
            Self::R => r::pattern(prefix),
        }
    }

    /// The versions that fulfil one bound.
    fn bound(self, bound: &Bound) -> Result<VersionSet, Problem> {
        refuse::check(self, bound)?;
        let Bound { op, version, build } = bound;
        if *op == Op::Arbitrary {
            return Ok(VersionSet::literal(version));
        }
        let ranges = if version == "*" {
            Ranges::full()
        } else if let Some(prefix) = version.strip_suffix(".*") {
            let span = self.pattern(prefix)?;
            if *op == Op::NotEqual { span.outside() } else { span.inside() }
        } else if *op == Op::Fuzzy && build.is_some() {
            // conda reads `=2.5=*cuda*` as the version 2.5 with such a build.
            self.plain(Op::Equal, version)?
        } else {
            self.plain(*op, version)?
        };
        Ok(match build {
            Some(build) => VersionSet::built(ranges, build),
            None if version == "*" => VersionSet::any(self),
            None if self == Self::Npm && !npm::is_exact(*op, version) && !npm::is_pre(version) => from_zero(VersionSet::of(self, ranges)),
            None => VersionSet::of(self, ranges),
        })
    }

    /// The interval of one operator and a version without a pattern.
    fn plain(self, op: Op, version: &str) -> Result<Ranges<Cut>, Problem> {
        let special = match (self, op) {
            (Self::Pep440, _) => pep440::special(op, version)?,
            (Self::Conda, _) => conda::special(op, version)?,
            (Self::Npm, Op::Tilde) => Some(npm::tilde(version)?.inside()),
            (Self::Npm, Op::Caret) => Some(npm::caret(version)?.inside()),
            (Self::Npm, _) => npm::special(op, version)?,
            (Self::Julia, Op::Tilde) => Some(julia::tilde(version)?.inside()),
            (Self::Julia, Op::Caret) => Some(julia::caret(version)?.inside()),
            _ => None,
        };
        if let Some(ranges) = special {
            return Ok(ranges);
        }
        let span = self.span(version)?;
        Ok(match op {
            Op::NotEqual => span.outside(),
            Op::GreaterEqual => span.at_least(),
            Op::LessEqual => span.at_most(),
            Op::Greater => span.over(),
            Op::Less => span.below(),
            Op::Equal | Op::Bare | Op::Fuzzy | Op::Arbitrary | Op::Compatible | Op::Caret | Op::Tilde => span.inside(),
        })
    }
}

/// Whether a name is in the form in which `PyPI` compares names: lower case, its parts joined by one hyphen each.
fn is_normal(name: &str) -> bool {
    let part = |part: &[u8]| !part.is_empty() && part.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    name.as_bytes().split(|byte| *byte == b'-').all(part)
}

/// node-semver drops `>=0.0.0` from a range, so what begins there without a pre-release has no lower bound: the pre-releases of 0.0.0 are
/// in it, where a range names one.
fn from_zero(mut set: VersionSet) -> VersionSet {
    let zero = [&[0; 24][..], &[npm::RELEASE]].concat();
    let is_zero = |end: &End<Cut>| matches!(end, End::Included(Cut { key: Key::Bytes(key), .. }) if **key == *zero);
    let least = set.ranges.iter().next().map(|(start, _)| start).filter(|start| is_zero(start) || **start == End::Unbounded);
    if least.is_some() {
        let below = Cut::new(Key::Bytes(zero.into()), &Arc::from("0.0.0"), Edge::Start);
        set.pre = set.pre.union(&Ranges::strictly_lower_than(below));
    }
    set
}
