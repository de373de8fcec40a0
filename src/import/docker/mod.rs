//! Dockerfiles of one repository → layers. Each instruction is read into steps; what the language has a list or a word for becomes
//! one, what is left stays `run` as it was, and what means something else then is a remark at its place.

mod builds;
mod chain;
mod command;
mod cuts;
mod given;
mod images;
mod installers;
mod lists;
mod read;
mod settle;
mod shared;
mod stage;
mod state;
mod steps;
mod verify;
mod words;
mod write;

use std::collections::BTreeMap;

pub(super) use given::{Given, Recipe, image};
pub(super) use images::Image;
pub(super) use settle::settle;
pub(super) use state::BINDER;
pub(super) use verify::compare;

use super::Work;
use builds::Build;

/// Reads the Dockerfiles that were found, and adds a layer for each.
pub(super) fn read(work: &mut Work<'_>) {
    let (images, builds) = originals(work);
    if images.is_empty() {
        return;
    }
    for (files, word) in [(work.found.dockerfiles.len(), "Dockerfile"), (work.found.folders.len(), "repo2docker folder")] {
        if files > 0 {
            work.ledger.read.push(format!("{files} {word}{}", if files == 1 { "" } else { "s" }));
        }
    }
    let repositories = repositories(work, &images, &builds);
    let images = shared::layers(images);
    write::write(work, &images, &repositories);
    work.ledger.installs = images.iter().fold((0, 0), |sum, image| (sum.0 + image.installs.0, sum.1 + image.installs.1));
    let outputs = [
        ("dockerfiles", "output dockerfiles { dir = \"images\" }"),
        ("workflow", "output workflow { path = \".github/workflows/images.yml\" }"),
        ("bake", "output bake { path = \"docker-bake.json\" }"),
    ];
    for (kind, output) in outputs {
        work.draft.outputs.insert(kind.to_owned(), output.to_owned());
    }
}

/// The images of the originals, and what builds them.
fn originals(work: &mut Work<'_>) -> (Vec<Image>, Vec<Build>) {
    let dockerfiles = work.found.dockerfiles.clone();
    let found = &work.found;
    let others = [&found.workflows, &found.scripts, &found.bakes, &dockerfiles].into_iter().flatten().cloned().collect::<Vec<_>>();
    let mut builds = Vec::new();
    if !dockerfiles.is_empty() {
        for path in others {
            if let Some(file) = work.read(&path) {
                builds.extend(builds::builds(&work.text(file), &dockerfiles));
            }
        }
    }
    let mut images = images::images(work, &dockerfiles, &builds);
    super::repo2docker::read(work, &mut images);
    (images, builds)
}

/// The repository of each image that has one; the project's registry is the one that most of them are in.
fn repositories(work: &mut Work<'_>, images: &[Image], builds: &[Build]) -> BTreeMap<String, String> {
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    let mut named: BTreeMap<String, &str> = BTreeMap::new();
    for build in builds {
        let image = images.iter().find(|image| image.path == build.dockerfile && !image.internal);
        let Some(image) = image.filter(|image| !named.contains_key(&image.name)) else { continue };
        named.insert(image.name.clone(), &build.repository);
        work.images.insert(build.repository.clone(), image.name.clone());
        if let Some((owner, _)) = build.repository.rsplit_once('/') {
            *owners.entry(owner).or_default() += 1;
        }
    }
    let registry = owners.iter().max_by_key(|(_, count)| **count).map(|(owner, _)| (*owner).to_owned());
    work.draft.project.registry.clone_from(&registry);
    named
        .into_iter()
        .filter_map(|(name, repository)| match (repository.rsplit_once('/'), &registry) {
            (Some((owner, base)), Some(registry)) if owner == registry => Some((name, base.to_owned())),
            _ => None,
        })
        .collect()
}
