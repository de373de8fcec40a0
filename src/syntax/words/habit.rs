//! A word of another tool, and what it is called here.

/// A word of another tool.
#[derive(Clone, Copy, Debug)]
pub struct Habit {
    /// The word of the other tool.
    pub word: &'static str,
    /// The word here that takes its place as it stands; empty where more has to change.
    pub instead: &'static str,
    /// One imperative.
    pub help: &'static str,
    /// Whether the value loses its quotes with the new word.
    pub bare: bool,
}

/// A word that is another one here.
pub(super) const fn is(word: &'static str, instead: &'static str, help: &'static str) -> Habit {
    Habit { word, instead, help, bare: false }
}

/// The same for a field whose value is a number here.
pub(super) const fn amount(word: &'static str, instead: &'static str, help: &'static str) -> Habit {
    Habit { word, instead, help, bare: true }
}

/// A word for which there is another way.
pub(super) const fn way(word: &'static str, help: &'static str) -> Habit {
    Habit { word, instead: "", help, bare: false }
}
