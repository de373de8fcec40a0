//! Floor 1: the version schemes of the package managers, and sets of versions.
//!
//! A [`Constraint`] is what a program writes (`>=2, <3 | ==1.*`); a [`Scheme`] turns it into a [`VersionSet`], on which the
//! questions are decided: is there a version at all, is it the only one, is it within another set. Nothing is found out by
//! trying versions: a set is a union of intervals between *cuts*, places in the scheme's ordering, so that two
//! cuts are equal exactly where no version stands between them.
//!
//! The versions that are taken to exist are, for each scheme:
//!
//! | scheme | the universe | ordering after |
//! |---|---|---|
//! | [`Scheme::Pep440`] | all versions of PEP 440, pre-, post-releases and local ones too (`prereleases=True`) | PEP 440, `packaging` 26 |
//! | [`Scheme::Conda`] | all versions and all build strings | conda's `VersionOrder`, `MatchSpec` |
//! | [`Scheme::Debian`] | all versions | Debian Policy 5.6.12, `dpkg --compare-versions` |
//! | [`Scheme::Rpm`] | all versions **with a release**: `1.0` is every `1.0-…` | `rpmvercmp`, `rpmdsCompare` |
//! | [`Scheme::Npm`] | all versions of Semantic Versioning, as node-semver with `includePrerelease` | semver.org 2.0.0, node-semver 7 |
//! | [`Scheme::Julia`] | `major.minor.patch`: as in Pkg's compat, what follows is not looked at | Pkg's compat entries |
//! | [`Scheme::R`] | numbers between `.` or `-` | R's `compareVersion` |
//!
//! Whether a version was ever released is another floor's question. The sets cost about a microsecond for each bound.

mod bytes;
mod conda;
mod constraint;
mod cut;
mod debian;
mod glob;
mod julia;
mod literal;
pub mod loose;
mod npm;
mod order;
mod pep440;
mod problem;
mod r;
mod refuse;
mod rpm;
mod rules;
mod scheme;
mod set;
mod show;
#[cfg(test)]
mod tests;

pub use constraint::{Bound, Constraint, Op};
pub use problem::Problem;
pub use scheme::Scheme;
pub use set::VersionSet;
