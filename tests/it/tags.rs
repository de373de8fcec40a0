//! Tags say what is in an image: a change reaches what stands on it and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use jenvc::base::{Files, MAX_FILE_BYTES, MemoryFiles};
use jenvc::driver::compile;
use serde_json::Value;

use crate::support::{load, project};

/// What the bake file says of one target.
struct Target {
    tag: String,
    below: Vec<String>,
    dockerfile: String,
}

fn targets(files: &MemoryFiles) -> BTreeMap<String, Target> {
    let outcome = compile(files, "main.jenv");
    let text = |path: &str| outcome.artifacts.iter().find(|artifact| artifact.path == path).map(|artifact| artifact.text.clone());
    let bake: Value = serde_json::from_str(&text("docker-bake.json").unwrap()).unwrap();
    let target = |(name, said): (&String, &Value)| {
        let file = said["dockerfile"].as_str()?;
        let contexts = said["contexts"].as_object().into_iter().flatten();
        let below = contexts.filter_map(|(_, source)| Some(source.as_str()?.strip_prefix("target:")?.to_owned())).collect();
        Some((name.clone(), Target { tag: bake["tag"][name].as_str()?.to_owned(), below, dockerfile: text(file)? }))
    };
    bake["target"].as_object().unwrap().iter().filter_map(target).collect()
}

/// The targets whose Dockerfiles copy from a folder, and all that stand on those.
fn standing_on(all: &BTreeMap<String, Target>, copied: &str) -> BTreeSet<String> {
    let mut reached: BTreeSet<String> =
        all.iter().filter(|(_, target)| target.dockerfile.contains(copied)).map(|(name, _)| name.clone()).collect();
    loop {
        let more: Vec<String> = all
            .iter()
            .filter(|(name, target)| !reached.contains(*name) && target.below.iter().any(|below| reached.contains(below)))
            .map(|(name, _)| name.clone())
            .collect();
        if more.is_empty() {
            return reached;
        }
        reached.extend(more);
    }
}

#[test]
fn one_byte_of_a_copied_file_moves_exactly_the_tags_above_it() {
    let before = load(&project().join("examples/vre"));
    let old = targets(&before);
    for path in ["files/20-configure-rucio.py", "files/voms/atlas/vomses"] {
        let mut files = before.clone();
        let mut bytes = before.read(path, MAX_FILE_BYTES).unwrap().to_vec();
        *bytes.last_mut().unwrap() ^= 1;
        files.insert(path, bytes, false);
        let new = targets(&files);
        let moved: BTreeSet<String> =
            old.iter().filter(|(name, target)| new[*name].tag != target.tag).map(|(name, _)| name.clone()).collect();
        let expected = standing_on(&old, path);
        assert_eq!(moved, expected, "{path}");
        assert!(!moved.is_empty() && moved.len() < old.len(), "{path}: {moved:?}");
    }
}

#[test]
fn a_comment_and_a_reason_move_no_tag() {
    let before = load(&project().join("examples/quickstart"));
    let text = String::from_utf8(before.read("main.jenv", MAX_FILE_BYTES).unwrap().to_vec()).unwrap();
    let mut files = before.clone();
    let changed = text.replace("the course material was written for it", "it is what the course shows");
    assert_ne!(changed, text);
    files.insert("main.jenv", format!("# A comment.\n{changed}"), false);
    let tags = |files: &MemoryFiles| targets(files).into_iter().map(|(name, target)| (name, target.tag)).collect::<Vec<_>>();
    assert_eq!(tags(&files), tags(&before));
}
