//! Floor 1: what can be said about a source, as data. Nothing here draws text for people; that is `report`.
//!
//! A finding is made by a small function beside the rule that reports it, with [`Diagnostic::new`] and its builders.

mod code;
mod codes;
mod diagnostic;
mod findings;

pub use code::{Code, Severity};
pub use codes::{ALL as ALL_CODES, find as find_code};
/// Every code, as a constant with its name: `codes::UNKNOWN_NAME`.
pub mod known {
    pub use super::codes::constants::*;
}
pub use diagnostic::{CellRef, Change, Diagnostic, Edit, Fix, Label, PackageRef, Proposal, Storey};
pub use findings::Findings;
