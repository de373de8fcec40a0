//! What is known of wheels and drivers: `data/cuda.txt`, which gives date and source.

/// The table.
const TEXT: &str = include_str!("../data/cuda.txt");

/// One minor version of `torch`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// `2.5`.
    pub(super) version: &'static str,
    /// The folders of its index: `cpu`, `cu124`.
    pub(super) variants: Vec<&'static str>,
}

/// The rows, the oldest first.
pub(super) fn rows() -> impl Iterator<Item = Row> {
    lines("torch").map(|mut words| Row { version: words.next().unwrap_or(""), variants: words.collect() })
}

/// The oldest branch of the driver that runs what is built for a major version of CUDA.
pub(super) fn driver(major: u32) -> Option<&'static str> {
    lines("driver").find_map(|mut words| words.next().filter(|known| known.parse() == Ok(major)).and_then(|_| words.next()))
}

/// What `tensorflow[and-cuda]` is built for: a minor version of it, and the version of CUDA.
pub(super) fn tensorflow() -> impl Iterator<Item = (&'static str, &'static str)> {
    lines("tensorflow").filter_map(|mut words| Some((words.next()?, words.next()?)))
}

/// The packages of conda that have builds for CUDA beside those for the processor.
pub(super) fn of_conda() -> impl Iterator<Item = &'static str> {
    lines("conda").flatten()
}

/// The day on which all this was known.
pub(super) fn date() -> &'static str {
    TEXT.lines().find_map(|line| line.strip_prefix("# date")).map_or("", str::trim)
}

fn lines(kind: &str) -> impl Iterator<Item = impl Iterator<Item = &'static str>> {
    TEXT.lines().filter_map(move |line| {
        let mut words = line.split_whitespace();
        (words.next() == Some(kind)).then_some(words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_in_order() {
        let rows: Vec<Row> = rows().collect();
        assert!(rows.len() > 10 && rows.iter().all(|row| row.variants.first() == Some(&"cpu") && row.variants.is_sorted()));
        let minors: Vec<u32> = rows.iter().map(|row| row.version.split('.').nth(1).unwrap().parse().unwrap()).collect();
        assert!(minors.windows(2).all(|pair| pair[1] == pair[0] + 1), "{minors:?}");
        assert_eq!((driver(12), driver(99)), (Some("525"), None));
        assert_eq!(date().len(), "2026-11-26".len());
    }
}
