//! What a stack says about each package, held from the root image up.
//!
//! Every cell's [`State`] holds what is in force in it: a list of [`Ask`]s for each piece of software, in the order of the
//! stack. A cell keeps only what its own steps add and looks the rest up in its parent, so cells that stand on one parent
//! share what is below them. [`names`] says which packages of different managers are the same software.

mod ask;
mod clash;
mod names;
mod schemes;
mod sets;
mod state;
mod tower;

pub(crate) use ask::{Ask, At, bits};
pub(crate) use clash::smallest;
pub(crate) use names::{Names, also_called, are_joined, names_for_pip, on_pypi};
pub(crate) use schemes::{as_python, in_one_scheme, in_python, pin_as_python, same_prefix};
pub(crate) use sets::Sets;
pub(crate) use state::State;
pub(crate) use tower::{cell_ref, full_name, storeys, who};
