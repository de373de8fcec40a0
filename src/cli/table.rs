//! Rows of words in columns, as terminals and `awk` like them: two spaces between, none at the end of a line. On a terminal
//! the widest columns give way, and their words go on below.

use std::fmt::{self, Write as _};

/// No column is made narrower than this.
const NARROWEST: usize = 12;

/// What a table is drawn for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Screen {
    /// Whether there is colour.
    pub(super) color: bool,
    /// The columns of the terminal; `None` where a file or a pipe takes lines of any length.
    pub(super) width: Option<usize>,
}

impl Screen {
    /// A text in a colour of the terminal: `1` bold, `2` faint, `31` red, `32` green, `33` yellow.
    pub(super) fn painted(self, code: &str, text: &str) -> String {
        if self.color && !code.is_empty() && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// Rows; each may have its own number of columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// The table with a column of blanks before it. `tone` is the colour of a cell, from the number of its row, its column and
    /// its text.
    pub(super) fn text(&self, screen: Screen, indent: usize, tone: impl Fn(usize, usize, &str) -> &'static str) -> String {
        let room = Screen { width: screen.width.map(|width| width.saturating_sub(indent)), ..screen };
        let mut text = String::new();
        for line in self.drawn(room, tone).iter().flatten() {
            let _ = writeln!(text, "{:indent$}{}", "", line.trim_end());
        }
        text
    }

    /// The lines of each row. `tone` is the colour of a cell.
    fn drawn(&self, screen: Screen, tone: impl Fn(usize, usize, &str) -> &'static str) -> Vec<Vec<String>> {
        let widths = self.widths(screen.width);
        let row = |(number, row): (usize, &Vec<String>)| {
            let cells: Vec<Vec<String>> = row.iter().zip(&widths).map(|(cell, width)| wrapped(cell, *width)).collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(0);
            let line = |at: usize| {
                let mut line = String::new();
                let mut gap = 0;
                for (column, ((cell, whole), wide)) in cells.iter().zip(row).zip(&widths).enumerate() {
                    let part = cell.get(at).map_or("", String::as_str);
                    if !part.is_empty() {
                        // A width in a format string ends at 65,535.
                        line.push_str(&" ".repeat(gap));
                        line.push_str(&screen.painted(tone(number, column, whole), part));
                        gap = 0;
                    }
                    gap += wide.saturating_sub(part.chars().count()) + 2;
                }
                line
            };
            (0..height).map(line).collect()
        };
        self.rows.iter().enumerate().map(row).collect()
    }

    /// How wide each column is: as its widest cell, where that fits.
    fn widths(&self, room: Option<usize>) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let widest = |at: usize| self.rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
        let mut widths: Vec<usize> = (0..columns).map(widest).collect();
        let Some(room) = room.map(|room| room.saturating_sub(2 * columns.saturating_sub(1))) else { return widths };
        while widths.iter().sum::<usize>() > room
            && let Some(widest) = widths.iter_mut().max().filter(|widest| **widest > NARROWEST)
        {
            *widest -= 1;
        }
        widths
    }
}

/// A cell in lines of a width: broken at blanks, and where there are none, behind the last character that fits.
fn wrapped(cell: &str, width: usize) -> Vec<String> {
    if cell.chars().count() <= width {
        return vec![cell.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in cell.split(' ') {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + 1 + word.chars().count() > width {
            lines.push(String::new());
        } else if last > 0 {
            lines.last_mut().into_iter().for_each(|line| line.push(' '));
        }
        for letter in word.chars() {
            if let Some(line) = lines.last_mut().filter(|line| line.chars().count() >= width) {
                // A path or a name goes on behind its last mark.
                let mark = line.rfind(['/', '-', ':', '_', '@']).map_or(line.len(), |at| at + 1);
                let wide = line.get(..mark).is_some_and(|kept| kept.chars().count() * 2 > width);
                let rest = line.split_off(if wide { mark } else { line.len() });
                lines.push(rest);
            }
            lines.last_mut().into_iter().for_each(|line| line.push(letter));
        }
    }
    lines
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Screen::default(), 0, |_, _, _| ""))
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

    #[test]
    fn on_a_terminal_the_widest_columns_give_way() {
        let mut table = Table::default();
        table.row(["NAME", "TITLE", "IMAGE"]);
        table.row(["lab", "a title of several words that is long", "ghcr.io/example/lab:1"]);
        let screen = Screen { color: false, width: Some(40) };
        let lines = table.drawn(screen, |_, _, _| "");
        let drawn: Vec<&str> = lines.iter().flatten().map(String::as_str).collect();
        assert_eq!(
            drawn,
            [
                "NAME  TITLE             IMAGE",
                "lab   a title of        ghcr.io/example/",
                "      several words     lab:1",
                "      that is long",
            ]
        );
    }

    #[test]
    fn colour_is_no_part_of_the_width() {
        let mut table = Table::default();
        table.row(["+", "lab"]);
        let lines = table.drawn(Screen { color: true, width: Some(80) }, |_, column, _| if column == 0 { "32" } else { "" });
        assert_eq!(lines, [["\u{1b}[32m+\u{1b}[0m  lab"]]);
    }
}
