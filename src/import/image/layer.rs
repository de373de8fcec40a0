//! One layer, read once from its beginning to its end: the records of package managers in it, sizes, and the files of a `COPY`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::archive::Checked;
use super::frames::Frames;
use crate::base::MAX_FILE_BYTES;

/// The files of an image that say what is installed, by their paths.
pub(super) type Records = BTreeMap<String, Arc<[u8]>>;

/// How many entries a layer may have.
const MOST: usize = 4_000_000;
/// From how many bytes on a layer may not be `RATIO` times as large as its compressed bytes.
const LARGE: u64 = 256 << 20;
const RATIO: u64 = 200;
/// How many bytes may come out of compressed ones.
#[must_use]
pub fn unpacked_at_most(packed: u64) -> u64 {
    packed.saturating_mul(RATIO).max(LARGE)
}

/// How many bytes of copied files are held.
const HELD: u64 = 256 << 20;
/// Folders that nothing reads any more once a package is installed; `*` is one name.
const CACHES: [&str; 14] = [
    "var/cache/apt/",
    "var/lib/apt/lists/",
    "var/cache/dnf/",
    "var/cache/yum/",
    "root/.cache/",
    "root/.npm/",
    "home/*/.cache/",
    "home/*/.npm/",
    "opt/conda/pkgs/",
    "srv/conda/pkgs/",
    "opt/*/pkgs/",
    "usr/local/share/.cache/",
    "tmp/",
    "var/tmp/",
];

/// What a layer holds.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    /// Bytes of its files, and how many of them are caches.
    pub(super) size: u64,
    pub(super) cache: u64,
    /// Records that it writes.
    pub(super) records: Records,
    /// What it takes away: paths, and folders whose earlier content is gone.
    pub(super) removed: Vec<String>,
    /// Its regular files, where they are wanted.
    pub(super) files: Vec<Kept>,
}

/// A file of a layer.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) path: String,
    /// `None` where it is too large to be held.
    pub(super) bytes: Option<Arc<[u8]>>,
    pub(super) executable: bool,
    /// The number of its owner.
    pub(super) owner: u64,
}

/// How many bytes went by, and their hash.
type Count = Rc<RefCell<(u64, Sha256)>>;

/// Bytes on their way: counted, hashed, and stopped where they are too many for the compressed ones that they come from.
struct Counted<R> {
    inner: R,
    seen: Count,
    packed: Option<Count>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        let mut seen = self.seen.borrow_mut();
        seen.0 += length as u64;
        seen.1.update(buffer.get(..length).unwrap_or_default());
        let packed = self.packed.as_ref().map_or(u64::MAX, |packed| packed.borrow().0);
        if seen.0 > unpacked_at_most(packed) {
            return Err(io::Error::other(format!("it is {} bytes so far, out of {packed}", seen.0)));
        }
        Ok(length)
    }
}

/// Reads a layer, whose unpacked bytes have this digest.
///
/// # Errors
/// Where it is not whole, or not what it is said to be.
pub(super) fn read(mut packed: Box<dyn Read>, diff_id: &str, keep: bool) -> Checked<Layer> {
    let mut start = [0_u8; 4];
    let mut length = 0;
    while length < start.len() {
        match packed.read(start.get_mut(length..).unwrap_or_default()).map_err(|error| error.to_string())? {
            0 => break,
            more => length += more,
        }
    }
    let begin = io::Cursor::new(start.get(..length).unwrap_or_default().to_vec());
    let (inside, outside): (Count, Count) = (Rc::new(RefCell::new((0, Sha256::new()))), Rc::new(RefCell::new((0, Sha256::new()))));
    let counted = Counted { inner: begin.chain(packed), seen: Rc::clone(&outside), packed: None };
    let bytes: Box<dyn Read> = match start {
        [0x1f, 0x8b, ..] => Box::new(flate2::read::MultiGzDecoder::new(counted)),
        [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Box::new(Frames::Between(io::BufReader::new(counted))),
        _ => Box::new(counted),
    };
    let mut archive = tar::Archive::new(Counted { inner: bytes, seen: Rc::clone(&inside), packed: Some(outside) });
    let mut layer = Layer::default();
    let mut last = String::new();
    let after = |last: &str, error: &io::Error| if last.is_empty() { error.to_string() } else { format!("behind `{last}`: {error}") };
    let mut held = 0;
    for (number, entry) in archive.entries().map_err(|error| error.to_string())?.enumerate() {
        let mut entry = entry.map_err(|error| after(&last, &error))?;
        if number > MOST {
            return Err(format!("it has more than {MOST} entries"));
        }
        let path = path(&entry.path_bytes())?;
        layer.entry(&path, &mut entry, keep, &mut held).map_err(|error| format!("`{path}`: {error}"))?;
        last = path;
    }
    let mut rest = archive.into_inner();
    io::copy(&mut rest, &mut io::sink()).map_err(|error| after(&last, &error))?;
    let found = inside.borrow().1.clone().finalize();
    let found = found.iter().fold("sha256:".to_owned(), |text, byte| format!("{text}{byte:02x}"));
    if found == diff_id { Ok(layer) } else { Err(format!("its digest is `{found}`, and should be `{diff_id}`")) }
}

/// A path without its leading dot or slash.
fn path(bytes: &[u8]) -> Checked<String> {
    let written = String::from_utf8_lossy(bytes).into_owned();
    let parts: Vec<&str> = written.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.contains(&"..") { Err(format!("`{written}` leads outside")) } else { Ok(parts.join("/")) }
}

impl Layer {
    fn entry<R: Read>(&mut self, path: &str, entry: &mut tar::Entry<'_, R>, keep: bool, held: &mut u64) -> Checked<()> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let inner = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        if let Some(gone) = name.strip_prefix(".wh.") {
            match gone {
                ".wh..opq" => self.removed.push(format!("{folder}/")),
                "" => return Err("it takes nothing away".to_owned()),
                special if special.starts_with(".wh.") => {}
                gone => self.removed.push(inner(gone)),
            }
            return Ok(());
        }
        if !entry.header().entry_type().is_file() {
            return Ok(());
        }
        let size = entry.size();
        self.size += size;
        self.cache += if is_cache(path) { size } else { 0 };
        let mut bytes = Vec::new();
        if is_record(path) {
            if size > MAX_FILE_BYTES {
                return Err(format!("it has {size} bytes"));
            }
            entry.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            self.records.insert(path.to_owned(), bytes.clone().into());
        }
        if keep {
            *held += size;
            let small = size <= MAX_FILE_BYTES && *held <= HELD;
            if small && bytes.is_empty() {
                entry.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            }
            let executable = entry.header().mode().unwrap_or(0) & 0o100 != 0;
            let owner = entry.header().uid().unwrap_or(0);
            self.files.retain(|known| known.path != path);
            self.files.push(Kept { path: path.to_owned(), bytes: small.then(|| bytes.into()), executable, owner });
        }
        Ok(())
    }

    /// What is there with this layer over others.
    pub(super) fn over(&self, below: &Records) -> Records {
        let gone = |path: &str| {
            self.removed.iter().any(|removed| {
                path == removed || path.strip_prefix(removed.as_str()).is_some_and(|rest| removed.ends_with('/') || rest.starts_with('/'))
            })
        };
        let mut all: Records =
            below.iter().filter(|(path, _)| !gone(path)).map(|(path, bytes)| (path.clone(), Arc::clone(bytes))).collect();
        all.extend(self.records.iter().map(|(path, bytes)| (path.clone(), Arc::clone(bytes))));
        all
    }
}

fn is_cache(path: &str) -> bool {
    CACHES.iter().any(|cache| match cache.split_once('*') {
        None => path.starts_with(cache),
        Some((before, after)) => path
            .strip_prefix(before)
            .and_then(|rest| rest.split_once('/'))
            .is_some_and(|(_, rest)| rest.starts_with(after.trim_start_matches('/'))),
    })
}

fn is_record(path: &str) -> bool {
    const WHOLE: [&str; 5] = ["var/lib/dpkg/status", "var/lib/apt/extended_states", "etc/os-release", "usr/lib/os-release", "etc/passwd"];
    let parts: Vec<&str> = path.rsplit('/').collect();
    match parts.as_slice() {
        ["METADATA" | "REQUESTED" | "INSTALLER" | "direct_url.json", info, ..] => info.ends_with(".dist-info"),
        ["history", "conda-meta", ..] => true,
        [file, "conda-meta", ..] => file.rsplit_once('.').is_some_and(|(_, ending)| ending == "json"),
        ["DESCRIPTION", _, "library" | "site-library", ..] => true,
        _ => WHOLE.contains(&path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caches_and_records_are_known() {
        for path in ["var/cache/apt/archives/a.deb", "home/jovyan/.cache/pip/x", "opt/conda/pkgs/a.conda"] {
            assert!(is_cache(path), "{path}");
        }
        assert!(!is_cache("home/jovyan/data") && !is_cache("opt/conda/lib/pkgs.py"));
        for path in [
            "opt/conda/conda-meta/history",
            "usr/lib/python3/dist-packages/a-1.dist-info/REQUESTED",
            "usr/lib/R/site-library/sf/DESCRIPTION",
        ] {
            assert!(is_record(path), "{path}");
        }
        assert!(!is_record("srv/DESCRIPTION") && !is_record("a/history"));
    }

    #[test]
    fn what_a_layer_takes_away_is_gone() {
        let below: Records = ["a/b", "a/bc", "d/e", "d/f/g"].iter().map(|path| ((*path).to_owned(), Arc::from(&b""[..]))).collect();
        let layer = Layer { removed: vec!["a/b".to_owned(), "d/".to_owned()], ..Layer::default() };
        assert_eq!(layer.over(&below).into_keys().collect::<Vec<_>>(), ["a/bc"]);
    }
}
