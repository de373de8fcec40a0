//! Who an image runs as.

/// Who an image runs as.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// The login name: `jovyan`, `root`.
    pub name: String,
    /// The user id, where known.
    pub uid: Option<u32>,
    /// The group id, where known.
    pub gid: Option<u32>,
    /// The home folder: `/home/jovyan`.
    pub home: Option<String>,
    /// Whether it is assumed: an image without `user` is taken to run as the superuser, and may run as another account.
    pub assumed: bool,
}

/// Owners of repositories whose images run as one account: its name, user id, group id, and whether they set `HOME`. Read from their
/// Dockerfiles: jupyter/docker-stacks, pangeo-data/pangeo-docker-images, mamba-org/micromamba-docker.
const USUAL: [(&str, &str, u32, u32, bool); 3] = [
    ("jupyter/", "jovyan", 1000, 100, true),
    ("pangeo/", "jovyan", 1000, 1000, true),
    ("mambaorg/micromamba", "mambauser", 57439, 57439, false),
];

/// Repositories whose images run as the superuser, beside Docker's official ones.
const OF_ROOT: [&str; 8] = [
    "public.ecr.aws/docker/library/",
    "registry.fedoraproject.org/",
    "quay.io/fedora/fedora",
    "docker.io/nvidia/",
    "nvcr.io/nvidia/cuda",
    "docker.io/condaforge/",
    "docker.io/continuumio/",
    "docker.io/rocker/r-ver",
];

impl Account {
    /// The superuser.
    #[must_use]
    pub fn root() -> Self {
        Self { name: "root".to_owned(), uid: Some(0), gid: Some(0), home: Some("/root".to_owned()), assumed: false }
    }

    /// An account of which the program gives only this.
    #[must_use]
    pub fn named(name: String, uid: Option<u32>) -> Self {
        Self { name, uid, gid: None, home: None, assumed: false }
    }

    /// The account of an image without `user`: the superuser, known for some repositories and assumed for the others.
    #[must_use]
    pub fn unsaid(repository: &str) -> Self {
        let official = |rest: &str| rest.starts_with("library/") || !rest.contains('/');
        let of_root = OF_ROOT.iter().any(|owner| repository.starts_with(owner));
        let known = of_root || official(repository.strip_prefix("docker.io/").unwrap_or(repository));
        Self { assumed: !known, ..Self::root() }
    }

    /// The account of the images of a known family.
    #[must_use]
    pub fn usual(repository: &str) -> Option<Self> {
        let (_, name, uid, gid, _) = family(repository)?;
        let home = Some(format!("/home/{name}"));
        Some(Self { name: (*name).to_owned(), uid: Some(*uid), gid: Some(*gid), home, assumed: false })
    }

    /// The value of `HOME` that the images of a known family set.
    #[must_use]
    pub fn usual_home(repository: &str) -> Option<String> {
        family(repository).filter(|(.., sets)| *sets).map(|(_, name, ..)| format!("/home/{name}"))
    }

    /// Whether it is the superuser, or taken for it.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.uid == Some(0) || self.name == "root"
    }
}

fn family(repository: &str) -> Option<&'static (&'static str, &'static str, u32, u32, bool)> {
    let path = without_host(repository);
    USUAL.iter().find(|(owner, ..)| path.starts_with(owner))
}

/// A repository without the host of a public registry: `jupyter/base-notebook` of `quay.io/jupyter/base-notebook`.
#[must_use]
pub fn without_host(repository: &str) -> &str {
    ["quay.io/", "docker.io/", "ghcr.io/"].iter().find_map(|host| repository.strip_prefix(host)).unwrap_or(repository)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn official_images_run_as_the_superuser() {
        for known in ["docker.io/library/debian", "docker.io/ubuntu", "python", "docker.io/nvidia/cuda"] {
            assert!(!Account::unsaid(known).assumed, "{known}");
        }
        for unknown in ["docker.io/nvidia-labs/cuda", "quay.io/jupyter/base-notebook", "ghcr.io/debian"] {
            assert!(Account::unsaid(unknown).assumed, "{unknown}");
        }
    }

    #[test]
    fn families_have_their_account() {
        let uid = |repository| Account::usual(repository).and_then(|account| account.uid);
        assert_eq!(uid("quay.io/jupyter/scipy-notebook"), Some(1000));
        assert_eq!(uid("docker.io/mambaorg/micromamba"), Some(57439));
        assert_eq!(uid("quay.io/jupyterhub/k8s-hub"), None);
    }
}
