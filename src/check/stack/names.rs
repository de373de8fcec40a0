//! Which packages of different managers are the same software.
//!
//! What is called differently stands in `data/names.txt`. Beyond that, conda and `PyPI` are taken to mean the same software
//! by the same name, and R's packages follow the customs of conda (`r-`) and Debian (`r-cran-`).

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::ir::Package;
use crate::versions::Scheme;

/// The table of names.
const TABLE: &str = include_str!("../data/names.txt");

/// A piece of software, whatever a manager calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Software(u32);

/// The software of each package that has come up.
#[derive(Debug, Default)]
pub(crate) struct Names<'p> {
    known: HashMap<(&'p str, &'p str), Software>,
    by_title: HashMap<String, Software>,
}

impl<'p> Names<'p> {
    /// The software that a package is.
    pub(crate) fn of(&mut self, package: &'p Package) -> Software {
        let key = (package.ecosystem.as_str(), package.normal.as_str());
        if let Some(software) = self.known.get(&key) {
            return *software;
        }
        let next = Software(u32::try_from(self.by_title.len()).unwrap_or(u32::MAX));
        let software = *self.by_title.entry(title(key.0, key.1)).or_insert(next);
        self.known.insert(key, software);
        software
    }
}

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
    columns.flat_map(|(column, names)| names.split(',').map(move |name| (column, name))).filter(|(_, name)| *name != "-")
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
    fn the_table_has_three_columns_and_no_name_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for row in TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            let columns: Vec<_> = row.split_whitespace().collect();
            assert_eq!(columns.len(), 3, "{row}");
            for (column, names) in columns.iter().enumerate() {
                for name in names.split(',').filter(|name| *name != "-") {
                    assert!(seen.insert((column, name)), "{name} twice");
                }
            }
        }
    }
}
