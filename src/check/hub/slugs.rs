//! The public names of entries: saved choices and links hold them, and the page's script cuts its fields by them.

use std::collections::BTreeMap;

use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, Profile, slugify};

/// All slugs of a menu.
pub(super) fn slugs(hub: &Hub, findings: &mut Findings) {
    let mut seen: BTreeMap<&str, &Profile> = BTreeMap::new();
    // The entries of one profile have its slug with the values of their axes: the shortest is what is written.
    let mut malformed: BTreeMap<Place, &Profile> = BTreeMap::new();
    for profile in &hub.menu {
        let slug = profile.slug.text.as_str();
        if !is_slug(slug) {
            let one = malformed.entry(place(profile)).or_insert(profile);
            if slug.len() < one.slug.text.len() {
                *one = profile;
            }
            continue;
        }
        match seen.insert(slug, profile) {
            Some(first) if first.origin != profile.origin || first.definition == profile.definition => {
                findings.push(duplicate(first, profile));
            }
            _ => {}
        }
    }
    for profile in malformed.into_values() {
        findings.push(no_slug(profile));
    }
    let mut former: BTreeMap<&str, (&Profile, Place)> = BTreeMap::new();
    for profile in &hub.menu {
        for old in &profile.renamed_from {
            match former.insert(&old.value, (profile, old.place)) {
                Some((first, at)) if first.slug.text != profile.slug.text => findings.push(
                    Diagnostic::new(
                        &known::DUPLICATE_SLUG,
                        old.place,
                        format!("both `{}` and `{}` were renamed from `{}`", first.slug.text, profile.slug.text, old.value),
                    )
                    .here("people who saved it can be led to one of them only")
                    .also(at, "the other one")
                    .help("drop one of them"),
                ),
                _ => {}
            }
        }
        for old in profile.renamed_from.iter().filter(|old| seen.contains_key(old.value.as_str())) {
            findings.push(
                Diagnostic::new(
                    &known::DUPLICATE_SLUG,
                    old.place,
                    format!("`{}` was renamed from `{}`, which is on the menu", profile.slug.text, old.value),
                )
                .also(seen.get(old.value.as_str()).map_or(old.place, |entry| place(entry)), "the entry of that name")
                .help("drop `renamed_from`, or call the other entry something else"),
            );
        }
    }
}

/// Letters and digits, with single hyphens between them.
fn is_slug(slug: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    slug.split('-').all(part)
}

/// Where a slug is said, or the title that it comes from.
fn place(profile: &Profile) -> Place {
    profile.slug.written.unwrap_or(profile.title.place)
}

fn no_slug(profile: &Profile) -> Diagnostic {
    let slug = &profile.slug.text;
    if profile.slug.written.is_none() {
        return Diagnostic::new(
            &known::MALFORMED_SLUG,
            profile.title.place,
            format!("nothing of the title `{}` can stand in a slug", profile.title.value),
        )
        .here("no letter or digit of ASCII")
        .help("say one: `slug = \"…\"`");
    }
    let right = slugify(slug);
    let finding = Diagnostic::new(&known::MALFORMED_SLUG, place(profile), format!("`{slug}` is no slug"))
        .here("lower-case letters and digits, with single hyphens between them");
    if right.is_empty() { finding } else { finding.help(format!("write `slug = \"{right}\"`")) }
}

fn duplicate(first: &Profile, second: &Profile) -> Diagnostic {
    Diagnostic::new(&known::DUPLICATE_SLUG, place(second), format!("two entries have the slug `{}`", second.slug.text))
        .here("this one could never be chosen")
        .also(place(first), "the other one")
        .help("give one of them a `slug` of its own")
}
