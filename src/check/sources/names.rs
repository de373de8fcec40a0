//! The names of files in addresses.

/// The last part of an address: `wdf.git` of `https://gitlab.com/wdfpipe/wdf.git`.
pub(super) fn last_part(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or(url)
}
