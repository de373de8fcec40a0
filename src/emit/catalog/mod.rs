//! The catalogue: a page that people read before they choose, as HTML of one file or as Markdown.
//!
//! [`read`] turns the program into a [`page::Page`], whose texts are plain; `html` and `markdown` write the same page, each
//! with the escapes of its own.

mod contents;
mod html;
mod mark;
mod markdown;
mod offers;
mod page;
mod points;
mod read;
#[cfg(test)]
mod tests;
mod tree;
mod words;

use super::Artifact;
use crate::ir::{CatalogFormat, Program};

/// The pages of a program.
pub(super) fn emit(program: &Program) -> impl Iterator<Item = Artifact> + '_ {
    program.outputs.catalogs.iter().map(move |output| {
        let page = read::page(program, output);
        let text = match output.format {
            CatalogFormat::Html => html::write(&page),
            CatalogFormat::Markdown => markdown::write(&page),
        };
        Artifact { path: output.path.clone(), text, executable: false }
    })
}
