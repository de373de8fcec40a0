//! The pod that an entry starts against the image that runs in it, for every combination of choices.

mod cards;
mod command;
mod hidden;
mod home;
mod node;
mod pages;
mod personal;
mod secrets;

use std::rc::Rc;

use foldhash::HashSet;

use super::contract::Image;
use crate::base::Place;
use crate::diagnostics::Findings;
use crate::ir::{Account, BaseId, CellId, MenuImage, Platform, Pod, Program, Recipe, Step};

/// One pod, and what is known of its image.
struct Meeting<'p, 'a> {
    program: &'a Program,
    pod: &'p Pod<'a>,
    /// The image as a reader would say it, with what its stack says.
    image: Image<'a>,
}

impl<'p, 'a> Meeting<'p, 'a> {
    /// `None` where the entry leaves the image to the hub.
    fn of(program: &'a Program, pod: &'p Pod<'a>) -> Option<Self> {
        let image = pod.image?;
        Some(Self { program, pod, image: Image::new(program, image) })
    }

    /// The cell that it is; `None` of an image that is not built here.
    fn cell(&self) -> Option<CellId> {
        if let MenuImage::Cell(cell) = self.pod.image?.value { Some(cell) } else { None }
    }

    /// How the image is made, by which what holds for its stack is kept; `None` of an image that is not built here.
    fn recipe(&self) -> Option<*const Recipe> {
        self.cell().map(|cell| Rc::as_ptr(&self.program[cell].recipe))
    }

    /// Who the image runs as, if that is said and not the superuser.
    fn account(&self) -> Option<&'a Account> {
        let program = self.program;
        let account = match self.pod.image?.value {
            MenuImage::Cell(cell) => &program[cell].account,
            MenuImage::Base(base) => &program[base].account,
            MenuImage::Reference(_) => return None,
        };
        (!account.is_root()).then_some(account)
    }

    /// The image at the root of its stack, or itself.
    fn base(&self) -> Option<BaseId> {
        self.image.base()
    }

    /// The platforms that it exists for; none where nothing is known.
    fn platforms(&self) -> &'a [Platform] {
        let program = self.program;
        match self.pod.image.map(|image| &image.value) {
            Some(MenuImage::Cell(cell)) => &program[*cell].platforms,
            Some(MenuImage::Base(base)) => &program[*base].platforms,
            _ => &[],
        }
    }

    /// Every step of its stack with the cell that it belongs to, from the root up.
    fn steps(&self) -> impl DoubleEndedIterator<Item = (CellId, &'a Step)> {
        let program = self.program;
        let stack = self.cell().map_or_else(Vec::new, |cell| program.stack(cell));
        stack.into_iter().flat_map(move |cell| program[cell].steps.iter().map(move |step| (cell, step)))
    }

    /// A text that a trait is set to.
    fn text(&self, name: &str) -> Option<(&'p str, Place)> {
        let one = self.pod.get(name)?;
        Some((one.value.value.as_text()?, one.value.place))
    }
}

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

/// The text of a program's first word: `start.sh` of `/usr/local/bin/start.sh`.
fn program_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// Whether a path is at or below another.
fn is_below(path: &str, folder: &str) -> bool {
    let path = path.trim_end_matches('/');
    folder.len() > 1 && path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn paths_are_below_folders() {
        assert!(is_below("/home/jovyan/", "/home/jovyan") && is_below("/home/jovyan/a", "/home/jovyan"));
        assert!(!is_below("/home/jovyans", "/home/jovyan") && !is_below("/a", "/"));
    }
}
