//! Which program works on conda's environments: `mamba`, or another one where the image has none.

use crate::ir::{Mount, MountSource, Package, without_host};
use crate::shell::tokens;

/// Owners of images with `mamba`: jupyter/docker-stacks, pangeo-data/pangeo-docker-images, conda-forge/miniforge-images.
const WITH_MAMBA: [&str; 3] = ["jupyter/", "pangeo/", "condaforge/"];
/// Owners of images with `conda` and without `mamba`: ContinuumIO/docker-images.
const WITH_CONDA: [&str; 2] = ["continuumio/", "anaconda/"];
/// Images with `micromamba` alone: mamba-org/micromamba-docker.
const WITH_MICROMAMBA: &str = "mambaorg/micromamba";

/// The names of the programs, the fastest first.
const NAMES: [&str; 3] = ["mamba", "conda", "micromamba"];

/// The programs that a stack is known to have.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Programs {
    /// Whether each of [`NAMES`] is there.
    there: [bool; 3],
    /// Whether a step of the program has made the environment that they are in.
    made: bool,
}

impl Programs {
    /// Those of the images of a known family.
    pub(crate) fn of(repository: &str) -> Self {
        let path = without_host(repository);
        let owned = |owners: &[&str]| owners.iter().any(|owner| path.starts_with(owner));
        let there = [owned(&WITH_MAMBA), owned(&WITH_CONDA), path == WITH_MICROMAMBA];
        Self { there, made: false }
    }

    /// Notes a package of the environment in which conda is.
    pub(crate) fn note(&mut self, package: &Package) {
        let at = NAMES.iter().position(|name| *name == package.normal).filter(|_| package.environment.is_none());
        if let Some(there) = at.filter(|_| package.ecosystem == "conda").and_then(|at| self.there.get_mut(at)) {
            *there = true;
        }
    }

    /// Notes what a script that installs packages of conda names: as a package, maybe of a computed version, or to run it. `micromamba` may
    /// be mounted for this script alone.
    pub(crate) fn seen(&mut self, script: &str) {
        let words: Vec<&str> = tokens(script).into_iter().filter_map(|token| script.get(token.range)).collect();
        for (name, there) in NAMES.iter().zip(&mut self.there).filter(|(name, _)| **name != "micromamba") {
            let names = |word: &&str| {
                word.trim_matches(['"', '\'']).strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['=', '<', '>']))
            };
            *there |= words.iter().any(names);
        }
    }

    /// What works on environments: what is known to be there; of an image of which nothing is known, `mamba`. `None` where a step has
    /// made the environment and put none of them into it.
    pub(crate) fn name(self) -> Option<&'static str> {
        let there = NAMES.iter().zip(self.there).find(|(_, there)| *there).map(|(name, _)| *name);
        there.or_else(|| (!self.made).then_some("mamba"))
    }

    /// What works on environments once a list has made the first one with these packages.
    pub(crate) fn made(&mut self) {
        *self = Self { made: true, ..Self::default() };
    }
}

/// The program of conda's that is mounted for a step.
pub(super) fn mounted(mounts: &[Mount]) -> Option<&'static str> {
    let bin = |mount: &Mount| match &mount.source {
        MountSource::Image { path, .. } => path.rsplit('/').next().and_then(|name| NAMES.iter().copied().find(|known| *known == name)),
        _ => None,
    };
    mounts.iter().find_map(bin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_have_their_program() {
        for (repository, name) in [
            ("quay.io/jupyter/base-notebook", "mamba"),
            ("docker.io/continuumio/miniconda3", "conda"),
            ("mambaorg/micromamba", "micromamba"),
            ("ghcr.io/demo/base", "mamba"),
        ] {
            assert_eq!(Programs::of(repository).name(), Some(name), "{repository}");
        }
    }

    #[test]
    fn a_script_names_what_it_installs_and_runs() {
        for (script, name) in [
            ("micromamba install --yes conda \"mamba==$(micromamba --version)\" python", "mamba"),
            ("micromamba install --yes conda python && mamba clean --all", "mamba"),
            ("micromamba install --yes 'conda>=24' python", "conda"),
            ("micromamba install --yes mambaforge-tools conda-build", "mamba"),
        ] {
            let mut programs = Programs::of("ubuntu");
            programs.seen(script);
            assert_eq!(programs.name(), Some(name), "{script}");
        }
    }
}
