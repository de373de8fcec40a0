//! A pod and the image that runs in it: what the rules look at.

use std::rc::Rc;

use crate::base::Place;
use crate::check::hub::contract::Image;
use crate::ir::{Account, BaseId, CellId, MenuImage, Platform, Pod, Program, Recipe, Step};

/// One pod, and what is known of its image.
pub(super) struct Meeting<'p, 'a> {
    pub(super) program: &'a Program,
    pub(super) pod: &'p Pod<'a>,
    /// The image as a reader would say it, with what its stack says.
    pub(super) image: Image<'a>,
}

impl<'p, 'a> Meeting<'p, 'a> {
    /// `None` where the entry leaves the image to the hub.
    pub(super) fn of(program: &'a Program, pod: &'p Pod<'a>) -> Option<Self> {
        let image = pod.image?;
        Some(Self { program, pod, image: Image::new(program, image) })
    }

    /// The cell that it is; `None` of an image that is not built here.
    pub(super) fn cell(&self) -> Option<CellId> {
        if let MenuImage::Cell(cell) = self.pod.image?.value { Some(cell) } else { None }
    }

    /// How the image is made, by which what holds for its stack is kept; `None` of an image that is not built here.
    pub(super) fn recipe(&self) -> Option<*const Recipe> {
        self.cell().map(|cell| Rc::as_ptr(&self.program[cell].recipe))
    }

    /// Who the image runs as, if that is said and not the superuser.
    pub(super) fn account(&self) -> Option<&'a Account> {
        let program = self.program;
        let account = match self.pod.image?.value {
            MenuImage::Cell(cell) => &program[cell].account,
            MenuImage::Base(base) => &program[base].account,
            MenuImage::Reference(_) => return None,
        };
        (!account.is_root()).then_some(account)
    }

    /// The image at the root of its stack, or itself.
    pub(super) fn base(&self) -> Option<BaseId> {
        self.image.base()
    }

    /// The platforms that it exists for; none where nothing is known.
    pub(super) fn platforms(&self) -> &'a [Platform] {
        let program = self.program;
        match self.pod.image.map(|image| &image.value) {
            Some(MenuImage::Cell(cell)) => &program[*cell].platforms,
            Some(MenuImage::Base(base)) => &program[*base].platforms,
            _ => &[],
        }
    }

    /// Every step of its stack with the cell that it belongs to, from the root up.
    pub(super) fn steps(&self) -> impl DoubleEndedIterator<Item = (CellId, &'a Step)> {
        let program = self.program;
        let stack = self.cell().map_or_else(Vec::new, |cell| program.stack(cell));
        stack.into_iter().flat_map(move |cell| program[cell].steps.iter().map(move |step| (cell, step)))
    }

    /// A text that a trait is set to.
    pub(super) fn text(&self, name: &str) -> Option<(&'p str, Place)> {
        let one = self.pod.get(name)?;
        Some((one.value.value.as_text()?, one.value.place))
    }
}

/// The text of a program's first word: `start.sh` of `/usr/local/bin/start.sh`.
pub(super) fn program_name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// Whether a path is at or below another.
pub(super) fn is_below(path: &str, folder: &str) -> bool {
    let path = path.trim_end_matches('/');
    folder.len() > 1 && path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
