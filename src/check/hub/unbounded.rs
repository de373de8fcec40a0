//! J0421: nothing bounds the major version of what a server runs: `JupyterLab`, Notebook, and `JupyterHub`'s own part.

use std::rc::Rc;

use foldhash::HashSet;

use super::contract::{Image, is_called};
use super::levels::Levels;
use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, MenuImage, Package, Program};

/// What a server runs, its major version for an example, and packages that bring it without an upper bound (the recipes of
/// conda-forge and `PyPI`, 2026-11).
const SERVER: [(&str, u32, &[&str]); 3] =
    [("jupyterlab", 4, &["jupyter", "jupyterhub-singleuser"]), ("notebook", 7, &["jupyter"]), ("jupyterhub", 5, &[])];

/// How many places a note marks.
const MARKED: usize = 3;

/// J0421: one note for a hub.
pub(super) fn check(program: &Program, hub: &Hub, findings: &mut Findings) {
    let mut found: Vec<(&str, Place)> = Vec::new();
    let (mut recipes, mut others) = (HashSet::default(), HashSet::default());
    let mut levels = Levels::default();
    for profile in &hub.menu {
        for image in profile.images() {
            let fresh = match image.value {
                MenuImage::Cell(cell) => recipes.insert(Rc::as_ptr(&program[cell].recipe)),
                ref other => others.insert(other),
            };
            if !fresh {
                continue;
            }
            let image = Image::new(program, image);
            let packages = image.of_levels(&mut levels, |package| is_asked_for(package).then_some(()));
            for (name, _, brought_by) in SERVER {
                let required = hub.requires.iter().any(|required| required.normal == name && is_bounded(required));
                if let Some(place) = open(image, &packages, name, brought_by).filter(|_| !required)
                    && !found.contains(&(name, place))
                {
                    found.push((name, place));
                }
            }
        }
    }
    if let Some(finding) = finding(&found) {
        findings.push(finding);
    }
}

/// Whether a package may be of the server, or bring something of it.
fn is_asked_for(package: &Package) -> bool {
    package.normal.starts_with("jupyter") || SERVER.iter().any(|(name, ..)| package.normal == *name)
}

/// Where an image takes whichever version of a package there is.
fn open(image: Image<'_>, packages: &[(&Package, ())], name: &str, brought_by: &[&str]) -> Option<Place> {
    let in_server =
        |is: &dyn Fn(&Package) -> bool| image.in_server(packages.iter().map(|(package, ())| *package).filter(|package| is(package)));
    let there = in_server(&|package| is_called(package, name));
    if there.iter().any(|package| package.provided || is_bounded(package)) {
        return None;
    }
    let bringers = in_server(&|package| !package.provided && brought_by.contains(&package.normal.as_str()));
    there.first().or(bringers.first()).map(|package| package.origin)
}

fn is_bounded(package: &Package) -> bool {
    package.versions(&package.constraint).is_ok_and(|set| set.upper().is_some())
}

fn finding(found: &[(&str, Place)]) -> Option<Diagnostic> {
    let (_, first) = found.first()?;
    let open = SERVER.iter().filter(|(name, ..)| found.iter().any(|(one, _)| one == name));
    let quoted: Vec<String> = open.clone().map(|(name, ..)| format!("`{name}`")).collect();
    let message = format!("the day of the build decides the major version of {}", quoted.join(" and "));
    let requires: Vec<String> = open.map(|(name, major, _)| format!("{name} =={major}.*")).collect();
    let mut finding = Diagnostic::new(&known::UNBOUNDED_SERVER, *first, message).here("no upper bound").help(format!(
        "write the version that the hub is made for, such as `requires {{ {} }}` in the hub, and the same bound here",
        requires.join("  ")
    ));
    let mut places: Vec<Place> = Vec::new();
    for (_, place) in found.iter().filter(|(_, place)| place != first) {
        if !places.contains(place) && places.len() + 1 < MARKED {
            places.push(*place);
            finding = finding.also(*place, "no upper bound");
        }
    }
    Some(finding)
}
