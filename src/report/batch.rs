//! What a report is made of.

use crate::base::Sources;
use crate::diagnostics::Diagnostic;

/// The findings of one program.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// The file that the program begins in, relative to the folder of the program: `main.jenv`.
    pub main: &'a str,
    /// What stands before a file name so that it is found from the current folder: empty, or `examples/vre/`.
    /// JSON leaves it out: there, names are relative to the folder of the program.
    pub prefix: &'a str,
    /// Every file that was read.
    pub sources: &'a Sources,
    /// The findings, in the order in which they are told.
    pub findings: &'a [Diagnostic],
}

/// What the human format needs to know about where it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether there is colour.
    pub color: bool,
    /// Columns; excerpts are cut and messages wrapped to it.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 80 }
    }
}

impl Batch<'_> {
    /// The name of a file as it is shown: files of the standard library have no folder here.
    pub(super) fn shown(&self, source: &crate::base::Source) -> String {
        if source.standard { source.name.clone() } else { format!("{}{}", self.prefix, source.name) }
    }
}
