//! Channels: where they are, and their folders for a platform, each read once in a run.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use ruzstd::decoding::StreamingDecoder;

use super::cache::{Cache, Fetched, plain};
use super::progress::Progress;
use super::repodata::Repodata;
use crate::check::locked::{ALIAS, channel_address, channel_name};

/// A channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Channel {
    /// What the lock calls it.
    pub(super) name: String,
    /// Where it is, without a `/` at its end.
    pub(super) address: String,
}

impl Channel {
    pub(super) fn new(channel: &str, alias: &str) -> Self {
        let address = channel_address(channel);
        let address = address.strip_prefix(ALIAS).map_or_else(|| address.clone(), |rest| format!("{alias}{rest}"));
        Self { name: channel_name(channel).to_owned(), address }
    }
}

/// What is known of a folder: read, or why not.
type Known = Result<Option<Arc<Repodata>>, String>;

/// All that has been read.
pub(super) struct Channels {
    cache: Cache,
    progress: Progress,
    folders: Mutex<BTreeMap<String, Arc<OnceLock<Known>>>>,
}

impl Channels {
    pub(super) fn new(cache: Cache, progress: Progress) -> Self {
        Self { cache, progress, folders: Mutex::default() }
    }

    /// The folders of some channels for a platform, in the order of the channels. They are read at the same time.
    ///
    /// # Errors
    /// Says which channel can't be read.
    pub(super) fn read(&self, channels: &[Channel], subdir: &str) -> Result<Vec<Arc<Repodata>>, String> {
        let wanted: Vec<(&Channel, &str)> = channels.iter().flat_map(|channel| [(channel, subdir), (channel, "noarch")]).collect();
        let mut known: Vec<Known> = Vec::new();
        for some in wanted.chunks(4) {
            known.extend(std::thread::scope(|scope| {
                let threads: Vec<_> = some.iter().map(|(channel, subdir)| scope.spawn(|| self.folder(channel, subdir))).collect();
                let join =
                    |thread: std::thread::ScopedJoinHandle<'_, Known>| thread.join().unwrap_or_else(|_| Err("it can't be read".to_owned()));
                threads.into_iter().map(join).collect::<Vec<_>>()
            }));
        }
        let known: Vec<Option<Arc<Repodata>>> = known.into_iter().collect::<Result<_, _>>()?;
        for (channel, both) in channels.iter().zip(known.chunks(2)) {
            if both.iter().all(Option::is_none) {
                return Err(format!("there is no channel `{}` at `{}`", channel.name, plain(&channel.address)));
            }
        }
        Ok(known.into_iter().flatten().collect())
    }

    fn folder(&self, channel: &Channel, subdir: &str) -> Known {
        let url = format!("{}/{subdir}", channel.address);
        let cell = match self.folders.lock() {
            Ok(mut folders) => Arc::clone(folders.entry(url.clone()).or_default()),
            Err(_) => Arc::default(),
        };
        cell.get_or_init(|| {
            self.progress.step(&format!("{}/{subdir}", channel.name));
            let bytes = match url.strip_prefix("file://") {
                Some(path) => of_folder(Path::new(path)),
                None => self.of_server(&url),
            };
            let Some(text) = bytes? else { return Ok(None) };
            let read = Repodata::read(text, &channel.name, &channel.address, subdir);
            read.map(|data| Some(Arc::new(data))).map_err(|words| format!("`{}/repodata.json` can't be read: {words}", plain(&url)))
        })
        .clone()
    }

    fn of_server(&self, url: &str) -> Result<Option<String>, String> {
        let failed =
            |words: String| format!("`{}` can't be read: {words}", plain(url.rsplit_once('/').map_or(url, |(channel, _)| channel)));
        match self.cache.get(&format!("{url}/repodata.json.zst")) {
            Fetched::Bytes(bytes) => return unpacked(&bytes).map(Some).map_err(failed),
            Fetched::Failed(words) => return Err(failed(words)),
            Fetched::Unasked(_) | Fetched::Missing => {}
        }
        match self.cache.get(&format!("{url}/repodata.json")) {
            Fetched::Bytes(bytes) => String::from_utf8(bytes).map(Some).map_err(|error| failed(error.to_string())),
            Fetched::Failed(words) => Err(failed(words)),
            Fetched::Unasked(words) => Err(words),
            Fetched::Missing => Ok(None),
        }
    }
}

/// The text of a folder on this machine.
fn of_folder(folder: &Path) -> Result<Option<String>, String> {
    let shown = folder.display();
    if let Ok(bytes) = fs::read(folder.join("repodata.json.zst")) {
        return unpacked(&bytes).map(Some).map_err(|words| format!("`{shown}/repodata.json.zst` can't be read: {words}"));
    }
    match fs::read_to_string(folder.join("repodata.json")) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("`{shown}/repodata.json` can't be read: {error}")),
    }
}

fn unpacked(bytes: &[u8]) -> Result<String, String> {
    let mut text = String::new();
    let mut reader = StreamingDecoder::new(bytes).map_err(|error| error.to_string())?;
    reader.read_to_string(&mut text).map_err(|error| error.to_string())?;
    Ok(text)
}
