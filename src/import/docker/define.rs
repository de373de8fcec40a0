//! Images → definitions: a layer for each or for each family, an `image` for what exists already.

use std::collections::{BTreeMap, BTreeSet};

use super::axes::{Axis, conditions, declarations, template, value};
use super::families::Family;
use super::images::{Image, Parent};
use super::installers::Installers;
use super::state::{BINDER, State};
use super::{merge, write};
use crate::import::repository;
use crate::import::text::free;
use crate::import::{Counts, Definition, Home, Item, Work, name, quoted};

/// What images are in the program: by their place, an expression of the language.
pub(super) struct Names {
    all: Vec<String>,
}

impl Names {
    /// A family is named with the values of its axes behind it.
    pub(super) fn of(images: &[Image], families: &[Family]) -> Self {
        let one = |at: usize, image: &Image| {
            let family = families.iter().find_map(|family| Some((family, family.members.iter().position(|member| *member == at)?)));
            let Some((family, place)) = family else { return image.name.clone() };
            let values = family.axes.iter().filter(|axis| axis.with.is_none());
            let values = values.filter_map(|axis| Some(format!("{} = {}", axis.name, value(axis.values.get(place)?))));
            format!("{}({})", family.name, values.collect::<Vec<_>>().join(", "))
        };
        Self { all: images.iter().enumerate().map(|(at, image)| one(at, image)).collect() }
    }

    /// The expression for an image.
    pub(super) fn get(&self, at: usize) -> &str {
        self.all.get(at).map_or("", String::as_str)
    }
}

/// Instructions of each definition: all, and those that the compiler writes.
pub(super) type Sizes = BTreeMap<String, (String, Counts)>;

/// Adds the definitions of all images.
pub(super) fn define(work: &mut Work<'_>, images: &[Image], families: &[Family], repositories: &BTreeMap<String, String>) -> Sizes {
    let installers = Installers::of(images);
    let names = Names::of(images, families);
    let bases = Bases::of(work, images, families);
    work.draft.definitions.extend(installers.definitions());
    let mut sizes = Sizes::new();
    for (at, image) in images.iter().enumerate().filter(|(_, image)| !super::shared::is_double(images, image)) {
        let family = families.iter().find(|family| family.members.contains(&at));
        let one = match family {
            Some(family) if family.members.first() != Some(&at) => continue,
            Some(family) => of_family(work, images, family, &installers, (&names, &bases), repositories),
            None => of_image(work, image, &installers, (&names, &bases), repositories),
        };
        let members = family.map_or_else(|| vec![at], |family| family.members.clone());
        let all: Vec<&Image> = members.iter().filter_map(|at| images.get(*at)).collect();
        sizes.insert(one.name.clone(), size(&one.name, &all));
        work.draft.definitions.push(one);
    }
    sizes
}

fn size(name: &str, all: &[&Image]) -> (String, Counts) {
    let files: BTreeSet<&str> = all.iter().map(|image| image.path.as_str()).collect();
    let shown = match (files.len(), all.len()) {
        (_, 1) => name.to_owned(),
        (1, builds) => format!("{name} ({builds} builds)"),
        (files, _) => format!("{name} ({files} files)"),
    };
    let of_files = if files.len() == 1 { all.get(..1).unwrap_or_default() } else { all };
    let sum = |of: &dyn Fn(&Image) -> usize| of_files.iter().map(|image| of(image)).sum();
    let counts = Counts { instructions: sum(&|image| image.instructions), left_out: sum(&|image| image.written), ..Counts::default() };
    (shown, counts)
}

fn head(image: &Image, parent: &str) -> Vec<Item> {
    let mut items = vec![Item::Statement(format!("from {parent}"))];
    if image.internal {
        items.push(Item::Statement("internal".to_owned()));
    }
    items
}

fn doc(image: &Image) -> Vec<String> {
    super::reasons::comments(&image.above)
}

fn of_image(
    work: &mut Work<'_>,
    image: &Image,
    installers: &Installers,
    (names, bases): (&Names, &Bases),
    repositories: &BTreeMap<String, String>,
) -> Definition {
    let home = Home::Layer(image.name.clone());
    let mut items = head(image, &bases.parent(&image.parent, names));
    if let Some(repository) = repositories.get(&image.name).filter(|repository| **repository != image.name) {
        items.push(Item::Statement(format!("repository = {}", quoted(repository))));
    }
    items.extend(write::items(work, image, &home, installers, true));
    Definition { home, name: image.name.clone(), head: format!("layer {}", image.name), doc: doc(image), items }
}

fn of_family(
    work: &mut Work<'_>,
    images: &[Image],
    family: &Family,
    installers: &Installers,
    (names, bases): (&Names, &Bases),
    repositories: &BTreeMap<String, String>,
) -> Definition {
    let home = Home::Layer(family.name.clone());
    let all: Vec<&Image> = family.members.iter().filter_map(|at| images.get(*at)).collect();
    let each: Vec<Vec<Item>> = all.iter().map(|image| write::items(work, image, &home, installers, true)).collect();
    let base = bases.of.get(&family.name);
    let mut declared = base.map(|(_, axes)| axes.clone()).unwrap_or_default();
    let mut inner = named(family, &all, repositories);
    inner.extend(merge::items(&each, &family.axes, &mut declared));
    let parent = all.first().map_or_else(String::new, |image| match &image.parent {
        Parent::Base(_) if base.is_some() => base.map(|(name, _)| name.clone()).unwrap_or_default(),
        Parent::Base(_) => bases.parent(&image.parent, names),
        Parent::Image(index) if family.axes.iter().any(|axis| axis.inherited) => {
            names.get(*index).split('(').next().unwrap_or_default().to_owned()
        }
        Parent::Image(index) => names.get(*index).to_owned(),
    });
    let mut items = all.first().map(|image| head(image, &parent)).unwrap_or_default();
    items.extend(declarations(&family.axes, &|axis| axis.inherited || declared.contains(&axis.name)));
    items.extend(inner);
    let mut lines: Vec<String> = Vec::new();
    for line in all.iter().flat_map(|image| doc(image)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    Definition { home, name: family.name.clone(), head: format!("layer {}", family.name), doc: lines, items }
}

/// The repositories of the members.
fn named(family: &Family, all: &[&Image], repositories: &BTreeMap<String, String>) -> Vec<Item> {
    let known: Vec<&String> = all.iter().filter_map(|image| repositories.get(&image.name)).collect();
    // Often only the build of one member says where it goes.
    let one = known.first().filter(|first| known.iter().all(|other| other == *first));
    let each = all.iter().map(|image| repositories.get(&image.name).or(one.copied()).cloned());
    let Some(each) = each.collect::<Option<Vec<String>>>() else { return Vec::new() };
    match template(&each, &family.axes) {
        Some(one) if one == family.name => Vec::new(),
        Some(one) => vec![Item::Statement(format!("repository = {}", expressions(&one)))],
        None => each
            .iter()
            .enumerate()
            .flat_map(|(at, repository)| {
                let statement = Item::Statement(format!("repository = {}", quoted(repository)));
                let condition = conditions(&[at], all.len(), &family.axes);
                condition
                    .into_iter()
                    .map(move |condition| Item::Block { head: format!("when {condition}"), items: vec![statement.clone()] })
            })
            .collect(),
    }
}

/// A text whose expressions are meant.
fn expressions(text: &str) -> String {
    format!("\"{text}\"")
}

/// The images that exist.
struct Bases {
    /// By reference: the name, and the values of its axes that give the reference.
    names: BTreeMap<String, (String, String)>,
    /// By the family that is built on one with axes: its name, and the axes.
    of: BTreeMap<String, (String, Vec<String>)>,
}

impl Bases {
    /// Adds an `image` for each that exists: for a family one, with its axes.
    fn of(work: &mut Work<'_>, images: &[Image], families: &[Family]) -> Self {
        let mut bases = Self { names: BTreeMap::new(), of: BTreeMap::new() };
        for family in families {
            let all: Vec<&Image> = family.members.iter().filter_map(|at| images.get(*at)).collect();
            let of = |image: &&Image| if let Parent::Base(reference) = &image.parent { Some(reference.clone()) } else { None };
            let Some(references) = all.iter().map(of).collect::<Option<Vec<String>>>() else { continue };
            let (Some(first), Some(one)) = (all.first(), template(&references, &family.axes)) else { continue };
            if !one.contains("{{") {
                continue;
            }
            let used = |axis: &Axis| one.contains(&format!("{{{{ {} }}}}", axis.name));
            let wanted = |at: usize, axis: &Axis| {
                used(axis)
                    || axis.with.is_some_and(|with| family.axes.get(with).is_some_and(used))
                    || family.axes.iter().any(|other| other.with == Some(at) && used(other))
            };
            let own: Vec<Axis> =
                family.axes.iter().enumerate().filter(|(at, axis)| wanted(*at, axis)).map(|(_, axis)| axis.clone()).collect();
            let places: Vec<usize> =
                (0..family.axes.len()).filter(|at| family.axes.get(*at).is_some_and(|axis| wanted(*at, axis))).collect();
            let own: Vec<Axis> = own
                .into_iter()
                .map(|axis| Axis { with: axis.with.and_then(|with| places.iter().position(|at| *at == with)), ..axis })
                .collect();
            let mut items = declarations(&own, &|_| false);
            items.extend(facts(&one, &first.before, true));
            let axes = own.iter().map(|axis| axis.name.clone()).collect();
            let same = work.draft.definitions.iter().find(|known| known.home == Home::Images && known.items == items);
            let name = match same.map(|known| known.name.clone()) {
                Some(name) => name,
                None => Self::add(work, (images, families), &one, items),
            };
            bases.of.insert(family.name.clone(), (name.clone(), axes));
            for (at, reference) in references.iter().enumerate() {
                let values = own
                    .iter()
                    .filter(|axis| axis.with.is_none())
                    .filter_map(|axis| Some(format!("{} = {}", axis.name, value(axis.values.get(at)?))));
                let values = format!("({})", values.collect::<Vec<_>>().join(", "));
                bases.names.entry(reference.clone()).or_insert_with(|| (name.clone(), values));
            }
        }
        for image in images {
            let Parent::Base(reference) = &image.parent else { continue };
            if let Some(python) = reference.strip_prefix(BINDER).and_then(|tag| tag.strip_prefix(":py")) {
                work.draft.uses("std.repo2docker");
                bases.names.insert(reference.clone(), (format!("repo2docker.{BINDER}"), format!("(python = {python})")));
            } else if !bases.names.contains_key(reference) {
                let name = Self::add(work, (images, families), reference, facts(reference, &image.before, false));
                bases.names.insert(reference.clone(), (name, String::new()));
            }
        }
        bases
    }

    fn add(work: &mut Work<'_>, (images, families): (&[Image], &[Family]), reference: &str, items: Vec<Item>) -> String {
        let wanted = name(repository(reference).rsplit('/').next().unwrap_or_default(), "base");
        let ours = |wanted: &str| images.iter().any(|image| image.name == wanted) || families.iter().any(|family| family.name == wanted);
        let taken = |wanted: &str| ours(wanted) || work.draft.definitions.iter().any(|definition| definition.name == wanted);
        let tag = reference.get(repository(reference).len() + 1..).unwrap_or_default().split('@').next().unwrap_or_default();
        let other = if tag.is_empty() || tag.contains('{') || ours(&wanted) { "base" } else { tag };
        let name = if taken(&wanted) { free(&self::name(&format!("{wanted}-{other}"), "base"), taken) } else { wanted };
        work.draft.definitions.push(Definition {
            home: Home::Images,
            name: name.clone(),
            head: format!("image {name}"),
            doc: Vec::new(),
            items,
        });
        name
    }

    /// What an image is built on, as the language writes it.
    fn parent(&self, parent: &Parent, names: &Names) -> String {
        match parent {
            Parent::Base(reference) => self.names.get(reference).map(|(name, values)| format!("{name}{values}")).unwrap_or_default(),
            Parent::Image(index) => names.get(*index).to_owned(),
        }
    }
}

fn facts(reference: &str, state: &State, templates: bool) -> Vec<Item> {
    let repository = repository(reference);
    let rest = reference.get(repository.len()..).unwrap_or_default();
    let (tag, digest) = rest.split_once('@').map_or((rest, None), |(tag, digest)| (tag, Some(digest)));
    let text = |text: &str| if templates { expressions(text) } else { quoted(text) };
    let mut items = vec![Item::Statement(format!("ref = {}", text(repository)))];
    if let Some(tag) = tag.strip_prefix(':') {
        items.push(Item::Statement(format!("tag = {}", text(tag))));
    }
    items.extend(digest.map(|digest| Item::Statement(format!("digest = {}", text(digest)))));
    items.extend(state.conda.map(|folder| Item::Statement(format!("prefix = {}", quoted(folder)))));
    if let Some(account) = state.accounts.iter().find(|account| account.name == state.user) {
        items.push(write::user(account));
    }
    items
}
