//! `locks/NAME.toml`: what `jenvc lock` has resolved, one file for each image, one section for cells of one platform that resolve alike.
//! An input like any other: one package is one line, and no address of an index is in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::toml::{TomlTable, TomlValue, read_toml, toml_text};
use super::{BadLine, Date, Platform};
use crate::versions::Scheme;

/// The folder beside the program.
pub const LOCKS: &str = "locks";
const HEADER: &str = "# Written by `jenvc lock`. Commit it. Change constraints in the program, then run `jenvc lock`.\nversion = 1\n";

/// What is locked of each image, by its name; empty where the program has no lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locks(pub BTreeMap<String, Vec<Section>>);

impl Locks {
    /// Where the lock of an image is: `locks/base.toml`.
    #[must_use]
    pub fn path(image: &str) -> String {
        format!("{LOCKS}/{image}.toml")
    }

    /// Whether the program has a lock at all.
    #[must_use]
    pub fn is_used(&self) -> bool {
        !self.0.is_empty()
    }

    /// Whether packages of an ecosystem are locked: there is a section of it.
    #[must_use]
    pub fn has(&self, lockable: Lockable) -> bool {
        self.0.values().flatten().any(|section| section.lockable == lockable)
    }

    /// The section of a cell on a platform.
    #[must_use]
    pub fn section(&self, image: &str, cell: &str, platform: Platform, lockable: Lockable) -> Option<&Section> {
        let is_of = |section: &&Section| section.platform == platform && section.lockable == lockable;
        self.0.get(image)?.iter().filter(is_of).find(|section| section.cells.iter().any(|one| one == cell))
    }
}

/// An ecosystem whose packages are locked, in the order in which they are resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lockable {
    /// Channels of conda.
    Conda,
    /// `PyPI` and indexes like it.
    #[default]
    Pypi,
}

impl Lockable {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Conda, Self::Pypi];

    /// The name of the ecosystem: `pypi`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conda => "conda",
            Self::Pypi => "pypi",
        }
    }

    /// How its versions compare.
    #[must_use]
    pub fn scheme(self) -> Scheme {
        match self {
            Self::Conda => Scheme::Conda,
            Self::Pypi => Scheme::Pep440,
        }
    }

    /// The table of its packages in a file, and the key that says where one is from.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Conda => ("section.conda", "channel"),
            Self::Pypi => ("section.pypi", "index"),
        }
    }
}

/// Cells of one image and one platform that resolve alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// What its packages are from.
    pub lockable: Lockable,
    /// Their readable names: `py3.11`; `default` where the image has one cell without axes.
    pub cells: Vec<String>,
    /// The platform.
    pub platform: Platform,
    /// What resolved it: `uv 0.13.9`.
    pub resolver: String,
    /// No file that was uploaded after this day, in UTC: `2026-11-20`.
    pub cut_off: String,
    /// The digest of the layer's own constraints, the interpreter, the platform and the indexes.
    pub inputs: String,
    /// The digest of what is below, as far as this section refers to it.
    pub parent: String,
    /// The packages, by the name as the ecosystem compares it.
    pub pins: BTreeMap<String, Pin>,
    /// Packages of which something is not known, and what.
    pub unknown: BTreeMap<String, String>,
}

/// One package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pin {
    /// Its version: `2.5.1+cu124`.
    pub version: String,
    /// Its build, of conda's: `py312_0`; else empty.
    pub build: String,
    /// The name of the index, where it is not the default one; of conda's always the channel.
    pub index: Option<String>,
    /// The file: `anyio-4.16.0-py3-none-any.whl`; of conda's with the folder of the channel: `noarch/dask-2026.1-pyhd_0.conda`.
    pub file: String,
    /// The checksum of the file, in hexadecimal; empty where the index gives none.
    pub sha256: String,
    /// What it requires in these cells: `numpy>=1.26`.
    pub requires: Vec<String>,
}

/// The sections of a file.
///
/// # Errors
/// Names the first line that no `jenvc lock` writes.
pub fn read_sections(text: &str) -> Result<Vec<Section>, BadLine> {
    let tables = read_toml(text)?;
    let mut sections: Vec<Section> = Vec::new();
    let mut lines = Vec::new();
    for table in &tables {
        let bad = |wanted| BadLine { number: table.line, wanted };
        match (table.path.as_str(), sections.last_mut()) {
            ("", _) if table.entries.len() == 1 && table.get("version") == Some(&TomlValue::Bare("1".to_owned())) => {}
            ("", _) => return Err(bad("`version = 1` and nothing else")),
            ("section", _) => {
                sections.push(section(table).ok_or(bad("`cells`, `platform`, `resolver`, `cut-off`, `inputs` and `parent`, each once"))?);
                lines.push(table.line);
            }
            ("section.pypi" | "section.conda", Some(section)) if section.pins.is_empty() => {
                section.lockable = if table.path == "section.conda" { Lockable::Conda } else { Lockable::Pypi };
                for (name, value, number) in &table.entries {
                    let wanted = BadLine {
                        number: *number,
                        wanted: "`{ version = \"…\", file = \"…\", sha256 = \"…\", requires = [ … ] }`, each name once",
                    };
                    let Some(pin) = pin(value, section.lockable) else { return Err(wanted) };
                    if section.pins.insert(name.clone(), pin).is_some() {
                        return Err(wanted);
                    }
                }
            }
            ("section.unknown", Some(section)) => {
                for (name, value, number) in &table.entries {
                    let text = value.text().ok_or(BadLine { number: *number, wanted: "a text" })?;
                    section.unknown.insert(name.clone(), text.to_owned());
                }
            }
            _ => return Err(bad("`[[section]]`, `[section.pypi]`, `[section.conda]` or `[section.unknown]`")),
        }
    }
    let mut cells = BTreeSet::new();
    let is_once = |section: &Section| section.cells.iter().all(|cell| cells.insert((section.lockable, section.platform, cell.clone())));
    match sections.iter().map(is_once).position(|is_once| !is_once).and_then(|at| lines.get(at)) {
        Some(number) => Err(BadLine { number: *number, wanted: "each cell of a platform in one section" }),
        None => Ok(sections),
    }
}

impl Section {
    /// Why nothing is known of a package of which the index has sources alone.
    pub const SOURCE_ONLY: &'static str = "only a source distribution; run `jenvc lock --build` to read what it requires";

    /// Whether a package is in it, known or unknown.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        self.pins.contains_key(name) || self.unknown.contains_key(name)
    }

    /// Whether a package is unknown that `--build` would know.
    #[must_use]
    pub fn needs_builds(&self) -> bool {
        self.unknown.values().any(|why| why == Self::SOURCE_ONLY)
    }
}

/// The keys of a section.
const KEYS: [&str; 6] = ["cells", "platform", "resolver", "cut-off", "inputs", "parent"];

fn section(table: &TomlTable) -> Option<Section> {
    are_once(table.entries.iter().map(|(key, ..)| key.as_str()), &KEYS).then_some(())?;
    let text = |key: &str| table.get(key)?.text().map(str::to_owned);
    let cells: Option<Vec<_>> = table.get("cells")?.list().iter().map(|cell| cell.text().map(str::to_owned)).collect();
    let TomlValue::Bare(cut_off) = table.get("cut-off")? else { return None };
    Date::parse(cut_off)?;
    Some(Section {
        lockable: Lockable::default(),
        cells: cells?,
        platform: Platform::find(table.get("platform")?.text()?)?,
        resolver: text("resolver")?,
        cut_off: cut_off.clone(),
        inputs: text("inputs")?,
        parent: text("parent")?,
        pins: BTreeMap::new(),
        unknown: BTreeMap::new(),
    })
}

/// Whether keys are some of those that are known, each once.
fn are_once<'k>(mut keys: impl Iterator<Item = &'k str>, known: &[&str]) -> bool {
    let mut seen = BTreeSet::new();
    keys.all(|key| known.contains(&key) && seen.insert(key))
}

fn pin(value: &TomlValue, lockable: Lockable) -> Option<Pin> {
    let TomlValue::Table(entries) = value else { return None };
    let known = ["version", "build", lockable.words().1, "file", "sha256", "requires"];
    are_once(entries.iter().map(|(key, _)| key.as_str()), &known).then_some(())?;
    let text = |key: &str| value.get(key)?.text().map(str::to_owned);
    let requires: Option<Vec<_>> =
        value.get("requires").map(TomlValue::list).unwrap_or_default().iter().map(|one| one.text().map(str::to_owned)).collect();
    Some(Pin {
        version: text("version").filter(|version| !version.is_empty())?,
        build: text("build").unwrap_or_default(),
        index: text(lockable.words().1),
        file: text("file").unwrap_or_default(),
        sha256: text("sha256").unwrap_or_default(),
        requires: requires?,
    })
}

/// Whether `jenvc lock` has written a text.
#[must_use]
pub fn is_written_lock(text: &str) -> bool {
    text.starts_with(HEADER.lines().next().unwrap_or(HEADER))
}

/// The text of a file.
#[must_use]
pub fn write_sections(sections: &[Section]) -> String {
    let mut text = HEADER.to_owned();
    for section in sections {
        let cells: Vec<_> = section.cells.iter().map(|cell| toml_text(cell)).collect();
        let _ = write!(
            text,
            "\n[[section]]\ncells = [{}]\nplatform = \"{}\"\nresolver = {}\ncut-off = {}\ninputs = {}\nparent = {}\n",
            cells.join(", "),
            section.platform,
            toml_text(&section.resolver),
            section.cut_off,
            toml_text(&section.inputs),
            toml_text(&section.parent),
        );
        let (table, index) = section.lockable.words();
        // The table of conda says what the section is of.
        if !section.pins.is_empty() || section.lockable == Lockable::Conda {
            let _ = write!(text, "\n[{table}]\n");
        }
        for (name, pin) in &section.pins {
            let name = if is_bare(name) { name.clone() } else { toml_text(name) };
            let _ = writeln!(text, "{name} = {}", pin.to_toml(index));
        }
        if !section.unknown.is_empty() {
            text.push_str("\n[section.unknown]\n");
        }
        for (name, why) in &section.unknown {
            let _ = writeln!(text, "{name} = {}", toml_text(why));
        }
    }
    text
}

/// Whether a name is a key without quotes: names of conda's may have dots.
fn is_bare(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}

impl Pin {
    /// Its version, with its build where it has one: `1.2=py_0`.
    #[must_use]
    pub fn release(&self) -> String {
        if self.build.is_empty() { self.version.clone() } else { format!("{}={}", self.version, self.build) }
    }

    fn to_toml(&self, index: &str) -> String {
        let mut fields = vec![format!("version = {}", toml_text(&self.version))];
        let mut field = |key: &str, value: &str| {
            if !value.is_empty() {
                fields.push(format!("{key} = {}", toml_text(value)));
            }
        };
        field("build", &self.build);
        field(index, self.index.as_deref().unwrap_or_default());
        field("file", &self.file);
        field("sha256", &self.sha256);
        if !self.requires.is_empty() {
            let all: Vec<_> = self.requires.iter().map(|one| toml_text(one)).collect();
            fields.push(format!("requires = [{}]", all.join(", ")));
        }
        format!("{{ {} }}", fields.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sections() -> Vec<Section> {
        let pin = Pin {
            version: "2.5.1+cu124".to_owned(),
            index: Some("cu124".to_owned()),
            file: "torch-2.5.1+cu124-cp311-cp311-linux_x86_64.whl".to_owned(),
            sha256: "ab12".to_owned(),
            requires: vec!["numpy>=1.26".to_owned(), "sympy==1.13.1".to_owned()],
            ..Pin::default()
        };
        let one = Section {
            lockable: Lockable::Pypi,
            cells: vec!["py3.11".to_owned(), "py3.12".to_owned()],
            platform: Platform::Amd64,
            resolver: "uv 0.13.9".to_owned(),
            cut_off: "2026-11-20".to_owned(),
            inputs: "sha256:5b".to_owned(),
            parent: "sha256:91".to_owned(),
            pins: BTreeMap::from([("torch".to_owned(), pin), ("six".to_owned(), Pin { version: "1.17".to_owned(), ..Pin::default() })]),
            unknown: BTreeMap::from([("reana-client".to_owned(), "only a source \"distribution\"".to_owned())]),
        };
        let two = Section { platform: Platform::Arm64, pins: BTreeMap::new(), unknown: BTreeMap::new(), ..one.clone() };
        let dask = Pin {
            version: "2026.1.0".to_owned(),
            build: "pyhd8ed1ab_0".to_owned(),
            index: Some("conda-forge".to_owned()),
            file: "noarch/dask-core-2026.1.0-pyhd8ed1ab_0.conda".to_owned(),
            sha256: "cd34".to_owned(),
            requires: vec!["python >=3.10".to_owned()],
        };
        let pins = BTreeMap::from([("dask-core".to_owned(), dask.clone()), ("dask.core".to_owned(), dask)]);
        let conda = Section { lockable: Lockable::Conda, resolver: "rattler 12.0".to_owned(), pins, ..two.clone() };
        let empty = Section { pins: BTreeMap::new(), cells: vec!["py3.13".to_owned()], ..conda.clone() };
        vec![conda, empty, one, two]
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(read_sections(&write_sections(&sections())), Ok(sections()));
        assert_eq!(read_sections("version = 1\n"), Ok(Vec::new()));
    }

    #[test]
    fn the_text_is_what_people_see_in_a_change() {
        insta::assert_snapshot!(write_sections(&sections()));
    }

    #[test]
    fn a_package_is_one_line() {
        let mut moved = sections();
        if let Some(pin) = moved.get_mut(2).and_then(|section| section.pins.get_mut("torch")) {
            pin.version = "2.6.0+cu124".to_owned();
        }
        let (one, two) = (write_sections(&sections()), write_sections(&moved));
        assert_eq!(one.lines().zip(two.lines()).filter(|(one, two)| one != two).count(), 1);
    }

    #[test]
    fn lines_of_no_meaning_are_named() {
        let bad = |text: &str| read_sections(text).unwrap_err().number;
        assert_eq!(bad(""), 1);
        assert_eq!(bad("version = 2\n"), 1);
        assert_eq!(bad("version = 1\n<<<<<<< HEAD\n"), 2);
        assert_eq!(bad("version = 1\n[[section]]\ncells = []\n"), 2);
        assert_eq!(bad("version = 1\n[section.pypi]\n"), 2);
        let twice = write_sections(&sections()).replace("six = {", "torch = {");
        let second = twice.lines().enumerate().filter(|(_, line)| line.starts_with("torch = {")).nth(1).map(|(at, _)| at + 1);
        assert_eq!(Some(bad(&twice)), second);
    }
}
