//! Rows of words in columns, as terminals and `awk` like them: two spaces between, none at the end of a line.

use std::fmt;

/// Rows; each may have its own number of columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |cell: Option<&String>| cell.map_or(0, |cell| cell.chars().count());
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widths: Vec<_> = (0..columns).map(|at| self.rows.iter().map(|row| width(row.get(at))).max().unwrap_or(0)).collect();
        for row in &self.rows {
            let cells: Vec<_> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::default();
        table.row(["a", "é漢", "x"]);
        table.row(["long", "b"]);
        assert_eq!(table.to_string(), "a     é漢  x\nlong  b\n");
    }
}
