//! Folders that repo2docker builds images from → layers on `std.repo2docker`. What it does with each file, and which files it
//! passes over without a word, is as in jupyter-repo2docker 2026.4.0.

mod find;
mod folder;
mod install;
mod pack;
mod steps;

pub use super::work::Folder;
pub(super) use find::settle;

use super::docker::{Image, Recipe, image};
use super::text::{free, name};
use super::work::Work;
use crate::base::MAX_FILE_BYTES;
use folder::{HOME, broken, place};

/// Adds an image for each folder that was found.
pub(super) fn read(work: &mut Work<'_>, images: &mut Vec<Image>) {
    for folder in work.found.folders.clone() {
        let wanted = folder.path.rsplit('/').next().filter(|part| !part.is_empty()).unwrap_or(&work.draft.project.name);
        let called = free(&name(wanted, "image"), |name| images.iter().any(|image| image.name == name));
        let Some(recipe) = recipe(work, &folder, called) else { continue };
        let made = image(work, recipe, images);
        images.push(made);
    }
}

/// What repo2docker does with a folder; `None` where it stops, which is a finding.
fn recipe(work: &mut Work<'_>, folder: &Folder, name: String) -> Option<Recipe> {
    let first = folder.files.first().map(|file| folder.inside(file))?;
    let place = place(work.read(&first)?, work);
    if folder.twice {
        let words = format!("`{}` has both `binder` and `.binder`, and repo2docker stops at them", folder.shown());
        work.findings.push(broken(place, words).help("move what is needed to one of them"));
        return None;
    }
    let pack = match pack::Pack::of(work, folder) {
        Ok(pack) => pack,
        Err(finding) => {
            work.findings.push(*finding);
            return None;
        }
    };
    let target = target(work);
    let given = steps::steps(work, folder, &pack, &target)?;
    let lists = ["environment.yml", "environment.yaml", "requirements.txt"].iter().filter(|list| folder.has(list));
    let inner = |list: &str| folder.inside(list).strip_prefix(&folder.path).unwrap_or_default().trim_start_matches('/').to_owned();
    let placed = lists.map(|list| (format!("{target}/{}", inner(list)), folder.inside(list))).collect();
    let base = format!("{}:py{}", super::docker::BINDER, pack.python);
    Some(Recipe { name, path: folder.path.clone(), base, place, given, placed, ..Recipe::default() })
}

/// `REPO_DIR`, as a workflow or a script sets it.
fn target(work: &mut Work<'_>) -> String {
    let said = work.found.workflows.iter().chain(&work.found.scripts).cloned().collect::<Vec<_>>();
    for path in said {
        let bytes = work.files.read(&path, MAX_FILE_BYTES).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        for word in ["REPO_DIR:", "REPO_DIR=", "--target-repo-dir=", "--target-repo-dir "] {
            let value = text.split_once(word).and_then(|(_, rest)| rest.split_whitespace().next());
            let value = value.map(|value| value.trim_matches(['"', '\'']).trim_end_matches('/'));
            if let Some(value) = value.filter(|value| value.starts_with('/') && !value.contains('$')) {
                return value.to_owned();
            }
        }
    }
    HOME.to_owned()
}
