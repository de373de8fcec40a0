//! What managers call the same software: `names.txt` beside this file.

use std::sync::OnceLock;

use foldhash::HashMap;
use foldhash::fast::RandomState;

use crate::versions::Scheme;

/// The table of names.
const TABLE: &str = include_str!("names.txt");

/// A row of the table: one software, with the names that each manager has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row(&'static str);

impl Row {
    /// The row that has a name of an ecosystem.
    #[must_use]
    pub fn find(ecosystem: &str, normal: &str) -> Option<Self> {
        let column = column_of(ecosystem)?;
        table().get(&(column, normal)).copied().map(Self)
    }

    /// The first name in the row, which stands for the software.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.0.split_whitespace().next().unwrap_or_default()
    }

    /// All names, whatever the manager.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        names_of(self.0).map(|(_, name)| name)
    }

    /// The names that an ecosystem has.
    pub fn names_in(self, ecosystem: &str) -> impl Iterator<Item = &'static str> {
        let wanted = column_of(ecosystem);
        names_of(self.0).filter(move |(column, _)| Some(*column) == wanted).map(|(_, name)| name)
    }

    /// Whether an environment has one version of two packages of an ecosystem.
    #[must_use]
    pub fn joins(self, ecosystem: &str, left: &str, right: &str) -> bool {
        let names = column_of(ecosystem).and_then(|column| self.0.split_whitespace().nth(column)).unwrap_or_default();
        let has = |group: &str, name: &str| group.split('/').any(|one| plain(one) == name);
        names.split(',').any(|group| has(group, left) && has(group, right))
    }
}

/// The names under which pip finds a package of conda's: those that it has the metadata of.
#[must_use]
pub fn seen_by_pip(conda: &str) -> Vec<String> {
    let Some(row) = Row::find("conda", conda) else { return vec![Scheme::Pep440.normalize_name(conda)] };
    let groups = row.0.split_whitespace().nth(1).into_iter().flat_map(|names| names.split(','));
    let of_group = |group: &'static str| {
        let rest = group.split('/').skip(1).filter(|name| name.starts_with('+'));
        group.split('/').take(1).chain(rest).map(|name| plain(name).to_owned())
    };
    groups.flat_map(of_group).filter(|name| name != "-").collect()
}

/// What `PyPI` calls a package of conda's: the names of the table, else the same name.
#[must_use]
pub fn on_pypi(conda: &str) -> Vec<String> {
    match Row::find("conda", conda) {
        Some(row) => row.names_in("pypi").map(str::to_owned).collect(),
        None => vec![Scheme::Pep440.normalize_name(conda)],
    }
}

/// What conda calls a package of `PyPI`: the names of the table, else the same name.
#[must_use]
pub fn on_conda(pypi: &str) -> Vec<String> {
    match Row::find("pypi", pypi) {
        Some(row) => row.names_in("conda").map(str::to_owned).collect(),
        None => vec![pypi.to_owned()],
    }
}

/// The column of an ecosystem in the table.
fn column_of(ecosystem: &str) -> Option<usize> {
    ["conda", "pypi", "apt"].iter().position(|one| *one == ecosystem)
}

/// The rows of the table by column and name.
fn table() -> &'static HashMap<(usize, &'static str), &'static str> {
    static NAMES: OnceLock<HashMap<(usize, &'static str), &'static str>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let rows = TABLE.lines().filter(|line| !line.starts_with('#'));
        let mut table = HashMap::with_capacity_and_hasher(640, RandomState::default());
        table.extend(rows.flat_map(|row| names_of(row).map(move |(column, name)| ((column, name), row))));
        table
    })
}

/// A name without its mark.
fn plain(name: &str) -> &str {
    name.trim_start_matches('+')
}

/// The names of a row, each with its column.
fn names_of(row: &'static str) -> impl Iterator<Item = (usize, &'static str)> {
    let mut column = 0;
    let mut rest = row;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = rest.bytes().position(|byte| matches!(byte, b' ' | b',' | b'/'));
            let (name, after) = end.map_or((rest, ""), |end| (rest.get(..end).unwrap_or(""), rest.get(end..).unwrap_or("")));
            let own = column;
            // Blanks part columns, as many as there are.
            let next = after.trim_start_matches(' ');
            column += usize::from(next.len() < after.len());
            rest = next.strip_prefix([',', '/']).unwrap_or(next);
            if !matches!(name, "" | "-") {
                return Some((own, plain(name)));
            }
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_three_columns_and_no_name_twice() {
        let mut seen = std::collections::BTreeSet::new();
        for row in TABLE.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            assert_eq!(row.split_whitespace().count(), 3, "{row}");
            for (column, name) in names_of(row) {
                assert!(seen.insert((column, name)), "{name} twice");
            }
        }
        assert_eq!(seen_by_pip("py-opencv"), ["opencv-python", "opencv-python-headless"]);
        assert_eq!((seen_by_pip("dask-core"), seen_by_pip("Ruamel.Yaml")), (vec!["dask".to_owned()], vec!["ruamel-yaml".to_owned()]));
        assert!(Row::find("npm", "torch").is_none() && Row::find("conda", "pytorch").is_some());
    }
}
