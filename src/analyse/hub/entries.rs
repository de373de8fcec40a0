//! Cells → entries of a menu: one for each cell, or one with a drop-down over the axes that `choose` names.

use std::collections::BTreeSet;
use std::rc::Rc;

use foldhash::HashMap;

use super::draft::{Draft, Reader};
use super::head::add_options;
use super::options::{self, spoken};
use super::{former, images, kept, shared};
use crate::analyse::axes::Domain;
use crate::analyse::cells::{Built, Offer, OfferedCell};
use crate::analyse::context::Context;
use crate::analyse::definitions::{Def, UnitId};
use crate::analyse::reads::{Answers, Reads};
use crate::base::{IndexMap, Place, or_nearest};
use crate::diagnostics::{Diagnostic, known};
use crate::ir::{AxisPoint, Choice, Located, MenuImage, MenuOption, OptionKind, Profile, Slug, Unlisted, slugify};
use crate::syntax::ast::{Block, Keyword};
use crate::syntax::words::Room;

/// What the entries of a menu are made from.
pub(super) struct Menu<'m, 'a> {
    pub(super) cx: &'m Context<'a>,
    pub(super) built: &'m Built<'a>,
    /// The hub, as an axis.
    pub(super) hub: AxisPoint,
    /// All hubs, as its values.
    pub(super) hubs: Domain,
    /// The drop-downs that the hub puts into every entry.
    pub(super) options: &'m [MenuOption],
    /// What hubs say of earlier releases.
    pub(super) keep: kept::Given<'m>,
}

/// The blocks of `profile` statements.
type Blocks<'a> = Vec<(UnitId, &'a Block)>;

/// One cell that can be picked.
struct Pick<'p, 'a> {
    cell: &'p OfferedCell<'a>,
    /// Its blocks.
    blocks: Blocks<'a>,
    /// What they say.
    draft: Rc<Draft>,
}

impl<'a> Menu<'_, 'a> {
    /// The entries of an environment; none where it has no profile.
    pub(super) fn environment(&self, def: Def<'a>, offer: &Offer<'a>) -> Vec<Profile> {
        if offer.cells.iter().all(|cell| cell.profiles.is_empty()) {
            return Vec::new();
        }
        self.entries(def, offer, Room::Profile, &|cell| cell.profiles.clone())
    }

    /// The entry of a profile at the top of a file.
    pub(super) fn named(&self, def: Def<'a>) -> Vec<Profile> {
        let place = def.node.body.statements.iter().find_map(|statement| match statement {
            crate::syntax::ast::Statement::Field(field) if field.key.text == "image" => Some(self.cx.place(def.unit, field.value.span())),
            _ => None,
        });
        let block: Blocks<'a> = vec![(def.unit, &def.node.body)];
        if let Some(offer) = place.and_then(|place| images::named(self.built, place)) {
            return self.entries(def, offer, Room::NamedProfile, &|_| block.clone());
        }
        let reader = Reader {
            cx: self.cx,
            built: self.built,
            parent: None,
            axes: vec![self.hub.clone()],
            reads: Reads::default(),
            domains: vec![self.hubs.clone()],
            name: def.name,
        };
        let draft = reader.read(Room::NamedProfile, block);
        if let Some(axis) = draft.choose.iter().flatten().next() {
            self.cx.report(
                Diagnostic::new(&known::UNKNOWN_AXIS, axis.place, format!("there is no axis `{}` here", axis.value))
                    .here("the image is not one of the program's")
                    .help("write an `option` with the images as its choices"),
            );
        }
        let entry = self.entry(def, draft.clone(), draft.image, Vec::new());
        entry.inspect(|entry| images::none(self.cx, def, entry)).into_iter().collect()
    }

    fn reader<'r>(&'r self, def: Def<'a>, offer: &Offer<'a>, cell: &OfferedCell<'a>) -> Reader<'r, 'a>
    where
        'a: 'r,
    {
        let mut axes = cell.axes.to_vec();
        axes.push(self.hub.clone());
        let mut domains = offer.domains.clone();
        domains.push(self.hubs.clone());
        Reader { cx: self.cx, built: self.built, parent: Some(cell.parent), axes, reads: Reads::default(), domains, name: def.name }
    }

    /// The cells that can be picked, each with what its blocks say: read once for cells whose axes agree in what that reads.
    fn picks<'p>(
        &self,
        def: Def<'a>,
        offer: &'p Offer<'a>,
        room: Room,
        blocks: &dyn Fn(&OfferedCell<'a>) -> Blocks<'a>,
    ) -> Vec<Pick<'p, 'a>> {
        let mut known: HashMap<Vec<*const Block>, Answers<Rc<Draft>>> = HashMap::default();
        let pick = |cell: &'p OfferedCell<'a>| {
            let blocks = blocks(cell);
            let known = known.entry(blocks.iter().map(|(_, block)| std::ptr::from_ref(*block)).collect()).or_default();
            let draft = known.at(&cell.axes).cloned().unwrap_or_else(|| {
                let reader = self.reader(def, offer, cell);
                let draft = Rc::new(reader.read(room, blocks.iter().copied()));
                known.keep(&cell.axes, &reader.reads, Rc::clone(&draft));
                draft
            });
            Pick { cell, blocks, draft }
        };
        offer.cells.iter().map(pick).collect()
    }

    fn entries(&self, def: Def<'a>, offer: &Offer<'a>, room: Room, blocks: &dyn Fn(&OfferedCell<'a>) -> Blocks<'a>) -> Vec<Profile> {
        let picks = self.picks(def, offer, room, blocks);
        let chosen = picks.iter().find_map(|pick| pick.draft.choose.clone()).unwrap_or_default();
        if !self.are_axes(&chosen, offer) {
            return Vec::new();
        }
        let groups = if room == Room::NamedProfile && chosen.is_empty() {
            // A profile that names an image of several cells means the default one.
            vec![picks.iter().filter(|pick| pick.cell.default).collect()]
        } else {
            group(&picks, &chosen)
        };
        let several = groups.len() > 1;
        let mut all = Vec::new();
        for members in &groups {
            let Some(profile) = self.of_group(def, offer, room, members, &chosen) else { continue };
            let default = members.iter().any(|pick| pick.cell.default);
            let axes = members.first().map_or(&[][..], |pick| pick.cell.axes.as_slice());
            all.push((profile, default, axes));
        }
        if several { tell_apart(all, &chosen) } else { all.into_iter().map(|(profile, ..)| profile).collect() }
    }

    /// What people may call an image: its name in the program, or the last part of its path.
    fn name_of(&self, image: Option<&Located<MenuImage>>, definition: &str) -> String {
        let name = match image.map(|image| &image.value) {
            Some(MenuImage::Cell(cell)) => {
                let image = self.built.cells.get(cell.0 as usize).map(|cell| cell.image.0 as usize);
                image.and_then(|image| self.built.images.get(image)).map(|image| image.name.clone())
            }
            Some(MenuImage::Base(base)) => self.built.bases.get(base.0 as usize).map(|base| base.name.clone()),
            Some(MenuImage::Reference(reference)) => reference
                .split('@')
                .next()
                .and_then(|path| path.rsplit('/').next())
                .and_then(|last| last.split(':').next())
                .map(str::to_owned),
            None => None,
        };
        name.unwrap_or_else(|| definition.to_owned())
    }

    fn are_axes(&self, chosen: &[Located<String>], offer: &Offer<'_>) -> bool {
        let unknown = chosen.iter().find(|axis| !offer.domains.iter().any(|(name, _)| **name == *axis.value));
        if let Some(axis) = unknown {
            let names: Vec<&str> = offer.domains.iter().map(|(name, _)| &**name).collect();
            let finding = Diagnostic::new(&known::UNKNOWN_AXIS, axis.place, format!("there is no axis `{}` here", axis.value));
            self.cx.report(if names.is_empty() {
                finding.here("what this stands on has no axes").help("drop `choose`, or add an axis by `matrix` or `variant`")
            } else {
                finding.maybe_help(or_nearest(&axis.value, names))
            });
        }
        unknown.is_none()
    }

    /// The entry of cells that differ in the chosen axes alone.
    fn of_group(
        &self,
        def: Def<'a>,
        offer: &Offer<'a>,
        room: Room,
        members: &[&Pick<'_, 'a>],
        chosen: &[Located<String>],
    ) -> Option<Profile> {
        let lead = members.iter().find(|pick| pick.cell.default).or_else(|| members.first())?;
        let image = |pick: &Pick<'_, '_>| Located::new(images::of(pick.cell.parent), self.cx.place_of(def));
        if members.len() == 1 {
            return self.entry(def, (*lead.draft).clone(), Some(image(lead)), Vec::new());
        }
        let shared: Blocks<'a> = lead
            .blocks
            .iter()
            .filter(|(_, block)| members.iter().all(|pick| pick.blocks.iter().any(|(_, other)| std::ptr::eq(*block, *other))))
            .copied()
            .collect();
        let mut draft = self.reader(def, offer, lead.cell).read(room, shared.clone());
        draft.settings = members.iter().fold(lead.draft.settings.clone(), |common, pick| shared::common(&common, &pick.draft.settings));
        let mut choices = Vec::new();
        for pick in members {
            let own = pick.blocks.iter().filter(|(_, block)| !shared.iter().any(|(_, other)| std::ptr::eq(*block, *other)));
            let own: Blocks<'a> = own.copied().collect();
            let own = if own.is_empty() { Draft::default() } else { self.reader(def, offer, pick.cell).read(room, own) };
            choices.push(choice(pick, own, &draft, image(pick), chosen, std::ptr::eq(*pick, *lead)));
        }
        self.note_flattened(def, chosen, members);
        let place = chosen.first().map_or_else(Place::default, |axis| axis.place);
        let names: Vec<String> = chosen.iter().map(|axis| axis.value.clone()).collect();
        let (key, title) = match names.as_slice() {
            [one] => (one.replace('_', "-"), spoken(one)),
            several => ("image".to_owned(), spoken(&several.join(" and "))),
        };
        let option = MenuOption {
            key: Located::new(key, place),
            title: Located::new(title, place),
            kind: OptionKind::Axes(names),
            choices,
            unlisted: None,
            renamed_from: Vec::new(),
            builds: None,
            origin: place,
        };
        self.entry(def, draft, None, vec![option])
    }

    /// Says so where the cells that exist are not all that the chosen axes could be, and a hub shows it.
    fn note_flattened(&self, def: Def<'_>, chosen: &[Located<String>], members: &[&Pick<'_, '_>]) {
        let values = |axis: &Located<String>| members.iter().filter_map(|pick| value(pick, &axis.value)).collect::<BTreeSet<_>>().len();
        let product: usize = chosen.iter().map(values).product();
        if let (Some(first), true) = (chosen.first(), members.len() < product && !self.hub.value.is_empty()) {
            let names: Vec<String> = chosen.iter().map(|axis| format!("`{}`", axis.value)).collect();
            let (names, lines) = (names.join(" and "), members.len());
            let message = format!("the choices of {names} are one drop-down of {lines} lines in the entry of `{}`", def.name);
            self.cx.report(
                Diagnostic::new(&known::FLATTENED_CHOICES, first.place, message)
                    .here(format!("{lines} of {product} combinations exist"))
                    .help("say `choose` for one axis to have an entry for each value of the others"),
            );
        }
    }

    /// An entry of what its blocks say.
    fn entry(&self, def: Def<'a>, draft: Draft, image: Option<Located<MenuImage>>, mut options: Vec<MenuOption>) -> Option<Profile> {
        let place = self.cx.place_of(def);
        let Some(title) = draft.title else {
            if draft.slug.is_some() || !self.cx.has_errors() {
                let kind = if def.node.keyword.node == Keyword::Profile { "the profile" } else { "the profile of" };
                self.cx.report(
                    Diagnostic::new(&known::MISSING_FIELD, place, format!("{kind} `{}` has no title", def.name))
                        .here("the page would show an empty line")
                        .help("add `title = \"…\"` to its profile"),
                );
            }
            return None;
        };
        let mut image = image;
        options.extend(draft.options);
        for (key, free) in draft.unlisted {
            match options.iter_mut().find(|option| option.key.value == key.value || (free.image && option.brings_images())) {
                Some(option) => {
                    options::set_free_text(self.cx, option, free);
                    if option.brings_images() {
                        option.unlisted.iter_mut().for_each(Unlisted::take_image);
                    }
                }
                None => options.push(shared::beside(key, free, &self.name_of(image.as_ref(), def.name), &mut image)),
            }
        }
        let options = add_options(options, self.options);
        let slug = match draft.slug {
            Some(slug) => Slug { text: slug.value, written: Some(slug.place) },
            None => Slug { text: slugify(&title.value), written: None },
        };
        Some(Profile {
            definition: def.name.to_owned(),
            title,
            description: draft.description,
            slug,
            default: draft.default,
            image,
            settings: draft.settings,
            options,
            groups: draft.groups,
            renamed_from: draft.renamed_from,
            keep: kept::settle(self.cx, draft.keep, self.keep),
            origin: place,
        })
    }
}

/// The value of an axis of a cell.
fn value<'p>(pick: &'p Pick<'_, '_>, axis: &str) -> Option<&'p str> {
    pick.cell.axes.iter().find(|point| &*point.axis == axis).map(|point| &*point.value)
}

/// The cells that agree in all axes but the chosen ones, in order.
fn group<'p, 'q, 'a>(picks: &'p [Pick<'q, 'a>], chosen: &[Located<String>]) -> Vec<Vec<&'p Pick<'q, 'a>>> {
    let mut groups: IndexMap<Vec<&str>, Vec<&'p Pick<'q, 'a>>> = IndexMap::default();
    for pick in picks {
        let rest = pick.cell.axes.iter().filter(|point| !chosen.iter().any(|axis| *axis.value == *point.axis));
        let key = rest.map(|point| &*point.value).collect();
        groups.entry(key).or_default().push(pick);
    }
    groups.into_values().collect()
}

/// A line of the drop-down: the cell's own title and text where its variant says them, else its point on the axes.
fn choice(pick: &Pick<'_, '_>, own: Draft, entry: &Draft, image: Located<MenuImage>, chosen: &[Located<String>], default: bool) -> Choice {
    let place = image.place;
    let points = || chosen.iter().filter_map(|axis| pick.cell.axes.iter().find(|point| *axis.value == *point.axis));
    let (mut key, mut title) = (String::new(), String::new());
    for (at, point) in points().enumerate() {
        if at > 0 {
            key.push('-');
            title.push_str(", ");
        }
        key.push_str(&key_of(point));
        title.push_str(&title_of(point));
    }
    let differs = |text: &&Located<String>| entry.description.as_ref().is_none_or(|common| common.value != text.value);
    Choice {
        key: Located::new(key, chosen.first().map_or(place, |axis| axis.place)),
        title: own.title.unwrap_or_else(|| Located::new(title, place)),
        description: own.description.or_else(|| pick.draft.description.as_ref().filter(differs).cloned()),
        default: default.then_some(place),
        image: Some(image),
        settings: shared::without(&pick.draft.settings, &entry.settings),
        groups: own.groups,
        renamed_from: own.renamed_from,
        origin: place,
    }
}

/// A point as a key: `py3-11`, `cuda12`. Kubernetes takes letters, digits and hyphens.
fn key_of(point: &AxisPoint) -> String {
    let text = if point.short.is_empty() { &point.value } else { &point.short };
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    text.trim_matches(|c: char| !c.is_ascii_alphanumeric()).chars().map(letter).collect()
}

/// A point as people read it: `Python 3.11`, `cuda12`.
fn title_of(point: &AxisPoint) -> String {
    if point.value.starts_with(|c: char| c.is_ascii_digit()) {
        format!("{} {}", spoken(&point.axis), point.value)
    } else {
        point.value.to_string()
    }
}

/// Several entries of one definition: titles and slugs get the point where they would be the same, and one is the default.
fn tell_apart(all: Vec<(Profile, bool, &[AxisPoint])>, chosen: &[Located<String>]) -> Vec<Profile> {
    let same = |profile: &Profile| all.iter().filter(|(other, ..)| other.title.value == profile.title.value).count() > 1;
    let repeated: Vec<bool> = all.iter().map(|(profile, ..)| same(profile)).collect();
    let varies = |axis: &str| {
        let mut values = all.iter().map(|(_, _, axes)| axes.iter().find(|point| &*point.axis == axis).map(|point| &point.value));
        let first = values.next();
        values.any(|value| Some(value) != first)
    };
    let varying: Vec<String> = all
        .first()
        .into_iter()
        .flat_map(|(_, _, axes)| axes.iter())
        .filter(|point| varies(&point.axis) && !chosen.iter().any(|axis| *axis.value == *point.axis))
        .map(|point| point.axis.to_string())
        .collect();
    let settle = |((mut profile, default, axes), repeated): ((Profile, bool, &[AxisPoint]), bool)| {
        let points = || axes.iter().filter(|point| varying.iter().any(|axis| **axis == *point.axis));
        if repeated {
            let titles: Vec<String> = points().map(title_of).collect();
            profile.title.value = format!("{} ({})", profile.title.value, titles.join(", "));
        }
        if profile.slug.written.is_some() {
            if !default {
                profile.slug.text = format!("{}-{}", profile.slug.text, points().map(key_of).collect::<Vec<_>>().join("-"));
            }
        } else {
            profile.slug.text = slugify(&profile.title.value);
        }
        if !default {
            profile.default = None;
        }
        let ends = [points().map(key_of).collect::<Vec<_>>().join("-"), slugify(&points().map(title_of).collect::<Vec<_>>().join(", "))];
        (profile, default, ends)
    };
    former::names(all.into_iter().zip(repeated).map(settle).collect())
}
