//! What an import reports: what was read, what became of it, and every remark.

use crate::base::Place;

/// What kind of thing a remark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkKind {
    /// Kept as a `run`, as it was written.
    KeptAsRun,
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
            Self::KeptAsRun => "kept as `run`",
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

/// What became of the instructions of one original.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Instructions that were read.
    pub instructions: usize,
    /// Package instructions that became lists.
    pub lists: usize,
    /// Statements of other kinds.
    pub steps: usize,
    /// Steps that stay `run`.
    pub runs: usize,
    /// Instructions that the compiler writes, or that the parent has.
    pub left_out: usize,
}

/// One row of the table at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// A definition that came from instructions.
    Steps {
        /// The name: `ml (2 files)`.
        name: String,
        /// The counts.
        counts: Counts,
    },
    /// Everything else, in words: `3 entries, 2 choices: all kept`.
    Words {
        /// The name: `menu`.
        name: String,
        /// The words.
        words: String,
    },
}

/// What is known of an image that was read from an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its name in the program.
    pub name: String,
    /// The packages that were asked for, by their manager.
    pub asked: std::collections::BTreeMap<String, Vec<String>>,
    /// Of each layer its bytes, and how many of them are caches.
    pub layers: Vec<(u64, u64)>,
}

/// A layer that several images share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Its name in the program.
    pub layer: String,
    /// The images that begin with it, itself among them where it is one.
    pub images: Vec<String>,
    /// How many steps that saves each of the others.
    pub steps: usize,
}

/// Packages that several layers ask for at places where taking them out would change the order of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The layers that ask for them.
    pub layers: Vec<String>,
    /// What all of them are built on; `None` where they are built on several.
    pub parent: Option<String>,
    /// The lists: what each begins with, and its entries.
    pub lists: Vec<(String, Vec<String>)>,
    /// How many entries would be gone.
    pub entries: usize,
    /// How many steps would be gone from the builds; 0 where the layers have no common parent.
    pub steps: usize,
    /// How many bytes of layers, as far as an archive tells; 0 where none does.
    pub bytes: u64,
}

/// What an import reports.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// What was read, in words, in order: `4 Dockerfiles`, `1 menu of 3 entries`.
    pub read: Vec<String>,
    /// The rows of the table.
    pub rows: Vec<Row>,
    /// Commands that install packages: all, and those that became lists.
    pub installs: (usize, usize),
    /// Images that were read from archives.
    pub images: Vec<Seen>,
    /// Layers that several images share.
    pub shared: Vec<Shared>,
    /// Layers that would change the order of steps.
    pub proposals: Vec<Proposal>,
    /// The remarks, in the order of the originals.
    pub remarks: Vec<Remark>,
}
