//! `keep`: images of which releases can be told apart, and somebody who writes them down.

use crate::base::Place;
use crate::diagnostics::{Diagnostic, Findings, known};
use crate::ir::{Hub, MenuImage, Profile, Program, floating};

/// What an entry that says `keep` itself can't keep.
pub(super) fn entry(program: &Program, profile: &Profile, findings: &mut Findings) {
    let Some(keep) = profile.keep.as_ref().filter(|keep| keep.own) else { return };
    let finding = |message: String| Diagnostic::new(&known::NOTHING_TO_KEEP, keep.place, message);
    let mut any = false;
    for one in profile.keepable() {
        any = true;
        let Some(reference) = outside(program, &one.image.value) else { continue };
        if let Some(why) = floating(&reference) {
            findings.push(
                finding(format!("no earlier release of `{reference}` can be kept"))
                    .here("an earlier one would need another name than today's")
                    .also(one.image.place, why)
                    .help("write a tag that stays, or a digest: `…@sha256:…`"),
            );
        }
    }
    if !any {
        findings.push(
            finding(format!("the entry `{}` names no image that could be kept", profile.definition))
                .here("keeps earlier images on offer")
                .help("say which image it starts, or leave `keep` out"),
        );
    }
}

/// Says so where no release of an entry has been written down.
pub(super) fn unnoted(program: &Program, findings: &mut Findings) {
    let mut places: Vec<(Place, Vec<String>)> = Vec::new();
    for (hub, profile) in program.hubs.iter().flat_map(|hub| hub.menu.iter().map(move |profile| (hub, profile))) {
        let Some(place) = waits(program, profile) else { continue };
        let name = name(hub, profile);
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, names)) => names.push(name),
            None => places.push((place, vec![name])),
        }
    }
    let scheduled = program.outputs.workflow.as_ref().is_some_and(|output| output.schedule.is_some() && output.check.is_some());
    for (place, names) in places {
        let names = match names.as_slice() {
            [one] => one.clone(),
            [one, two] => format!("{one} and {two}"),
            [one, rest @ ..] => format!("{one} and {} more entries", rest.len()),
            [] => continue,
        };
        findings.push(
            Diagnostic::new(&known::NO_RELEASE_YET, place, format!("`jenv.lock` knows no release of {names} yet"))
                .here("what is not written down can't be kept")
                .help(if scheduled {
                    "the scheduled run of the workflow writes it down; by hand, run `jenvc update` when today's images are published"
                } else {
                    "run `jenvc update` when today's images are published, and after each release"
                }),
        );
    }
}

/// Where an entry says `keep`, if nothing of it is known though something could be.
fn waits(program: &Program, profile: &Profile) -> Option<Place> {
    let keep = profile.keep.as_ref().filter(|keep| keep.releases.is_empty())?;
    let stays = |image: &MenuImage| outside(program, image).is_none_or(|reference| floating(&reference).is_none());
    profile.keepable().any(|one| stays(&one.image.value)).then_some(keep.place)
}

/// The reference of an image that the program does not build: the tags of those that it does stay.
fn outside(program: &Program, image: &MenuImage) -> Option<String> {
    match image {
        MenuImage::Cell(_) => None,
        MenuImage::Base(base) => Some(program[*base].reference()),
        MenuImage::Reference(reference) => Some(reference.clone()),
    }
}

/// As the lock has it.
fn name(hub: &Hub, profile: &Profile) -> String {
    format!("`{}/{}`", hub.name, profile.slug.text)
}
