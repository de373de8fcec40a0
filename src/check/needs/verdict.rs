//! Whether a requirement is met, and why.

use crate::base::Place;

/// What came of holding a requirement against a stack.
pub(super) enum Verdict {
    /// It holds.
    Met,
    /// It does not.
    Unmet(Reason),
    /// The program does not say enough.
    Open(Reason),
}

/// Why a requirement is not met, or not decided.
pub(super) struct Reason {
    /// What is there instead, after a comma: `and stands on Ubuntu 22.04`.
    pub(super) said: String,
    /// What the place of the requirement shows.
    pub(super) here: String,
    /// Where the other side is, and what stands there.
    pub(super) other: Option<(Place, String)>,
    /// The way out.
    pub(super) help: String,
}
