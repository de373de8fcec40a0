//! References of images, as `FROM` has them.

use std::collections::BTreeMap;

use super::words::names;
use crate::import::repository;

/// What `BuildKit` sets for the platform that it builds for, here for the most usual one.
const PLATFORM: [(&str, &str); 6] = [
    ("TARGETPLATFORM", "linux/amd64"),
    ("TARGETOS", "linux"),
    ("TARGETARCH", "amd64"),
    ("BUILDPLATFORM", "linux/amd64"),
    ("BUILDOS", "linux"),
    ("BUILDARCH", "amd64"),
];

/// The value of an argument in a `FROM`: nothing for one that is declared and has no default.
pub(super) fn of_from(globals: &BTreeMap<String, Option<String>>, name: &str) -> Option<String> {
    let platform = || PLATFORM.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    match globals.get(name) {
        Some(Some(value)) => Some(value.clone()),
        declared => platform().or_else(|| declared.map(|_| String::new())),
    }
}

/// Whether a text can be the reference of an image.
pub(super) fn is_reference(text: &str) -> bool {
    let path = repository(text);
    let tag = text.get(path.len()..).unwrap_or_default().strip_prefix(':').map(|tag| tag.split('@').next().unwrap_or_default());
    let named = path.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "./:_-@".contains(c));
    // Without what a build gives, `python:${VERSION}-slim` has none, and neither has `lab:base-${DAY}`.
    let ends = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let tagged = tag.is_none_or(|tag| tag.starts_with(ends) && tag.ends_with(ends));
    // Neither has `jupyter/${VARIANT}-notebook`.
    let alnum = |c: char| c.is_ascii_alphanumeric();
    let parts = path.split(['/', ':', '@']).all(|part| part.starts_with(alnum) && part.ends_with(alnum));
    named && parts && tagged && !text.contains('$')
}

/// Whether the first instruction of a file that is no `ARG` is `FROM`, as far as its lines tell.
pub(super) fn begins_with_from(text: &str) -> bool {
    let mut words = text.lines().filter_map(|line| line.split_whitespace().next());
    let first = words.find(|word| !word.starts_with('#') && !word.eq_ignore_ascii_case("ARG"));
    first.is_some_and(|word| word.eq_ignore_ascii_case("FROM"))
}

/// Whether a `FROM` is another image on another platform.
pub(super) fn is_of_platform(written: &str) -> bool {
    names(written).iter().any(|name| PLATFORM.iter().any(|(known, _)| known == name))
}
