//! `jenvc list`: what a program holds.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::args::{Kind, List, Listed};
use super::compiled::{Compiled, failed};
use super::console::Console;
use super::global::Global;
use super::reply::{Misuse, Reply};
use super::table::Table;
use super::{find, words};
use crate::check::locked::{of_requirement, versions};
use crate::ir::{Cell, CellId, Image, Lockable, MenuImage, Profile, Program};
use crate::report::count;

/// A list in both of its forms.
struct Listing {
    rows: Table,
    objects: Vec<Value>,
}

pub(super) fn run(list: &List, global: &Global, console: &Console) -> Result<Reply, Misuse> {
    let (kind, named) = match &list.kind {
        Listed::Kind(kind) => (*kind, None),
        Listed::Program(file) => (Kind::Images, Some(file.as_path())),
    };
    let (package, file) = match &list.package {
        Some(word) if list.file.is_none() && find::holds_program(word) => (None, Some(Path::new(word))),
        package => (package.as_deref(), list.file.as_deref().or(named)),
    };
    if let Some(package) = package.filter(|_| kind != Kind::Packages) {
        return Err(Misuse(format!("`{package}` is looked for with `jenvc list packages {package}`")));
    }
    let mut compiled = Compiled::new(find::program(file)?, global);
    if kind == Kind::Files {
        compiled.outcome.emit();
    }
    let Some(checked) = &compiled.outcome.checked else { return Ok(failed(&compiled.told(), global, console)) };
    let program = checked.program();
    let (word, listing) = match kind {
        Kind::Images => ("images", images(program)),
        Kind::Environments => ("environments", environments(program)),
        Kind::Packages => match package {
            Some(package) => ("packages", holding(program, package)?),
            None => ("packages", packages(program)),
        },
        Kind::Axes => ("axes", axes(program)),
        Kind::Files => ("files", files(&compiled)),
    };
    let text = if global.json() {
        let mut object = json!({ "version": 1 });
        if let Some(map) = object.as_object_mut() {
            map.insert(word.to_owned(), Value::Array(listing.objects));
        }
        format!("{object:#}\n")
    } else {
        let head = |row: usize, _: usize, _: &str| if row == 0 { "1" } else { "" };
        listing.rows.text(console.screen(), 0, head)
    };
    Ok(compiled.told().look(text, global, console))
}

fn images(program: &Program) -> Listing {
    let mut listing = Listing::new(["IMAGE", "CELLS", "REPOSITORY", "PLATFORMS"]);
    for image in &program.images {
        let cells: Vec<_> = image.cells.iter().map(|id| &program[*id]).collect();
        let mut platforms: Vec<_> = cells.iter().flat_map(|cell| &cell.platforms).map(|platform| platform.as_str()).collect();
        platforms.sort_unstable();
        platforms.dedup();
        let names: Vec<_> = cells.iter().map(|cell| name_of(cell)).collect();
        let mut repositories: Vec<&str> = cells.iter().map(|cell| &*cell.repository).collect();
        repositories.dedup();
        listing.rows.row([image.name.as_str(), &names.join(" "), &repositories.join(" "), &platforms.join(" ")]);
        let objects: Vec<_> =
            cells.iter().map(|cell| json!({ "name": name_of(cell), "axes": axes_of(cell), "repository": &*cell.repository })).collect();
        let default = &program[image.default_cell];
        listing.objects.push(json!({
            "name": image.name, "repository": &*default.repository, "doc": image.doc, "platforms": platforms,
            "publish": image.publish, "default_cell": name_of(default), "cells": objects,
        }));
    }
    listing
}

/// The entries of every hub's menu.
fn environments(program: &Program) -> Listing {
    let mut listing = Listing::new(["HUB", "ENVIRONMENT", "TITLE", "CHOOSE", "IMAGES"]);
    for hub in &program.hubs {
        for profile in &hub.menu {
            let choose: Vec<_> = profile.options.iter().map(|option| option.key.value.as_str()).collect();
            let images: Vec<_> = offered(profile).into_iter().map(|image| reference(program, image)).collect();
            let (title, default) = (profile.title.value.as_str(), profile.default.is_some());
            let shown = if default { format!("{title} (default)") } else { title.to_owned() };
            listing.rows.row([hub.name.as_str(), &profile.definition, &shown, &choose.join(" "), &images.join(", ")]);
            listing.objects.push(json!({
                "hub": hub.name, "environment": profile.definition, "title": title, "slug": profile.slug.text, "default": default,
                "choose": choose, "images": images,
            }));
        }
    }
    listing
}

/// The images behind an entry of a menu: its own, or those of its choices, each once.
pub(super) fn offered(profile: &Profile) -> Vec<&MenuImage> {
    let own = profile.image.iter().map(|image| &image.value);
    let choices = profile.options.iter().flat_map(|option| &option.choices).filter_map(|choice| choice.image.as_ref());
    let mut images = Vec::new();
    for image in own.chain(choices.map(|image| &image.value)) {
        if !images.contains(&image) {
            images.push(image);
        }
    }
    images
}

/// An image of a menu in words.
fn reference(program: &Program, image: &MenuImage) -> String {
    match image {
        MenuImage::Cell(id) => words::cell(program, *id),
        MenuImage::Base(base) => program[*base].reference(),
        MenuImage::Reference(reference) => reference.clone(),
    }
}

/// Every package with what is asked of it, what is locked of it, and by which images: equal entries of an image's cells are told once.
fn packages(program: &Program) -> Listing {
    let mut asked: BTreeMap<(&str, &str, String), Vec<&str>> = BTreeMap::new();
    for cell in &program.cells {
        let image = program[cell.image].name.as_str();
        for package in &cell.packages {
            let images = asked.entry((package.ecosystem.as_str(), &package.normal, words::package(package))).or_default();
            if !images.contains(&image) {
                images.push(image);
            }
        }
    }
    let mut locked: BTreeMap<(&str, &str, &str), Vec<&str>> = BTreeMap::new();
    let sections = program.locks.0.iter().flat_map(|(image, sections)| sections.iter().map(move |section| (image, section)));
    let pins = sections.flat_map(|(image, section)| section.pins.iter().map(move |pin| (image, section.lockable.as_str(), pin)));
    for (image, from, (name, pin)) in pins {
        let versions = locked.entry((from, name, image)).or_default();
        if !versions.contains(&pin.version.as_str()) {
            versions.push(&pin.version);
        }
        // What nothing asks for by name is listed, too.
        let is_asked =
            asked.iter().any(|((ecosystem, asked, _), images)| *ecosystem == from && *asked == name && images.contains(&image.as_str()));
        if !is_asked {
            let images = asked.entry((from, name, String::new())).or_default();
            if !images.contains(&image.as_str()) {
                images.push(image);
            }
        }
    }
    let is_used = program.locks.is_used();
    let mut listing =
        if is_used { Listing::new(["FROM", "PACKAGE", "LOCKED", "IMAGES"]) } else { Listing::new(["FROM", "PACKAGE", "IMAGES"]) };
    for ((ecosystem, name, word), images) in asked {
        let mut versions: Vec<&str> = Vec::new();
        versions.extend(images.iter().filter_map(|image| locked.get(&(ecosystem, name, *image))).flatten());
        versions.sort_unstable();
        versions.dedup();
        let shown = if word.is_empty() { name } else { &word };
        let mut row = vec![ecosystem.to_owned(), shown.to_owned(), images.join(" ")];
        if is_used {
            row.insert(2, versions.join(", "));
        }
        listing.rows.row(row);
        listing.objects.push(json!({ "ecosystem": ecosystem, "name": name, "asked": word, "locked": versions, "images": images }));
    }
    listing
}

/// Which cells have a package: locked, or stated exactly.
fn holding(program: &Program, text: &str) -> Result<Listing, Misuse> {
    let wanted = Lockable::ALL.map(|lockable| of_requirement(text, lockable).map(|wanted| (lockable, wanted)));
    let wanted: Vec<_> = wanted.into_iter().flatten().collect();
    let Some((_, named)) = wanted.last() else { return Err(Misuse(format!("`{text}` is no package: write `xz` or `xz==5.6.0`"))) };
    let fits = |ecosystem: &str, version: &str| {
        let own = wanted.iter().find(|(lockable, _)| lockable.as_str() == ecosystem).map_or(named, |(_, own)| own);
        own.set.contains(version).unwrap_or(false)
    };
    let mut listing = Listing::new(["IMAGE", "VERSION", "FROM", "IN"]);
    for (id, cell) in program.cells() {
        let mut all: Vec<(&str, &str, String)> = stated(program, id, &named.name);
        for (lockable, own) in wanted.iter().rev() {
            let from = lockable.as_str();
            let locked = versions(program, id, &own.name, *lockable);
            if !locked.is_empty() {
                all.retain(|(ecosystem, ..)| *ecosystem != from);
            }
            for (_, image, version) in locked {
                if !all.iter().any(|(ecosystem, known, text)| *ecosystem == from && *known == image && text == version) {
                    all.push((from, image, version.to_owned()));
                }
            }
        }
        for (ecosystem, owner, version) in all.into_iter().filter(|(ecosystem, _, version)| fits(ecosystem, version)) {
            listing.rows.row([words::cell(program, id).as_str(), &version, ecosystem, owner]);
            listing.objects.push(json!({
                "image": program[cell.image].name, "axes": axes_of(cell), "version": version, "ecosystem": ecosystem, "in": owner,
            }));
        }
    }
    Ok(listing)
}

/// What a stack states exactly of a package: ecosystem, owner and version; of an ecosystem, the last one counts.
fn stated<'p>(program: &'p Program, id: CellId, name: &str) -> Vec<(&'p str, &'p str, String)> {
    let base = &program[program.base_of(id)];
    let levels = program
        .stack(id)
        .into_iter()
        .flat_map(|level| program[level].packages.iter().map(move |package| (&program[program[level].image].name, package)));
    let mut all: Vec<(&str, &str, String)> = Vec::new();
    for (owner, package) in base.provides.iter().map(|package| (&base.name, package)).chain(levels) {
        let version = package.scheme.set(&package.constraint).ok().and_then(|set| set.single());
        let Some(version) = version.filter(|_| package.normal == package.scheme.normalize_name(name)) else { continue };
        all.retain(|(ecosystem, ..)| package.ecosystem != *ecosystem);
        all.push((package.ecosystem.as_str(), owner, version));
    }
    all
}

fn axes(program: &Program) -> Listing {
    let mut listing = Listing::new(["IMAGE", "AXIS", "VALUES"]);
    for image in &program.images {
        for (axis, values) in values_of(program, image) {
            listing.rows.row([image.name.as_str(), axis, &values.join(" ")]);
            listing.objects.push(json!({ "image": image.name, "axis": axis, "values": values }));
        }
    }
    listing
}

/// The axes of an image with the values that its cells have, both in the program's order.
fn values_of<'a>(program: &'a Program, image: &Image) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut axes: Vec<(&str, Vec<&str>)> = Vec::new();
    for point in image.cells.iter().flat_map(|id| program[*id].axes.iter()) {
        match axes.iter_mut().find(|(axis, _)| *axis == &*point.axis) {
            Some((_, values)) if values.contains(&&*point.value) => {}
            Some((_, values)) => values.push(&point.value),
            None => axes.push((&point.axis, vec![&point.value])),
        }
    }
    axes
}

fn files(compiled: &Compiled) -> Listing {
    let mut listing = Listing::new(["", "FILE", "SIZE"]);
    let sources = compiled.outcome.sources.iter().filter(|(_, source)| !source.standard);
    for (_, source) in sources {
        listing.file("reads", &source.name, source.text.len());
    }
    for artifact in &compiled.outcome.artifacts {
        listing.file("writes", &artifact.path, artifact.text.len());
    }
    listing
}

impl Listing {
    fn new<const N: usize>(head: [&str; N]) -> Self {
        let mut rows = Table::default();
        rows.row(head);
        Self { rows, objects: Vec::new() }
    }

    fn file(&mut self, what: &str, path: &str, bytes: usize) {
        self.rows.row([what, path, &count(bytes, "byte")]);
        self.objects.push(json!({ "path": path, "use": what, "bytes": bytes }));
    }
}

/// The readable name of a cell, `default` where it is the only one.
pub(super) fn name_of(cell: &Cell) -> &str {
    if cell.name.is_empty() { "default" } else { &cell.name }
}

/// The point of a cell as an object: `{"python": "3.12"}`.
pub(super) fn axes_of(cell: &Cell) -> Value {
    cell.axes.iter().map(|point| (point.axis.to_string(), json!(&*point.value))).collect::<serde_json::Map<_, _>>().into()
}
