//! What source distributions promise to require: nothing of them is run.
//!
//! The core metadata of 2.2 and later (PEP 643, packaging.python.org) holds for every wheel that is built from them, unless a field is
//! `Dynamic`. An index may serve it apart (PEP 658).

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Mutex;

use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};

use super::curl::curl;
use crate::driver::lock::Question;

/// The first version of the metadata in which what is not `Dynamic` is a promise.
const PROMISES: (u32, u32) = (2, 2);
/// How much of the metadata is read, in bytes: what it requires is at its beginning, a description of any length at its end.
const HEAD: u64 = 1 << 20;

/// How many source distributions of one package are read for one question.
const READ: usize = 8;

/// The packages of a question that are source distributions alone, as far as it is known what they require.
#[derive(Debug, Default)]
pub(super) struct Sources {
    names: BTreeSet<String>,
    promised: BTreeMap<(String, String), Vec<String>>,
    words: String,
}

/// What an answer leads to.
pub(super) enum Learnt {
    /// What all its packages require is known.
    Nothing,
    /// What a source distribution requires: the question is to be asked again.
    Promise,
    /// A package of which only a build says what it requires, and what the engine said of it.
    Unknown(String, String),
}

impl Sources {
    /// The packages whose source distributions count.
    pub(super) fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// Lets source distributions of some packages count; says whether there is a new one among them.
    pub(super) fn open(&mut self, names: &[String], words: &str) -> bool {
        let before = self.names.len();
        self.names.extend(names.iter().cloned());
        words.clone_into(&mut self.words);
        self.names.len() > before
    }

    /// A question that states what they require: what is not known yet is nothing, so that the engine builds none.
    pub(super) fn stated(&self, question: &Question) -> Question {
        let mut question = question.clone();
        for name in self.names.iter().filter(|name| !is_stated(&question, name)).cloned().collect::<Vec<_>>() {
            question.metadata.push((name, None, Vec::new()));
        }
        let promised = self.promised.iter().map(|((name, version), requires)| (name.clone(), Some(version.clone()), requires.clone()));
        question.metadata.extend(promised);
        question
    }

    /// Reads what the source distributions in an answer require.
    pub(super) fn learn(&mut self, question: &Question, all: Vec<(String, String, Source)>, promises: &Promises) -> Learnt {
        let mut learnt = Learnt::Nothing;
        for (name, version, source) in all {
            let read = self.promised.keys().filter(|(known, _)| *known == name).count();
            let key = (name, version);
            if !self.names.contains(&key.0) || is_stated(question, &key.0) || self.promised.contains_key(&key) {
                continue;
            }
            let Some(requires) = promises.of(&source).filter(|_| read < READ) else { return Learnt::Unknown(key.0, self.words.clone()) };
            self.promised.insert(key, requires);
            learnt = Learnt::Promise;
        }
        learnt
    }
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

/// What each one promises, asked once: by its address.
#[derive(Debug, Default)]
pub(super) struct Promises(Mutex<BTreeMap<String, Option<Vec<String>>>>);

impl Promises {
    /// What it requires; `None` where only a build says so, or where it can't be read.
    pub(super) fn of(&self, source: &Source) -> Option<Vec<String>> {
        let known = self.0.lock().ok().and_then(|known| known.get(&source.url).cloned());
        known.unwrap_or_else(|| {
            let promised = fetch(source);
            if let Ok(mut known) = self.0.lock() {
                known.insert(source.url.clone(), promised.clone());
            }
            promised
        })
    }
}

fn fetch(source: &Source) -> Option<Vec<String>> {
    if !["https:", "http:", "file:"].iter().any(|scheme| source.url.starts_with(scheme)) {
        return None;
    }
    let apart = curl(&["--fail", &format!("{}.metadata", source.url)], None).ok();
    apart.and_then(|text| promised(&String::from_utf8_lossy(&text))).or_else(|| {
        let archive = curl(&["--fail", &source.url], None).ok()?;
        let is_meant = source.sha256.is_empty() || hex(&Sha256::digest(&archive)) == source.sha256;
        promised(&metadata(&archive).filter(|_| is_meant)?)
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

/// What metadata promises to require.
fn promised(text: &str) -> Option<Vec<String>> {
    let head = text.lines().take_while(|line| !line.trim().is_empty()).filter_map(|line| line.split_once(':'));
    let fields: Vec<(String, &str)> = head.map(|(name, value)| (name.to_ascii_lowercase(), value.trim())).collect();
    let all = |name: &'static str| fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| *value);
    let (major, minor) = all("metadata-version").next()?.split_once('.')?;
    let is_dynamic =
        all("dynamic").any(|field| field.eq_ignore_ascii_case("requires-dist") || field.eq_ignore_ascii_case("provides-extra"));
    let promises = (major.parse().ok()?, minor.parse().ok()?) >= PROMISES && !is_dynamic;
    promises.then(|| all("requires-dist").map(str::to_owned).collect())
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
                "Metadata-Version: {version}\nName: a\nVersion: 1\nRequires-Dist: numpy <2\n{more}\nRequires-Dist: of the description\n"
            )
        };
        assert_eq!(promised(&text("2.2", "")), Some(vec!["numpy <2".to_owned()]));
        assert_eq!(promised(&text("2.4", "Dynamic: License-File\n")), Some(vec!["numpy <2".to_owned()]));
        assert_eq!(promised(&text("2.1", "")), None);
        assert_eq!(promised(&text("2.2", "Dynamic: requires-dist\n")), None);
        assert_eq!(promised("<html>"), None);
    }
}
