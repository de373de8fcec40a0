//! What the files of the workflow are written from.

use std::collections::BTreeSet;

use super::{shell, yaml};
use crate::emit::{Artifact, MARK};
use crate::ir::{BakeOutput, Program, WorkflowOutput};

/// What every file of the workflow is made from.
pub(super) struct Context<'a> {
    pub(super) program: &'a Program,
    pub(super) output: &'a WorkflowOutput,
    pub(super) bake: &'a BakeOutput,
    /// The folder of the Dockerfiles and scripts, relative to the folder of the program.
    pub(super) dir: &'a str,
}

impl Context<'_> {
    /// `images.yml` of `.github/workflows/images.yml`.
    pub(super) fn file(&self) -> &str {
        self.output.path.rsplit('/').next().unwrap_or_default()
    }

    /// `images` of `.github/workflows/images.yml`.
    pub(super) fn stem(&self) -> &str {
        self.file().rsplit_once('.').map_or(self.file(), |(stem, _)| stem)
    }

    /// The name of the reusable part, beside the workflow.
    pub(super) fn cell_file(&self) -> String {
        let (stem, extension) = self.file().rsplit_once('.').unwrap_or((self.file(), "yml"));
        format!("{stem}-cell.{extension}")
    }

    /// A workflow as an artifact: GitHub reads it only from the top of the repository, so its path leads there.
    pub(super) fn artifact(&self, file: &str, text: String) -> Artifact {
        let folder = crate::base::parent_of(&self.output.path);
        Artifact { path: format!("{}{folder}/{file}", self.output.up()), text, executable: false }
    }

    /// The first line of a workflow.
    pub(super) fn mark(&self) -> String {
        let main = yaml::comment(&self.in_repository(&self.program.main_file));
        format!("# {MARK}{main}. Change that file, then run `jenvc build`.\n")
    }

    /// How `uses:` names the reusable part: GitHub reads it only from the top of the repository. `$/` is the repository at
    /// the commit that runs, whatever a step has checked out (docs.github.com, "Finding and customizing actions").
    pub(super) fn cell_uses(&self) -> String {
        format!("{}.github/workflows/{}", self.output.uses, self.cell_file())
    }

    /// A path of the program as it is called from the top of the repository.
    pub(super) fn in_repository(&self, path: &str) -> String {
        let root = self.output.root.trim_matches('/');
        if root.is_empty() { path.to_owned() } else { format!("{root}/{path}") }
    }

    /// How a step calls the script with the steps, from the folder of the program.
    pub(super) fn script(&self) -> String {
        let path = if self.dir.is_empty() { "ci.sh".to_owned() } else { format!("{}/ci.sh", self.dir) };
        format!("bash {}", shell::word(&path))
    }

    /// Whether the workflow's own token may push to the registry.
    pub(super) fn own_token(&self) -> bool {
        self.secrets().is_none()
    }

    /// The names of the secrets with the registry's user and password.
    pub(super) fn secrets(&self) -> Option<(&str, &str)> {
        match &self.output.secrets {
            Some((user, password)) => Some((user, password)),
            None if self.program.project.registry_host() == "ghcr.io" => None,
            None => Some(("REGISTRY_USERNAME", "REGISTRY_PASSWORD")),
        }
    }

    /// The secrets that a job hands to the reusable part, by name: those of the builds, and a login.
    pub(super) fn handed_secrets<'s>(&'s self, builds: BTreeSet<&'s str>, publish: bool) -> BTreeSet<&'s str> {
        let read = self.output.read_secrets.as_ref().filter(|_| !publish).map(|(user, password)| (user.as_str(), password.as_str()));
        let login = if publish { self.secrets() } else { read };
        login.into_iter().flat_map(|(user, password)| [user, password]).chain(builds).collect()
    }

    /// The only runs that publish: of the project's own repository, on its branch.
    pub(super) fn publishes(&self) -> String {
        format!("github.event_name != 'pull_request' && {}", self.own_branch())
    }

    /// The runs that try what they do not publish: of requests, and those that are started by hand on another branch.
    pub(super) fn tries(&self) -> String {
        let branch = quoted(&format!("refs/heads/{}", self.program.project.branch));
        format!("(github.event_name == 'pull_request' || github.event_name == 'workflow_dispatch' && github.ref != {branch})")
    }

    /// The project's own repository, on its branch: no fork.
    pub(super) fn own_branch(&self) -> String {
        let project = &self.program.project;
        let repository = project.github_repository().map_or_else(
            || "!github.event.repository.fork".to_owned(),
            |repository| format!("github.repository == {}", quoted(repository)),
        );
        let branch = quoted(&format!("refs/heads/{}", project.branch));
        format!("{repository} && github.ref == {branch}")
    }

    /// Whether a scheduled run moves the slots of images with `rebuild`; the run that it starts builds them.
    pub(super) fn rebuilds(&self) -> bool {
        !self.program.rebuilds.is_empty() && self.output.schedule.is_some() && self.output.check.is_some()
    }

    /// Whether a scheduled run moves the lock.
    pub(super) fn upgrades(&self) -> bool {
        self.output.upgrade && self.output.schedule.is_some() && self.output.check.is_some()
    }

    /// Whether a scheduled run writes down what the menus name, for entries that keep earlier releases.
    pub(super) fn keeps(&self) -> bool {
        let keeps = self.program.hubs.iter().flat_map(|hub| &hub.menu).any(|profile| profile.keep.is_some());
        keeps && self.output.schedule.is_some() && self.output.check.is_some()
    }

    /// What a change must touch to start a run: the program and its files, by folder, so that this list seldom changes.
    pub(super) fn trigger_paths(&self) -> Vec<String> {
        let mut paths = BTreeSet::new();
        let mut add = |path: &str| match path.trim_start_matches("./").split_once('/') {
            Some((folder, _)) => drop(paths.insert(format!("{}/**", self.in_repository(folder)))),
            None => drop(paths.insert(self.in_repository(path))),
        };
        add(&self.bake.path);
        add(&format!("{}/", self.dir));
        for step in self.program.cells.iter().flat_map(|cell| cell.steps.iter()) {
            let taken =
                |path: &String| step.growing().iter().any(|growing| growing.path.is_empty() || growing.files.binary_search(path).is_ok());
            step.files().filter(|file| !taken(&file.path)).for_each(|file| add(&file.path));
            for path in step.growing().iter().map(|growing| growing.path.as_str()).chain(step.mounts_project().then_some("")) {
                // `?` is something else in GitHub's filters.
                add(&if path.is_empty() { "**".to_owned() } else { path.replace('?', "*") });
                if !path.is_empty() && !path.contains(['*', '?']) {
                    add(&format!("{path}/")); // an optional path may become a folder
                }
            }
        }
        paths.insert(self.in_repository("**.jenv"));
        paths.insert(format!(".github/workflows/{}*.{}", self.stem(), self.output.path.rsplit('.').next().unwrap_or("yml")));
        paths.into_iter().map(|path| escape_pattern(&path)).collect()
    }
}

/// What a run that is no fork's sees: only such a run has secrets, and only its code may run on machines of one's own.
pub(super) const OWN_CODE: &str =
    "github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository";

/// A text within an expression of GitHub's.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A path or branch as GitHub's filters take it; `*` stays what it is there.
pub(super) fn escape_pattern(path: &str) -> String {
    let mut out = String::new();
    for (at, c) in path.chars().enumerate() {
        if matches!(c, '+' | '?' | '[' | ']' | '\\') || (c == '!' && at == 0) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
