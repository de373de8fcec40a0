//! Hubs and their menus: `hub NAME { … }`, the profiles of environments, profiles at the top of a file.
//!
//! A menu is read once for each hub, since texts and conditions may ask which hub it is for: `when hub == staging`.

mod blocks;
mod draft;
mod entries;
mod former;
mod head;
mod images;
mod kept;
mod options;
mod release;
mod released;
mod settings;
mod shared;
mod values;

pub(crate) use released::fill as fill_released;

use std::rc::Rc;

use super::cells::Built;
use super::context::Context;
use super::definitions::DefId;
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{Chart, Hub, Located, Profile};
use crate::syntax::ast::Keyword;
use blocks::hub_axis;
use entries::Menu;
use head::Head;

use crate::base::{IndexMap, Place, Span};

/// Reads all hubs, in the order of their definitions.
pub(crate) fn read<'a>(cx: &Context<'a>, built: &Built<'a>) -> Vec<Hub> {
    let own = |keyword: Keyword| cx.names.all().filter(move |(_, def)| def.node.keyword.node == keyword && !cx.is_standard(def.unit));
    let hubs: Vec<_> = own(Keyword::Hub).filter(|(id, def)| cx.find(def.unit, def.name) == Some(*id)).collect();
    let names: Vec<&str> = hubs.iter().map(|(_, def)| def.name).collect();
    let heads: Vec<Head> = hubs.iter().map(|(id, _)| head::read(cx, *id, &mut Vec::new())).collect();
    let keeps = heads.iter().any(|head| head.keep.is_some());
    if hubs.is_empty() {
        unoffered(cx, built);
    }
    let mut all = Vec::new();
    for ((_, def), head) in hubs.into_iter().zip(heads) {
        let keep = kept::Given { hub: head.keep.as_ref(), any: keeps };
        let domain = (Rc::from("hub"), names.iter().map(|name| Rc::from(*name)).collect());
        let menu = Menu { cx, built, hub: hub_axis(def.name), hubs: domain, options: &head.options, keep };
        let place = cx.place_of(def);
        let mut entries = match &head.menu {
            Some(wanted) => listed(&menu, wanted),
            None => everything(&menu),
        };
        kept::fill(cx, def.name, &mut entries);
        if let Some(pushes_to) = &head.pushes_to {
            entries.iter_mut().flat_map(|entry| &mut entry.options).for_each(|option| options::admit_built(option, pushes_to));
        }
        if head.chart.is_none() && !cx.has_reported("J0", cx.place(def.unit, def.node.span)) {
            cx.report(
                Diagnostic::new(&known::UNKNOWN_CHART, place, format!("`{}` does not name the version of its chart", def.name))
                    .here(format!("{} is taken", Chart::NEWEST))
                    .help(format!("add `chart = {}`, the version that the hub runs", Chart::NEWEST)),
            );
        }
        let brace = def.node.body.span.start + 1;
        let top = cx.place(def.unit, Span { start: brace, end: brace });
        all.push(Hub { top, ..finish(def.name, place, head, entries) });
    }
    all
}

/// Reads the entries of a program without a hub, for what is wrong in them.
fn unoffered<'a>(cx: &Context<'a>, built: &Built<'a>) {
    let keep = kept::Given { hub: None, any: false };
    everything(&Menu { cx, built, hub: hub_axis(""), hubs: (Rc::from("hub"), Vec::new()), options: &[], keep });
}

/// The hub of what its definition says.
fn finish(name: &str, origin: Place, head: Head, menu: Vec<Profile>) -> Hub {
    Hub {
        name: name.to_owned(),
        namespace: head.namespace,
        chart: head.chart.unwrap_or(Located::new(Chart::NEWEST, origin)),
        form: head.form.unwrap_or_default(),
        filters_groups: head.filters_groups.unwrap_or_default(),
        pull_secrets: head.pull_secrets,
        home: head.home,
        block_metadata: head.block_metadata,
        puller: head.puller,
        registry: head.registry,
        pushes_to: head.pushes_to,
        no_menu: head.menu.is_some_and(|menu| menu.is_empty()),
        saved_choices: head.saved_choices.unwrap_or(true),
        provides: head.provides,
        requires: head.requires,
        defaults: head.defaults,
        menu,
        retired: head.retired,
        released: None,
        origin,
        top: origin,
    }
}

/// Every environment with a profile and every profile at the top of a file, in the order of their definitions.
fn everything(menu: &Menu<'_, '_>) -> Vec<Profile> {
    let mut all = Vec::new();
    for (id, def) in menu.cx.names.all() {
        if !menu.cx.is_standard(def.unit) && menu.cx.find(def.unit, def.name) == Some(id) {
            all.extend(entries_of(menu, id).unwrap_or_default());
        }
    }
    all
}

/// The entries that a hub names, each with all its cells.
fn listed(menu: &Menu<'_, '_>, named: &[Located<DefId>]) -> Vec<Profile> {
    let mut all = Vec::new();
    let mut seen: IndexMap<DefId, Place> = IndexMap::default();
    for Located { value: id, place } in named {
        let Some(def) = menu.cx.names.get(*id) else { continue };
        if let Some(first) = seen.insert(*id, *place) {
            menu.cx.report(
                Diagnostic::new(&known::DUPLICATE_FIELD, *place, format!("`{}` is on the menu twice", def.name))
                    .here("the second time")
                    .also(first, "the first time")
                    .help("drop one of them"),
            );
            continue;
        }
        match entries_of(menu, *id) {
            Some(entries) if entries.is_empty() && !menu.cx.has_errors() => menu.cx.report(
                Diagnostic::new(&known::MISSING_FIELD, *place, format!("`{}` has no profile", def.name))
                    .here("on the menu of the hub")
                    .also(menu.cx.place_of(def), "defined here")
                    .help("add `profile { title = \"…\" }` to it, or take it off the menu"),
            ),
            entries => all.extend(entries.unwrap_or_default()),
        }
    }
    all
}

/// The entries of one definition; `None` where it is broken or can have none.
fn entries_of(menu: &Menu<'_, '_>, id: DefId) -> Option<Vec<Profile>> {
    let def = menu.cx.names.get(id)?;
    match def.node.keyword.node {
        Keyword::Profile => Some(menu.named(def)),
        Keyword::Environment => Some(menu.environment(def, menu.built.offers.iter().find(|offer| offer.def == id)?)),
        _ => None,
    }
}
