//! `release = "deploy/release.yaml"`: a `HelmRelease` of the repository that is written by hand. Its inline values win over
//! those of every `ConfigMap`, a menu in them over the one that is compiled.

use serde_json::Value;

use crate::analyse::context::Context;
use crate::analyse::fields::Fields;
use crate::base::{MAX_FILE_BYTES, join};
use crate::diagnostics::{Diagnostic, known};

/// Where values of the chart may hold a menu, the stronger place last.
const MENUS: [(&str, &str); 3] = [
    ("/singleuser/profileList", "singleuser.profileList"),
    ("/hub/config/KubeSpawner/profile_list", "hub.config.KubeSpawner.profile_list"),
    ("/singleuser/image", "singleuser.image"),
];

/// Reports menus in the release that a hub names.
pub(super) fn check(cx: &Context<'_>, fields: &Fields<'_, '_>) {
    let Some(written) = fields.text("release") else { return };
    let place = fields.place("release");
    let Some(path) = join("", &written) else {
        cx.report(Diagnostic::new(&known::IMPORT_OUTSIDE, place, format!("`{written}` leaves the folder of the program")));
        return;
    };
    let bytes = match cx.files.read(&path, MAX_FILE_BYTES) {
        Ok(bytes) => bytes,
        Err(error) => {
            cx.report(Diagnostic::new(&known::MISSING_FILE, place, format!("can't read `{path}`: {error}")));
            return;
        }
    };
    let text = String::from_utf8_lossy(&bytes);
    let documents: Vec<Value> = match serde_saphyr::from_multiple(&text) {
        Ok(documents) => documents,
        Err(error) => {
            let problem = error.to_string();
            let problem = problem.lines().next().unwrap_or_default();
            cx.report(
                Diagnostic::new(&known::UNREADABLE_FILE, place, format!("`{path}` is no YAML: {problem}"))
                    .help("name the file of the HelmRelease, or drop `release`"),
            );
            return;
        }
    };
    for document in documents.iter().filter(|document| document.get("kind").and_then(Value::as_str) == Some("HelmRelease")) {
        let Some(values) = document.pointer("/spec/values") else { continue };
        for (pointer, name) in MENUS.iter().filter(|(pointer, _)| values.pointer(pointer).is_some_and(|value| !value.is_null())) {
            let what = if pointer.ends_with("image") { "an image" } else { "a menu" };
            cx.report(
                Diagnostic::new(&known::INLINE_MENU, place, format!("`{path}` holds {what} of its own, which wins over the compiled one"))
                    .here(format!("`spec.values.{name}` is there"))
                    .help(format!("take `{name}` out of `{path}`, and name the ConfigMap under `spec.valuesFrom`")),
            );
        }
    }
}
