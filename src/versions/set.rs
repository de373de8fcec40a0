//! Sets of versions of one scheme, and their algebra.

use std::ops::Bound as End;

use version_ranges::Ranges;

use super::constraint::Constraint;
use super::cut::Cut;
use super::glob::Builds;
use super::literal::Literals;
use super::problem::Problem;
use super::scheme::Scheme;
use super::{conda, npm, pep440};

/// A set of versions of one scheme.
///
/// Sets of two schemes say nothing of each other: an operation on both keeps the left one as it is.
#[derive(Clone, Debug)]
pub struct VersionSet {
    /// The scheme of its versions.
    scheme: Scheme,
    /// The versions, with any build; of npm's the releases.
    pub(super) ranges: Ranges<Cut>,
    /// npm's pre-releases: a range holds those alone that it names. Empty in the other schemes.
    pub(super) pre: Ranges<Cut>,
    /// Whether a constraint names a pre-release, so that one may be taken; of conda and Python alone.
    pub(super) named: bool,
    /// Of Python's scheme, whether only releases of it are to be had: it was read from a constraint of conda's.
    releases: bool,
    /// The versions with some builds only; conda alone has such. None of them is empty.
    pub(super) built: Vec<(Ranges<Cut>, Builds)>,
    /// What is known by its text; PEP 440 alone has such.
    pub(super) literals: Literals,
}

impl VersionSet {
    /// All versions of a scheme.
    #[must_use]
    pub fn any(scheme: Scheme) -> Self {
        let literals = Literals { named: Vec::new(), others: true };
        let pre = if scheme == Scheme::Npm { Ranges::full() } else { Ranges::empty() };
        Self { scheme, ranges: Ranges::full(), pre, named: false, releases: false, built: Vec::new(), literals }
    }

    /// No version.
    #[must_use]
    pub fn empty(scheme: Scheme) -> Self {
        Self::of(scheme, Ranges::empty())
    }

    /// The versions between cuts.
    pub(super) fn of(scheme: Scheme, ranges: Ranges<Cut>) -> Self {
        let (ranges, pre) = match scheme {
            Scheme::Npm => (npm::releases(&ranges), npm::pre_releases(&ranges)),
            _ => (ranges, Ranges::empty()),
        };
        Self { scheme, ranges, pre, named: false, releases: false, built: Vec::new(), literals: Literals::default() }
    }

    /// The versions of conda between cuts whose build fits a glob.
    pub(super) fn built(ranges: Ranges<Cut>, glob: &str) -> Self {
        let mut set = Self::empty(Scheme::Conda);
        set.add(ranges, Builds::of(glob));
        set
    }

    /// What is called `text` and nothing else.
    pub(super) fn literal(text: &str) -> Self {
        let mut set = Self::empty(Scheme::Pep440);
        set.literals.named.push((text.to_ascii_lowercase(), true));
        set
    }

    /// The same of a package whose releases end in letters, as conda's `tzdata 2025b` does: what conda sorts as pre-releases are to be had.
    #[must_use]
    pub fn with_letters(self) -> Self {
        Self { named: true, ..self }
    }

    /// The same in Python's scheme of what conda's channels hold, for a constraint that is `written` in conda's: of pre-releases only
    /// those that are named.
    #[must_use]
    pub fn of_channel(self, written: &Constraint) -> Self {
        Self { releases: true, named: written.bounds().any(conda::names_prerelease), ..self }
    }

    /// The scheme of its versions.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Whether every version belongs to it.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.complement().is_empty()
    }

    /// Whether no version belongs to it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty() && self.pre.is_empty() && self.built.is_empty() && !self.literals.has_any()
    }

    /// Whether an index may have a version of it. Of conda's, pre-releases count only where a constraint names one: channels
    /// have them under labels of their own.
    #[must_use]
    pub fn has_candidate(&self) -> bool {
        if self.releases && !self.named {
            return self.literals.has_any() || self.ranges.iter().any(pep440::has_release);
        }
        if self.scheme != Scheme::Conda || self.named {
            return !self.is_empty();
        }
        let has_release = |ranges: &Ranges<Cut>| ranges.iter().any(conda::has_release);
        has_release(&self.ranges) || self.built.iter().any(|(ranges, _)| has_release(ranges))
    }

    /// Whether each version of it that an index may have belongs to `other`.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        if self.scheme != other.scheme || self.scheme != Scheme::Conda && !self.releases {
            return self.is_subset(other);
        }
        let mut rest = self.intersect(&other.complement());
        rest.named = self.named;
        !rest.has_candidate()
    }

    /// Whether an index may have a version that belongs to both.
    #[must_use]
    pub fn shares_candidate(&self, other: &Self) -> bool {
        if self.scheme != Scheme::Conda && !self.releases && !other.releases {
            return !self.is_disjoint(other);
        }
        self.scheme != other.scheme || self.intersect(other).has_candidate()
    }

    /// The versions that belong to both.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        if self.scheme != other.scheme {
            return self.clone();
        }
        let mut both = self.with(self.ranges.intersection(&other.ranges), self.pre.intersection(&other.pre));
        both.named |= other.named;
        both.releases |= other.releases;
        for (ranges, builds) in &self.built {
            both.add(ranges.intersection(&other.ranges), builds.clone());
            for (others, more) in &other.built {
                both.add(ranges.intersection(others), builds.intersect(more));
            }
        }
        for (ranges, builds) in &other.built {
            both.add(ranges.intersection(&self.ranges), builds.clone());
        }
        both.literals.others = self.literals.others && other.literals.others;
        both.name_all(self, other, |left, right| left && right);
        both
    }

    /// The versions that belong to one of the two or to both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self.scheme != other.scheme {
            return self.clone();
        }
        let mut either = self.with(self.ranges.union(&other.ranges), self.pre.union(&other.pre));
        either.named |= other.named;
        for (ranges, builds) in self.built.iter().chain(&other.built) {
            either.add(ranges.clone(), builds.clone());
        }
        either.literals.others = self.literals.others || other.literals.others;
        either.name_all(self, other, |left, right| left || right);
        either
    }

    /// The versions that do not belong to it.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut rest = match self.scheme {
            Scheme::Npm => self.with(npm::releases(&self.ranges.complement()), npm::pre_releases(&self.pre.complement())),
            _ => self.with(self.ranges.complement(), Ranges::empty()),
        };
        rest.literals = self.literals.complement();
        for (ranges, builds) in &self.built {
            let mut without = Self::of(self.scheme, ranges.complement());
            without.literals.others = true;
            for refused in builds.complement() {
                without.add(ranges.clone(), refused);
            }
            rest = rest.intersect(&without);
        }
        rest
    }

    /// Whether every version of it belongs to `other`.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        let simple = |set: &Self| set.built.is_empty() && set.literals.named.is_empty();
        if self.scheme == other.scheme && simple(self) && simple(other) {
            return self.ranges.subset_of(&other.ranges) && self.pre.subset_of(&other.pre);
        }
        self.scheme == other.scheme && self.intersect(&other.complement()).is_empty()
    }

    /// Whether no version belongs to both.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        let simple = |set: &Self| set.built.is_empty() && set.literals.named.is_empty();
        if simple(self) && simple(other) {
            return self.scheme == other.scheme && self.ranges.is_disjoint(&other.ranges) && self.pre.is_disjoint(&other.pre);
        }
        self.intersect(other).is_empty()
    }

    /// Whether both hold the same versions.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.is_subset(other) && other.is_subset(self)
    }

    /// Whether a version belongs to it; of conda's, whether some build of the version does, of RPM's without a release, whether
    /// some release does.
    ///
    /// # Errors
    /// Says why `version` is none of the scheme.
    pub fn contains(&self, version: &str) -> Result<bool, Problem> {
        if let Some(named) = self.literals.get(version) {
            return Ok(named);
        }
        let at = self.spot(version)?;
        let ranges = if self.scheme == Scheme::Npm && npm::is_pre(version) { &self.pre } else { &self.ranges };
        Ok(!ranges.is_disjoint(&at) || self.built.iter().any(|(ranges, _)| !ranges.is_disjoint(&at)))
    }

    /// Whether a version of conda's with this build belongs to it.
    ///
    /// # Errors
    /// Says why `version` is none of the scheme.
    pub fn contains_build(&self, version: &str, build: &str) -> Result<bool, Problem> {
        let at = self.spot(version)?;
        Ok(!self.ranges.is_disjoint(&at) || self.built.iter().any(|(ranges, builds)| !ranges.is_disjoint(&at) && builds.contains(build)))
    }

    /// The version, where it is the only one; local versions and builds of it are taken as the same.
    #[must_use]
    pub fn single(&self) -> Option<String> {
        if let ([(text, true)], true, true) = (self.literals.named.as_slice(), self.ranges.is_empty(), self.built.is_empty()) {
            return Some(text.clone());
        }
        let mut intervals = self.intervals();
        let (Some((End::Included(start), End::Excluded(end))), None) = (intervals.next(), intervals.next()) else { return None };
        // npm's `1.2` stands for many versions and has no key.
        self.scheme.key(&start.text).ok()?;
        let alone = Self::of(self.scheme, self.scheme.span(&start.text).ok()?.inside());
        let (first, last) = alone.intervals().next()?;
        let (End::Included(first), End::Excluded(last)) = (first, last) else { return None };
        (first == start && last >= end && !self.literals.has_any()).then(|| start.text.to_string())
    }

    /// The version that the set begins with or after, as written, and whether it belongs to the set.
    /// `None` if there is no lower bound.
    #[must_use]
    pub fn lower(&self) -> Option<(&str, bool)> {
        let all = self.intervals();
        let mut least: Option<&Cut> = None;
        for (start, _) in all {
            let End::Included(cut) = start else { return None };
            least = Some(least.map_or(cut, |least| least.min(cut)));
        }
        least.map(|cut| (&*cut.text, cut.begins_with_its_text()))
    }

    /// The version that the set ends with or before, as written, and whether it belongs to the set.
    /// `None` if there is no upper bound.
    #[must_use]
    pub fn upper(&self) -> Option<(&str, bool)> {
        let all = self.intervals();
        let mut greatest: Option<&Cut> = None;
        for (_, end) in all {
            let End::Excluded(cut) = end else { return None };
            greatest = Some(greatest.map_or(cut, |greatest| greatest.max(cut)));
        }
        greatest.map(|cut| (&*cut.text, !cut.begins_with_its_text()))
    }

    /// All intervals of versions, whatever builds belong to them.
    fn intervals(&self) -> impl Iterator<Item = (&End<Cut>, &End<Cut>)> {
        self.ranges.iter().chain(self.pre.iter()).chain(self.built.iter().flat_map(|(ranges, _)| ranges.iter()))
    }

    /// Other versions of the same scheme, without builds and literals.
    fn with(&self, ranges: Ranges<Cut>, pre: Ranges<Cut>) -> Self {
        Self {
            scheme: self.scheme,
            ranges,
            pre,
            named: self.named,
            releases: self.releases,
            built: Vec::new(),
            literals: Literals::default(),
        }
    }

    /// Adds versions with some builds.
    fn add(&mut self, ranges: Ranges<Cut>, builds: Builds) {
        if ranges.is_empty() || builds.is_empty() {
            return;
        }
        if builds.is_any() {
            self.ranges = self.ranges.union(&ranges);
        } else if !self.built.iter().any(|(others, more)| *others == ranges && *more == builds) {
            self.built.push((ranges, builds));
        }
    }

    /// Gives each text that one of two sets names its place here, unless it goes without saying.
    fn name_all(&mut self, left: &Self, right: &Self, join: impl Fn(bool, bool) -> bool) {
        for name in left.literals.names(&right.literals) {
            let inside = join(left.admits(name), right.admits(name));
            if inside != self.admits(name) {
                self.literals.named.push((name.to_owned(), inside));
            }
        }
    }

    /// Whether a text belongs to the set, be it a version or not.
    fn admits(&self, text: &str) -> bool {
        self.contains(text).unwrap_or(self.literals.others)
    }

    /// The interval of the versions that one text stands for.
    fn spot(&self, version: &str) -> Result<Ranges<Cut>, Problem> {
        if self.scheme == Scheme::Rpm {
            return Ok(self.scheme.span(version)?.inside());
        }
        let cut = Cut::new(self.scheme.key(version)?, &version.into(), super::cut::Edge::Start);
        Ok(Ranges::singleton(cut))
    }
}
