//! What a menu is written from.

use std::borrow::Cow;

use crate::emit::Plan;
use crate::ir::{Hub, Keepable, MenuImage, Profile, Program};

/// What all artifacts of one hub are made of.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) program: &'a Program,
    pub(super) plan: &'a Plan,
    pub(super) hub: &'a Hub,
    /// The entries as the page shows them, with the earlier releases that they keep.
    pub(super) menu: &'a [Cow<'a, Profile>],
}

impl Context<'_> {
    /// The reference of an image on the menu.
    pub(super) fn reference(&self, image: &MenuImage) -> String {
        let reference = self.plan.reference(self.program, image);
        let own = match image {
            MenuImage::Cell(_) => true,
            MenuImage::Reference(reference) => self.was_built_here(reference),
            MenuImage::Base(_) => false,
        };
        let registry = self.hub.registry.as_ref().filter(|_| own).map(|registry| registry.value.trim_end_matches('/'));
        let mirrored = registry.zip(reference.strip_prefix(&self.program.project.registry)).map(|(mirror, rest)| format!("{mirror}{rest}"));
        mirrored.unwrap_or(reference)
    }

    /// Whether a reference is an earlier release of an image of the program.
    pub(super) fn was_built_here(&self, reference: &str) -> bool {
        let of_entry = |profile: &Profile| {
            let built = |one: Keepable<'_>| matches!(one.image.value, MenuImage::Cell(_));
            let choices: Vec<_> =
                profile.keepable().filter(|one| built(*one)).map(|one| one.choice.map(|choice| &choice.key.value)).collect();
            let releases = profile.keep.iter().flat_map(|keep| &keep.releases);
            releases.filter(|kept| choices.contains(&kept.choice.as_ref())).any(|kept| kept.release.image == reference)
        };
        self.hub.menu.iter().any(of_entry)
    }

    /// Whether any entry keeps earlier releases.
    pub(super) fn keeps(&self) -> bool {
        self.hub.menu.iter().any(|profile| profile.keep.is_some())
    }
}
