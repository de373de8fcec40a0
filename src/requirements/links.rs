//! What the address of a package says of its name and version.

use crate::base::unescaped;
use crate::ir::PackageSource;
use crate::versions::Scheme;

/// The systems that pip gets sources from, as addresses begin.
const VERSION_CONTROL: [&str; 4] = ["git", "hg", "svn", "bzr"];
/// The endings of archives, longest first.
const ARCHIVES: [&str; 9] = [".tar.bz2", ".tar.gz", ".tar.xz", ".tar.lz", ".tbz", ".tgz", ".txz", ".zip", ".tar"];

/// What an address stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) name: Option<String>,
    pub(super) version: Option<String>,
    pub(super) source: PackageSource,
}

/// Whether a text is an address that pip takes for a package.
pub(super) fn is_address(text: &str) -> bool {
    let Some((scheme, _)) = text.split_once(':') else { return false };
    let scheme = scheme.to_ascii_lowercase();
    let system = scheme.split_once('+').map_or("", |(system, _)| system);
    matches!(scheme.as_str(), "http" | "https" | "file" | "ftp") || VERSION_CONTROL.contains(&system)
}

/// Whether the last part of a path is called like a wheel or an archive.
pub(super) fn is_archive(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    std::iter::once(&".whl").chain(&ARCHIVES).any(|ending| lower.ends_with(ending))
}

/// The version in the name of a wheel or an archive.
#[must_use]
pub fn version_in_address(address: &str, name: &str) -> Option<String> {
    read(address, Some(name)).version
}

/// Reads an address. `name` is the one in front of `@`.
pub(super) fn read(address: &str, name: Option<&str>) -> Link {
    let (whole, fragment) = address.split_once('#').map_or((address, ""), |(whole, fragment)| (whole, fragment));
    let part = |key: &str| fragment.split('&').find_map(|part| part.strip_prefix(key)?.strip_prefix('=')).map(unescaped);
    let egg = part("egg").map(|egg| egg.split('[').next().unwrap_or_default().trim().to_owned()).filter(|egg| !egg.is_empty());
    if let Some(git) = whole.strip_prefix("git+") {
        let (url, rev) = revision(git);
        let source = PackageSource::Git { url, rev, subdirectory: part("subdirectory") };
        return Link { name: name.map(str::to_owned).or(egg), version: None, source };
    }
    let path = whole.split('?').next().unwrap_or(whole);
    let file = unescaped(path.rsplit('/').next().unwrap_or_default());
    let own = name.map(str::to_owned).or(egg);
    let (name, version) = file_name(&file, own.as_deref());
    let source = PackageSource::Url { url: whole.to_owned(), sha256: part("sha256") };
    Link { name: own.or(name), version, source }
}

/// `https://host/x.git@v1` → the address and the revision behind the last `@` of its path.
fn revision(address: &str) -> (String, Option<String>) {
    let path = address.find("://").and_then(|at| address.get(at + 3..)?.find('/').map(|slash| at + 3 + slash)).unwrap_or(0);
    match address.get(path..).and_then(|rest| rest.rsplit_once('@')) {
        Some((before, rev)) if !rev.is_empty() => (format!("{}{before}", address.get(..path).unwrap_or_default()), Some(rev.to_owned())),
        _ => (address.to_owned(), None),
    }
}

/// Name and version of the file of a package: `torch-2.3.1+cu121-cp312-cp312-linux_x86_64.whl`, `six-1.16.0.tar.gz`.
pub(super) fn file_name(file: &str, known: Option<&str>) -> (Option<String>, Option<String>) {
    let version = |text: &str| Scheme::Pep440.check_version(text).is_ok().then(|| text.to_owned());
    if let Some(stem) = file.strip_suffix(".whl") {
        let parts: Vec<&str> = stem.split('-').collect();
        return match parts.as_slice() {
            [name, said, _, _, _] | [name, said, _, _, _, _] => (Some((*name).to_owned()), version(&said.replace('_', "-"))),
            _ => (None, None),
        };
    }
    let lower = file.to_ascii_lowercase();
    let Some(stem) = ARCHIVES.iter().find_map(|ending| file.get(..file.len() - lower.ends_with(ending).then_some(ending.len())?)) else {
        return (None, None);
    };
    // The names of sources have no hyphen today (PEP 625); where an old one may, the last hyphen before a version parts them.
    for (at, _) in stem.match_indices('-') {
        let (name, rest) = (stem.get(..at).unwrap_or_default(), stem.get(at + 1..).unwrap_or_default());
        let same = known.map_or(!rest.contains('-'), |known| normal(known) == normal(name));
        if let (true, Some(version)) = (same && !name.is_empty(), version(rest)) {
            return (Some(name.to_owned()), Some(version));
        }
    }
    (None, None)
}

fn normal(name: &str) -> String {
    Scheme::Pep440.normalize_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(address: &str) -> (Option<String>, Option<String>) {
        let link = read(address, None);
        (link.name, link.version)
    }

    #[test]
    fn names_and_versions_of_files() {
        let both = |name: &str, version: &str| (Some(name.to_owned()), Some(version.to_owned()));
        assert_eq!(link("https://h/whl/torch-2.3.1%2Bcu121-cp312-cp312-linux_x86_64.whl"), both("torch", "2.3.1+cu121"));
        assert_eq!(link("https://h/alpha-1.0-1-py3-none-any.whl#sha256=aa"), both("alpha", "1.0"));
        assert_eq!(link("https://h/six-1.16.0.tar.gz"), both("six", "1.16.0"));
        assert_eq!(link("https://h/archive/v1.2.tar.gz"), (None, None));
        assert_eq!(link("https://h/my-tool-1.2.zip#egg=my_tool"), both("my_tool", "1.2"));
        assert_eq!(read("https://h/my-tool-1.2.zip", Some("My.Tool")).version.as_deref(), Some("1.2"));
        assert_eq!(link("https://h/my-tool-1.2.zip"), both("my-tool", "1.2"));
        assert_eq!(link("https://h/my-tool-1.2-3.zip"), both("my-tool-1.2", "3"));
    }

    #[test]
    fn repositories() {
        let link = read("git+https://u@h/beta.git@0123#egg=beta[x]&subdirectory=py", None);
        assert_eq!(link.name.as_deref(), Some("beta"));
        let source = PackageSource::Git {
            url: "https://u@h/beta.git".to_owned(),
            rev: Some("0123".to_owned()),
            subdirectory: Some("py".to_owned()),
        };
        assert_eq!(link.source, source);
        assert!(is_address("git+ssh://git@h/x") && is_address("HTTPS://x") && !is_address("a:b") && !is_address("x"));
    }
}
