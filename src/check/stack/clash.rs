//! The smallest set of asks that no version fulfils.

use super::ask::Ask;
use crate::versions::VersionSet;

/// An ask and the versions that it allows, in whatever scheme all are compared in.
pub(crate) type Side<'b, 's, 'p> = (&'b Ask<'p>, &'s VersionSet);

/// Of what is below, the fewest that leave `ask` no version, in the order of the stack; `None` where one is left.
///
/// One side that clashes alone is preferred, a pinned one first, then the nearest.
pub(crate) fn smallest<'b, 's, 'p>(ask: Side<'_, '_, 'p>, below: &[Side<'b, 's, 'p>]) -> Option<Vec<&'b Ask<'p>>> {
    let beside: Vec<Side<'b, 's, 'p>> =
        below.iter().copied().filter(|(other, _)| other.shares_platform(ask.0) && !other.is_open()).collect();
    let alone = |(_, set): &&Side<'b, 's, 'p>| !set.shares_candidate(ask.1);
    let pinned = beside.iter().rev().filter(|(other, _)| other.package.pin.is_some()).find(alone);
    if let Some((one, _)) = pinned.or_else(|| beside.iter().rev().find(alone)) {
        return Some(vec![one]);
    }
    if beside.len() < 2 {
        return None;
    }
    let bits = beside.iter().fold(0, |all, (other, _)| all | other.platforms) & ask.0.platforms;
    let on_platform =
        |platform: u8| -> Vec<Side<'b, 's, 'p>> { beside.iter().copied().filter(|(other, _)| other.platforms & platform != 0).collect() };
    let platforms = (0..u8::BITS).map(|at| 1 << at).filter(|platform| bits & platform != 0);
    let mut clashing = platforms.map(on_platform).find(|there| !left(ask.1, there).has_candidate())?;
    let mut at = 0;
    while at < clashing.len() {
        let mut fewer = clashing.clone();
        fewer.remove(at);
        if left(ask.1, &fewer).has_candidate() {
            at += 1;
        } else {
            clashing = fewer;
        }
    }
    Some(clashing.into_iter().map(|(other, _)| other).collect())
}

/// What one set and all others allow.
fn left(set: &VersionSet, others: &[Side<'_, '_, '_>]) -> VersionSet {
    others.iter().fold(set.clone(), |set, (_, other)| set.intersect(other))
}
