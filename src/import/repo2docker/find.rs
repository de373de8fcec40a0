//! Which folders are written for repo2docker.

use crate::base::{Entry, Files, Kind, MAX_FILE_BYTES, parent_of};
use crate::import::work::{Folder, Found, Sign};

/// Files that are written for repo2docker.
const SURE: [&str; 4] = ["apt.txt", "postBuild", "runtime.txt", "install.R"];
/// Files that it reads, and that are there for other reasons as well.
const ALSO: [&str; 15] = [
    "environment.yml",
    "environment.yaml",
    "requirements.txt",
    "requirements3.txt",
    "start",
    "Pipfile",
    "Pipfile.lock",
    "Project.toml",
    "JuliaProject.toml",
    "REQUIRE",
    "default.nix",
    ".dockerignore",
    ".containerignore",
    "setup.py",
    "pyproject.toml",
];
/// Those of them that make a folder one of repo2docker's where it is named by hand.
const ENOUGH: [&str; 9] = [
    "environment.yml",
    "environment.yaml",
    "requirements.txt",
    "Pipfile",
    "Pipfile.lock",
    "Project.toml",
    "JuliaProject.toml",
    "REQUIRE",
    "default.nix",
];
/// Folders whose lists are for the repository itself.
const OTHERS: [&str; 8] = ["docs", "doc", ".github", ".devcontainer", "tests", "test", "ci", ".ci"];

impl Folder {
    /// A folder with these entries, if repo2docker may build it.
    pub(in crate::import) fn of(files: &dyn Files, path: &str, listed: &[Entry], named: bool) -> Option<Self> {
        let folder = |name: &str| listed.iter().any(|entry| entry.name == name && entry.kind == Kind::Folder);
        let inner = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        let last = path.rsplit('/').next().unwrap_or_default();
        if matches!(last, "binder" | ".binder") && !named {
            return None;
        }
        let (binder, dotted) = (folder("binder"), folder(".binder"));
        let config = match (dotted, binder) {
            (true, _) => inner(".binder"),
            (false, true) => inner("binder"),
            (false, false) => path.to_owned(),
        };
        let own = if binder || dotted { files.list(&config).unwrap_or_default() } else { listed.to_vec() };
        let there = |name: &str| own.iter().any(|entry| entry.name == name && matches!(entry.kind, Kind::File { .. }));
        if there("Dockerfile") {
            return None;
        }
        let known: Vec<&'static str> = SURE.into_iter().chain(ALSO).filter(|name| there(name)).collect();
        let separate = binder || dotted;
        let description = !separate && there("DESCRIPTION");
        let sure = known.iter().any(|name| SURE.contains(name) || separate && (ENOUGH.contains(name) || *name == "start"));
        let enough = sure || description || known.iter().any(|name| ENOUGH.contains(name));
        let path = path.to_owned();
        let sign = if sure {
            Sign::Sure
        } else if named {
            Sign::Named
        } else {
            Sign::Weak
        };
        enough.then_some(Self { path, config, files: known, description, twice: binder && dotted, sign })
    }

    /// Whether a file is there.
    pub(super) fn has(&self, file: &str) -> bool {
        self.files.contains(&file)
    }

    /// The path of a file of the configuration.
    pub(super) fn inside(&self, file: &str) -> String {
        if self.config.is_empty() { file.to_owned() } else { format!("{}/{file}", self.config) }
    }

    /// Whether the configuration is the folder itself.
    pub(super) fn is_plain(&self) -> bool {
        self.config == self.path
    }

    /// The folder in words.
    pub(super) fn shown(&self) -> &str {
        if self.path.is_empty() { "." } else { &self.path }
    }
}

/// Leaves out folders whose lists are for something else: beside a Dockerfile, or in an image that has one.
pub(in crate::import) fn settle(found: &mut Found, files: &dyn Files) {
    let texts = found.workflows.iter().chain(&found.scripts);
    let says = |path: &String| {
        let bytes = files.read(path, MAX_FILE_BYTES).unwrap_or_default();
        String::from_utf8_lossy(&bytes).contains("repo2docker")
    };
    let said = texts.into_iter().any(says);
    let lists = |path: &String| path.rsplit('/').next().is_some_and(|file| file.starts_with("environment"));
    let alone = found.dockerfiles.is_empty() && found.bakes.is_empty() && found.yamls.iter().all(lists);
    let dockerfiles: Vec<String> = found.dockerfiles.iter().map(|path| parent_of(path).to_owned()).collect();
    let within = |path: &str, folder: &str| folder.is_empty() || path == folder || path.starts_with(&format!("{folder}/"));
    let in_image = |folder: &Folder| folder.is_plain() && dockerfiles.iter().any(|dockerfile| within(&folder.path, dockerfile));
    let other = |folder: &Folder| folder.path.split('/').any(|part| OTHERS.contains(&part));
    found.folders.retain(|folder| {
        !in_image(folder) && (folder.sign == Sign::Sure || (said || alone && folder.sign == Sign::Named) && !other(folder))
    });
    let all = found.folders.clone();
    found.folders.retain(|folder| {
        folder.sign == Sign::Sure
            || !all.iter().any(|around| around.path != folder.path && within(&folder.path, &around.path) && around.sign == Sign::Sure)
    });
    found.folders.sort_by(|a, b| a.path.cmp(&b.path));
    found.folders.dedup_by(|a, b| a.path == b.path);
}
