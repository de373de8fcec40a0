//! Files by what is in them: a path of the originals and one beside the program are the same where their contents are.

use sha2::{Digest, Sha256};

use super::images::Image;
use super::steps::{Act, Step};
use crate::base::{Files, Kind, MAX_FILE_BYTES, join, parent_of};

/// How many files and folders of one copy are looked at.
const MOST: usize = 20_000;

/// Files beside the program are those of the originals; what is in them counts.
pub(super) fn contents(step: &mut Step, files: &dyn Files) {
    match &mut step.act {
        Act::Copy(copied) if copied.from.is_none() => copied.paths.iter_mut().for_each(|path| *path = digest(path, files)),
        Act::Run(script) => script.mounts.iter_mut().for_each(|(source, _)| *source = digest(source, files)),
        _ => {}
    }
}

/// Files that an image takes from the originals, and that are not there: what is in them is not known.
pub(in crate::import) fn lacking(image: &Image, files: &dyn Files) -> Vec<String> {
    let sources = |step: &Step| match &step.act {
        Act::Copy(copied) if copied.from.is_none() && !copied.pattern => copied.paths.clone(),
        Act::Run(script) => script.mounts.iter().map(|(source, _)| source.clone()).collect(),
        _ => Vec::new(),
    };
    let mut all: Vec<String> = image.steps.iter().flat_map(sources).filter(|path| files.kind(path).is_err()).collect();
    all.sort();
    all.dedup();
    all
}

/// The last part of a path, which may be its name in the image, with what is there.
fn digest(path: &str, files: &dyn Files) -> String {
    let bare = path.strip_prefix("files").filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path);
    let bare = bare.trim_matches('/').rsplit('/').next().unwrap_or_default();
    let there = if path.contains(['*', '?', '[']) { parent_of(path) } else { path };
    let mut sum = Sha256::new();
    let mut waiting = vec![there.trim_end_matches('/').to_owned()];
    let mut left = MOST;
    while let (Some(path), Some(less)) = (waiting.pop(), left.checked_sub(1)) {
        left = less;
        match files.kind(&path) {
            Ok(Kind::Folder) => {
                let mut names = files.list(&path).unwrap_or_default();
                names.retain(|entry| entry.name != ".git");
                names.sort_by(|one, two| one.name.cmp(&two.name));
                for entry in names {
                    sum.update(entry.name.as_bytes());
                    waiting.push(join(&path, &entry.name).unwrap_or_default());
                }
            }
            Ok(Kind::File { executable }) => {
                sum.update([u8::from(executable)]);
                sum.update(files.read(&path, MAX_FILE_BYTES).unwrap_or_default());
            }
            _ => sum.update(b"nothing"),
        }
    }
    format!("{bare} ({})", short_sum(sum))
}

/// The first digits of a sum.
pub(super) fn short_sum(sum: Sha256) -> String {
    sum.finalize().iter().take(4).fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
