//! Which packages of different managers are the same software.
//!
//! What is called differently stands in `data/names.txt`, and a project may say more (`same`, `distinct`). Beyond that, conda
//! and `PyPI` are taken to mean the same software by the same name, and R's packages follow the customs of conda (`r-`) and
//! Debian (`r-cran-`).

use std::sync::OnceLock;

use foldhash::HashMap;

use crate::ir::{Package, Project};
use crate::versions::Scheme;

/// The table of names.
const TABLE: &str = include_str!("../data/names.txt");

/// A piece of software, whatever a manager calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Software(u32);

/// The software of each package that has come up.
#[derive(Debug)]
pub(crate) struct Names<'p> {
    project: &'p Project,
    known: HashMap<(&'p str, &'p str), Software>,
    by_title: HashMap<String, Software>,
}

impl<'p> Names<'p> {
    /// No software yet; the project may have its own words for some.
    pub(crate) fn of_project(project: &'p Project) -> Self {
        Self { project, known: HashMap::default(), by_title: HashMap::default() }
    }

    /// The software that a package is.
    pub(crate) fn of(&mut self, package: &'p Package) -> Software {
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
    let row = table().get(&(column_of(&package.ecosystem), package.normal.as_str())).copied().unwrap_or_default();
    let mut all = Vec::new();
    for name in names_of(row).map(|(_, name)| name) {
        if name != package.normal && !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// Whether an environment has one version of two packages of a manager: on `PyPI` they install the same files, conda-forge splits
/// one release into them. The project's `same` says so of others.
pub(crate) fn are_joined(project: &Project, one: &Package, other: &Package) -> bool {
    let own = |package: &Package| {
        let said = project.same.iter().find(|(name, _)| package.scheme.normalize_name(name) == package.normal);
        said.map_or_else(|| package.normal.clone(), |(_, other)| package.scheme.normalize_name(other))
    };
    let (left, right) = (own(one), own(other));
    one.ecosystem == other.ecosystem && (left == right || joins(&one.ecosystem, &left, &right))
}

/// Whether the table joins two names of a manager.
fn joins(ecosystem: &str, left: &str, right: &str) -> bool {
    let column = column_of(ecosystem);
    let names = table().get(&(column, left)).and_then(|row| row.split_whitespace().nth(column)).unwrap_or_default();
    let has = |group: &str, name: &str| group.split('/').any(|one| one == name);
    names.split(',').any(|group| has(group, left) && has(group, right))
}

/// The column of an ecosystem in the table.
fn column_of(ecosystem: &str) -> usize {
    match ecosystem {
        "conda" => 0,
        "pypi" => 1,
        "apt" => 2,
        _ => usize::MAX,
    }
}

/// The name of a piece of software among all managers: `py torch`, `r shiny`, `apt curl`.
fn title(ecosystem: &str, normal: &str) -> String {
    if let Some(title) = table().get(&(column_of(ecosystem), normal)).and_then(|row| row.split_whitespace().next()) {
        return title.to_owned();
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

/// The rows of the table by column and name. A row is one software, under the title of its first name.
fn table() -> &'static HashMap<(usize, &'static str), &'static str> {
    static NAMES: OnceLock<HashMap<(usize, &'static str), &'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        rows.flat_map(|row| names_of(row).map(move |name| (name, row))).collect()
    })
}

/// The names of a row, each with its column.
fn names_of(row: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    let columns = row.split_whitespace().enumerate();
    columns.flat_map(|(column, names)| names.split([',', '/']).map(move |name| (column, name))).filter(|(_, name)| *name != "-")
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
        assert!(joins("pypi", "opencv-python", "opencv-python-headless") && joins("conda", "dask", "dask-core"));
        assert!(!joins("pypi", "beautifulsoup4", "bs4") && !joins("conda", "ruamel.yaml", "ruamel_yaml") && !joins("pypi", "a", "b"));
    }

    #[test]
    fn the_table_has_three_columns_and_no_name_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for row in TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let columns: Vec<_> = row.split_whitespace().collect();
            assert_eq!(columns.len(), 3, "{row}");
            for (column, names) in columns.iter().enumerate() {
                for name in names.split([',', '/']).filter(|name| *name != "-") {
                    assert!(seen.insert((column, name)), "{name} twice");
                }
            }
        }
    }
}
