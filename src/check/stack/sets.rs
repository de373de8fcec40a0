//! The version set of each constraint, made once: stacks ask for the same few thousand times over.

use std::sync::Arc;

use foldhash::HashMap;

use crate::versions::{Constraint, Scheme, VersionSet};

/// Version sets by scheme and constraint.
#[derive(Debug, Default)]
pub(crate) struct Sets<'p> {
    open: Vec<(Scheme, Arc<VersionSet>)>,
    known: HashMap<(Scheme, &'p Constraint), Arc<VersionSet>>,
}

impl<'p> Sets<'p> {
    /// The versions that fulfil a constraint. One that can't be read has been reported already and allows all.
    pub(crate) fn get(&mut self, scheme: Scheme, constraint: &'p Constraint) -> Arc<VersionSet> {
        if constraint.is_any() {
            if let Some((_, set)) = self.open.iter().find(|(known, _)| *known == scheme) {
                return Arc::clone(set);
            }
            let set = Arc::new(VersionSet::any(scheme));
            self.open.push((scheme, Arc::clone(&set)));
            return set;
        }
        let make = || Arc::new(scheme.set(constraint).unwrap_or_else(|_| VersionSet::any(scheme)));
        Arc::clone(self.known.entry((scheme, constraint)).or_insert_with(make))
    }
}
