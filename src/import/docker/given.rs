//! Instructions that another reader found, each with its place: in a folder of repo2docker, in the history of an image.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::images::{Context, Image, Parent};
use super::read::Instruction;
use super::stage::Stage;
use super::state::State;
use super::steps::{Act, Step};
use crate::base::Place;
use crate::import::{RemarkKind, Work};

/// The word of a setting that is a statement of the language, not of a Dockerfile.
pub(super) const STATEMENT: &str = "statement";

/// An instruction as a Dockerfile would have it.
#[derive(Clone, Debug)]
pub(in crate::import) struct Given {
    /// Where the original asks for it.
    pub(in crate::import) place: Place,
    /// `RUN`; `SET` for a statement of the language, empty where there is nothing but a remark.
    pub(in crate::import) word: &'static str,
    /// What is behind the word.
    pub(in crate::import) text: String,
    /// Comments within the text: each with the byte that it is above.
    pub(in crate::import) comments: Vec<(usize, String)>,
    /// Why packages are there, by their names.
    pub(in crate::import) reasons: Vec<(String, String)>,
    /// The comments above it.
    pub(in crate::import) above: Vec<String>,
    /// What is to be said of it.
    pub(in crate::import) notes: Vec<(RemarkKind, String)>,
}

impl Given {
    /// An instruction without comments.
    pub(in crate::import) fn new(place: Place, word: &'static str, text: impl Into<String>) -> Self {
        Self { place, word, text: text.into(), comments: Vec::new(), reasons: Vec::new(), above: Vec::new(), notes: Vec::new() }
    }

    /// Nothing but a remark.
    pub(in crate::import) fn note(place: Place, kind: RemarkKind, text: impl Into<String>) -> Self {
        Self { notes: vec![(kind, text.into())], ..Self::new(place, "", "") }
    }
}

/// An image as another reader describes it.
#[derive(Clone, Debug)]
pub(in crate::import) struct Recipe {
    /// Its name in the program.
    pub(in crate::import) name: String,
    /// The folder or the file that it is made from.
    pub(in crate::import) path: String,
    /// The image that it is built on.
    pub(in crate::import) base: String,
    /// Where that is said.
    pub(in crate::import) place: Place,
    /// What it says of itself.
    pub(in crate::import) above: Vec<String>,
    /// What is done.
    pub(in crate::import) given: Vec<Given>,
    /// Files that are in the image from here on: by their path there, or of a folder the path with `/` behind.
    pub(in crate::import) placed: BTreeMap<String, String>,
}

/// Reads the instructions as those of a Dockerfile are read.
pub(in crate::import) fn image(work: &mut Work<'_>, recipe: Recipe) -> Image {
    let Recipe { name, path, base, place, above, given, placed } = recipe;
    let mut before = State::of(&base);
    before.placed = placed;
    let work = RefCell::new(work);
    let context = Context { work: &work, folders: vec![path.clone(), String::new()] };
    let (texts, inside) = (|path: &str| context.text(path), |source: &str| context.path(source));
    let mut stage = Stage::new(place.file, before.clone(), &texts, &inside);
    let instructions = given.iter().filter(|one| !one.word.is_empty()).count();
    for one in given {
        let at = stage.steps.len();
        let (user, place) = (stage.state.user.clone(), one.place);
        match one.word {
            "" => {}
            "SET" => stage.steps.push(Step {
                act: Act::Setting(STATEMENT, one.text.clone(), one.text),
                user: user.clone(),
                place,
                above: one.above,
                notes: Vec::new(),
            }),
            _ => {
                stage.file = place.file;
                let span = place.span;
                let (comments, above) = (one.comments, one.above);
                stage.instruction(&Instruction { word: one.word.to_owned(), text: one.text, comments, above, documents: Vec::new(), span });
            }
        }
        for (package, reason) in one.reasons {
            reason_of(stage.steps.get_mut(at..).unwrap_or_default(), &package, &reason);
        }
        match stage.steps.get_mut(at) {
            Some(first) => first.notes.splice(0..0, one.notes).for_each(drop),
            None if one.notes.is_empty() => {}
            None => stage.steps.push(Step { act: Act::Nothing, user, place, above: Vec::new(), notes: one.notes }),
        }
    }
    let Stage { steps, state: after, written, installs, .. } = stage;
    let parent = Parent::Base(base);
    Image {
        base: name.clone(),
        name,
        path,
        stage: None,
        last: true,
        args: Vec::new(),
        parent,
        from: place,
        above,
        steps,
        before,
        after,
        internal: false,
        instructions,
        written,
        installs,
    }
}

/// Writes a reason behind an entry.
fn reason_of(steps: &mut [Step], package: &str, reason: &str) {
    for step in steps {
        let Act::List(list, _) = &mut step.act else { continue };
        let named = |text: &str| text.split([' ', '[']).next().is_some_and(|name| name.trim_matches('"') == package);
        if let Some(item) = list.items.iter_mut().find(|item| named(&item.text)) {
            item.because = Some(reason.to_owned());
        }
    }
}
