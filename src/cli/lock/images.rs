//! `jenvc lock --images`: the digests of existing images, asked of their registries and written into `jenv.lock`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::json;

use super::super::console::Console;
use super::super::lock_file::LockFile;
use super::registry;
use crate::cli::reply::{Exit, Misuse, Reply};
use crate::ir::{Lock, Program};

/// What became of one image.
struct Asked {
    name: String,
    before: Option<String>,
    after: Result<String, String>,
}

/// Locks the images that the program names by a tag alone. A digest that is there already stays, unless `upgrade` asks again.
pub(super) fn run(root: &Path, program: &Program, upgrade: bool, is_json: bool, console: &Console) -> Result<Reply, Misuse> {
    let file = LockFile::read(root)?;
    let before = &file.lock;
    let mut names = BTreeMap::new();
    for base in program.bases.iter().filter(|base| base.digest.is_none() || base.locked) {
        let Some(tag) = &base.tag else { continue };
        names.insert(format!("{}:{tag}", base.repository), (base.repository.as_str(), tag.as_str()));
    }
    let mut all = Vec::new();
    let mut digests = BTreeMap::new();
    for (name, (repository, tag)) in names {
        let before = before.images.get(&name).cloned();
        let after = match &before {
            Some(known) if !upgrade => Ok(known.clone()),
            _ => registry::digest(repository, tag),
        };
        digests.extend(after.as_ref().ok().or(before.as_ref()).map(|digest| (name.clone(), digest.clone())));
        all.push(Asked { name, before, after });
    }
    if file.exists() || !digests.is_empty() {
        file.replace(&Lock { images: digests, slots: before.slots.clone(), releases: before.releases.clone() })?;
    }
    let exit = if all.iter().all(|one| one.after.is_ok()) { Exit::Clean } else { Exit::Unknown };
    Ok(Reply { after: failures(&all), ..Reply::new(if is_json { as_json(&all) } else { told(&all, console) }, exit) })
}

fn told(all: &[Asked], console: &Console) -> String {
    let mut text = String::new();
    if console.quiet() {
        return text;
    }
    for one in all {
        match (&one.before, &one.after) {
            (None, Ok(digest)) => drop(writeln!(text, "new      {} {digest}", one.name)),
            (Some(before), Ok(digest)) if before != digest => drop(writeln!(text, "changed  {} {digest}", one.name)),
            (Some(_), Ok(digest)) if console.verbose() => drop(writeln!(text, "kept     {} {digest}", one.name)),
            _ => {}
        }
    }
    if all.is_empty() {
        text.push_str("every image has its digest in the program\n");
    } else if text.is_empty() && all.iter().all(|one| one.after.is_ok()) {
        text.push_str("the digests are up to date\n");
    }
    text
}

fn failures(all: &[Asked]) -> String {
    all.iter().filter_map(|one| Some(format!("error: the digest of `{}` is unknown: {}\n", one.name, one.after.as_ref().err()?))).collect()
}

fn as_json(all: &[Asked]) -> String {
    let one = |one: &Asked| {
        let (digest, error) = (one.after.as_ref().ok(), one.after.as_ref().err());
        json!({ "image": one.name, "before": one.before, "digest": digest, "error": error })
    };
    format!("{:#}\n", json!({ "version": 1, "images": all.iter().map(one).collect::<Vec<_>>() }))
}
