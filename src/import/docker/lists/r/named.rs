//! Packages as the functions of R name them: by name, by repository of git, in the words of pak.

use crate::import::docker::lists::list::entry;
use crate::import::quoted;

/// The site that names without one are on.
pub(super) const HUB: &str = "https://github.com";

/// A package in a git repository.
pub(super) struct Git<'g> {
    pub(super) name: &'g str,
    pub(super) url: &'g str,
    pub(super) rev: Option<&'g str>,
    pub(super) folder: Option<&'g str>,
}

impl Git<'_> {
    pub(super) fn entry(&self) -> String {
        let part = |word: &str, value: Option<&str>| value.map(|value| format!(" {word} {}", quoted(value))).unwrap_or_default();
        entry(self.name, &format!("git {}{}{}", quoted(self.url), part("rev", self.rev), part("subdirectory", self.folder)))
    }

    /// The entry, where each part of it is one word.
    pub(super) fn checked(&self) -> Option<String> {
        let plain =
            |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\\' | '#' | '*' | '{' | '$'));
        let all = [Some(self.name), Some(self.url), self.rev, self.folder];
        all.into_iter().flatten().all(plain).then(|| self.entry())
    }
}

/// What a package is most likely called: the last part of its folder, or of the address where the folder says only that R is in it.
pub(super) fn name_of<'n>(url: &'n str, folder: Option<&'n str>) -> &'n str {
    let last = |path: &'n str| path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let says_r = |name: &&str| ["r", "rpkg", "pkg", "r-package", "package"].contains(&name.to_ascii_lowercase().as_str());
    let url = last(url);
    folder.map(last).filter(|name| !says_r(name)).unwrap_or_else(|| url.strip_suffix(".git").unwrap_or(url))
}

/// `owner/name@ref`, `owner/name/folder`, `https://github.com/owner/name`, with the revision and the folder that are said beside.
pub(super) fn of_site(text: &str, site: &str, (rev, folder): (Option<&str>, Option<&str>)) -> Option<String> {
    let text = text.strip_prefix(site).map_or(text, |rest| rest.trim_start_matches('/'));
    let (path, rev) = text.split_once('@').map_or((text, rev), |(path, own)| (path, Some(own)));
    let mut parts = path.splitn(3, '/');
    let (owner, name, folder) = (parts.next()?, parts.next()?, parts.next().or(folder));
    let url = format!("{site}/{owner}/{name}");
    let plain = !path.contains([':', '#']) && !owner.is_empty() && is_name(name_of(name, folder));
    Git { name: name_of(name, folder), url: &url, rev, folder }.checked().filter(|_| plain)
}

/// A package as pak writes it: `sf`, `sf@1.0`, `bioc::DESeq2`, `owner/name@ref`, `name=github::owner/name`.
pub(super) fn of_pak(text: &str) -> Option<String> {
    let (named, source) = text.split_once('=').map_or((None, text), |(name, source)| (Some(name), source));
    let (kind, rest) = source.split_once("::").unwrap_or(("", source));
    let made = match kind {
        "github" => of_site(rest, HUB, (None, None)),
        "" if rest.contains('/') => of_site(rest, HUB, (None, None)),
        "git" => {
            let (url, rev) =
                rest.rsplit_once('@').filter(|(_, rev)| !rev.contains('/')).map_or((rest, None), |(url, rev)| (url, Some(rev)));
            Git { name: name_of(url, None), url, rev, folder: None }.checked()
        }
        // pak itself looks into the repositories of Bioconductor.
        "" | "any" | "cran" | "standard" | "bioc" => match rest.split_once('@') {
            Some((name, version)) => (is_name(name) && is_version(version)).then(|| entry(name, &format!("=={version}"))),
            None => is_name(rest).then(|| entry(rest, "")),
        },
        _ => None,
    }?;
    let source = made.split_once(' ').map_or("", |(_, source)| source);
    Some(named.map_or_else(|| made.clone(), |name| entry(name, source)))
}

pub(super) fn is_version(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
}

pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
}
