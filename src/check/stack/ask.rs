//! One entry of one list, where it stands in a stack, and the versions it allows.

use std::rc::Rc;

use super::sets::Sets;
use crate::base::{Place, Span};
use crate::ir::{BaseId, CellId, Package, Platform};
use crate::versions::VersionSet;

/// The storey of a stack that an ask belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum At {
    /// An image that exists already: what it is known to hold.
    Base(BaseId),
    /// A cell of the program.
    Cell(CellId),
}

/// What one entry asks for, or is known to be there.
#[derive(Clone, Debug)]
pub(crate) struct Ask<'p> {
    /// The entry.
    pub(crate) package: &'p Package,
    /// Where it stands.
    pub(crate) at: At,
    /// The versions that it allows.
    pub(crate) set: Rc<VersionSet>,
    /// The versions that nothing above may leave.
    pub(crate) pin: Option<Rc<VersionSet>>,
    /// One bit for each platform that it is for.
    pub(crate) platforms: u8,
    /// Whether it contradicts what is below or beside it, so that nothing is held against it.
    pub(crate) contested: bool,
}

impl<'p> Ask<'p> {
    /// An entry, for the platforms of the cell or image that it stands in; none given means all there are.
    pub(crate) fn new(package: &'p Package, at: At, platforms: &[Platform], sets: &mut Sets<'p>) -> Self {
        let all = if platforms.is_empty() { u8::MAX } else { bits(platforms) };
        let platforms = package.only.as_deref().map_or(all, |only| bits(only) & all);
        let (set, pin) = sets.of(package);
        Self { package, at, set, pin, platforms, contested: false }
    }

    /// Whether both are about one package of one manager in one environment, so that one entry holds for both.
    pub(crate) fn is_same_package(&self, other: &Self) -> bool {
        let (a, b) = (self.package, other.package);
        a.ecosystem == b.ecosystem && a.normal == b.normal && a.environment == b.environment
    }

    /// Whether there is a platform that both are for.
    pub(crate) fn shares_platform(&self, other: &Self) -> bool {
        self.platforms & other.platforms != 0
    }

    /// The platforms that it is for, in backticks; `None` where they are all of `platforms`.
    pub(crate) fn only(&self, platforms: u8) -> Option<Vec<String>> {
        let here = self.platforms & platforms;
        let named = Platform::ALL.iter().filter(|platform| here & bits(&[**platform]) != 0).map(|platform| format!("`{platform}`"));
        (here != platforms).then(|| named.collect())
    }

    /// The name and the constraint within the entry: what a label marks.
    pub(crate) fn spot(&self) -> Place {
        let origin = self.package.origin;
        let end = self.package.bounds.filter(|bounds| bounds.file == origin.file).map_or(origin.span, |bounds| bounds.span);
        Place::new(origin.file, Span { start: origin.span.start, end: end.end })
    }

    /// Whether it says nothing about the version.
    pub(crate) fn is_open(&self) -> bool {
        self.package.constraint.is_any()
    }

    /// The one version that an existing image is known to hold.
    pub(crate) fn known(&self) -> Option<String> {
        if self.package.provided && !self.is_open() { self.set.single() } else { None }
    }
}

/// One bit for each of some platforms.
pub(crate) fn bits(platforms: &[Platform]) -> u8 {
    let bit = |platform: &Platform| Platform::ALL.iter().position(|one| one == platform).map_or(0, |at| 1 << at);
    platforms.iter().map(bit).fold(0, |all, bit| all | bit)
}
