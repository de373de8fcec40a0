//! The Dockerfile of each cell, as someone who maintains images would write it by hand, and the tag that follows from it.
//!
//! A cell is rendered once, in the order of the program, so that its parent's tag is known. Cells of one image whose texts are equal but
//! for the base and for words with axis values share a file.

mod body;
mod cell;
mod content;
mod draft;
mod element;
mod explicit;
mod file;
mod files;
mod group;
mod kinds;
mod labels;
mod locked;
mod mounts;
mod names;
mod platforms;
pub(in crate::emit) mod quote;
mod run;
mod script;
mod settings;
mod shellcheck;
mod steps;
#[cfg(test)]
mod tests;

pub(in crate::emit) use group::lay_out;
pub(crate) use run::{BLOCK, INNER};
pub(crate) use script::is_block;
