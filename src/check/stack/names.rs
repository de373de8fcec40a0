//! Which packages of different managers are the same software.
//!
//! What is called differently stands in `src/requirements/names.txt`, and a project may say more (`same`, `distinct`). Beyond that, conda
//! and `PyPI` are taken to mean the same software by the same name, and R's packages follow the customs of conda (`r-`) and
//! Debian (`r-cran-`).

use std::rc::Rc;

use foldhash::HashMap;

use crate::ir::{Package, Project, Wanted};
use crate::requirements::{self, Row};
use crate::versions::Scheme;

/// A piece of software, whatever a manager calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Software(u32);

/// The software of each package that has come up.
#[derive(Debug)]
pub(crate) struct Names<'p> {
    project: &'p Project,
    known: HashMap<(&'p str, &'p str), Software>,
    entries: HashMap<*const Wanted, Software>,
    by_title: HashMap<String, Software>,
}

impl<'p> Names<'p> {
    /// No software yet; the project may have its own words for some.
    pub(crate) fn of_project(project: &'p Project) -> Self {
        Self { project, known: HashMap::default(), entries: HashMap::default(), by_title: HashMap::default() }
    }

    /// The software that a package is.
    pub(crate) fn of(&mut self, package: &'p Package) -> Software {
        let entry = Rc::as_ptr(&package.wanted);
        if let Some(software) = self.entries.get(&entry) {
            return *software;
        }
        let software = self.named(package);
        self.entries.insert(entry, software);
        software
    }

    fn named(&mut self, package: &'p Package) -> Software {
        let key = (package.ecosystem.as_str(), package.normal.as_str());
        if let Some(software) = self.known.get(&key) {
            return *software;
        }
        let next = Software(u32::try_from(self.by_title.len()).unwrap_or(u32::MAX));
        let software = *self.by_title.entry(self.title(key.0, key.1, package.scheme)).or_insert(next);
        self.known.insert(key, software);
        software
    }

    /// The name of a piece of software: by the project's own words, else by the table.
    fn title(&self, ecosystem: &str, normal: &str, scheme: Scheme) -> String {
        let is = |name: &str| scheme.normalize_name(name) == normal;
        if self.project.distinct.iter().any(|name| is(name)) {
            return format!("{ecosystem} {normal}");
        }
        match self.project.same.iter().find(|(name, _)| is(name)) {
            Some((_, other)) => title("pypi", &Scheme::Pep440.normalize_name(other)),
            None => title(ecosystem, normal),
        }
    }

    /// The software that one of the managers calls so, of what has come up.
    pub(crate) fn called(&self, name: &str) -> Vec<Software> {
        let titles = ECOSYSTEMS.iter().map(|(ecosystem, scheme)| self.title(ecosystem, &scheme.normalize_name(name), *scheme));
        let mut all: Vec<_> = titles.filter_map(|title| self.by_title.get(&title)).copied().collect();
        all.sort();
        all.dedup();
        all
    }
}

/// The ecosystems, with how their names are compared.
const ECOSYSTEMS: [(&str, Scheme); 7] = [
    ("conda", Scheme::Conda),
    ("pypi", Scheme::Pep440),
    ("apt", Scheme::Debian),
    ("rpm", Scheme::Rpm),
    ("cran", Scheme::R),
    ("julia", Scheme::Julia),
    ("npm", Scheme::Npm),
];

/// What managers call the same software otherwise, where the table knows it: `pytorch` for `torch` of `PyPI`.
pub(crate) fn also_called(package: &Package) -> Vec<&'static str> {
    let mut all = Vec::new();
    for name in Row::find(&package.ecosystem, &package.normal).into_iter().flat_map(Row::names) {
        if name != package.normal && !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// The names under which pip finds a package of conda's, and those of packages of `PyPI`'s that are the same software, which pip does
/// not find there; none for what a project calls `distinct`.
pub(crate) fn on_pypi(project: &Project, package: &Package) -> (Vec<String>, Vec<String>) {
    if package.ecosystem == "conda" { names_for_pip(project, &package.normal) } else { (Vec::new(), Vec::new()) }
}

/// The same by the name of conda's package.
pub(crate) fn names_for_pip(project: &Project, conda: &str) -> (Vec<String>, Vec<String>) {
    let is_distinct = project.distinct.iter().any(|name| Scheme::Conda.normalize_name(name) == conda);
    if is_distinct || conda == "python" || r_package("conda", conda).is_some() {
        return (Vec::new(), Vec::new());
    }
    let seen = requirements::seen_by_pip(conda);
    let hidden = requirements::on_pypi(conda).into_iter().filter(|name| !seen.contains(name)).collect();
    (seen, hidden)
}

/// Whether an environment has one version of two packages of a manager: on `PyPI` they install the same files, conda-forge splits
/// one release into them. The project's `same` says so of others.
pub(crate) fn are_joined(project: &Project, one: &Package, other: &Package) -> bool {
    let own = |package: &Package| {
        let said = project.same.iter().find(|(name, _)| package.scheme.normalize_name(name) == package.normal);
        said.map_or_else(|| package.normal.clone(), |(_, other)| package.scheme.normalize_name(other))
    };
    let (left, right) = (own(one), own(other));
    one.ecosystem == other.ecosystem
        && (left == right || Row::find(&one.ecosystem, &left).is_some_and(|row| row.joins(&one.ecosystem, &left, &right)))
}

/// The name of a piece of software among all managers: `py torch`, `r shiny`, `apt curl`.
fn title(ecosystem: &str, normal: &str) -> String {
    if let Some(row) = Row::find(ecosystem, normal) {
        return row.title().to_owned();
    }
    match ecosystem {
        "conda" | "cran" | "apt" if r_package(ecosystem, normal).is_some() => {
            format!("r {}", r_package(ecosystem, normal).unwrap_or_default())
        }
        "conda" | "pypi" => format!("py {}", Scheme::Pep440.normalize_name(normal)),
        _ => format!("{ecosystem} {normal}"),
    }
}

/// The name of R's package by the customs of the managers.
fn r_package(ecosystem: &str, normal: &str) -> Option<String> {
    match ecosystem {
        "cran" => Some(normal.to_ascii_lowercase()),
        "conda" => normal.strip_prefix("r-").filter(|name| *name != "base").map(str::to_owned),
        _ => normal.strip_prefix("r-cran-").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_software_meet() {
        assert_eq!(title("conda", "pytorch"), title("pypi", "torch"));
        assert_eq!(title("conda", "matplotlib-base"), title("pypi", "matplotlib"));
        assert_eq!(title("conda", "ruamel_yaml"), title("pypi", "ruamel-yaml"));
        assert_eq!(title("conda", "r-shiny"), title("apt", "r-cran-shiny"));
        assert_eq!(title("conda", "unixodbc"), title("apt", "unixodbc-dev"));
        assert_ne!(title("conda", "curl"), title("apt", "curl-unknown"));
        assert_ne!(title("conda", "foo"), title("npm", "foo"));
    }

    #[test]
    fn rivals_and_parts_are_joined() {
        let joins = |ecosystem, left, right| Row::find(ecosystem, left).is_some_and(|row| row.joins(ecosystem, left, right));
        assert!(joins("pypi", "opencv-python", "opencv-python-headless") && joins("conda", "dask", "dask-core"));
        assert!(!joins("pypi", "beautifulsoup4", "bs4") && !joins("conda", "ruamel.yaml", "ruamel_yaml") && !joins("pypi", "a", "b"));
    }
}
