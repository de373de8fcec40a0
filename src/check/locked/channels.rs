//! Channels of conda: what a lock calls them, and where they are.

use super::unit::short;
use crate::ir::{Base, CellId, Program};

/// Where a channel is that has a name alone: the channel alias that conda begins with.
pub const ALIAS: &str = "https://conda.anaconda.org";
/// Where the channels of `defaults` are.
const DEFAULTS: &str = "https://repo.anaconda.com";

/// What a lock calls a channel: its name, of an address the last part.
#[must_use]
pub fn channel_name(channel: &str) -> &str {
    let plain = channel.trim_end_matches('/');
    match plain.strip_prefix(ALIAS).or_else(|| plain.strip_prefix(DEFAULTS)) {
        Some(rest) => rest.trim_start_matches('/'),
        None if is_address(plain) => short(plain),
        None => plain,
    }
}

/// Where a channel is, without a `/` at its end.
#[must_use]
pub fn channel_address(channel: &str) -> String {
    let plain = channel.trim_end_matches('/');
    match plain {
        _ if plain.starts_with('/') => format!("file://{plain}"),
        _ if is_address(plain) => plain.to_owned(),
        _ if plain.starts_with("pkgs/") => format!("{DEFAULTS}/{plain}"),
        _ => format!("{ALIAS}/{plain}"),
    }
}

fn is_address(channel: &str) -> bool {
    channel.contains("://") || channel.starts_with('/')
}

/// The channel that the conda of an image takes packages from where a list names none: the images of Anaconda come with its own.
#[must_use]
pub fn own_channel(base: &Base) -> &'static str {
    let is_anaconda =
        ["continuumio/", "docker.io/continuumio/", "docker.io/anaconda/"].iter().any(|host| base.repository.starts_with(host));
    if is_anaconda { "defaults" } else { "conda-forge" }
}

/// A channel of a lock as the lists of a stack name it; what no list names is a name.
#[must_use]
pub fn channel_of<'p>(program: &'p Program, cell: CellId, name: &'p str) -> &'p str {
    let entries = program.downwards(cell).flat_map(|level| &program[level].packages);
    let named = entries.filter(|package| package.ecosystem == "conda").flat_map(|package| package.besides.iter().chain(&package.index));
    named.map(String::as_str).find(|channel| channel_name(channel) == name).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_have_names_and_addresses() {
        let cases = [
            ("conda-forge", "conda-forge", "https://conda.anaconda.org/conda-forge"),
            ("conda-forge/label/dev", "conda-forge/label/dev", "https://conda.anaconda.org/conda-forge/label/dev"),
            ("https://conda.anaconda.org/bioconda/", "bioconda", "https://conda.anaconda.org/bioconda"),
            ("pkgs/main", "pkgs/main", "https://repo.anaconda.com/pkgs/main"),
            ("https://repo.anaconda.com/pkgs/r", "pkgs/r", "https://repo.anaconda.com/pkgs/r"),
            ("https://example.org/our/channel", "channel", "https://example.org/our/channel"),
            ("/srv/channel", "channel", "file:///srv/channel"),
        ];
        for (channel, name, address) in cases {
            assert_eq!((channel_name(channel), channel_address(channel).as_str()), (name, address), "{channel}");
        }
    }
}
