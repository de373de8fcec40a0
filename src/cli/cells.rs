//! The cells that a name of the command line means.

use super::list::{name_of, offered};
use super::reply::Misuse;
use crate::base::or_nearest;
use crate::ir::{Cell, CellId, MenuImage, Parent, Pod, Program};

/// The cells of the image of this name, or those that the environment of this name offers.
pub(super) fn cells(program: &Program, name: &str) -> Result<Vec<CellId>, Misuse> {
    if let Some(image) = program.images.iter().find(|image| image.name == name) {
        return Ok(image.cells.clone());
    }
    let menus = || program.hubs.iter().flat_map(|hub| &hub.menu);
    let images = menus().filter(|profile| profile.definition == name).flat_map(offered);
    let cells: Vec<_> = images.filter_map(|image| if let MenuImage::Cell(id) = image { Some(*id) } else { None }).collect();
    if !cells.is_empty() {
        return Ok(cells);
    }
    if let Some((_, cells)) = program.environments.iter().find(|(environment, cells)| environment == name && !cells.is_empty()) {
        return Ok(cells.clone());
    }
    let environments = program.environments.iter().map(|(name, _)| name.as_str());
    let names = program.images.iter().map(|image| image.name.as_str()).chain(menus().map(|profile| profile.definition.as_str()));
    let names = names.chain(environments);
    let hint = or_nearest(name, names).map(|hint| format!("; {hint}")).unwrap_or_default();
    Err(Misuse(format!("there is no image or environment `{name}`{hint}")))
}

/// `python=3.11 variant=cuda12`, as `--cell` takes the values one by one.
pub(super) fn axes_in_words(cell: &Cell) -> String {
    let points: Vec<_> = cell.axes.iter().map(|point| format!("{}={}", point.axis, point.value)).collect();
    if points.is_empty() { "default".to_owned() } else { points.join(" ") }
}

/// The pod that the first entry with this image starts where nobody chooses anything else, with the name of its hub.
pub(super) fn pod(program: &Program, id: CellId) -> Option<(&str, Pod<'_>)> {
    let entries = program.hubs.iter().flat_map(|hub| hub.menu.iter().map(move |profile| (hub, profile)));
    let starts = |pod: &Pod<'_>| pod.image.is_some_and(|image| image.value == MenuImage::Cell(id));
    entries.into_iter().find_map(|(hub, profile)| Some((hub.name.as_str(), hub.pods(profile).into_iter().find(starts)?)))
}

/// What a cell stands on, as `show` names it: `base (py3.11)`, or the reference of an existing image.
pub(super) fn parent(program: &Program, cell: &Cell) -> String {
    match cell.parent {
        Parent::Base(base) => program[base].reference(),
        Parent::Cell(parent) => format!("{} {}", program[program[parent].image].name, name_of(&program[parent])),
    }
}
