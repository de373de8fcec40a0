//! Where the parts of an image are: an archive of `docker save`, an OCI layout as a folder or as an archive.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

use serde_json::Value;

use crate::base::{Files, Kind, MAX_FILE_BYTES, join, parent_of};

/// What is wrong with an image, in words.
pub(super) type Checked<T> = Result<T, String>;

/// How many parts an archive may have.
const MOST: usize = 10_000;

/// The parts of one archive or layout.
pub(super) struct Archive<'f> {
    files: &'f dyn Files,
    path: String,
    /// Of an archive: where each part begins, and its length in bytes.
    parts: Option<BTreeMap<String, (u64, u64)>>,
}

/// One image of an archive.
#[derive(Clone, Debug, Default)]
pub(super) struct Manifest {
    /// `ghcr.io/example/lab:2026`
    pub(super) names: Vec<String>,
    /// Its configuration.
    pub(super) config: Value,
    /// Its layers, the lowest first: the names of their parts.
    pub(super) layers: Vec<String>,
    /// What `BuildKit` says of how it was built.
    pub(super) provenance: Option<Value>,
}

/// Whether a path is an image.
pub(super) fn is_image(files: &dyn Files, path: &str) -> bool {
    let inner = |name: &str| join(path, name).unwrap_or_default();
    match files.kind(path) {
        Ok(Kind::Folder) => files.kind(&inner("index.json")).is_ok() && files.kind(&inner("blobs")) == Ok(Kind::Folder),
        Ok(Kind::File { .. }) => {
            let mut start = [0_u8; 512];
            let read = files.open(path).ok().is_some_and(|mut file| file.read_exact(&mut start).is_ok());
            let named = [".tar", ".tar.gz", ".tgz", ".oci"].iter().any(|ending| path.ends_with(ending));
            named || read && start.get(257..262) == Some(b"ustar".as_slice())
        }
        _ => false,
    }
}

impl<'f> Archive<'f> {
    /// # Errors
    /// Where it can't be read, and why.
    pub(super) fn open(files: &'f dyn Files, path: &str) -> Checked<Self> {
        let parts = match files.kind(path) {
            Ok(Kind::Folder) => None,
            _ => Some(parts(files, path)?),
        };
        Ok(Self { files, path: path.to_owned(), parts })
    }

    /// A part that is read whole.
    fn bytes(&self, name: &str) -> Checked<Vec<u8>> {
        let mut bytes = Vec::new();
        self.reader(name)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| format!("`{name}`: {error}"))?;
        if bytes.len() as u64 > MAX_FILE_BYTES { Err(format!("`{name}` has more than {} MB", MAX_FILE_BYTES >> 20)) } else { Ok(bytes) }
    }

    fn json(&self, name: &str) -> Checked<Value> {
        serde_json::from_slice(&self.bytes(name)?).map_err(|error| format!("`{name}` is no JSON: {error}"))
    }

    fn has(&self, name: &str) -> bool {
        match &self.parts {
            Some(parts) => parts.contains_key(name),
            None => join(&self.path, name).is_some_and(|path| self.files.kind(&path).is_ok()),
        }
    }

    /// A part from its beginning.
    pub(super) fn reader(&self, name: &str) -> Checked<Box<dyn Read>> {
        let missing = || format!("`{name}` is not in it");
        match &self.parts {
            None => {
                let path = join(&self.path, name).ok_or_else(|| format!("`{name}` leads outside"))?;
                let file = self.files.open(&path).map_err(|error| format!("`{name}`: {error}"))?;
                Ok(Box::new(file))
            }
            Some(parts) => {
                let (start, length) = *parts.get(name).ok_or_else(missing)?;
                let mut file = self.files.open(&self.path).map_err(|error| error.to_string())?;
                file.seek(SeekFrom::Start(start)).map_err(|error| error.to_string())?;
                Ok(Box::new(file.take(length)))
            }
        }
    }

    /// The images in it.
    ///
    /// # Errors
    /// Where it holds none, or one that is not whole.
    pub(super) fn images(&self) -> Checked<Vec<Manifest>> {
        let described = if self.has("index.json") { self.described()? } else { Vec::new() };
        if !self.has("manifest.json") {
            return if described.is_empty() {
                Err("there is no image in it: neither `manifest.json` nor `index.json`".to_owned())
            } else {
                Ok(described)
            };
        }
        let saved = self.json("manifest.json")?;
        let mut all = Vec::new();
        for one in saved.as_array().into_iter().flatten() {
            let config = self.json(&text(one, "Config"))?;
            let layers = names(one.get("Layers"));
            let provenance = described.iter().find(|other| other.config == config).and_then(|other| other.provenance.clone());
            all.push(Manifest { names: names(one.get("RepoTags")), config, layers, provenance });
        }
        if all.is_empty() { Err("`manifest.json` names no image".to_owned()) } else { Ok(all) }
    }

    /// What `index.json` describes: of an image for several platforms the one for amd64, else the first.
    fn described(&self) -> Checked<Vec<Manifest>> {
        let mut all = Vec::new();
        for entry in self.json("index.json")?.get("manifests").and_then(Value::as_array).into_iter().flatten() {
            if kind(entry) == "attestation-manifest" {
                continue;
            }
            let whole = self.json(&blob(entry)?)?;
            let inner: Vec<Value> = whole.get("manifests").and_then(Value::as_array).cloned().unwrap_or_default();
            let is = |entry: &&Value, key: &str| entry.pointer("/platform/architecture").and_then(Value::as_str) == Some(key);
            let images: Vec<&Value> = inner.iter().filter(|entry| kind(entry) != "attestation-manifest" && !is(entry, "unknown")).collect();
            let chosen = images.iter().copied().find(|entry| is(entry, "amd64")).or(images.first().copied());
            let manifest = match chosen {
                Some(entry) => self.json(&blob(entry)?)?,
                None => whole,
            };
            let Some(config) = manifest.get("config") else { continue };
            let layers = manifest.get("layers").and_then(Value::as_array).into_iter().flatten().map(blob).collect::<Checked<Vec<_>>>()?;
            let digest = chosen.map_or_else(|| text(entry, "digest"), |entry| text(entry, "digest"));
            let of = |other: &&Value| other.pointer("/annotations/vnd.docker.reference.digest").and_then(Value::as_str) == Some(&digest);
            let attestation = inner.iter().find(|other| kind(other) == "attestation-manifest" && of(other));
            let provenance = attestation.and_then(|entry| self.provenance(entry).ok()).flatten();
            let name = ["io.containerd.image.name", "org.opencontainers.image.ref.name"]
                .iter()
                .find_map(|key| entry.get("annotations")?.get(*key)?.as_str());
            all.push(Manifest {
                names: name.map(str::to_owned).into_iter().collect(),
                config: self.json(&blob(config)?)?,
                layers,
                provenance,
            });
        }
        Ok(all)
    }

    fn provenance(&self, entry: &Value) -> Checked<Option<Value>> {
        let manifest = self.json(&blob(entry)?)?;
        for layer in manifest.get("layers").and_then(Value::as_array).into_iter().flatten() {
            let of = layer.pointer("/annotations/in-toto.io~1predicate-type").and_then(Value::as_str).unwrap_or_default();
            if of.contains("slsa.dev/provenance") {
                return self.json(&blob(layer)?).map(|whole| whole.get("predicate").cloned());
            }
        }
        Ok(None)
    }
}

/// The parts of an archive; none of them leads outside, is there twice, or is longer than the archive.
fn parts(files: &dyn Files, path: &str) -> Checked<BTreeMap<String, (u64, u64)>> {
    let mut file = files.open(path).map_err(|error| error.to_string())?;
    let mut start = [0_u8; 2];
    let length = file.seek(SeekFrom::End(0)).map_err(|error| error.to_string())?;
    file.seek(SeekFrom::Start(0)).map_err(|error| error.to_string())?;
    file.read_exact(&mut start).map_err(|_| "it is empty".to_owned())?;
    if start == [0x1f, 0x8b] {
        return Err("it is compressed, and does not unpack whole".to_owned());
    }
    file.seek(SeekFrom::Start(0)).map_err(|error| error.to_string())?;
    let mut archive = tar::Archive::new(file);
    let (mut parts, mut links) = (BTreeMap::new(), Vec::new());
    let entries = archive.entries_with_seek().map_err(|error| format!("it is no archive: {error}"))?;
    let mut last = String::new();
    for entry in entries {
        let entry = entry
            .map_err(|error| if last.is_empty() { format!("it is no archive: {error}") } else { format!("behind `{last}`: {error}") })?;
        let written = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = join("", written.trim_end_matches('/')).ok_or_else(|| format!("`{written}` leads outside"))?;
        let kind = entry.header().entry_type();
        if kind.is_dir() {
            continue;
        }
        if parts.contains_key(&name) || links.iter().any(|(known, _)| *known == name) {
            return Err(format!("`{name}` is in it twice"));
        }
        if parts.len() >= MOST {
            return Err(format!("it has more than {MOST} parts"));
        }
        if kind.is_symlink() || kind.is_hard_link() {
            let target = entry.link_name_bytes().map(|target| String::from_utf8_lossy(&target).into_owned()).unwrap_or_default();
            let folder = if kind.is_symlink() { parent_of(&name) } else { "" };
            let to = join(folder, &target).ok_or_else(|| format!("the link `{name}` leads outside: `{target}`"))?;
            links.push((name.clone(), to));
        } else {
            let (from, size) = (entry.raw_file_position(), entry.size());
            if from.checked_add(size).is_none_or(|end| end > length) {
                return Err(format!("it ends within `{name}`: {size} bytes are said to be there"));
            }
            parts.insert(name.clone(), (from, size));
        }
        last = name;
    }
    for (name, to) in links {
        let found = *parts.get(&to).ok_or_else(|| format!("the link `{name}` leads to `{to}`, which is not in it"))?;
        parts.insert(name, found);
    }
    Ok(parts)
}

fn kind(entry: &Value) -> &str {
    entry.pointer("/annotations/vnd.docker.reference.type").and_then(Value::as_str).unwrap_or_default()
}

/// The part that a descriptor names.
fn blob(entry: &Value) -> Checked<String> {
    let digest = text(entry, "digest");
    let hex = digest.strip_prefix("sha256:").filter(|hex| hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    hex.map(|hex| format!("blobs/sha256/{hex}")).ok_or_else(|| format!("`{digest}` is no digest"))
}

fn text(value: &Value, key: &str) -> String {
    value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn names(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}
