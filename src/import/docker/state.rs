//! What holds at an instruction: variables, the account, the working folder, the shell, the files that are there.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{expand_but, names};
use crate::base::join;
use crate::import::repository;

/// The layer of `std.repo2docker` that stands for the images of repo2docker.
pub(in crate::import) const BINDER: &str = "binder-base";

/// Where the images of Pangeo have conda.
const PANGEO: &str = "/srv/conda";

/// An account of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: Option<u32>,
    pub(super) gid: Option<u32>,
    pub(super) home: Option<String>,
}

/// The environments of conda that there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Environments {
    /// Those that are made here, and whether a list has made them.
    pub(super) made: BTreeMap<String, bool>,
    /// Those that the base is known to have.
    pub(super) there: &'static [&'static str],
    /// Whether the base may have others.
    pub(super) others: bool,
}

/// What holds at one instruction.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// Variables that are set, with their values.
    pub(super) env: BTreeMap<String, String>,
    /// Arguments that are declared here, with their defaults.
    pub(super) args: BTreeMap<String, Option<String>>,
    /// Arguments above the first `FROM`: an argument that is declared here has its default from there.
    pub(super) globals: BTreeMap<String, Option<String>>,
    /// Arguments that are empty in the instruction that is read.
    pub(super) empty: Vec<String>,
    /// Arguments that are given by who builds.
    pub(super) given: BTreeMap<String, String>,
    /// The variable that the base sets, whatever an argument of its name says: `PYTHON_VERSION` of `python`.
    pub(super) own: String,
    /// Who runs what follows.
    pub(super) user: String,
    /// The working folder: `None` where it is what the base has, empty where it is another one that is not known.
    pub(super) workdir: Option<String>,
    /// Whether the shell stops at a failing command.
    pub(super) stops: bool,
    /// Whether it counts a failure anywhere in a pipe.
    pub(super) pipefail: bool,
    /// Whether it is known to be bash.
    pub(super) bash: bool,
    /// Accounts that are known.
    pub(super) accounts: Vec<Account>,
    /// Files of the context that are in the image: by their path there.
    pub(super) placed: BTreeMap<String, String>,
    /// Those of them that lists were read from.
    pub(super) used: BTreeSet<String>,
    /// Where the base has its conda, where that is known and not the usual place.
    pub(super) conda: Option<&'static str>,
    /// The environment of conda that is active, where a script or the shell has activated one; empty where its name is not known.
    pub(super) activated: Option<String>,
    /// Environments of conda.
    pub(super) environments: Environments,
    /// Arguments whose defaults were written in their place.
    pub(super) filled: BTreeSet<String>,
}

impl State {
    /// What an image that exists begins with.
    pub(super) fn of(reference: &str) -> Self {
        let repository = repository(reference);
        let environments = Environments { others: !is_plain(repository), ..Environments::default() };
        let own = format!("{}_VERSION", repository.rsplit('/').next().unwrap_or_default().to_ascii_uppercase());
        let mut state = Self { own, user: "root".to_owned(), environments, ..Self::default() };
        let community = ["quay.io/jupyter/", "docker.io/jupyter/", "jupyter/"].iter().any(|owner| repository.starts_with(owner));
        let binder = repository.rsplit('/').next() == Some(BINDER);
        let pangeo = ["quay.io/pangeo/", "docker.io/pangeo/", "pangeo/"].iter().any(|owner| repository.starts_with(owner));
        let (name, home) = match repository {
            _ if binder => ("jovyan", "/home/jovyan"),
            _ if community => ("jovyan", "/home/jovyan"),
            _ if pangeo => ("jovyan", "/home/jovyan"),
            _ if repository.ends_with("mambaorg/micromamba") => ("mambauser", "/home/mambauser"),
            _ => return state,
        };
        let gid = if community { 100 } else { 1000 };
        let uid = if name == "mambauser" { 57439 } else { 1000 };
        state.accounts = vec![Account { name: name.to_owned(), uid: Some(uid), gid: Some(gid), home: Some(home.to_owned()) }];
        name.clone_into(&mut state.user);
        state.environments.others &= !community;
        if community {
            let known = [("NB_USER", "jovyan"), ("NB_UID", "1000"), ("NB_GID", "100"), ("HOME", home), ("CONDA_DIR", "/opt/conda")];
            state.env = known.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            state.workdir = Some(home.to_owned());
            (state.pipefail, state.bash) = (true, true);
        }
        if pangeo {
            // Their packages are in an environment, which `pangeo/base-image` alone leaves to others.
            let known = [("CONDA_DIR", PANGEO), ("CONDA_ENV", "notebook"), ("NB_PYTHON_PREFIX", "/srv/conda/envs/notebook")];
            state.env = known.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            state.conda = Some(PANGEO);
            state.environments.there = if repository.ends_with("/base-image") { &[] } else { &["notebook"] };
        }
        if name == "mambauser" {
            let known = [("MAMBA_USER", name), ("MAMBA_USER_ID", "57439"), ("MAMBA_ROOT_PREFIX", "/opt/conda")];
            state.env = known.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        }
        if binder {
            let known = [("HOME", home), ("REPO_DIR", home), ("CONDA_DIR", "/srv/conda"), ("NB_USER", "jovyan"), ("NB_UID", "1000")];
            state.env = known.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            state.workdir = Some(home.to_owned());
        }
        state
    }

    /// The value of a variable.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        self.env.get(name).cloned().or_else(|| self.args.get(name).cloned().flatten())
    }

    /// A text with what is known of its variables.
    pub(super) fn expand(&self, text: &str) -> String {
        expand_but(text, &|name| self.value(name), &|name| self.is_open(name)).0
    }

    /// Whether a variable that has no value here is the base's to set: an argument above the first `FROM` looks as if it were one.
    fn is_open(&self, name: &str) -> bool {
        self.globals.get(name).is_some_and(Option::is_some)
    }

    /// The same as it can be written again: a variable of which the base has a part (`PATH`) stays.
    pub(super) fn rewritten(&self, text: &str) -> String {
        let value = |name: &str| self.value(name).filter(|value| !names(value).contains(&name));
        expand_but(text, &value, &|name| self.is_open(name)).0
    }

    /// Takes up accounts that are not known yet: the name, its number, that of its group, its home.
    pub(super) fn know(&mut self, accounts: Vec<(String, u32, u32, String)>) {
        for (name, uid, gid, home) in accounts {
            if !self.accounts.iter().any(|account| account.name == name) {
                self.accounts.push(Account { name, uid: Some(uid), gid: Some(gid), home: Some(home) });
            }
        }
    }

    /// A stage that is built on this one: files stay, arguments go.
    pub(super) fn child(&self) -> Self {
        Self { args: BTreeMap::new(), given: BTreeMap::new(), used: BTreeSet::new(), filled: BTreeSet::new(), ..self.clone() }
    }

    /// The account that a name, a number or either with a group means.
    pub(super) fn account(&self, text: &str) -> String {
        let text = self.expand(text);
        let user = text.split(':').next().unwrap_or_default();
        if matches!(user, "root" | "0" | "") {
            return "root".to_owned();
        }
        match self.known(user) {
            Some(account) => account.name,
            None if matches!(user, "${NB_UID}" | "${NB_USER}" | "$NB_UID") => "jovyan".to_owned(),
            None => user.to_owned(),
        }
    }

    /// Remembers the group of an account, where files that are made its own are the first to say so.
    pub(super) fn learn_group(&mut self, text: &str) {
        let text = self.expand(text);
        let Some((user, group)) = text.split_once(':') else { return };
        let name = self.account(user);
        let gid = if group == "root" { Some(0) } else { group.parse().ok() };
        if name == "root" || gid.is_none() || name.contains('$') {
            return;
        }
        match (self.known(&name), self.accounts.iter_mut().find(|account| account.name == name)) {
            (_, Some(account)) => account.gid = account.gid.or(gid),
            (Some(account), None) => self.accounts.push(Account { gid: account.gid.or(gid), ..account }),
            (None, None) => self.accounts.push(Account { uid: name.parse().ok(), gid, home: None, name }),
        }
    }

    /// Whose files are that belong to a user and a group: an account, or the two where the group is another; `None` is root.
    pub(super) fn owner(&self, text: &str) -> Option<String> {
        let text = self.expand(text);
        let name = self.account(&text);
        let group = text.split_once(':').map_or("", |(_, group)| group);
        let account = self.known(&name);
        let own = match group {
            "" => true,
            "0" | "root" => name == "root" || account.as_ref().is_some_and(|account| account.gid == Some(0)),
            "users" => account.as_ref().is_some_and(|account| account.gid == Some(100)),
            group => {
                account.as_ref().is_some_and(|account| account.gid.is_none_or(|gid| gid.to_string() == group) || account.name == group)
            }
        };
        if own { Some(name).filter(|name| name != "root") } else { Some(format!("{name}:{group}")) }
    }

    /// The account of a name or a number: one that was made, or the one that the variables of the community's images name.
    pub(super) fn known(&self, user: &str) -> Option<Account> {
        let is = |account: &&Account| account.name == user || account.uid.is_some_and(|uid| uid.to_string() == user);
        if let Some(account) = self.accounts.iter().find(is) {
            return Some(account.clone());
        }
        let of = |name| self.env.get(name).cloned();
        let number = |name| of(name).and_then(|value| value.parse().ok());
        let account = Account { name: of("NB_USER")?, uid: number("NB_UID"), gid: number("NB_GID"), home: of("HOME") };
        Some(account).filter(|account| is(&account))
    }

    /// An absolute path; `None` where it is relative to a folder that is not known.
    pub(super) fn absolute(&self, path: &str) -> Option<String> {
        let path = self.expand(path);
        if path.starts_with('/') || path.starts_with("${") {
            return Some(path);
        }
        let folder = path.ends_with('/') || path == ".";
        let inner = path.trim_start_matches("./").trim_end_matches('/');
        let inner = if inner == "." { "" } else { inner };
        let whole = format!("{}/{inner}", self.workdir.as_ref().filter(|folder| !folder.is_empty())?.trim_end_matches('/'));
        let whole = whole.trim_end_matches('/').to_owned();
        Some(if folder { format!("{whole}/") } else { whole })
    }

    /// The same; from the working folder, where that is not known: `./data`.
    pub(super) fn rooted(&self, path: &str) -> Option<String> {
        let relative = || {
            let path = self.expand(path);
            let inner = if path == "." { "" } else { path.trim_start_matches("./") };
            let plain = self.workdir.is_none() && !path.split('/').any(|part| part == "..");
            plain.then(|| format!("./{inner}"))
        };
        self.absolute(path).or_else(relative)
    }

    /// The file of the context that is at a path of the image.
    pub(super) fn file(&self, path: &str) -> Option<(String, String)> {
        let path = self.rooted(path)?;
        if let Some(source) = self.placed.get(&path) {
            return Some((path.clone(), source.clone()));
        }
        let mut folders = self.placed.iter().rev().filter(|(at, _)| at.ends_with('/'));
        let source = folders.find_map(|(at, source)| join(source, path.strip_prefix(at.as_str())?))?;
        Some((path, source))
    }

    /// Remembers an account that a command makes.
    pub(super) fn learn(&mut self, words: &[&str]) {
        let [program, rest @ ..] = words else { return };
        let [name] = named(rest)[..] else { return };
        if !matches!(*program, "useradd" | "adduser") {
            return;
        }
        let after = |options: [&str; 2]| {
            let at = rest.iter().position(|word| options.contains(word)).and_then(|at| rest.get(at + 1)).copied();
            at.or_else(|| rest.iter().find_map(|word| word.strip_prefix(options.last()?)?.strip_prefix('=')))
        };
        let name = name.to_owned();
        let uid = after(["-u", "--uid"]).and_then(|uid| uid.parse().ok());
        let home = after(["-d", if *program == "adduser" { "--home" } else { "--home-dir" }]).map(str::to_owned);
        let home = home.or_else(|| Some(format!("/home/{name}")));
        self.accounts.retain(|account| account.name != name);
        self.accounts.push(Account { name, uid, gid: after(["-g", "--gid"]).and_then(|gid| gid.parse().ok()), home });
    }
}

/// Whether an image that exists has no environments of conda but the base one: those of systems and languages, and of conda's own projects.
fn is_plain(repository: &str) -> bool {
    const OWNERS: [&str; 6] = ["condaforge/", "continuumio/", "mambaorg/", "nvidia/cuda", "rocker/", "library/"];
    let path = ["docker.io/", "quay.io/", "ghcr.io/"].iter().find_map(|registry| repository.strip_prefix(registry)).unwrap_or(repository);
    !path.contains('/') || OWNERS.iter().any(|owner| path.starts_with(owner))
}

/// The words of `useradd` or `adduser` that are no options and no values of options: the account, and perhaps a group.
fn named<'w>(words: &[&'w str]) -> Vec<&'w str> {
    const LONG: [&str; 20] = [
        "base-dir",
        "comment",
        "conf",
        "expiredate",
        "firstuid",
        "gecos",
        "gid",
        "groups",
        "home",
        "home-dir",
        "inactive",
        "ingroup",
        "key",
        "lastuid",
        "password",
        "prefix",
        "root",
        "shell",
        "skel",
        "uid",
    ];
    let valued = |word: &str| match word.strip_prefix("--") {
        Some(long) => LONG.contains(&long),
        None => word.strip_prefix('-').is_some_and(|letters| {
            letters.chars().all(|c| c.is_ascii_alphabetic()) && letters.ends_with(|c: char| "bcdefgGhkKpRPsuZ".contains(c))
        }),
    };
    let behind = |at: usize| at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|word| valued(word));
    words.iter().enumerate().filter(|(at, word)| !word.starts_with('-') && !behind(*at)).map(|(_, word)| *word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_learned_wherever_their_name_is() {
        for (command, name, uid, gid, home) in [
            ("useradd -l -m -s /bin/bash -N -u 1000 jovyan -g 0", "jovyan", Some(1000), Some(0), "/home/jovyan"),
            ("useradd -ms /bin/bash --uid=7 jo", "jo", Some(7), None, "/home/jo"),
            ("adduser --disabled-password --gecos x --home /srv/jo --uid 7 jo", "jo", Some(7), None, "/srv/jo"),
        ] {
            let mut state = State::default();
            state.learn(&command.split(' ').collect::<Vec<_>>());
            let wanted = Account { name: name.to_owned(), uid, gid, home: Some(home.to_owned()) };
            assert_eq!(state.accounts, [wanted], "{command}");
        }
        // To a group.
        let mut state = State::default();
        state.learn(&["adduser", "jo", "sudo"]);
        assert!(state.accounts.is_empty());
    }
}
