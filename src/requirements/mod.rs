//! Requirement files as pip reads them, and the markers of PEP 508: texts → data with places. Which files there are, and what an
//! entry means in a cell, is for `analyse`.
//!
//! Sources: `pip/_internal/req/req_file.py` and `constructors.py` of pip 26.0 for files and lines, the specification "Dependency
//! specifiers" of packaging.python.org and `packaging` 26.3 for requirements and markers.

mod conda;
mod environment;
mod foreign;
mod form;
mod lines;
mod links;
mod marker;
mod names;
mod options;
mod placed;
mod pythons;
mod requirement;
mod text;

pub use conda::{BadSpec, MatchSpec};
pub use environment::{Dependency, Environment};
pub use foreign::Foreign;
pub use form::meant;
pub use lines::{Line, Said, lines};
pub use links::version_in_address;
pub use marker::{Key, Marker, Sign, Test};
pub use names::{Row, on_conda, on_pypi, seen_by_pip};
pub use placed::name_in_path;
pub use pythons::Pythons;
pub use requirement::Requirement;
pub use text::decode;
