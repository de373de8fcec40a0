//! Dockerfiles of one repository → layers. Each instruction is read into steps; what the language has a list or a word for becomes
//! one, what is left stays `run` as it was, and what means something else then is a remark at its place.

mod activated;
mod arrays;
mod axes;
mod bare;
mod builds;
mod chain;
mod command;
mod conditions;
mod consumed;
mod context;
mod cuts;
mod define;
mod downloads;
mod env;
mod families;
mod files;
mod fold;
mod folders;
mod given;
mod held;
mod images;
mod installers;
mod joined;
mod left;
mod links;
mod listed;
mod lists;
mod meant;
mod merge;
mod named;
mod originals;
mod parts;
mod placed;
mod read;
mod reasons;
mod references;
mod rows;
mod same;
mod script;
mod settle;
mod shared;
mod stage;
mod state;
mod steps;
mod sums;
mod texts;
mod touched;
mod unset;
mod verify;
mod whole;
mod words;
mod write;

pub(super) use given::{Given, Recipe, image};
pub(super) use images::Image;
pub(super) use originals::Originals;
pub(super) use settle::settle;
pub(super) use state::BINDER;
pub(super) use sums::lacking;
pub(super) use verify::compare;
pub(super) use words::{expand, pairs};

use std::collections::BTreeMap;

use super::{Work, repository};
use builds::Build;
use define::Names;
use references::is_reference;

impl Originals {
    /// Reads the Dockerfiles that were found, and what builds them.
    pub(super) fn dockerfiles(work: &mut Work<'_>) -> Self {
        let paths = work.found.dockerfiles.clone();
        let mut builds = if paths.is_empty() { Vec::new() } else { builds::all(work, &paths) };
        let images = images::images(work, &paths, &mut builds);
        Self { images, builds, families: Vec::new(), repositories: BTreeMap::new() }
    }

    /// Finds their repositories and families, once all images are there. Choices of a menu are as [`super::menu::choices`] gives them.
    pub(super) fn relate(&mut self, work: &mut Work<'_>, choices: Vec<(String, String, Vec<String>)>) {
        self.repositories = repositories(work, &self.images, &self.builds);
        let place = |reference: &String| {
            let name = work.images.get(reference).or_else(|| work.images.get(repository(reference)))?;
            self.images.iter().position(|image| image.name == *name)
        };
        let choice = |(title, key, named): (String, String, Vec<String>)| families::Choice {
            key,
            title,
            images: named.iter().filter_map(place).collect(),
        };
        let choices: Vec<families::Choice> = choices.into_iter().map(choice).collect();
        self.families = if work.apart { Vec::new() } else { families::families(&self.images, &choices, work.files) };
    }
}

/// Adds a layer for each image.
pub(super) fn read(work: &mut Work<'_>, originals: &Originals) {
    let Originals { images, families, repositories, .. } = originals;
    if images.is_empty() {
        return;
    }
    for (files, word) in
        [(work.found.dockerfiles.len(), "Dockerfile"), (work.found.folders.len(), "repo2docker folder"), (work.saved.len(), "image")]
    {
        if files > 0 {
            work.ledger.read.push(format!("{files} {word}{}", if files == 1 { "" } else { "s" }));
        }
    }
    let (mut images, shared) = shared::layers(images.clone(), families, work.files);
    for image in &mut images {
        joined::join(&mut image.steps);
    }
    let names = Names::of(&images, families);
    for known in work.images.values_mut() {
        if let Some(at) = images.iter().position(|image| image.name == *known) {
            names.get(at).clone_into(known);
        }
    }
    let sizes = define::define(work, &images, families, repositories);
    super::proposals::propose(work);
    if !work.apart {
        super::fragments::fragments(work);
    }
    rows::rows(work, &sizes);
    rows::shared(work, shared);
    let once = images.iter().enumerate().filter(|(at, image)| !images.iter().take(*at).any(|other| other.from == image.from));
    work.ledger.installs = once.fold((0, 0), |sum, (_, image)| (sum.0 + image.installs.0, sum.1 + image.installs.1));
    let outputs = [
        ("dockerfiles", "output dockerfiles { dir = \"images\" }".to_owned()),
        ("workflow", work.workflow()),
        ("bake", "output bake { path = \"docker-bake.json\" }".to_owned()),
    ];
    for (kind, output) in outputs {
        work.draft.outputs.insert(kind.to_owned(), output);
    }
}

/// An owner without a host is one of Docker Hub.
fn with_host(owner: &str) -> String {
    let host = owner.split('/').next().unwrap_or(owner);
    if host.contains(['.', ':']) || host == "localhost" { owner.to_owned() } else { format!("docker.io/{owner}") }
}

/// The repository of each image that has one; the project's registry is the one that most of them are in.
fn repositories(work: &mut Work<'_>, images: &[Image], builds: &[Build]) -> BTreeMap<String, String> {
    let mut owners: BTreeMap<&str, usize> = BTreeMap::new();
    let mut named: BTreeMap<String, &str> = BTreeMap::new();
    for build in builds {
        let image = images.iter().find(|image| image.is_of(build));
        let Some(image) = image.filter(|_| is_reference(&build.repository)) else { continue };
        work.images.entry(build.reference.clone()).or_insert_with(|| image.name.clone());
        work.images.entry(build.repository.clone()).or_insert_with(|| image.name.clone());
        if named.contains_key(&image.name) {
            continue;
        }
        named.insert(image.name.clone(), &build.repository);
        if let Some((owner, _)) = build.repository.rsplit_once('/') {
            *owners.entry(owner).or_default() += 1;
        }
    }
    let registry = owners.iter().max_by_key(|(_, count)| **count).map(|(owner, _)| (*owner).to_owned());
    work.draft.project.registry = registry.as_deref().map(with_host);
    named
        .into_iter()
        .filter_map(|(name, repository)| match (repository.rsplit_once('/'), &registry) {
            (Some((owner, base)), Some(registry)) if owner == registry => Some((name, base.to_owned())),
            _ => None,
        })
        .collect()
}
