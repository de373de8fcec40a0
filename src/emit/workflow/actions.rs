//! The actions that an emitted workflow uses: one table, each with the commit that its version's tag named on that day.
//!
//! A tag can be moved to other code at any time, a commit can't; so workflows name commits, with the version as a comment that
//! update bots read and keep. A program overrides a row with its own commit.

use super::yaml::comment;

/// An action at one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Action {
    /// Its repository on GitHub: `actions/checkout`.
    pub(super) name: &'static str,
    /// The commit, 40 hexadecimal digits.
    pub(super) commit: &'static str,
    /// The version whose tag names that commit.
    pub(super) version: &'static str,
    /// When that commit was made.
    pub(super) date: &'static str,
}

/// Fetches the repository.
pub(super) const CHECKOUT: Action =
    Action { name: "actions/checkout", commit: "3d3c42e5aac5ba805825da76410c181273ba90b1", version: "v7.0.1", date: "2026-07-17" };
/// A builder that can export attestations and caches.
pub(super) const BUILDX: Action = Action {
    name: "docker/setup-buildx-action",
    commit: "37fe631027851001ddb9b187196cc803df7f5f0e",
    version: "v4.3.0",
    date: "2026-08-17",
};
/// The program that signs images.
pub(super) const COSIGN: Action =
    Action { name: "sigstore/cosign-installer", commit: "6f9f17788090df1f26f669e9d70d6ae9567deba6", version: "v4.1.2", date: "2026-05-06" };

/// Every action there is a row for.
pub(super) const ALL: [&Action; 3] = [&CHECKOUT, &BUILDX, &COSIGN];

/// An image that the jobs run, at one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tool {
    /// Its repository on Docker Hub: `moby/buildkit`.
    pub(super) name: &'static str,
    /// Version and digest of the index of all platforms.
    pub(super) version: &'static str,
}

/// What builds: the image of the builder that [`BUILDX`] starts.
pub(super) const BUILDKIT: Tool =
    Tool { name: "moby/buildkit", version: "v0.29.0@sha256:0039c1d47e8748b5afea56f4e85f14febaf34452bd99d9552d2daa82262b5cc5" };
/// What looks through an image for its bill of materials.
pub(super) const SCANNER: Tool = Tool {
    name: "docker/buildkit-syft-scanner",
    version: "1.11.0@sha256:79e7b013cbec16bbb436f312819a49a4a57752b2270c1a9332ae1a10fcc82a68",
};

/// The names of the actions that a program can override.
pub fn known_actions() -> impl Iterator<Item = &'static str> + Clone {
    ALL.into_iter().map(|action| action.name)
}

impl Tool {
    /// Its reference; `overrides` are the program's own rows (name, version and digest).
    pub(super) fn reference(&self, overrides: &[(String, String)]) -> String {
        let own = overrides.iter().find(|(name, _)| name == self.name);
        format!("{}:{}", self.name, own.map_or(self.version, |(_, version)| version))
    }
}

impl Action {
    /// What stands after `uses:`; `overrides` are the program's own rows (name, commit, version).
    pub(super) fn uses(&self, overrides: &[(String, String, String)]) -> String {
        let own = overrides.iter().find(|(name, _, _)| name == self.name);
        let (commit, version) = own.map_or((self.commit, self.version), |(_, commit, version)| (commit, version));
        format!("{}@{commit} # {}", self.name, comment(version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_names_a_commit() {
        for action in ALL {
            assert!(action.commit.len() == 40 && action.commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{action:?}");
            assert!(action.version.starts_with('v') && action.date.len() == 10, "{action:?}");
        }
    }

    #[test]
    fn a_program_overrides_a_row() {
        let own = vec![("actions/checkout".to_owned(), "a".repeat(40), "v9.0.0".to_owned())];
        assert_eq!(CHECKOUT.uses(&own), format!("actions/checkout@{} # v9.0.0", "a".repeat(40)));
        let hostile = [(CHECKOUT.name.to_owned(), "a".repeat(40), "v9\n  run: ${{ secrets.X }}".to_owned())];
        assert_eq!(CHECKOUT.uses(&hostile), format!("actions/checkout@{} # v9 run: $ {{{{ secrets.X }}}}", "a".repeat(40)));
        assert!(COSIGN.uses(&own).starts_with("sigstore/cosign-installer@6f9f"));
    }
}
