//! What is known while a menu is written.

use super::model::Common;
use crate::ir::Chart;

/// What is known while settings are written.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    /// The chart that the hub runs.
    pub(super) chart: Chart,
    /// What the hub's values guarantee, if they say it (`singleuser.memory.guarantee`).
    pub(super) guarantee: Option<u64>,
    /// What the entry sets, for its choices and free texts.
    pub(super) entry: Option<&'a Common>,
    /// Whether this is a free text.
    pub(super) unlisted: bool,
}
