//! What an import reports: what was read, what became of it, and every remark.

use crate::base::Place;

/// What kind of thing a remark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkKind {
    /// The program means something else here.
    Changed,
    /// The language has no word for it.
    NotExpressible,
    /// The original does something else than its author believes.
    Mistake,
    /// A person has to decide.
    Decide,
}

impl RemarkKind {
    /// The kind in words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Changed => "changed in meaning",
            Self::NotExpressible => "not expressible",
            Self::Mistake => "looks like a mistake",
            Self::Decide => "to decide",
        }
    }
}

/// Something that a person should know about one place of an original.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Where, in the original.
    pub place: Place,
    /// The kind.
    pub kind: RemarkKind,
    /// One sentence without a full stop: ``its failure was swallowed (`; true`)``.
    pub text: String,
}

/// One row of the table at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about: `menu`.
    pub name: String,
    /// What came of it: `3 entries, 2 drop-downs`.
    pub words: String,
}

/// What an import reports.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// What was read, in words, in order: `1 menu of 3 entries`.
    pub read: Vec<String>,
    /// The rows of the table.
    pub rows: Vec<Row>,
    /// The remarks, in the order of the originals.
    pub remarks: Vec<Remark>,
}
