//! The standard library: written in jenv, embedded in the binary.

/// Name and text of each file, sorted by name.
const FILES: &[(&str, &str)] = &[];

/// The text of a file of the standard library: `jupyter` for `std.jupyter`.
#[must_use]
pub fn standard(name: &str) -> Option<&'static str> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The names of all files of the standard library, sorted.
#[must_use]
pub fn standard_names() -> Vec<&'static str> {
    FILES.iter().map(|(name, _)| *name).collect()
}
