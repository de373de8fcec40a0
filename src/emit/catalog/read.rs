//! From the program to the page.

use std::collections::{BTreeMap, BTreeSet};

use super::contents::Stacks;
use super::mark::mark;
use super::offers::{Entry, entries, offers};
use super::page::{Axis, Card, ImageRow, Level, Link, Page, Section};
use super::{tree, words};
use crate::ir::{BaseId, CatalogFormat, CatalogOutput, CellId, Hub, Image, MenuImage, Program};

/// The page of one output.
pub(super) fn page(program: &Program, output: &CatalogOutput) -> Page {
    let reader = Reader { program };
    let hubs: Vec<&Hub> = match output.hub {
        Some(hub) => program.hubs.get(hub).into_iter().collect(),
        None => program.hubs.iter().collect(),
    };
    let mut all: Vec<Content> = entries(hubs.iter().copied()).iter().map(|entry| reader.entry(entry, hubs.len() > 1)).collect();
    let menu = all.len();
    if output.hub.is_none() {
        let offered: BTreeSet<CellId> = all.iter().flat_map(|content| content.cells.iter().copied()).collect();
        all.extend(program.images.iter().filter_map(|image| reader.image(image, &offered)));
    }
    distinct(&mut all);
    share(&mut all);
    let cells: BTreeSet<CellId> = all.iter().flat_map(|content| content.cells.iter().copied()).collect();
    let bases: BTreeSet<BaseId> = all.iter().flat_map(|content| content.bases.iter().copied()).collect();
    let stacks = Stacks::new(program, &Vec::from_iter(cells), &Vec::from_iter(bases));
    let offered = Offered::new(program, &all);
    let tree = tree::nodes(program, &stacks, |cells, base| offered.links(&all, cells, base));
    Page {
        mark: mark(program),
        title: output.title.clone().unwrap_or_else(|| format!("Environments of {}", program.project.name)),
        source: program.project.source.clone().filter(|url| words::is_web_address(url)),
        sections: sections(all, menu),
        tree,
        levels: if output.format == CatalogFormat::Markdown { levels(&stacks) } else { Vec::new() },
    }
}

/// Every image of the tree with what it adds, existing ones first.
fn levels(stacks: &Stacks<'_>) -> Vec<Level> {
    let (mut levels, mut built): (Vec<_>, Vec<_>) = stacks.levels().into_iter().partition(|level| level.existing);
    built.reverse();
    levels.append(&mut built);
    for level in &mut levels {
        // Among all cells of the page, the tree says which stand on it.
        level.only.clear();
    }
    levels
}

/// A card with what it stands for.
struct Content {
    card: Card,
    cells: Vec<CellId>,
    bases: Vec<BaseId>,
}

/// Gives every card an anchor of its own.
fn distinct(all: &mut [Content]) {
    let mut taken = BTreeSet::new();
    for content in all {
        let (wanted, mut number) = (content.card.id.clone(), 1);
        while !taken.insert(content.card.id.clone()) {
            number += 1;
            content.card.id = format!("{wanted}-{number}");
        }
    }
}

/// Links each level to the first card that has it with the same contents.
fn share(all: &mut [Content]) {
    let mut shown: BTreeMap<String, Vec<(Level, Link)>> = BTreeMap::new();
    for card in all.iter_mut().map(|content| &mut content.card) {
        for level in &mut card.levels {
            let contents = Level { only: String::new(), ..level.clone() };
            let earlier = shown.entry(level.id.clone()).or_default();
            level.same = earlier.iter().find(|(known, _)| *known == contents).map(|(_, link)| link.clone());
            if level.same.is_none() {
                let place = format!("{}-{}", card.id, level.id);
                earlier.push((contents, Link { text: card.title.clone(), id: Some(place) }));
            }
        }
    }
}

/// Which cards offer a cell, or an existing image.
struct Offered<'a> {
    cells: BTreeMap<CellId, Vec<usize>>,
    bases: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Offered<'a> {
    fn new(program: &'a Program, all: &[Content]) -> Self {
        let (mut cells, mut bases): (BTreeMap<_, Vec<_>>, BTreeMap<_, Vec<_>>) = (BTreeMap::new(), BTreeMap::new());
        for (at, content) in all.iter().enumerate() {
            for cell in &content.cells {
                cells.entry(*cell).or_default().push(at);
            }
            for base in &content.bases {
                bases.entry(program[*base].name.as_str()).or_default().push(at);
            }
        }
        Self { cells, bases }
    }

    /// Links to the cards that offer any of some cells, or an existing image of this name.
    fn links(&self, all: &[Content], cells: &[CellId], base: &str) -> Vec<Link> {
        let of_cells = cells.iter().filter_map(|cell| self.cells.get(cell)).flatten();
        let cards: BTreeSet<usize> = of_cells.chain(self.bases.get(base).into_iter().flatten()).copied().collect();
        let cards = cards.into_iter().filter_map(|at| all.get(at)).map(|content| &content.card);
        cards.map(|card| Link { text: card.title.clone(), id: Some(card.id.clone()) }).collect()
    }
}

/// The cards under their headings: the first ones are on a menu.
fn sections(mut all: Vec<Content>, menu: usize) -> Vec<Section> {
    let rest = all.split_off(menu).into_iter().map(|content| content.card).collect::<Vec<_>>();
    let menu = all.into_iter().map(|content| content.card).collect::<Vec<_>>();
    let images = if menu.is_empty() {
        Section { id: "images", title: "Images", note: "", noun: "image", cards: rest }
    } else {
        Section { id: "images", title: "Further images", note: "These are built, and on no menu.", noun: "image", cards: rest }
    };
    let environments = Section { id: "environments", title: "Environments", note: "", noun: "environment", cards: menu };
    [environments, images].into_iter().filter(|section| !section.cards.is_empty()).collect()
}

struct Reader<'a> {
    program: &'a Program,
}

impl Reader<'_> {
    /// An entry of a menu.
    fn entry(&self, entry: &Entry<'_>, several: bool) -> Content {
        let mut images: Vec<&MenuImage> = Vec::new();
        for (_, profile) in entry {
            for image in profile.images() {
                if !images.contains(&&image.value) {
                    images.push(&image.value);
                }
            }
        }
        let first = entry.first().map(|(_, profile)| *profile);
        let mut content = self.content(&images);
        if let Some(profile) = first {
            content.card.id = format!("environment-{}", words::anchor(&profile.slug.text));
            content.card.title.clone_from(&profile.title.value);
            content.card.name.clone_from(&profile.definition);
            content.card.about = profile.description.as_ref().map_or_else(Vec::new, |text| words::paragraphs(&text.value));
        }
        content.card.offers = offers(self.program, entry, several);
        content
    }

    /// The cells of a published image that nothing offers.
    fn image(&self, image: &Image, offered: &BTreeSet<CellId>) -> Option<Content> {
        let cells: Vec<_> = image.cells.iter().filter(|cell| !offered.contains(cell)).map(|cell| MenuImage::Cell(*cell)).collect();
        if cells.is_empty() || !image.publish {
            return None;
        }
        let mut content = self.content(&cells.iter().collect::<Vec<_>>());
        content.card.id = format!("alone-{}", words::anchor(&image.name));
        content.card.title.clone_from(&image.title);
        content.card.name.clone_from(&image.name);
        content.card.about = image.doc.as_ref().or(image.description.as_ref()).map_or_else(Vec::new, |text| words::paragraphs(text));
        // The card says already what its own layer is for.
        if let Some(own) = content.card.levels.iter_mut().find(|level| level.name == image.name) {
            own.about.clear();
        }
        Some(content)
    }

    /// A card without a name.
    fn content(&self, images: &[&MenuImage]) -> Content {
        let cells: Vec<_> = images.iter().filter_map(|image| if let MenuImage::Cell(id) = image { Some(*id) } else { None }).collect();
        let bases: Vec<_> = images.iter().filter_map(|image| if let MenuImage::Base(id) = image { Some(*id) } else { None }).collect();
        let stacks = Stacks::new(self.program, &cells, &bases);
        let overrides = stacks.overrides();
        let levels = stacks.marked(&overrides);
        let packages = levels.iter().flat_map(|level| &level.groups).flat_map(|group| &group.rows);
        let card = Card {
            id: String::new(),
            title: String::new(),
            name: String::new(),
            about: Vec::new(),
            offers: Vec::new(),
            axes: self.axes(&cells),
            images: images.iter().map(|image| self.row(image, images.len() > 1, &cells)).collect(),
            packages: packages.map(|row| row.name.as_str()).collect::<BTreeSet<_>>().len(),
            overrides,
            levels,
        };
        Content { card, cells, bases }
    }

    /// The axes of some cells with their values, both in the program's order.
    fn axes(&self, cells: &[CellId]) -> Vec<Axis> {
        let mut all: Vec<Axis> = Vec::new();
        for point in cells.iter().flat_map(|id| self.program[*id].axes.iter()) {
            let name = words::spoken(&point.axis);
            match all.iter_mut().find(|axis| axis.name == name) {
                Some(axis) if axis.values.iter().any(|value| **value == *point.value) => {}
                Some(axis) => axis.values.push(point.value.to_string()),
                None => all.push(Axis { name, values: vec![point.value.to_string()] }),
            }
        }
        all
    }

    /// An image that can be pulled.
    fn row(&self, image: &MenuImage, several: bool, cells: &[CellId]) -> ImageRow {
        let program = self.program;
        let mut row = match image {
            MenuImage::Cell(id) => {
                let (cell, image) = (&program[*id], &program[program[*id].image]);
                let one_image = cells.iter().all(|other| program[*other].image == cell.image);
                let name = if one_image { cell.name.clone() } else { format!("{} {}", image.name, cell.name).trim_end().to_owned() };
                let platforms = cell.platforms.iter().map(ToString::to_string).collect();
                ImageRow { name, reference: cell.repository.clone(), platforms, tags: words::tags(image, *id, cell) }
            }
            MenuImage::Base(id) => {
                let base = &program[*id];
                let platforms = base.platforms.iter().map(ToString::to_string).collect();
                ImageRow { name: base.name.clone(), reference: base.reference(), platforms, tags: Vec::new() }
            }
            MenuImage::Reference(reference) => {
                ImageRow { name: String::new(), reference: reference.clone(), platforms: Vec::new(), tags: Vec::new() }
            }
        };
        if !several {
            row.name.clear();
        }
        row
    }
}
