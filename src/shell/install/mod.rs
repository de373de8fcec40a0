//! The packages that the commands of a script install. Words that are plain are read as the manager reads them; what is put together in
//! the shell, comes from a file or from an address is not, and has its place.

mod arguments;
mod call;
mod flow;
mod found;
mod manager;
mod named;
mod text;
mod walk;

pub(crate) use found::{Install, Target};
pub(crate) use named::{Named, npm};
pub(crate) use walk::{installing, installs};
