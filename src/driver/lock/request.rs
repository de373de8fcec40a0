//! What is asked of a run, and what comes of it.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Findings};
use crate::ir::{Locks, Section};

/// What is asked of a run.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Only these images; all where empty.
    pub images: Vec<String>,
    /// The newest that the constraints allow, of everything.
    pub upgrade: bool,
    /// The newest that the constraints allow, of these packages, by normalised name.
    pub packages: Vec<String>,
    /// No file that was uploaded after this day: `2026-11-20`.
    pub cut_off: Option<String>,
    /// The day it is.
    pub today: String,
    /// Whether code of packages may run to learn what they require.
    pub build: bool,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Locked {
    /// The sections of each image that has something to lock; failed ones are what they were.
    pub locks: Locks,
    /// What can't be together, and what nothing is known of.
    pub findings: Findings,
    /// Whether something that had to be chosen could not be decided.
    pub undecided: bool,
    /// The engine's own words, for each question that has no answer.
    pub words: Vec<String>,
    /// How often the engine was asked.
    pub questions: usize,
    /// Cells that were not resolved since something below them has failed.
    pub waiting: Vec<String>,
}

/// The sections of one image as they are written, by the order of its cells.
pub(super) type Files = BTreeMap<String, Vec<Section>>;

/// A finding of a run.
pub(super) type Found = Vec<Diagnostic>;
