//! Links that people copied from the page of fancy-profiles. They hold the names of choices behind a `#`, which the hub never sees.

use std::collections::BTreeSet;

use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{FormKind, Hub, Profile, ReleasedEntry, ordered_keys};

/// Names of the committed menu that a link may hold, and that today's page does not know. What is gone without a word has its own
/// finding.
pub(super) fn stale(hub: &Hub, findings: &mut Findings) {
    let Some(released) = hub.released.as_ref().filter(|_| hub.form == FormKind::Fancy && !findings.has(&known::VANISHED_ENTRY)) else {
        return;
    };
    let mut names = Vec::new();
    for old in &released.entries {
        match hub.menu.iter().find(|profile| profile.slug.text == old.slug) {
            Some(profile) => names.extend(gone(profile, old)),
            None => names.push(old.slug.clone()),
        }
    }
    let Some(first) = names.first() else { return };
    let more = if names.len() > 1 { format!(" and {} more", names.len() - 1) } else { String::new() };
    findings.push(
        Diagnostic::new(&known::STALE_LINK, hub.origin, format!("links that people copied from the page of `{}` go stale", hub.name))
            .here(format!("`{}` offers `{first}`{more} under another name or not at all", released.path))
            .help("tell people to copy them again; what they have saved is found all the same"),
    );
}

/// The keys of an entry that are written otherwise today.
fn gone(profile: &Profile, old: &ReleasedEntry) -> Vec<String> {
    let written = |keys: Vec<&str>| ordered_keys(&keys);
    let today = written(profile.options.iter().map(|option| option.key.value.as_str()).collect());
    let mut all = Vec::new();
    for old_option in &old.options {
        let Some(at) = today.iter().position(|key| *key == old_option.key) else {
            all.push(format!("{}/{}", old.slug, old_option.key));
            continue;
        };
        let choices = profile.options.get(at).map(|option| option.choices.iter().map(|choice| choice.key.value.as_str()).collect());
        let choices: BTreeSet<String> = choices.map(written).unwrap_or_default().into_iter().collect();
        let lost = old_option.choices.iter().filter(|key| !choices.contains(*key));
        all.extend(lost.map(|key| format!("{}/{}/{key}", old.slug, old_option.key)));
    }
    all
}
