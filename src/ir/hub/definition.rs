//! A hub, as it is defined.

use super::chart::{Chart, FormKind, GroupFilter};
use super::menu::{Profile, ReleasedMenu};
use super::settings::Settings;
use super::value::Located;
use crate::base::Place;
use crate::ir::Package;

/// A hub that serves a menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hub {
    /// Its name in the program: `production`.
    pub name: String,
    /// The Kubernetes namespace: `jhub`.
    pub namespace: Option<Located<String>>,
    /// The version of the Zero to `JupyterHub` chart that it runs.
    pub chart: Located<Chart>,
    /// Who draws the page on which people choose.
    pub form: FormKind,
    /// Whether the hub hides entries by `allowed_groups`, which `KubeSpawner` itself does not.
    pub filters_groups: GroupFilter,
    /// Secrets for the registries of its images, for every pod and for the puller (`imagePullSecrets`).
    pub pull_secrets: Vec<Located<String>>,
    /// Where people's volumes are mounted (`singleuser.storage.homeMountPath`), if the hub says it.
    pub home: Option<Located<String>>,
    /// Whether the chart keeps servers from the cloud's metadata (`singleuser.cloudMetadata.blockWithIptables`), if the hub says it.
    pub block_metadata: Option<bool>,
    /// Whether the chart pulls images onto nodes beforehand (`prePuller.hook` and `prePuller.continuous`), if the hub says it.
    pub puller: Option<bool>,
    /// Where its images are pulled from, in the place of the project's registry.
    pub registry: Option<Located<String>>,
    /// How the names of images begin that people build at the hub (`image_prefix` of its `BinderHub`): `ghcr.io/demo/built-`.
    pub pushes_to: Option<Located<String>>,
    /// Whether the program says `menu = []`.
    pub no_menu: bool,
    /// Whether a piece of configuration keeps saved choices working where the numbers before keys change.
    pub saved_choices: bool,
    /// What the hub's chart is known to run.
    pub provides: Vec<Package>,
    /// What every image on the menu must agree with.
    pub requires: Vec<Package>,
    /// What holds for every entry that says nothing else.
    pub defaults: Settings,
    /// The entries, in the order of the page.
    pub menu: Vec<Profile>,
    /// Slugs that were offered once and are meant to be gone.
    pub retired: Vec<Located<String>>,
    /// What the committed artifact offers, where there is one.
    pub released: Option<ReleasedMenu>,
    /// Where it is written.
    pub origin: Place,
    /// Where its first statement can be put: behind the brace, of no width.
    pub top: Place,
}

impl Hub {
    /// The entry that is chosen where nobody chooses: the first that says so.
    #[must_use]
    pub fn default_profile(&self) -> Option<&Profile> {
        self.menu.iter().find(|profile| profile.default.is_some())
    }

    /// Whether its configuration finds saved choices under today's names, and leads what is gone to the default. Nothing of entries
    /// without options can be gone, unless one was renamed or retired.
    #[must_use]
    pub fn finds_saved_choices(&self) -> bool {
        let renamed = |profile: &Profile| {
            let options = || profile.options.iter();
            let choices = options().flat_map(|option| &option.choices).map(|choice| &choice.renamed_from);
            let mut names = std::iter::once(&profile.renamed_from).chain(options().map(|option| &option.renamed_from)).chain(choices);
            names.any(|names| !names.is_empty())
        };
        let optional = self.menu.iter().any(|profile| !profile.options.is_empty());
        let keeps = self.menu.iter().any(|profile| profile.keep.is_some());
        (optional && self.saved_choices) || keeps || !self.retired.is_empty() || self.menu.iter().any(renamed)
    }

    /// What its `ConfigMap` is called where the output does not say it.
    #[must_use]
    pub fn default_configmap(&self) -> String {
        format!("{}-profiles", self.name.replace('_', "-").to_lowercase())
    }
}
