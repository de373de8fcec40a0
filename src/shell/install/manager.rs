//! The programs that install packages, each with the list that does the same.

use crate::versions::Scheme;

/// A manager whose lists the program has.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Manager {
    /// The programs that are it.
    pub(super) programs: &'static [&'static str],
    /// The words of a program that installs.
    pub(super) verbs: &'static [&'static str],
    /// The word of its lists.
    pub(crate) list: &'static str,
    /// The ecosystem of its packages.
    pub(crate) ecosystem: &'static str,
    /// How names are compared.
    pub(crate) scheme: Scheme,
    /// Options that a value follows.
    pub(super) valued: &'static [&'static str],
    /// Options that name a file with packages.
    pub(super) lists: &'static [&'static str],
    /// Options with which the command is still what a list does.
    pub(super) quiet: &'static [&'static str],
    /// Options that put packages elsewhere than a list does.
    pub(super) elsewhere: &'static [&'static str],
}

impl Manager {
    /// The manager that a program is.
    pub(super) fn of(program: &str) -> Option<&'static Self> {
        MANAGERS.iter().find(|manager| manager.programs.contains(&program))
    }

    /// The manager of a list.
    pub(super) fn of_list(list: &str) -> Option<&'static Self> {
        MANAGERS.iter().find(|manager| manager.list == list)
    }
}

static MANAGERS: [Manager; 7] = [
    Manager {
        programs: &["pip", "pip3"],
        verbs: &["install"],
        list: "pip",
        ecosystem: "pypi",
        scheme: Scheme::Pep440,
        valued: &[
            "-r",
            "--requirement",
            "-c",
            "--constraint",
            "-e",
            "--editable",
            "-i",
            "--index-url",
            "--index",
            "--default-index",
            "--extra-index-url",
            "-f",
            "--find-links",
            "-t",
            "--target",
            "--prefix",
            "--root",
            "--no-binary",
            "--only-binary",
            "--trusted-host",
            "--python-version",
            "--platform",
            "--src",
            "--config-settings",
            "-C",
            "--use-feature",
            "--cache-dir",
            "--timeout",
            "--retries",
            "--progress-bar",
            "--upgrade-strategy",
            "--index-strategy",
            "--torch-backend",
            "-p",
            "--python",
        ],
        lists: &["-r", "--requirement"],
        quiet: &["--no-cache-dir", "--no-cache", "-q", "--quiet", "--disable-pip-version-check", "--root-user-action=ignore", "--system"],
        elsewhere: &["-t", "--target", "--prefix", "--root", "--user", "-p", "--python", "--dry-run"],
    },
    Manager {
        programs: &["conda", "mamba", "micromamba"],
        verbs: &["install", "create"],
        list: "conda",
        ecosystem: "conda",
        scheme: Scheme::Conda,
        valued: &["-c", "--channel", "-n", "--name", "-p", "--prefix", "-f", "--file", "--solver", "-r", "--root-prefix"],
        lists: &["--file", "-f"],
        quiet: &["-y", "--yes", "-q", "--quiet"],
        elsewhere: &["-r", "--root-prefix", "--download-only", "--dry-run", "-d"],
    },
    Manager {
        programs: &["apt-get", "apt"],
        verbs: &["install"],
        list: "apt",
        ecosystem: "apt",
        scheme: Scheme::Debian,
        valued: &["-t", "--target-release", "-o", "--option", "-c"],
        lists: &[],
        quiet: &["-y", "--yes", "--assume-yes", "-q", "-qq", "--quiet", "--no-install-recommends"],
        elsewhere: &["--download-only", "-d", "--dry-run", "-s"],
    },
    Manager {
        programs: &["dnf", "yum", "microdnf"],
        verbs: &["install"],
        list: "dnf",
        ecosystem: "rpm",
        scheme: Scheme::Rpm,
        valued: &["--repo", "--enablerepo", "--disablerepo", "-x", "--exclude", "--setopt", "--releasever", "--installroot"],
        lists: &[],
        quiet: &["-y", "--assumeyes", "-q", "--quiet"],
        elsewhere: &["--installroot", "--downloadonly"],
    },
    Manager {
        programs: &["npm"],
        verbs: &["install", "i", "add"],
        list: "npm",
        ecosystem: "npm",
        scheme: Scheme::Npm,
        valued: &["--prefix", "--registry"],
        lists: &[],
        quiet: &["-g", "--global", "--location=global"],
        elsewhere: &["--prefix", "--dry-run"],
    },
    Manager {
        programs: &["install2.r"],
        verbs: &[],
        list: "cran",
        ecosystem: "cran",
        scheme: Scheme::R,
        valued: &["-r", "--repos", "-n", "--ncpus", "-d", "--deps", "-l", "--libloc", "-m", "--method"],
        lists: &[],
        quiet: &["-e", "--error", "-s", "--skipinstalled", "--skipmissing"],
        elsewhere: &["-l", "--libloc"],
    },
    Manager {
        programs: &[],
        verbs: &[],
        list: "julia",
        ecosystem: "julia",
        scheme: Scheme::Julia,
        valued: &[],
        lists: &[],
        quiet: &[],
        elsewhere: &[],
    },
];
