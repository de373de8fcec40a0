//! One finding: what is wrong, where, where the other side is, and the way out.

use super::{Code, Severity};
use crate::base::Place;

/// A place that a finding points at, and what stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What stands here; may be empty for the primary label.
    pub text: String,
    /// Whether this is the place the finding is about.
    pub primary: bool,
}

/// A replacement of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// The text that goes.
    pub place: Place,
    /// The text that comes.
    pub text: String,
}

/// A way out that a program can apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// One imperative: ``write `==3.9` ``.
    pub title: String,
    /// The replacements; they don't overlap.
    pub edits: Vec<Edit>,
    /// Whether it may be applied without a person having looked: it removes the finding, adds none and keeps the meaning.
    pub safe: bool,
}

/// A way out that nobody has tried yet. The driver applies it in memory, compiles again, and makes a [`Fix`] of it where
/// the finding is gone and no other has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// One imperative.
    pub title: String,
    /// What is to be done.
    pub change: Change,
}

/// What a proposal changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Texts are replaced; where the new one is empty, the blanks before it go, too.
    Edits(Vec<Edit>),
    /// A statement is added at the top of a definition.
    Statement {
        /// The name of the definition.
        definition: Place,
        /// The statement.
        text: String,
    },
}

/// A cell that a finding hits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellRef {
    /// The name of the environment, layer or image.
    pub environment: String,
    /// Its axes and their values, in the program's order.
    pub axes: Vec<(String, String)>,
}

/// One storey of the stack that a finding is about, as it is drawn: the root first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storey {
    /// The image, or the definition that brings the words: `virgo: layer wdf`.
    pub name: String,
    /// What it says: `wants <4.18 (conda)`; empty where it says nothing.
    pub says: String,
}

/// The package that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageRef {
    /// `pypi`, `conda`, `apt`, `rpm`, `cran`, `julia`, `npm`.
    pub ecosystem: String,
    /// The normalised name.
    pub name: String,
}

/// One finding.
///
/// The message says what is wrong, with the thing in backticks, lower-case, without a full stop, and makes sense alone on
/// one line. The primary label says what stands here, the others where the other side is, each help is one imperative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding it is.
    pub code: &'static Code,
    /// How bad it is here.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// Where; the first primary one is the place of the finding.
    pub labels: Vec<Label>,
    /// The ways out, in words.
    pub help: Vec<String>,
    /// The ways out that a program can apply.
    pub fixes: Vec<Fix>,
    /// The cells it hits; empty where it is not about cells.
    pub cells: Vec<CellRef>,
    /// The package it is about.
    pub package: Option<PackageRef>,
    /// The stack that brings the sides together.
    pub stack: Vec<Storey>,
    /// Ways out that are to be tried before they are offered.
    pub proposals: Vec<Proposal>,
}

impl Diagnostic {
    /// A finding of its code's usual severity, at `place`.
    #[must_use]
    pub fn new(code: &'static Code, place: Place, message: impl Into<String>) -> Self {
        let label = Label { place, text: String::new(), primary: true };
        Self { labels: vec![label], ..Self::nowhere(code, message) }
    }

    /// A finding that has no place in a source: about the command line, a folder, the program as a whole.
    #[must_use]
    pub fn nowhere(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            labels: Vec::new(),
            help: Vec::new(),
            fixes: Vec::new(),
            cells: Vec::new(),
            package: None,
            stack: Vec::new(),
            proposals: Vec::new(),
        }
    }

    /// Says what stands at the place of the finding.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.iter_mut().find(|label| label.primary) {
            label.text = text.into();
        }
        self
    }

    /// Points at another place.
    #[must_use]
    pub fn also(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label { place, text: text.into(), primary: false });
        self
    }

    /// Adds a way out in words: one imperative.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a way out in words where there is one.
    #[must_use]
    pub fn maybe_help(mut self, text: Option<String>) -> Self {
        self.help.extend(text);
        self
    }

    /// Adds a way out that a program can apply; its title is a help, too.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, safe: bool, edits: Vec<Edit>) -> Self {
        self.fixes.push(Fix { title: title.into(), edits, safe });
        self
    }

    /// Adds a way out that replaces one piece of text.
    #[must_use]
    pub fn replace(self, title: impl Into<String>, safe: bool, place: Place, text: impl Into<String>) -> Self {
        self.fix(title, safe, vec![Edit { place, text: text.into() }])
    }

    /// Says which cells are hit.
    #[must_use]
    pub fn in_cells(mut self, cells: impl IntoIterator<Item = CellRef>) -> Self {
        self.cells.extend(cells);
        self
    }

    /// Says which package it is about.
    #[must_use]
    pub fn about(mut self, ecosystem: impl Into<String>, name: impl Into<String>) -> Self {
        self.package = Some(PackageRef { ecosystem: ecosystem.into(), name: name.into() });
        self
    }

    /// Draws the stack that brings the sides together, the root first.
    #[must_use]
    pub fn on_stack(mut self, stack: Vec<Storey>) -> Self {
        self.stack = stack;
        self
    }

    /// Adds a way out that is to be tried before it is offered.
    #[must_use]
    pub fn propose(mut self, title: impl Into<String>, change: Change) -> Self {
        self.proposals.push(Proposal { title: title.into(), change });
        self
    }

    /// The place of the finding, where it has one.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        self.labels.iter().find(|label| label.primary).map(|label| label.place)
    }
}
