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
            let mut line = String::new();
            for (at, (cell, wide)) in row.iter().zip(&widths).enumerate() {
                line.push_str(cell);
                if at + 1 < row.len() {
                    // A width in a format string ends at 65,535.
                    line.push_str(&" ".repeat(wide - width(Some(cell)) + 2));
                }
            }
            writeln!(f, "{}", line.trim_end())?;
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

    #[test]
    fn a_cell_may_be_longer_than_any_terminal() {
        let mut table = Table::default();
        let long = "x".repeat(70_000);
        table.row([long.as_str(), "a"]);
        table.row(["y", "b"]);
        assert_eq!(table.to_string(), format!("{long}  a\ny{}  b\n", " ".repeat(69_999)));
    }
}
