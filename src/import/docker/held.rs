//! What is installed in an image that was read without its Dockerfile, held against the lists of the program.

use super::images::{Image, Parent};
use super::steps::Act;
use crate::import::{Compared, Verdict};
use crate::requirements::{MatchSpec, Requirement};
use crate::versions::Scheme;

/// Holds the lists of the program against what is installed in the image that it was imported from.
pub(super) fn held(image: &Image, emitted: &[Image], at: usize) -> Vec<Compared> {
    let (mut rows, mut counts) = (Vec::new(), 0);
    let lists = chain(emitted, at).into_iter().rev().filter_map(|at| emitted.get(at)).flat_map(|image| &image.steps);
    for (list, item) in lists
        .filter_map(|step| if let Act::List(list, _) = &step.act { Some(list) } else { None })
        .flat_map(|list| list.items.iter().map(move |item| (list, item)))
    {
        let (name, rest) = item.text.split_once(' ').unwrap_or((&item.text, ""));
        let name = name.split('[').next().unwrap_or(name).rsplit("::").next().unwrap_or(name).trim_matches('"');
        let scheme = if list.manager == "pip" { Scheme::Pep440 } else { Scheme::Conda };
        let normal = if list.manager == "pip" { scheme.normalize_name(name) } else { name.to_owned() };
        if image.installed.is_empty() || name.is_empty() || !matches!(list.manager, "apt" | "pip" | "conda" | "cran") {
            continue;
        }
        let said = match image.installed.get(&(list.manager.to_owned(), normal)) {
            None => Some(format!("`{name}` of {} is not installed in the image", list.manager)),
            Some(version) if admits(list.manager, name, rest, version) => None,
            Some(version) => Some(format!("`{}` of {}: the image has {version}", item.text, list.manager)),
        };
        counts += 1;
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
