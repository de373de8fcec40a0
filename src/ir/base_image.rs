//! Images that exist in a registry already, one record for each point of their axes that something stands on.

use std::rc::Rc;

use super::{Account, AxisPoint, Package, Platform};
use crate::base::Place;

/// One existing image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The name of its definition: `scipy`.
    pub name: String,
    /// The point of its axes.
    pub axes: Vec<AxisPoint>,
    /// Repository without tag: `quay.io/jupyter/scipy-notebook`.
    pub repository: String,
    /// `python-3.11`.
    pub tag: Option<String>,
    /// `sha256:…` of the index of all platforms.
    pub digest: Option<String>,
    /// Whether `jenv.lock` says the digest, and not the program.
    pub locked: bool,
    /// Who it runs as at its end; root where the definition does not say.
    pub account: Account,
    /// Where its conda is: `/opt/conda`.
    pub prefix: Option<String>,
    /// `ubuntu 24.04`.
    pub os: Option<String>,
    /// The platforms it exists for; empty where nothing is known.
    pub platforms: Vec<Platform>,
    /// What is known to be inside.
    pub provides: Rc<Vec<Package>>,
    /// Environment variables that it is known to set.
    pub env: Vec<(String, String)>,
    /// Where it is defined.
    pub origin: Place,
    /// Whether the standard library defines it.
    pub standard: bool,
}

impl Base {
    /// What a `FROM` line names: `repository:tag@digest`, as far as known.
    #[must_use]
    pub fn reference(&self) -> String {
        let mut text = self.repository.clone();
        if let Some(tag) = &self.tag {
            text.push(':');
            text.push_str(tag);
        }
        if let Some(digest) = &self.digest {
            text.push('@');
            text.push_str(digest);
        }
        text
    }

    /// Whether it has bash: Alpine and `BusyBox` have a shell of their own, `ash`, by the name of `sh`.
    #[must_use]
    pub fn has_bash(&self) -> bool {
        let name = self.repository.rsplit('/').next().unwrap_or_default();
        let words = |text: &Option<String>| text.as_deref().is_some_and(|text| text.split([' ', '-', '.']).any(is_alpine));
        !(["alpine", "busybox"].contains(&name) || words(&self.tag) || words(&self.os))
    }
}

/// `alpine`, `alpine3` of a tag.
fn is_alpine(word: &str) -> bool {
    word.strip_prefix("alpine").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
}
