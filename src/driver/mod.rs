//! Floor 5: one compilation, start to end.

mod compile;
pub mod difference;
mod edits;
mod fix;
mod joined;
mod library;
pub mod lock;
mod policy;
mod slices;
mod suppose;
mod trials;

pub use compile::{Outcome, check_with, compile, compile_with, sources};
pub use fix::{Applied, Fixed, fix};
pub use library::{standard, standard_names};
pub use policy::Policy;
pub use suppose::{Supposition, news, suppose};
