//! The pod that an entry starts against the image that runs in it, for every combination of choices.

mod cards;
mod command;
mod hidden;
mod home;
mod meeting;
mod node;
mod pages;
mod personal;
mod secrets;

use std::rc::Rc;

use foldhash::HashSet;

use crate::diagnostics::Findings;
use crate::ir::Program;
use meeting::Meeting;

/// Every pod of every hub. Where something is broken, it may be the entry that gives an image its card.
pub(super) fn pods(program: &Program, broken: bool, findings: &mut Findings) {
    // Scripts are read once for an image and what is mounted into it, however many sizes there are.
    let mut read = HashSet::default();
    let mut cards = cards::Cards::default();
    let mut pages = pages::Pages::default();
    let mut shadowed = HashSet::default();
    for (hub, profile) in program.hubs.iter().flat_map(|hub| hub.menu.iter().map(move |profile| (hub, profile))) {
        let pods = hub.pods(profile);
        let mut met = HashSet::default();
        for pod in &pods {
            let Some(meeting) = Meeting::of(program, pod) else { continue };
            cards.wanted(&meeting, findings);
            if meeting.recipe().is_some_and(|recipe| !met.insert((recipe, meeting.image.place, Rc::as_ptr(&pod.traits)))) {
                continue;
            }
            home::mounted(&meeting, findings);
            home::user(&meeting, findings);
            let paths: Vec<String> = pod.mounts().into_iter().map(|(path, _)| path.to_owned()).collect();
            if read.insert((pod.image.map(|image| &image.value), paths)) {
                hidden::files(&meeting, findings);
            }
            command::started(&meeting, findings);
            command::found(&meeting, findings);
            pages.opened(&meeting);
            node::platform(&meeting, findings);
            // Once for a hub; each of its images is looked at once.
            if !shadowed.contains(&(hub.origin, None)) && shadowed.insert((hub.origin, pod.image.map(|image| &image.value))) {
                let found = personal::shadowing(hub, &meeting, findings);
                shadowed.extend(found.then_some((hub.origin, None)));
            }
        }
        secrets::puller(hub, profile, findings);
    }
    pages.report(findings);
    if !broken {
        cards.idle(findings);
    }
}

#[cfg(test)]
mod tests {
    use super::meeting::is_below;

    #[test]
    fn paths_are_below_folders() {
        assert!(is_below("/home/jovyan/", "/home/jovyan") && is_below("/home/jovyan/a", "/home/jovyan"));
        assert!(!is_below("/home/jovyans", "/home/jovyan") && !is_below("/a", "/"));
    }
}
