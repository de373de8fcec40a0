//! A program before it is written: definitions, and the file that each belongs in.

use std::collections::BTreeMap;

/// The file that a definition is written to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// `main.jenv`: the project and the outputs.
    Main,
    /// `images.jenv`: what exists already.
    Images,
    /// `layers/NAME.jenv`: layers and environments, one file a family.
    Layer(String),
    /// `fragments/NAME.jenv`: steps that several layers include.
    Fragment(String),
    /// `hub.jenv`: hubs, and profiles that belong to no layer.
    Hub,
}

impl Home {
    /// The path of the file.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Main => "main.jenv".to_owned(),
            Self::Images => "images.jenv".to_owned(),
            Self::Layer(name) => format!("layers/{name}.jenv"),
            Self::Fragment(name) => format!("fragments/{name}.jenv"),
            Self::Hub => "hub.jenv".to_owned(),
        }
    }

    /// What stands before a path of the program so that it is right in this file: paths are relative to the file they are in.
    #[must_use]
    pub fn up(&self) -> &'static str {
        if let Self::Layer(_) | Self::Fragment(_) = self { "../" } else { "" }
    }
}

/// A definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The file it is written to.
    pub home: Home,
    /// Its name; a definition is found by it.
    pub name: String,
    /// What stands before the brace: `layer base`, `fragment voms(organisation)`.
    pub head: String,
    /// Lines of `## ` above it.
    pub doc: Vec<String>,
    /// What is in it.
    pub items: Vec<Item>,
}

/// Something in a block. Layout is the formatter's business.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// A line of `# `.
    Comment(String),
    /// One statement, as the language writes it: `from base`, `run "make"`, `title = "Base"`.
    Statement(String),
    /// `head { items }`; on one line where it is short.
    Block {
        /// What stands before the brace: `profile`, `variant cpu`, `when python == 3.11`.
        head: String,
        /// What is in it.
        items: Vec<Item>,
    },
    /// A package list.
    List {
        /// What stands before the brace: `conda channel "conda-forge"`.
        head: String,
        /// The packages and the comments between them.
        entries: Vec<Entry>,
        /// What stands behind the brace: `then "jupyter lab clean"`; may be empty.
        tail: String,
    },
}

/// A line of a package list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Lines of `# ` above it.
    pub comments: Vec<String>,
    /// The package as the language writes it: `numpy >=1.26, <2`; empty for comments alone.
    pub text: String,
    /// Why it is there.
    pub because: Option<String>,
}

impl Entry {
    /// A package without comments.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { comments: Vec::new(), text: text.into(), because: None }
    }
}

/// The `project` of the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Its name.
    pub name: String,
    /// Where images go: `ghcr.io/example`.
    pub registry: Option<String>,
    /// Further fields, one statement each.
    pub fields: Vec<String>,
}

/// A file that the program needs and that is copied beside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Copied {
    /// Where it is among the originals.
    pub from: String,
    /// Where it goes, relative to the folder of the program.
    pub to: String,
}

/// A program before it is written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The project.
    pub project: Project,
    /// Modules of the standard library that are imported: `std.jupyter`.
    pub standard: Vec<String>,
    /// The definitions, in the order in which they stand in their files.
    pub definitions: Vec<Definition>,
    /// Outputs, by their kind: `dockerfiles` → `output dockerfiles { dir = "images" }`.
    pub outputs: BTreeMap<String, String>,
    /// Files that are copied.
    pub copied: Vec<Copied>,
}

impl Draft {
    /// The definition of this name.
    pub fn find(&mut self, name: &str) -> Option<&mut Definition> {
        self.definitions.iter_mut().find(|definition| definition.name == name)
    }

    /// A name that no definition has yet: the wanted one, or with a number behind it.
    #[must_use]
    pub fn free(&self, wanted: &str) -> String {
        super::text::free(wanted, |name| self.definitions.iter().any(|one| one.name.eq_ignore_ascii_case(name)))
    }

    /// Imports a module of the standard library.
    pub fn uses(&mut self, module: &str) {
        if !self.standard.iter().any(|known| known == module) {
            self.standard.push(module.to_owned());
        }
    }
}
