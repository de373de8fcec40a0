//! Files of channels on this machine: a copy of each, which its server is asked about once in a run.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use sha2::{Digest, Sha256};

use super::super::curl::curl;

/// How long one file may take, in seconds: those of conda-forge have tens of megabytes.
const SECONDS: &str = "900";

/// The folder of the copies; none where the machine has no place for them.
pub(super) struct Cache {
    folder: Option<PathBuf>,
    offline: bool,
}

/// What came of asking for a file.
pub(super) enum Fetched {
    Bytes(Vec<u8>),
    /// The server has no such file.
    Missing,
    /// No server may be asked, and there is no copy.
    Unasked(String),
    Failed(String),
}

impl Cache {
    pub(super) fn new(offline: bool) -> Self {
        Self { folder: folder().map(|folder| folder.join("jenvc").join("conda")), offline }
    }

    /// A file of a channel.
    pub(super) fn get(&self, url: &str) -> Fetched {
        match self.folder.as_deref() {
            Some(folder) if fs::create_dir_all(folder).is_ok() => self.kept(folder, url),
            _ if self.offline => Fetched::Unasked(lacks(url)),
            // Nothing can be kept: a folder for this file alone.
            _ => match tempfile::tempdir() {
                Ok(folder) => self.kept(folder.path(), url),
                Err(error) => Fetched::Failed(error.to_string()),
            },
        }
    }

    fn kept(&self, folder: &Path, url: &str) -> Fetched {
        let file = folder.join(name_of(url));
        if self.offline {
            return fs::read(&file).map_or_else(|_| Fetched::Unasked(lacks(url)), Fetched::Bytes);
        }
        let Ok(new) = tempfile::Builder::new().prefix("new-").tempfile_in(folder) else {
            return Fetched::Failed(format!("`{}` can't be written to", folder.display()));
        };
        let tag = file.with_extension("etag");
        let new_tag = new.path().with_extension("etag");
        let (out, old, save) = (new.path().to_string_lossy(), tag.to_string_lossy(), new_tag.to_string_lossy());
        let mut arguments = vec!["--max-time", SECONDS, "--output", &out, "--write-out", "%{http_code}", "--etag-save", &save];
        if file.exists() && tag.exists() {
            arguments.extend(["--etag-compare", &old]);
        }
        arguments.push(url);
        let status = match curl(&arguments, None) {
            Ok(status) => String::from_utf8_lossy(&status).into_owned(),
            Err(words) => return Fetched::Failed(words),
        };
        let fetched = match status.as_str() {
            "304" => fs::read(&file).map_or_else(|error| Fetched::Failed(error.to_string()), Fetched::Bytes),
            // Files and other protocols have no status.
            "200" | "000" => match fs::read(new.path()) {
                Ok(bytes) => {
                    // A copy that can't be kept is asked for again.
                    let kept = new.persist(&file).is_ok() && fs::rename(&new_tag, &tag).is_ok();
                    if !kept {
                        let _ = fs::remove_file(&tag);
                    }
                    Fetched::Bytes(bytes)
                }
                Err(error) => Fetched::Failed(error.to_string()),
            },
            "403" | "404" | "410" => Fetched::Missing,
            status => Fetched::Failed(format!("the server of `{}` answers with {status}", plain(url))),
        };
        let _ = fs::remove_file(&new_tag);
        fetched
    }
}

fn lacks(url: &str) -> String {
    format!("the cache lacks `{}`, and `--offline` forbids to ask for it", plain(url))
}

/// An address without a login or a token in it, for messages.
pub(super) fn plain(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or(host);
    let mut parts: Vec<&str> = path.split('/').collect();
    if parts.first() == Some(&"t") && parts.len() > 2 {
        parts.drain(..2);
    }
    format!("{scheme}://{host}/{}", parts.join("/"))
}

fn name_of(url: &str) -> String {
    let mut name = String::new();
    for byte in Sha256::digest(url.as_bytes()).iter().take(16) {
        let _ = write!(name, "{byte:02x}");
    }
    name
}

/// Where this platform keeps what can be fetched again.
fn folder() -> Option<PathBuf> {
    let of = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || of("HOME");
    if cfg!(windows) {
        return of("LOCALAPPDATA");
    }
    let beside = if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" };
    of("XDG_CACHE_HOME").or_else(|| home().map(|home| home.join(beside)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_show_no_login_and_no_token() {
        assert_eq!(plain("https://me:secret@example.org/t/tk-1/our/noarch/repodata.json"), "https://example.org/our/noarch/repodata.json");
        assert_eq!(plain("https://conda.anaconda.org/conda-forge"), "https://conda.anaconda.org/conda-forge");
    }
}
