//! A program before it is written.

/// A definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// What stands before the brace: `hub production`, `profile geo`.
    pub head: String,
    /// What is in it.
    pub items: Vec<Item>,
}

/// Something in a block. Layout is the formatter's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A line of `# `.
    Comment(String),
    /// One statement, as the language writes it: `chart = 4.4`, `title = "Base"`.
    Statement(String),
    /// `head { items }`; on one line where it is short.
    Block {
        /// What stands before the brace: `option size`, `override`.
        head: String,
        /// What is in it.
        items: Vec<Item>,
    },
}

/// A program before it is written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// The name of the project.
    pub project: String,
    /// The definitions, in the order in which they are written.
    pub definitions: Vec<Definition>,
    /// The outputs, a statement each.
    pub outputs: Vec<String>,
}

impl Draft {
    /// A name that no definition has yet: the wanted one, or with a number behind it.
    #[must_use]
    pub fn free(&self, wanted: &str) -> String {
        let taken = |name: &str| self.definitions.iter().any(|one| one.name.eq_ignore_ascii_case(name));
        let mut numbered = (2..).map(|number| format!("{wanted}-{number}"));
        if taken(wanted) { numbered.find(|name| !taken(name)).unwrap_or_default() } else { wanted.to_owned() }
    }
}
