//! `keep = 3`: how many earlier releases of an entry stay on offer, and which the lock knows.

use crate::analyse::context::Context;
use crate::analyse::fields::Fields;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Keep, Located, MOST_KEPT, Profile};

/// The number of a field `keep`; 0 where an entry keeps none, though others of its hub do.
pub(super) fn count(cx: &Context<'_>, fields: &Fields<'_, '_>) -> Option<Located<u32>> {
    let (count, place) = (fields.count("keep")?, fields.place("keep"));
    if count > MOST_KEPT {
        cx.report(
            Diagnostic::new(&known::BAD_VALUE, place, format!("`keep` takes a number from 1 to {MOST_KEPT}"))
                .here("each release is one more line on the page, for each image of the entry"),
        );
        return None;
    }
    Some(Located::new(count, place))
}

/// What hubs say for entries that say nothing.
#[derive(Clone, Copy)]
pub(super) struct Given<'m> {
    /// The hub at hand.
    pub(super) hub: Option<&'m Located<u32>>,
    /// Whether any hub says something.
    pub(super) any: bool,
}

/// What an entry keeps: as it says itself, else as its hub does.
pub(super) fn settle(cx: &Context<'_>, own: Option<Located<u32>>, given: Given<'_>) -> Option<Keep> {
    if let Some(Located { value: 0, place }) = own {
        if !given.any {
            nothing(cx, place);
        }
        return None;
    }
    let Located { value, place } = *own.as_ref().or(given.hub)?;
    Some(Keep { count: value, releases: Vec::new(), own: own.is_some(), place })
}

/// What a hub says for its entries. 0 is for one that takes over what another says, which keeps some.
pub(super) fn of_hub(cx: &Context<'_>, said: Option<Located<u32>>, below: bool) -> Option<Located<u32>> {
    if let Some(Located { value: 0, place }) = said
        && !below
    {
        nothing(cx, place);
    }
    said.filter(|said| said.value > 0)
}

fn nothing(cx: &Context<'_>, place: Place) {
    cx.report(Diagnostic::new(&known::BAD_VALUE, place, "`keep = 0` keeps nothing, as would no `keep`").help("leave it out"));
}

/// Puts into the entries of a hub what the lock knows of their releases.
pub(super) fn fill(cx: &Context<'_>, hub: &str, menu: &mut [Profile]) {
    for profile in menu {
        let Some(place) = profile.keep.as_ref().map(|keep| keep.place) else { continue };
        let releases = profile.releases(hub, cx.lock(place));
        if let Some(keep) = &mut profile.keep {
            keep.releases = releases;
        }
    }
}
