//! The smallest set of asks that no version fulfils.

use super::ask::Ask;
use crate::versions::VersionSet;

/// Of what is below, the fewest that leave `ask` no version, in the order of the stack; `None` where one is left.
///
/// All are about one package. One side that clashes alone is preferred, a pinned one first, then the nearest.
pub(crate) fn smallest<'b, 'p>(ask: &Ask<'p>, below: &[&'b Ask<'p>]) -> Option<Vec<&'b Ask<'p>>> {
    let beside: Vec<&Ask<'p>> = below.iter().copied().filter(|other| other.shares_platform(ask) && !other.is_open()).collect();
    let alone = |other: &&&Ask<'p>| other.set.is_disjoint(&ask.set);
    let pinned = beside.iter().rev().filter(|other| other.package.pin.is_some()).find(alone);
    if let Some(one) = pinned.or_else(|| beside.iter().rev().find(alone)) {
        return Some(vec![one]);
    }
    if beside.len() < 2 {
        return None;
    }
    let bits = |asks: &[&Ask<'p>]| asks.iter().fold(0, |all, other| all | other.platforms) & ask.platforms;
    let mut clashing = None;
    for platform in (0..u8::BITS).map(|at| 1 << at).filter(|platform| bits(&beside) & platform != 0) {
        let there: Vec<&Ask<'p>> = beside.iter().copied().filter(|other| other.platforms & platform != 0).collect();
        if left(ask, &there).is_empty() {
            clashing = Some(there);
            break;
        }
    }
    let mut clashing = clashing?;
    let mut at = 0;
    while at < clashing.len() {
        let mut fewer = clashing.clone();
        fewer.remove(at);
        if left(ask, &fewer).is_empty() {
            clashing = fewer;
        } else {
            at += 1;
        }
    }
    Some(clashing)
}

/// What `ask` and all others allow.
fn left(ask: &Ask<'_>, others: &[&Ask<'_>]) -> VersionSet {
    others.iter().fold((*ask.set).clone(), |set, other| set.intersect(&other.set))
}
