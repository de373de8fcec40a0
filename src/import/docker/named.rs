//! Which file of the repository builds an image, by its name.

use std::collections::BTreeSet;

use super::builds::Build;
use super::files::File;
use super::images::{Key, Reader};
use super::references::of_from;
use super::words::expand;
use crate::import::name;
use crate::import::repository;

impl Reader<'_, '_, '_> {
    /// The image that exists of a stage that adds nothing to it.
    pub(super) fn alias(&self, (at, number, instance): Key, wanted: &str) -> Option<String> {
        let stage = self.earlier(at, number, wanted)?;
        let file = self.files.get(at)?;
        let stage = file.stages.get(stage).filter(|stage| stage.len() == 1)?;
        let (_, rest) = stage.first()?.flags();
        let globals = file.globals(instance);
        Some(expand(rest.split_whitespace().next()?, &|name| of_from(&globals, name)).0)
    }

    /// What another name of an image is: `contexts` of a bake file.
    pub(super) fn context(&self, at: usize, wanted: &str) -> Option<String> {
        let path = &self.files.get(at)?.path;
        let said = self.builds.iter().filter(|build| build.dockerfile == *path).find_map(|build| build.contexts.get(wanted))?;
        match said.strip_prefix("target:") {
            Some(target) => {
                let build = self.builds.iter().find(|build| build.name == target)?;
                Some(if build.reference.is_empty() { format!("target:{target}") } else { build.reference.clone() })
            }
            None => said.strip_prefix("docker-image://").map(str::to_owned),
        }
    }

    /// What builds an image; whether something says so, or only their names are alike.
    pub(super) fn file_of(&self, reference: &str) -> Option<(Key, bool)> {
        let wanted = repository(reference);
        let target = reference.strip_prefix("target:");
        let newest = |text: &str| if repository(text) == text { format!("{text}:latest") } else { text.to_owned() };
        let is = |build: &&Build| !build.reference.is_empty() && newest(&build.reference) == newest(reference);
        let exact = self.builds.iter().find(|build| is(build) || target == Some(build.name.as_str()));
        // Where tags tell images apart, another tag is another image.
        let mut called = self.builds.iter().filter(|build| build.repository == wanted && !wanted.is_empty());
        let said = exact.or_else(|| {
            let first = called.next()?;
            called.all(|build| (&build.dockerfile, &build.target) == (&first.dockerfile, &first.target)).then_some(first)
        });
        let of_build = |build: &Build| {
            let at = self.files.iter().position(|file| file.path == build.dockerfile)?;
            let file = self.files.get(at)?;
            Some((at, file.stage(build.target.as_deref()), file.instance(build)))
        };
        if let Some(key) = said.and_then(of_build) {
            return Some((key, true));
        }
        let (owner, base) = wanted.rsplit_once('/')?;
        let base = name(base, "image");
        let official = matches!(owner, "docker.io/library" | "library");
        let named = |file: &File| self.builds.iter().any(|build| build.dockerfile == file.path && !build.repository.is_empty());
        let mine = |file: &File| !official && !named(file);
        let alike = || {
            let stem = |file: &File| base.strip_suffix(file.name.as_str()).filter(|stem| stem.len() > 1 && stem.ends_with('-'));
            self.files.iter().position(|file| mine(file) && stem(file).is_some_and(|stem| self.is_prefix(owner, stem)))
        };
        let at = self.files.iter().position(|file| file.name == base && mine(file)).or_else(alike)?;
        Some(((at, self.files.get(at)?.stage(None), 0), false))
    }

    /// Whether what files are built on is called like several of the files, with a prefix: `campus/lab-base`, `campus/lab-python`.
    fn is_prefix(&self, owner: &str, prefix: &str) -> bool {
        let mut named = BTreeSet::new();
        for file in &self.files {
            let globals = file.globals(0);
            for from in file.stages.iter().filter_map(|stage| stage.first()) {
                let (reference, _) = expand(from.flags().1.split_whitespace().next().unwrap_or_default(), &|name| of_from(&globals, name));
                let Some((other, base)) = repository(&reference).rsplit_once('/') else { continue };
                let rest = base.strip_prefix(prefix).filter(|_| other == owner);
                named.extend(rest.and_then(|rest| self.files.iter().position(|file| file.name == name(rest, "image"))));
            }
        }
        named.len() > 1
    }
}
