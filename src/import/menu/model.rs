//! A menu as it is written for `KubeSpawner`: entries, drop-downs, choices, what each sets, and what was noticed on the way.

use crate::base::Place;
use crate::import::RemarkKind;
use crate::import::yaml::Node;

/// A comment of the original.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Comment {
    pub(super) place: Place,
    pub(super) words: String,
    /// Whether it has the line for itself.
    pub(super) alone: bool,
}

/// Something noticed at a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Note {
    pub(super) kind: RemarkKind,
    pub(super) place: Place,
    pub(super) text: String,
}

/// A text and where it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Said {
    pub(super) text: String,
    pub(super) place: Place,
}

/// One trait of a `kubespawner_override`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Set {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) value: Node,
}

/// What an entry, a choice and a free text have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Common {
    pub(super) place: Place,
    pub(super) title: Option<Said>,
    pub(super) description: Option<Said>,
    pub(super) default: Option<Place>,
    pub(super) groups: Vec<String>,
    pub(super) image: Option<Said>,
    pub(super) sets: Vec<Set>,
    pub(super) notes: Vec<Note>,
}

/// An entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Entry {
    pub(super) common: Common,
    pub(super) slug: Option<Said>,
    pub(super) options: Vec<Choices>,
}

/// A drop-down.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Choices {
    pub(super) key: Said,
    pub(super) title: Option<Said>,
    pub(super) lines: Vec<Choice>,
    pub(super) unlisted: Option<Unlisted>,
    /// `dynamic_image_building` of fancy-profiles.
    pub(super) builds: bool,
    pub(super) notes: Vec<Note>,
}

/// A line of a drop-down.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Choice {
    pub(super) key: Said,
    pub(super) common: Common,
}

/// The free text of a drop-down.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Unlisted {
    pub(super) common: Common,
    pub(super) in_choices: Option<Said>,
    pub(super) pattern: Option<Said>,
    pub(super) message: Option<Said>,
}

impl Common {
    /// Whether a trait is set here.
    pub(super) fn set(&self, name: &str) -> Option<&Set> {
        self.sets.iter().find(|set| set.name == name)
    }
}

impl Choices {
    /// The place of the choice that the server takes where nobody chooses.
    pub(super) fn default_index(&self) -> usize {
        self.lines.iter().position(|choice| choice.common.default.is_some()).unwrap_or(0)
    }

    /// Whether something that can be chosen brings an image.
    pub(super) fn brings_images(&self) -> bool {
        let typed = self.builds || self.unlisted.as_ref().is_some_and(|free| free.common.image.is_some());
        typed || self.lines.iter().any(|choice| choice.common.image.is_some())
    }

    /// Whether whatever is chosen brings an image.
    pub(super) fn always_brings_images(&self) -> bool {
        let typed = self.unlisted.as_ref().is_none_or(|free| free.common.image.is_some());
        typed && !self.lines.is_empty() && self.lines.iter().all(|choice| choice.common.image.is_some())
    }
}
