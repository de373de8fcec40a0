//! The places of a menu at which something can be set.

use crate::ir::{Hub, Override, Settings};

/// One of them.
pub(super) struct Site<'a> {
    /// As a reader would say it: ``the entry `ml` ``, ``the choice `large` ``.
    pub(super) what: String,
    /// What is set there.
    pub(super) settings: &'a Settings,
    /// The traits that follow, in the form that the chart takes.
    pub(super) traits: Vec<Override>,
    /// What the hub gets of these traits, with what wider places say of the same.
    pub(super) joined: Vec<Override>,
    /// Whether texts are filled with what a person typed.
    pub(super) unlisted: bool,
}

/// All of a hub: its defaults, its entries, their choices and free texts.
pub(super) fn of(hub: &Hub) -> Vec<Site<'_>> {
    let site = |what: String, settings, joined| Site { what, settings, traits: Settings::traits(settings, hub), joined, unlisted: false };
    let mut sites = vec![site(format!("the defaults of `{}`", hub.name), &hub.defaults, hub.defaults.traits(hub))];
    for profile in &hub.menu {
        let entry = profile.settings.over(&hub.defaults);
        sites.push(site(format!("the entry `{}`", profile.definition), &profile.settings, entry.traits(hub)));
        for option in &profile.options {
            for choice in &option.choices {
                let joined = choice.settings.over(&entry).traits(hub);
                sites.push(site(format!("the choice `{}`", choice.key.value), &choice.settings, joined));
            }
            if let Some(free) = &option.unlisted {
                let joined = free.settings.over(&entry).traits(hub);
                sites.push(Site { unlisted: true, ..site(format!("the free text of `{}`", option.key.value), &free.settings, joined) });
            }
        }
    }
    sites
}

/// The trait of this name among some.
pub(super) fn find<'a>(traits: &'a [Override], name: &str) -> Option<&'a Override> {
    traits.iter().find(|one| one.name.value == name)
}
