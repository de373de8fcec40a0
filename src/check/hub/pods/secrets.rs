//! Secrets for registries: the chart's image puller has those of the hub alone.

use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, Located, OverrideValue, Profile, Settings, objects};

/// Secrets of an entry or a choice that brings an image, which the puller does not have.
pub(super) fn puller(hub: &Hub, profile: &Profile, findings: &mut Findings) {
    if hub.puller == Some(false) {
        return;
    }
    let choices = profile.options.iter().flat_map(|option| &option.choices);
    let some_image = profile.image.is_some() || choices.clone().any(|choice| choice.image.is_some());
    let settings = std::iter::once(&profile.settings).chain(choices.map(|choice| &choice.settings)).chain([&hub.defaults]);
    for secret in settings.flat_map(secrets).filter(|_| some_image) {
        let name = secret.value.as_text().or_else(|| secret.value.get("name").and_then(|name| name.value.as_text()));
        let Some(name) = name.filter(|name| !hub.pull_secrets.iter().any(|known| known.value == *name)) else { continue };
        findings.push(
            Diagnostic::new(&known::SECRET_OF_NO_PULLER, secret.place, format!("the image puller does not have the secret `{name}`"))
                .here("for servers alone; an upgrade of the hub waits for images that can't be pulled")
                .help(format!("say `pull_secrets = [\"{name}\"]` in the hub, or `puller = false` where nothing is pulled beforehand")),
        );
    }
}

fn secrets(settings: &Settings) -> impl Iterator<Item = &Located<OverrideValue>> {
    let lists = settings.overrides.iter().filter(|one| one.name.value == "image_pull_secrets");
    lists.flat_map(|one| objects(&one.value.value))
}
