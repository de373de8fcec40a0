//! The version set of each constraint, made once: stacks ask for the same few thousand times over.

use std::rc::Rc;

use foldhash::HashMap;

use crate::ir::{Package, Wanted};
use crate::versions::{Constraint, Scheme, VersionSet};

/// Version sets by scheme and constraint.
#[derive(Debug, Default)]
pub(crate) struct Sets<'p> {
    open: Vec<(Scheme, Rc<VersionSet>)>,
    known: HashMap<(Scheme, bool, &'p Constraint), Rc<VersionSet>>,
    entries: HashMap<*const Wanted, (Rc<VersionSet>, Option<Rc<VersionSet>>)>,
}

impl<'p> Sets<'p> {
    /// The versions that an entry allows, and those that nothing above it may leave.
    pub(crate) fn of(&mut self, package: &'p Package) -> (Rc<VersionSet>, Option<Rc<VersionSet>>) {
        let entry = Rc::as_ptr(&package.wanted);
        if let Some(known) = self.entries.get(&entry) {
            return known.clone();
        }
        let pin = package.pin.as_ref().map(|pin| self.get(package, pin));
        let sets = (self.get(package, &package.constraint), pin);
        self.entries.insert(entry, sets.clone());
        sets
    }

    /// The versions of a package that fulfil a constraint. One that can't be read has been reported already and allows all.
    fn get(&mut self, package: &Package, constraint: &'p Constraint) -> Rc<VersionSet> {
        let scheme = package.scheme;
        if constraint.is_any() {
            if let Some((_, set)) = self.open.iter().find(|(known, _)| *known == scheme) {
                return Rc::clone(set);
            }
            let set = Rc::new(VersionSet::any(scheme));
            self.open.push((scheme, Rc::clone(&set)));
            return set;
        }
        let make = || Rc::new(package.versions(constraint).unwrap_or_else(|_| VersionSet::any(scheme)));
        Rc::clone(self.known.entry((scheme, package.has_letters(), constraint)).or_insert_with(make))
    }
}
