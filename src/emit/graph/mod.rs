//! The graph of a program: existing images, the images that are built, the entries of the menus, and what stands on what.
//! Drawn as SVG, Mermaid and DOT; `tree` and the catalogue show the same data.

mod dot;
mod mermaid;
mod model;
mod svg;

#[cfg(test)]
mod tests;

pub use dot::dot;
pub use mermaid::mermaid;
pub use model::{Edge, EdgeKind, Graph, Node, NodeCell, NodeKind};
pub use svg::svg;
