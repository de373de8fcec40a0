//! Menus: `profileList` in values of the chart, in a `ConfigMap` or a `HelmRelease`, or alone → a `hub` and its profiles. What
//! `KubeSpawner`, Helm or the page make of it that its author may not have meant is a remark.

mod braces;
mod comments;
mod context;
mod fields;
mod find;
mod keys;
mod model;
mod page;
mod pods;
mod read;
mod seen;
mod sets;
mod values;
mod verify;
mod write;

use crate::base::FileId;
use crate::diagnostics::{Diagnostic, known};
use crate::import::RemarkKind::{Decide, Mistake};
use crate::import::templates::{placeholder, templated};
use crate::import::yaml::{Node, Value};
use crate::import::{Definition, Home, Item, Row, Work, count, name, quoted};
use crate::ir::Chart;
use find::Site;
use model::{Choices, Entry, Note};
use write::Writer;

pub(super) use verify::{Original, compare};

/// Reads the menus of the YAML files that were found.
pub(super) fn read(work: &mut Work<'_>) -> Vec<Original> {
    let files = work.found.yamls.clone();
    let mut all: Vec<(FileId, Site)> = Vec::new();
    for path in &files {
        let Some(file) = work.read(path) else { continue };
        let text = work.text(file);
        if !["profileList", "profile_list", "display_name"].iter().any(|word| text.contains(word)) {
            continue;
        }
        match find::sites(file, &text) {
            // A default of a chart: `profileList: []`.
            Ok(sites) => all.extend(sites.into_iter().filter(|site| !site.list.is_empty()).map(|site| (file, site))),
            Err(_) if !work.paths.contains(path) && placeholder(&text).is_some() => {
                let _: Item = templated(work, file);
            }
            Err((place, problem)) => {
                let finding = Diagnostic::new(&known::UNREADABLE_FILE, place, format!("`{path}` is no YAML: {problem}"));
                work.findings.push(finding.help("mend it, or import files and folders without it"));
            }
        }
    }
    let several = all.len() > 1;
    let names = all.iter().map(|(file, site)| if several { hub_name(work, (*file, site), &all) } else { "hub".to_owned() });
    let names: Vec<String> = names.collect();
    let mut originals = Vec::new();
    for ((file, site), wanted) in all.into_iter().zip(names) {
        let is_free = work.draft.free(&wanted) == wanted;
        let (hub, text) = (if is_free { wanted } else { work.draft.free(&format!("{wanted}-hub")) }, work.text(file));
        define(work, &hub, &text, &site);
        originals.push(Original { hub, site });
    }
    originals
}

/// The drop-downs that choose between images: the titles of their entries, their keys, and the references.
pub(super) fn choices(work: &mut Work<'_>) -> Vec<(String, String, Vec<String>)> {
    let mut all = Vec::new();
    for path in work.found.yamls.clone() {
        let Some(file) = work.read(&path) else { continue };
        let text = work.text(file);
        if !["profileList", "profile_list", "display_name"].iter().any(|word| text.contains(word)) {
            continue;
        }
        for site in find::sites(file, &text).unwrap_or_default() {
            let entries = read::menu(&site.list, &mut Vec::new());
            for (entry, option) in entries.iter().flat_map(|entry| entry.options.iter().map(move |option| (entry, option))) {
                let images = option.lines.iter().filter_map(|choice| choice.common.image.as_ref());
                let images: Vec<String> = images.map(|image| image.text.trim().to_owned()).collect();
                if images.len() > 1 {
                    let title = entry.common.title.as_ref().map(|title| title.text.clone()).unwrap_or_default();
                    all.push((title, option.key.text.clone(), images));
                }
            }
        }
    }
    all
}

/// What a hub of several is called: by its object, its namespace, its file, or as many folders above that as tell it from the others.
fn hub_name(work: &Work<'_>, (file, site): (FileId, &Site), all: &[(FileId, Site)]) -> String {
    const GENERAL: [&str; 6] = ["values", "config", "common", "jupyterhub", "secrets", ""];
    let path = |file: FileId| work.sources.get(file).map_or("", |source| source.name.as_str());
    let called = |path: &str, level: usize| {
        let mut parts: Vec<&str> = path.rsplit('/').take(level + 1).collect();
        let stem = parts.first().map_or("", |file| file.split('.').next().unwrap_or_default()).to_owned();
        if level == 0 {
            return stem;
        }
        parts.reverse();
        parts.pop();
        parts.join("-")
    };
    let mine = path(file);
    let alone = |level: &usize| all.iter().all(|(other, _)| *other == file || called(path(*other), *level) != called(mine, *level));
    let first = usize::from(GENERAL.contains(&called(mine, 0).as_str()));
    let level = (first..=mine.matches('/').count()).find(alone).unwrap_or(first);
    let of_file = || called(mine, level);
    name(&site.namespace.clone().unwrap_or_else(of_file), "hub")
}

/// Adds a hub and its entries.
fn define(work: &mut Work<'_>, hub: &str, text: &str, site: &Site) {
    let mut notes = Vec::new();
    let entries = read::menu(&site.list, &mut notes);
    facts(site, &entries, &mut notes);
    let guarantee = site.guarantee();
    let comments = comments::by_element(text, site, &entries);
    let fancy = site.is_fancy();
    let mut writer = Writer { work, chart: site.chart.unwrap_or(Chart::NEWEST), guarantee, fancy, comments, slugs: Vec::new() };
    let mut items = writer.told(notes);
    let default = entries.iter().position(|entry| entry.common.default.is_some());
    let mut definitions: Vec<(Definition, Vec<Item>)> = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let one = writer.entry(entry, default == Some(at));
        writer.work.draft.definitions.push(one.0.clone());
        definitions.push(one);
    }
    let written = writer.work.draft.definitions.len() - definitions.len();
    writer.work.draft.definitions.truncate(written);
    items.extend(head(site, &entries, fancy));
    let names: Vec<String> = definitions.iter().map(|(definition, _)| definition.name.clone()).collect();
    items.push(Item::Statement(format!("menu = [{}]", names.join(", "))));
    let shared = shared(&definitions);
    if let Some(options) = &shared {
        items.push(Item::Block { head: "defaults".to_owned(), items: options.clone() });
    }
    let definition = Definition { home: Home::Hub, name: hub.to_owned(), head: format!("hub {hub}"), doc: Vec::new(), items };
    work.draft.definitions.push(definition);
    for (mut definition, options) in definitions {
        if shared.is_none() {
            definition.items.extend(options);
        }
        work.draft.definitions.push(definition);
    }
    output(work, hub, site);
    report(work, hub, &entries);
}

/// The drop-downs that all entries have alike.
fn shared(definitions: &[(Definition, Vec<Item>)]) -> Option<Vec<Item>> {
    let (_, first) = definitions.first()?;
    let alike = definitions.len() > 1 && !first.is_empty() && definitions.iter().all(|(_, options)| options == first);
    alike.then(|| first.clone())
}

/// What is to be known of the whole menu.
fn facts(site: &Site, entries: &[Entry], notes: &mut Vec<Note>) {
    let mut note = |kind, place, text: String| notes.push(Note { kind, place, text });
    if let Some(beaten) = site.beaten {
        note(Mistake, beaten, "`singleuser.profileList` is never read: `hub.config.KubeSpawner.profile_list` wins".to_owned());
    }
    if site.chart.is_none() {
        note(
            Decide,
            site.place,
            format!("`chart` is the version of the Zero to JupyterHub chart that this hub runs: is it {}?", Chart::NEWEST),
        );
    }
    let mut defaults = entries.iter().filter_map(|entry| entry.common.default);
    if let (Some(_), Some(place)) = (defaults.next(), defaults.next()) {
        note(Mistake, place, "a second default entry: the server takes the first, a browser the last".to_owned());
    }
    let grouped = entries.iter().find(|entry| !entry.common.groups.is_empty() || entry.options.iter().any(has_groups));
    if let Some(entry) = grouped.filter(|_| !site.filters()) {
        let text = "`allowed_groups`: does the hub filter by groups? Say `filters_groups = true`, or `lowercase` as 2i2c's does".to_owned();
        note(Decide, entry.common.place, text);
    }
}

fn has_groups(option: &Choices) -> bool {
    let free = option.unlisted.iter().any(|free| !free.common.groups.is_empty());
    free || option.lines.iter().any(|choice| !choice.common.groups.is_empty())
}

/// The fields of the hub that its values tell.
fn head(site: &Site, entries: &[Entry], fancy: bool) -> Vec<Item> {
    let value = |path: &str| site.values.as_ref().and_then(|values| values.dig(path));
    let is_off = |path: &str| value(path).is_some_and(|node| node.value == Value::Bool(false));
    let mut items = vec![Item::Statement(format!("chart = {}", site.chart.unwrap_or(Chart::NEWEST)))];
    let mut text = |key: &str, text: Option<&str>| items.extend(text.map(|text| fields::field(key, text)));
    text("namespace", site.namespace.as_deref());
    text("home", value("singleuser.storage.homeMountPath").and_then(Node::text));
    if fancy {
        items.push(Item::Statement("form = fancy".to_owned()));
    }
    if site.filters() {
        items.push(Item::Statement("filters_groups = lowercase".to_owned()));
    }
    if is_off("singleuser.cloudMetadata.blockWithIptables") {
        items.push(Item::Statement("block_metadata = false".to_owned()));
    }
    let off = is_off("prePuller.hook.enabled") && is_off("prePuller.continuous.enabled");
    if off || entries.iter().any(breaks_puller) {
        items.push(Item::Statement("puller = false".to_owned()));
    }
    items
}

/// Whether the chart's image puller could not be on: it names a container by these keys.
fn breaks_puller(entry: &Entry) -> bool {
    let label = |key: &str| key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    entry.options.iter().any(|option| {
        option.lines.iter().any(|choice| {
            let long = option.key.text.len() + choice.key.text.len() > 27;
            choice.common.image.is_some() && (!label(&option.key.text) || !label(&choice.key.text) || long)
        })
    })
}

fn output(work: &mut Work<'_>, hub: &str, site: &Site) {
    let file = if hub == "hub" { "deploy/jhub-profiles.yaml".to_owned() } else { format!("deploy/{hub}-profiles.yaml") };
    let object = site.object.clone().unwrap_or_else(|| "jhub-profiles".to_owned());
    let path = quoted(&file);
    work.draft
        .outputs
        .insert(format!("menu {hub}"), format!("output configmap {{ path = {path}  hub = {hub}  name = {} }}", quoted(&object)));
}

/// The row of the table.
fn report(work: &mut Work<'_>, hub: &str, entries: &[Entry]) {
    let options: usize = entries.iter().map(|entry| entry.options.len()).sum();
    let choices: usize = entries.iter().flat_map(|entry| &entry.options).map(|option| option.lines.len()).sum();
    let entries = count(entries.len(), "entry", "entries");
    work.ledger.read.push(format!("1 menu of {entries}"));
    let name = if hub == "hub" { "menu".to_owned() } else { format!("menu of {hub}") };
    let options = count(options, "drop-down", "drop-downs");
    let choices = count(choices, "choice", "choices");
    work.ledger.rows.push(Row::Words { name, words: format!("{entries}, {options}, {choices}") });
}
