//! The catalogue: a page that people read before they choose, as HTML of one file or as Markdown.
//!
//! [`read`] turns the program into a [`page::Page`], whose texts are plain; `html` and `markdown` write the same page, each
//! with the escapes of its own.

mod contents;
mod html;
mod markdown;
mod offers;
mod page;
mod points;
mod read;
#[cfg(test)]
mod tests;
mod tree;
mod words;

use super::{Artifact, MARK, Plan};
use crate::ir::{CatalogFormat, CatalogOutput, Program};

/// A page and where it goes.
pub(super) struct Draft<'a> {
    output: &'a CatalogOutput,
    page: page::Page,
}

impl Draft<'_> {
    /// Puts in how the images of cells are called.
    pub(super) fn name(&mut self, plan: &Plan) {
        let cards = self.page.sections.iter_mut().flat_map(|section| &mut section.cards);
        for row in cards.flat_map(|card| &mut card.images) {
            if let Some(cell) = row.cell {
                row.reference.clone_from(&plan[cell].reference);
            }
        }
    }
}

/// What the pages of a program tell, but for the names of images that are built: [`Draft::name`] knows them.
pub(super) fn read(program: &Program) -> Vec<Draft<'_>> {
    program.outputs.catalogs.iter().map(|output| Draft { output, page: read::page(program, output) }).collect()
}

/// The pages as text.
pub(super) fn write(drafts: &[Draft<'_>]) -> Vec<Artifact> {
    let artifact = |Draft { output, page }: &Draft<'_>| {
        let text = match output.format {
            CatalogFormat::Html => html::write(page),
            CatalogFormat::Markdown => markdown::write(page),
        };
        Artifact { path: output.path.clone(), text, executable: false }
    };
    drafts.iter().map(artifact).collect()
}

/// The comment in the first lines of every page.
fn mark(program: &Program) -> String {
    format!("{MARK}{}: change it there and run `jenvc build`.", program.main_file)
}
