//! The standard library: written in jenv, embedded in the binary.

/// Name and text of each file, sorted by name.
const FILES: &[(&str, &str)] = &[
    ("account", include_str!("../../stdlib/account.jenv")),
    ("installers", include_str!("../../stdlib/installers.jenv")),
    ("jupyter", include_str!("../../stdlib/jupyter.jenv")),
    ("locale", include_str!("../../stdlib/locale.jenv")),
    ("nvidia", include_str!("../../stdlib/nvidia.jenv")),
    ("repo2docker", include_str!("../../stdlib/repo2docker.jenv")),
    ("ubuntu", include_str!("../../stdlib/ubuntu.jenv")),
];

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
