//! What is installed in an image that was read without its Dockerfile, held against the lists of the program.

use std::collections::BTreeMap;

use super::images::{Image, Parent};
use super::steps::Act;
use crate::import::request::{Compared, Verdict};
use crate::requirements::{MatchSpec, Requirement};
use crate::versions::Scheme;

/// Holds the lists of the program against what is installed in the image that it was imported from.
pub(super) fn held(image: &Image, emitted: &[Image], at: usize) -> Vec<Compared> {
    let steps = chain(emitted, at).into_iter().rev().filter_map(|at| emitted.get(at)).flat_map(|image| &image.steps);
    let lists = steps.filter_map(|step| if let Act::List(list, _) = &step.act { Some(list) } else { None });
    // The last entry of a package is the one that counts.
    let mut entries = BTreeMap::new();
    for (list, item) in lists.flat_map(|list| list.items.iter().map(move |item| (list, item))) {
        let (name, rest) = item.text.split_once(' ').unwrap_or((&item.text, ""));
        let name = name.split('[').next().unwrap_or(name).rsplit("::").next().unwrap_or(name).trim_matches('"');
        let normal = if list.manager == "pip" { Scheme::Pep440.normalize_name(name) } else { name.to_owned() };
        if !image.installed.is_empty() && !name.is_empty() && matches!(list.manager, "apt" | "pip" | "conda" | "cran") {
            entries.insert((list.manager.to_owned(), normal), (&item.text, name, rest.trim_end_matches("override")));
        }
    }
    let (mut rows, counts) = (Vec::new(), entries.len());
    for (key, (text, name, rest)) in entries {
        let manager = &key.0;
        let said = match image.installed.get(&key) {
            None => Some(format!("`{name}` of {manager} is not installed in the image")),
            Some(version) if admits(manager, name, rest, version) => None,
            Some(version) => Some(format!("`{text}` of {manager}: the image has {version}")),
        };
        rows.extend(said.map(|said| Compared { verdict: Verdict::Differs, about: image.name.clone(), said }));
    }
    if rows.is_empty() && counts > 0 {
        let said = format!("the image has all {counts} packages of the lists, in versions that they take");
        rows.push(Compared { verdict: Verdict::Equal, about: image.name.clone(), said });
    }
    rows
}

/// Whether an entry takes a version; where it says nothing of versions, any.
fn admits(manager: &str, name: &str, rest: &str, version: &str) -> bool {
    let bare: String = rest.split_whitespace().collect();
    let constraint = match manager {
        "pip" => Requirement::read(&format!("{name}{bare}")).ok().and_then(|read| Scheme::Pep440.set(&read.constraint).ok()),
        "conda" => MatchSpec::read(&format!("{name}{bare}")).ok().and_then(|read| Scheme::Conda.set(&read.constraint).ok()),
        _ => None,
    };
    constraint.is_none_or(|set| set.contains(version).unwrap_or(true))
}

/// An image and those that it is built on, itself first.
pub(super) fn chain(images: &[Image], at: usize) -> Vec<usize> {
    let mut all = vec![at];
    while let Some(Parent::Image(parent)) = all.last().and_then(|last| images.get(*last)).map(|image| &image.parent)
        && !all.contains(parent)
    {
        all.push(*parent);
    }
    all
}
