//! `jenvc lock`: every cell resolved against the indexes and channels, layer by layer, with what is below as facts.
//!
//! The engine is behind [`Resolver`]; which version a parent gets is decided here, so that all its children stand: first the newest for
//! the parent, then, where a child can't be resolved on it, one joint question of both, whose answer the parent is resolved with again.

mod answers;
mod apart;
mod below;
mod explain;
mod joint;
mod locker;
mod moves;
mod outdated;
mod question;
mod request;
mod run;
mod sections;
mod state;
mod undecided;

pub use answers::side_by_side;
pub use moves::{Move, moves};
pub use outdated::{Outdated, outdated};
pub use question::{Answer, Question, Resolver, Root};
pub use request::{Locked, Request};
pub use run::lock;
