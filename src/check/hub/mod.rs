//! Rules for menus: what `KubeSpawner`, the chart and Kubernetes swallow silently or refuse only when somebody starts a server.

mod bounds;
mod contract;
mod defaults;
mod effects;
mod groups;
mod images;
mod kept;
mod keys;
mod kubernetes;
mod levels;
mod links;
mod names;
mod overlaps;
mod pattern;
mod placeholders;
mod pods;
mod puller;
mod released;
mod replaced;
mod sites;
mod size;
mod slugs;
#[cfg(test)]
mod tests;
mod types;
mod unbounded;
mod unlisted;
mod urls;
mod versions;

pub use effects::meant as meant_trait;
pub use images::is_reference as is_image_reference;
pub use pattern::readable as readable_pattern;

use std::collections::BTreeSet;

use crate::diagnostics::{Findings, known};
use crate::ir::Program;

/// Runs every rule over every hub.
pub(crate) fn rules(program: &Program, findings: &mut Findings) {
    // What is broken is left out of the program: an entry that is missing because of it is not gone.
    let broken = findings.has_errors();
    let mut grouped = BTreeSet::new();
    let mut texts = versions::Texts::of(program);
    for hub in &program.hubs {
        names::hub(hub, findings);
        kubernetes::hub(hub, findings);
        let sites = sites::of(hub);
        for site in &sites {
            effects::traits(hub, site, findings);
            types::traits(hub, site, findings);
            overlaps::within(site, findings);
            kubernetes::objects(&sites, site, findings);
            placeholders::placeholders(site, findings);
            replaced::lists(hub, site, findings);
            replaced::filled(site, findings);
            urls::url(site, findings);
        }
        for profile in &hub.menu {
            keys::options(profile, findings);
            overlaps::between(hub, profile, findings);
            bounds::guarantees(hub, profile, findings);
            defaults::choices(profile, findings);
            unlisted::free_texts(hub, profile, findings);
            images::entry(program, profile, findings);
            kept::entry(program, profile, findings);
            names::titles(profile, findings);
            names::alike(profile, findings);
            texts.entry(profile, findings);
        }
        slugs::slugs(hub, findings);
        names::entries(hub, findings);
        puller::names(program, hub, findings);
        groups::filtered(hub, &mut grouped, findings);
        if !broken {
            defaults::empty(program, hub, findings);
            defaults::entries(hub, findings);
            released::vanished(hub, findings);
            links::stale(hub, findings);
        }
        size::menu(program, hub, findings);
        contract::hub(program, hub, findings);
        unbounded::check(program, hub, findings);
    }
    if !findings.has(&known::BAD_LOCK) {
        kept::unnoted(program, findings);
    }
    if !broken {
        released::retired(program, findings);
    }
    pods::pods(program, broken, findings);
    names::outputs(program, broken, findings);
}
