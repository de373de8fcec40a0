//! What holds for all images of a program.

use super::Platform;
use crate::base::Place;

/// The `project` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// `ghcr.io/vre-hub`: registry host and, where there is one, the path that all repositories share.
    pub registry: String,
    /// `https://github.com/vre-hub/environments`.
    pub source: Option<String>,
    /// Who answers for the images; the label `org.opencontainers.image.authors`.
    pub maintainer: Option<String>,
    /// An SPDX expression; the label `org.opencontainers.image.licenses`.
    pub license: Option<String>,
    /// Platforms of images that say none of their own; never empty.
    pub platforms: Vec<Platform>,
    /// The branch whose pushes publish: `main`.
    pub branch: String,
    /// Whether images that do not say so themselves install their packages of `PyPI` from the lock.
    pub locked: bool,
    /// Packages that are the same software as others, beside what the compiler knows: `my-torch` is `torch`.
    pub same: Vec<(String, String)>,
    /// Names that mean other software with each manager.
    pub distinct: Vec<String>,
    /// Where it is written.
    pub origin: Place,
}

/// Where a program is kept, as the machine knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repository {
    /// The folder of the program within it; empty where that is the top.
    pub folder: String,
    /// The addresses that it is fetched from.
    pub remotes: Vec<String>,
}

impl Repository {
    /// Whether one of the addresses leads to the same path as a web address: `https://github.com/owner/name`.
    #[must_use]
    pub fn is(&self, source: &str) -> bool {
        let plain = |url: &str| url.trim_end_matches('/').trim_end_matches(".git").to_lowercase();
        let source = plain(source);
        let Some((_, path)) = source.split_once("://").and_then(|(_, rest)| rest.split_once('/')) else { return false };
        self.remotes.iter().map(|url| plain(url)).any(|url| url.strip_suffix(path).is_some_and(|rest| rest.ends_with(['/', ':'])))
    }
}

impl Project {
    /// `vre-hub/environments` of a source on GitHub.
    #[must_use]
    pub fn github_repository(&self) -> Option<&str> {
        let path = self.source.as_deref()?.strip_prefix("https://github.com/")?;
        let path = path.trim_end_matches('/').trim_end_matches(".git");
        (path.split('/').count() == 2 && path.split('/').all(|part| !part.is_empty())).then_some(path)
    }

    /// The host of the registry: `ghcr.io` of `ghcr.io/vre-hub`.
    #[must_use]
    pub fn registry_host(&self) -> &str {
        self.registry.split('/').next().unwrap_or(&self.registry)
    }
}
