//! What `jenvc lock` resolves and what a program says, held against each other, offline: which sections are stale, and whether what is
//! locked fits together. The resolver asks the same questions of a program as the rules do.

mod chain;
mod channels;
mod digest;
mod entries;
mod facts;
mod installed;
mod python;
mod requires;
mod rules;
mod stale;
mod told;
mod unit;

pub use chain::{Chain, chain, closure, way};
pub use channels::{ALIAS, channel_address, channel_name, channel_of, own_channel};
pub use digest::{inputs, parent, required_name};
pub use facts::{Fact, Facts, Ground, Held, cell_name};
pub use installed::step_of;
pub use python::{cuda, manylinux};
pub use requires::{Requires, of_requirement, specifiers};
pub(crate) use rules::{check as rules_of_lock, environments, known_by_lists, without_system};
pub use stale::{Stale, Why, stale, why_stale};
pub use told::{Told, resolved, told, versions};
pub use unit::{Unit, is_wheel, short, unlisted};
