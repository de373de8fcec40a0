//! What source distributions say that they require: nothing of them is run.
//!
//! The core metadata of 2.2 and later (PEP 643, packaging.python.org) holds for every wheel that is built from them, unless a field is
//! `Dynamic`. An index may serve it apart (PEP 658). What is said without that promise is enough for a conflict, not for an answer.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Mutex;

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use super::curl::curl;
use crate::check::locked::of_requirement;
use crate::driver::lock::Question;
use crate::ir::Lockable;

/// The first version of the metadata in which what is not `Dynamic` is a promise.
const PROMISES: (u32, u32) = (2, 2);
/// How much of the metadata is read, in bytes: what it requires is at its beginning, a description of any length at its end.
const HEAD: u64 = 1 << 20;

/// How many source distributions of one package are read, and how many of its wheels passed over, for one question.
const READ: usize = 8;
const PASSED: usize = 40;

/// The packages of a question of which some versions are source distributions alone, as far as it is known what they require.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// By name, the versions without a wheel: `>=1.0`, `==2024.11.0`.
    ranges: BTreeMap<String, Vec<String>>,
    /// By name and version.
    known: BTreeMap<(String, String), Release>,
    /// How many were read for this question, by name.
    read: BTreeMap<String, usize>,
    /// Versions that have a wheel, so that their sources don't count.
    wheels: BTreeSet<(String, String)>,
    words: String,
}

/// What a source distribution says that it requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    requires: Vec<String>,
    /// Whether that holds for every wheel that is built from it.
    promised: bool,
}

/// One that was read: its address, and what it says.
type Release = (String, Said);

/// What an answer leads to.
pub(super) enum Learnt {
    /// What all its packages require is known.
    Nothing,
    /// Something new: the question is to be asked again.
    More,
    /// A package of which only a build says what it requires, and what the engine said of it.
    Unknown(String, String),
}

impl Sources {
    /// Those of which a question says itself what they require.
    pub(super) fn of(question: &Question) -> Self {
        let ranges = question.metadata.iter().map(|(name, ..)| (name.clone(), Vec::new())).collect();
        Self { ranges, ..Self::default() }
    }

    /// The packages whose source distributions count.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.ranges.keys()
    }

    /// Lets source distributions of some packages count, with what other questions have read of them; says whether there is a new one
    /// among them.
    pub(super) fn open(&mut self, names: &[String], words: &str, promises: &Promises) -> bool {
        let before = self.ranges.len();
        for name in names {
            self.ranges.entry(name.clone()).or_insert_with(|| without_wheels(words, name));
            self.known.extend(promises.releases(name));
        }
        words.clone_into(&mut self.words);
        self.ranges.len() > before
    }

    /// A question that states what they require: what is not known yet is nothing, so that the engine builds none.
    pub(super) fn stated(&self, question: &Question) -> Question {
        let mut stated = question.clone();
        for (name, ranges) in self.ranges.iter().filter(|(name, _)| !is_stated(question, name)) {
            stated.metadata.push((name.clone(), None, Vec::new()));
            if let [range] = ranges.as_slice() {
                stated.constraints.push((name.clone(), range.clone()));
            }
        }
        stated.constraints.extend(self.wheels.iter().map(|(name, version)| (name.clone(), format!("!={version}"))));
        let known = self.known.iter().map(|((name, version), (_, said))| (name.clone(), Some(version.clone()), said.requires.clone()));
        stated.metadata.extend(known);
        stated
    }

    /// Reads what the source distributions in an answer require.
    pub(super) fn learn(&mut self, question: &Question, all: Vec<(String, String, Source)>, promises: &Promises) -> Learnt {
        let (mut learnt, mut open) = (Learnt::Nothing, None);
        for (name, version, source) in all {
            if !self.ranges.contains_key(&name) || is_stated(question, &name) {
                continue;
            }
            let key = (name, version);
            let is_wheel = !self.is_source(&key) && self.wheels.len() < PASSED;
            if let Some((_, said)) = self.known.get(&key).filter(|(url, _)| !is_wheel && *url == source.url) {
                open = open.or_else(|| (!said.promised && !question.said).then_some(key.0));
                continue;
            }
            let read = self.read.entry(key.0.clone()).or_default();
            if is_wheel {
                self.wheels.insert(key);
            } else if let Some(said) = Some(&source).filter(|_| *read < READ).and_then(|source| promises.of(&key, source)) {
                *read += 1;
                self.known.insert(key, (source.url, said));
            } else {
                return Learnt::Unknown(key.0, self.words.clone());
            }
            learnt = Learnt::More;
        }
        match (learnt, open) {
            (Learnt::Nothing, Some(name)) => Learnt::Unknown(name, self.words.clone()),
            (learnt, _) => learnt,
        }
    }

    /// Whether a version has no wheel.
    fn is_source(&self, (name, version): &(String, String)) -> bool {
        let ranges = self.ranges.get(name).map(Vec::as_slice).unwrap_or_default();
        let holds = |range: &String| {
            of_requirement(&format!("{name}{range}"), Lockable::Pypi).is_none_or(|one| one.set.contains(version).unwrap_or(true))
        };
        ranges.is_empty() || ranges.iter().any(holds)
    }
}

/// The versions of a package that have no wheel, by what uv says: `dask==2024.11.0 has no usable wheels`, or a list of them and `have`.
fn without_wheels(words: &str, name: &str) -> Vec<String> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let range = |word: &&str| {
        let range = word.trim_end_matches(',').strip_prefix(name)?;
        (range.is_empty() || range.starts_with(['=', '<', '>', '!', '~'])).then(|| range.to_owned())
    };
    let mut all = Vec::new();
    for (at, said) in words.windows(4).enumerate() {
        if matches!(said, ["has" | "have", "no", "usable", wheels] if wheels.starts_with("wheels")) {
            all.extend(words.iter().take(at).rev().map_while(range).filter(|range| !range.is_empty()));
        }
    }
    all
}

/// Whether a question itself says what all versions of a package require.
fn is_stated(question: &Question, name: &str) -> bool {
    question.metadata.iter().any(|(known, version, _)| known == name && version.is_none())
}

/// A source distribution on an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Source {
    /// Its address.
    pub(super) url: String,
    /// The checksum of the index, in hexadecimal.
    pub(super) sha256: String,
}

/// What each one says, asked once: by name, version and address.
#[derive(Debug, Default)]
pub(super) struct Promises(Mutex<BTreeMap<(String, String, String), Option<Said>>>);

impl Promises {
    /// What it says; `None` where it can't be read.
    fn of(&self, (name, version): &(String, String), source: &Source) -> Option<Said> {
        let key = (name.clone(), version.clone(), source.url.clone());
        let known = self.0.lock().ok().and_then(|known| known.get(&key).cloned());
        known.unwrap_or_else(|| {
            let said = fetch(source);
            if let Ok(mut known) = self.0.lock() {
                known.insert(key, said.clone());
            }
            said
        })
    }

    /// Those of a package that were read.
    fn releases(&self, name: &str) -> Vec<((String, String), Release)> {
        let Ok(known) = self.0.lock() else { return Vec::new() };
        let of_it = known.iter().filter(|((known, ..), _)| known == name);
        of_it.filter_map(|((name, version, url), said)| Some(((name.clone(), version.clone()), (url.clone(), said.clone()?)))).collect()
    }
}

fn fetch(source: &Source) -> Option<Said> {
    if !["https:", "http:", "file:"].iter().any(|scheme| source.url.starts_with(scheme)) {
        return None;
    }
    let apart = curl(&["--fail", &format!("{}.metadata", source.url)], None).ok();
    apart.and_then(|text| said(&String::from_utf8_lossy(&text))).or_else(|| {
        let archive = curl(&["--fail", &source.url], None).ok()?;
        let is_meant = source.sha256.is_empty() || hex(&Sha256::digest(&archive)) == source.sha256;
        said(&metadata(&archive).filter(|_| is_meant)?)
    })
}

/// The `PKG-INFO` beside the sources, from an archive.
fn metadata(archive: &[u8]) -> Option<String> {
    let mut archive = tar::Archive::new(GzDecoder::new(archive));
    for entry in archive.entries().ok()? {
        let entry = entry.ok()?;
        let is_it = entry.path().is_ok_and(|path| path.components().count() == 2 && path.ends_with("PKG-INFO"));
        if is_it {
            let mut bytes = Vec::new();
            entry.take(HEAD).read_to_end(&mut bytes).ok()?;
            return Some(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    None
}

/// What metadata says.
fn said(text: &str) -> Option<Said> {
    // Only a line without anything ends the fields: the text of a licence is folded, its empty lines hold spaces.
    let head = text.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(':'));
    let fields: Vec<(String, &str)> = head.map(|(name, value)| (name.to_ascii_lowercase(), value.trim())).collect();
    let all = |name: &'static str| fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| *value);
    let (major, minor) = all("metadata-version").next()?.split_once('.')?;
    let version = (major.parse().ok()?, minor.parse().ok()?);
    let is_dynamic =
        all("dynamic").any(|field| field.eq_ignore_ascii_case("requires-dist") || field.eq_ignore_ascii_case("provides-extra"));
    let requires = all("requires-dist").map(str::to_owned).collect();
    Some(Said { requires, promised: version >= PROMISES && !is_dynamic })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dynamic_or_of_an_earlier_version_is_no_promise() {
        let text = |version: &str, more: &str| {
            format!(
                "Metadata-Version: {version}\nLicense: MIT\n        \n        text\nVersion: 1\nRequires-Dist: numpy <2\n{more}\nRequires-Dist: of the description\n"
            )
        };
        let requires = || vec!["numpy <2".to_owned()];
        assert_eq!(said(&text("2.2", "")), Some(Said { requires: requires(), promised: true }));
        assert_eq!(said(&text("2.4", "Dynamic: License-File\n")), Some(Said { requires: requires(), promised: true }));
        assert_eq!(said(&text("2.1", "")), Some(Said { requires: requires(), promised: false }));
        assert_eq!(said(&text("2.2", "Dynamic: requires-dist\n")), Some(Said { requires: requires(), promised: false }));
        assert_eq!(said("<html>"), None);
    }

    #[test]
    fn what_one_question_has_read_the_next_one_states() {
        let (promises, question) = (Promises::default(), Question::default());
        let said = Said { requires: vec!["notebook <7".to_owned()], promised: true };
        let source = |from: &str| Source { url: format!("https://{from}/a-1.tar.gz"), sha256: String::new() };
        let key = ("a".to_owned(), "1".to_owned(), source("one").url);
        promises.0.lock().expect("is free").insert(key, Some(said));
        let mut sources = Sources::default();
        assert!(sources.open(&["a".to_owned()], "", &promises));
        let stated = ("a".to_owned(), Some("1".to_owned()), vec!["notebook <7".to_owned()]);
        assert!(sources.stated(&question).metadata.contains(&stated));
        let answer = |from: &str| vec![("a".to_owned(), "1".to_owned(), source(from))];
        assert!(matches!(sources.learn(&question, answer("one"), &promises), Learnt::Nothing));
        // The same version of another index is another file, which is read: here it can't be.
        promises.0.lock().expect("is free").insert(("a".to_owned(), "1".to_owned(), source("two").url), None);
        assert!(matches!(sources.learn(&question, answer("two"), &promises), Learnt::Unknown(..)));
    }

    #[test]
    fn versions_without_a_wheel_are_those_that_uv_names() {
        let words = "Because dask>=1 depends on click\n  And because dask==2024.11.0 has no usable wheels, we can conclude\n\
                     and all of:\n  rucio-jupyterlab>=0.1,<1.0\n  rucio-jupyterlab==1.4\nhave no usable wheels and";
        assert_eq!(without_wheels(words, "dask"), ["==2024.11.0"]);
        assert_eq!(without_wheels(words, "rucio-jupyterlab"), ["==1.4", ">=0.1,<1.0"]);
        assert_eq!(without_wheels(words, "rucio"), Vec::<String>::new());
    }
}
