//! Names that mean the same in two readings of an image: those of accounts and of stages.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::images::Image;
use super::steps::Act;
use super::sums::short_sum;
use super::whole::{stays, whole};

/// An account has the name that the originals know its number by.
pub(super) fn by_name(originals: &mut [Image], emitted: &mut [Image]) {
    let mut names: BTreeMap<String, Option<String>> = BTreeMap::new();
    for account in originals.iter().flat_map(|image| &image.after.accounts) {
        let Some(uid) = account.uid else { continue };
        let known = names.entry(uid.to_string()).or_insert_with(|| Some(account.name.clone()));
        known.take_if(|known| *known != account.name);
    }
    let rename = |user: &mut String| {
        if let Some(Some(name)) = names.get(user) {
            user.clone_from(name);
        }
    };
    for image in originals.iter_mut().chain(emitted) {
        rename(&mut image.after.user);
        for step in &mut image.steps {
            rename(&mut step.user);
            match &mut step.act {
                Act::Copy(copied) => copied.owner.iter_mut().for_each(rename),
                Act::File(file) => file.owner.iter_mut().for_each(rename),
                Act::Folder(made) => made.owner.iter_mut().for_each(rename),
                Act::Fetch(fetched) => fetched.owner.iter_mut().for_each(rename),
                _ => {}
            }
        }
    }
}

/// Stages that files are taken from are known by what they do, whatever their names. Those that keep theirs are no stages.
pub(super) fn by_contents(images: &mut [Image], keeps: &dyn Fn(&Image) -> bool) {
    let mut sums: BTreeMap<String, String> = BTreeMap::new();
    for at in 0..images.len() {
        if let Some(image) = images.get(at).filter(|image| !keeps(image)) {
            let all = whole(images, at);
            let mut sum = Sha256::new();
            sum.update(&all.base);
            // A package that is there is not asked for again.
            let mut there = BTreeSet::new();
            let once = all.keys.iter().filter(|key| stays(key).is_none_or(|package| there.insert(package)));
            once.for_each(|key| sum.update(&key.text));
            sums.insert(image.name.clone(), format!("a stage ({})", short_sum(sum)));
        }
    }
    for step in images.iter_mut().flat_map(|image| &mut image.steps) {
        let named = |from: &mut String| {
            if let Some(sum) = sums.get(from) {
                from.clone_from(sum);
            }
        };
        step.sources().into_iter().for_each(named);
    }
}
