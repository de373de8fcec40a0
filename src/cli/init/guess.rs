//! What the repository around a program says: where its images may go.

use std::path::Path;
use std::process::Command;

/// Where a repository lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Remote {
    /// `ghcr.io/vre-hub`.
    pub(super) registry: String,
    /// `https://github.com/vre-hub/environments`.
    pub(super) source: String,
}

/// The remote called `origin` of the repository around a folder, where it is one whose registry is known.
pub(super) fn remote(folder: &Path) -> Option<Remote> {
    let output = Command::new("git").arg("-C").arg(folder).args(["remote", "get-url", "origin"]).output().ok()?;
    output.status.success().then(|| read(String::from_utf8_lossy(&output.stdout).trim())).flatten()
}

/// The branch of the repository around a folder, where it is one that is the default of many and is not `main`.
pub(super) fn branch(folder: &Path) -> Option<&'static str> {
    let output = Command::new("git").arg("-C").arg(folder).args(["symbolic-ref", "--short", "HEAD"]).output().ok()?;
    let name = String::from_utf8_lossy(&output.stdout);
    ["master", "trunk"].into_iter().find(|known| *known == name.trim())
}

/// Reads `git@github.com:owner/name.git` and `https://github.com/owner/name`.
pub(super) fn read(url: &str) -> Option<Remote> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    let (host, path) = rest.split_once(['/', ':'])?;
    let path = path.trim_matches('/').trim_end_matches(".git");
    let (owner, name) = path.rsplit_once('/').filter(|(owner, name)| !owner.is_empty() && !name.is_empty())?;
    let source = format!("https://{host}/{owner}/{name}");
    let registry = match host {
        "github.com" => format!("ghcr.io/{owner}"),
        "gitlab.com" => format!("registry.gitlab.com/{owner}/{name}"),
        _ => return None,
    };
    Some(Remote { registry: registry.to_lowercase(), source })
}
