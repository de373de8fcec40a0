//! Which artifacts a program asks for, and where they go. Paths are relative to the folder of the program.

use crate::base::Place;

/// All outputs of a program, each at most once but the hubs' and the catalogues.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    /// `output dockerfiles`
    pub dockerfiles: Option<DockerfilesOutput>,
    /// `output workflow`
    pub workflow: Option<WorkflowOutput>,
    /// `output bake`
    pub bake: Option<BakeOutput>,
    /// `output configmap`, one for each hub
    pub configmaps: Vec<HubOutput>,
    /// `output values`
    pub values: Vec<HubOutput>,
    /// `output helmrelease`
    pub helmreleases: Vec<HubOutput>,
    /// `output catalog`, one for each page
    pub catalogs: Vec<CatalogOutput>,
}

/// `output dockerfiles { dir = "images" }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DockerfilesOutput {
    /// The folder.
    pub dir: String,
    /// Where it is written.
    pub origin: Place,
}

/// `output workflow { path = ".github/workflows/images.yml" }`
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one field of the output")]
pub struct WorkflowOutput {
    /// The file; its reusable part stands beside it as `…-cell.yml`.
    pub path: String,
    /// Where the program names the file.
    pub named: Place,
    /// The folder of the program within the repository, empty where it is the top: a prefix for paths in triggers.
    pub root: String,
    /// Cron text for `schedule`: a scheduled run publishes what is missing.
    pub schedule: Option<String>,
    /// What a pull request builds.
    pub pull_requests: PullRequests,
    /// Whether builds keep a layer cache in the registry.
    pub cache: bool,
    /// Whether merged images are signed with cosign.
    pub sign: bool,
    /// Whether provenance and SBOM attestations are made.
    pub attest: bool,
    /// The names of the secrets with the registry's user and password; `None`: the workflow's own token on `ghcr.io`,
    /// `REGISTRY_USERNAME` and `REGISTRY_PASSWORD` elsewhere.
    pub secrets: Option<(String, String)>,
    /// The names of the secrets of a login that can only read, for pull requests of the repository's own branches.
    pub read_secrets: Option<(String, String)>,
    /// The GitHub environment of the jobs that log in to push: its secrets, its rules.
    pub environment: Option<String>,
    /// How `uses:` begins that names the reusable part: `$/`, or `./` as every server and runner knows it.
    pub uses: String,
    /// How a scheduled run hands in what it has written.
    pub commits: Commits,
    /// Whether a scheduled run moves the lock to the newest versions that the constraints allow.
    pub upgrade: bool,
    /// The name of a secret with a token for that, in place of the workflow's own.
    pub token: Option<String>,
    /// Images that the jobs run, set by the program itself: `moby/buildkit` → `v0.29.0@sha256:…`.
    pub tools: Vec<(String, String)>,
    /// How `jenvc` gets there for the job that checks for stale artifacts: a shell command, or nothing for no such job.
    pub check: Option<String>,
    /// Commits of actions that the program sets itself: `actions/checkout` → (`<40 hex>`, `v7.0.1`).
    pub actions: Vec<(String, String, String)>,
    /// Where it is written.
    pub origin: Place,
}

impl WorkflowOutput {
    /// The way from the folder of the program to the top of its repository: `../` for each folder of `root`.
    #[must_use]
    pub fn up(&self) -> String {
        "../".repeat(self.root.split('/').filter(|part| !part.is_empty()).count())
    }
}

/// What a pull request builds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PullRequests {
    /// Each leaf cell.
    #[default]
    All,
    /// The default cell of each leaf image.
    DefaultCells,
    /// Nothing.
    None,
}

/// How a scheduled run hands in what it has written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Commits {
    /// A commit on the branch.
    #[default]
    Push,
    /// A pull request, for a branch that is protected.
    PullRequest,
}

/// `output bake { path = "docker-bake.json" }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BakeOutput {
    /// The file.
    pub path: String,
    /// Where it is written.
    pub origin: Place,
}

/// `output configmap`, `output values`, `output helmrelease`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HubOutput {
    /// The file.
    pub path: String,
    /// The index of the hub in [`super::Program::hubs`].
    pub hub: usize,
    /// `metadata.name` of the object: `jhub-profiles`.
    pub name: Option<String>,
    /// For a `HelmRelease`: the name of the `ConfigMap` it takes its values from.
    pub values_from: Option<String>,
    /// For a `HelmRelease`: `kind/name` of the chart's source, such as `HelmRepository/jupyterhub`.
    pub chart_source: Option<(String, String)>,
    /// Whether `prePuller.extraImages` lists every image of the menu; where it is not said, it does if earlier releases are
    /// on offer, which are not to be pulled.
    pub pre_pull: Option<bool>,
    /// Where it is written.
    pub origin: Place,
}

/// `output catalog { path = "docs/environments.html" }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogOutput {
    /// The file.
    pub path: String,
    /// How it is written; the ending of the path says so.
    pub format: CatalogFormat,
    /// The heading of the page.
    pub title: Option<String>,
    /// The index of the hub in [`super::Program::hubs`] whose menu it shows; all menus, and what is on none, where absent.
    pub hub: Option<usize>,
    /// Where it is written.
    pub origin: Place,
}

/// How a catalogue is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogFormat {
    /// A page of one file for browsers: `.html`.
    Html,
    /// Text for a forge or a generator of documentation: `.md`.
    Markdown,
}
