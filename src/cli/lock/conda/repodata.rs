//! `repodata.json` of one folder of a channel. It holds hundreds of thousands of records, of which a question needs a few: it is searched
//! for where each package's records are, and a record is read when its package is asked for.
//!
//! Format: `repodata.json` of conda's documentation and CEP 15, 16, 36.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;
use std::str::FromStr;
use std::sync::{Arc, Mutex};

use rattler_conda_types::package::DistArchiveIdentifier;
use rattler_conda_types::{PackageRecord, RepoDataRecord};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// What a folder of a channel holds.
pub(super) struct Repodata {
    pub(super) channel: String,
    subdir: String,
    address: String,
    text: String,
    /// Where the file names and the records of each package are in the text.
    places: HashMap<String, Vec<Pieces>>,
    read: Mutex<HashMap<String, Arc<Vec<Dated>>>>,
}

/// A file name and its record in a text.
type Pieces = (Range<usize>, Range<usize>);

/// A record with the time at which it came, in milliseconds since 1970; 0 where the channel does not say.
#[derive(Clone, Debug)]
pub(super) struct Dated {
    pub(super) record: RepoDataRecord,
    pub(super) time: i64,
}

#[derive(Deserialize)]
struct Index<'a> {
    #[serde(borrow, default)]
    packages: Files<'a>,
    #[serde(borrow, default, rename = "packages.conda")]
    conda: Files<'a>,
}

/// File names with their records, unread.
#[derive(Default)]
struct Files<'a>(Vec<(&'a str, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Files<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Files<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("records by the names of their files")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut all = Vec::with_capacity(map.size_hint().unwrap_or_default());
                while let Some(pair) = map.next_entry()? {
                    all.push(pair);
                }
                Ok(Files(all))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

#[derive(Deserialize)]
struct Times {
    #[serde(default)]
    timestamp: Option<f64>,
    #[serde(default)]
    indexed_timestamp: Option<f64>,
}

impl Repodata {
    /// Reads the text of a folder of a channel, which has a name and an address.
    pub(super) fn read(text: String, channel: &str, address: &str, subdir: &str) -> Result<Self, String> {
        let mut places: HashMap<String, Vec<Pieces>> = HashMap::new();
        let start = text.as_ptr() as usize;
        let place = |piece: &str| {
            let from = piece.as_ptr() as usize - start;
            from..from + piece.len()
        };
        let index: Index<'_> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        // Of two files of one release the newer format counts, as with conda.
        let newer: HashSet<&str> = index.conda.0.iter().filter_map(|(file, _)| file.strip_suffix(".conda")).collect();
        let old = index.packages.0.iter().filter(|(file, _)| !file.strip_suffix(".tar.bz2").is_some_and(|stem| newer.contains(stem)));
        for (file, record) in index.conda.0.iter().chain(old) {
            let Some(name) = file.rsplitn(3, '-').nth(2) else { continue };
            places.entry(name.to_ascii_lowercase()).or_default().push((place(file), place(record.get())));
        }
        drop(index);
        let (channel, subdir, address) = (channel.to_owned(), subdir.to_owned(), address.to_owned());
        Ok(Self { channel, subdir, address, text, places, read: Mutex::default() })
    }

    /// The records of a package. One that can't be read is as good as none.
    pub(super) fn records(&self, name: &str) -> Arc<Vec<Dated>> {
        let known = || self.read.lock().ok().and_then(|read| read.get(name).cloned());
        if let Some(known) = known() {
            return known;
        }
        let places = self.places.get(name).map(Vec::as_slice).unwrap_or_default();
        let records: Vec<Dated> = places.iter().filter_map(|(file, record)| self.record(file.clone(), record.clone())).collect();
        let records = Arc::new(records);
        if let Ok(mut read) = self.read.lock() {
            read.insert(name.to_owned(), Arc::clone(&records));
        }
        records
    }

    fn record(&self, file: Range<usize>, record: Range<usize>) -> Option<Dated> {
        let (file, text) = (self.text.get(file)?, self.text.get(record)?);
        let mut package_record: PackageRecord = serde_json::from_str(text).ok()?;
        package_record.subdir.clone_from(&self.subdir);
        let times: Times = serde_json::from_str(text).ok()?;
        let identifier = DistArchiveIdentifier::from_str(file).ok()?;
        let url = format!("{}/{}/{file}", self.address, self.subdir).parse().ok()?;
        let record = RepoDataRecord { package_record, identifier, url, channel: Some(self.channel.clone()) };
        Some(Dated { record, time: times.indexed_timestamp.or(times.timestamp).map_or(0, milliseconds) })
    }
}

/// Times are in seconds or in milliseconds: those of this century tell which.
fn milliseconds(time: f64) -> i64 {
    /// The last second of the year 9999.
    const SECONDS: f64 = 253_402_300_799.0;
    let milliseconds = if time > SECONDS { time } else { time * 1000.0 };
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and a time of any size is compared")]
    let whole = milliseconds as i64;
    whole
}
