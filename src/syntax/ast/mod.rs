//! The tree of one file, as written: names unresolved, values untyped, every node with its span.
//!
//! Comments and blank lines live beside the tree (see `Trivia`). A statement that is no list, condition or stack is a
//! [`Phrase`]: a word and what follows it on its line; which words there are and what they take is `analyse`'s business.

mod conditions;
mod constraints;
mod packages;
mod texts;
mod values;

pub use conditions::{Comparison, Condition, Operand};
pub use constraints::{Bound, Constraint};
pub use packages::{Archive, Entry, EntryPart, Fact, Git};
pub use texts::{Name, Text, TextKind, TextPart};
pub use values::{Argument, Field, Key, KeyKind, List, Map, Range, Reference, Value};

use crate::base::{Span, Spanned};

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The items that could be read, in order.
    pub items: Vec<Item>,
}

/// What may stand at the top of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `import std.jupyter`, `import "layers/*.jenv" as x`.
    Import(Import),
    /// `let rucio = ==39.2.0`.
    Let(Let),
    /// `layer base { … }` and its kind.
    Definition(Definition),
}

impl Item {
    /// Where the whole item stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Import(import) => import.span,
            Self::Let(item) => item.span,
            Self::Definition(definition) => definition.span,
        }
    }
}

/// An import.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// What is imported.
    pub target: ImportTarget,
    /// The name after `as`.
    pub alias: Option<Name>,
    /// The whole item.
    pub span: Span,
}

/// What an import names.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportTarget {
    /// A path or a glob.
    Path(Text),
    /// `std.jupyter`, with the dots.
    Standard(Name),
}

/// A named value.
#[derive(Clone, Debug, PartialEq)]
pub struct Let {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Value,
    /// The `##` lines above it, without the marks.
    pub doc: Option<String>,
    /// The whole item.
    pub span: Span,
}

/// The words that begin a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Keyword {
    /// `project NAME { }`
    Project,
    /// `image NAME { }`
    Image,
    /// `layer NAME { }`
    Layer,
    /// `environment NAME { }`
    Environment,
    /// `fragment NAME(a, b = 1) { }`
    Fragment,
    /// `hub NAME { }`
    Hub,
    /// `profile NAME { }` at the top of a file: an entry for an image that is no environment.
    Profile,
    /// `output KIND { }`
    Output,
    /// `installer NAME { }`, `replace installer NAME { }`
    Installer,
    /// `repo NAME apt { }`
    Repo,
}

impl Keyword {
    /// All of them, with their words.
    pub const WORDS: [(&'static str, Self); 10] = [
        ("project", Self::Project),
        ("image", Self::Image),
        ("layer", Self::Layer),
        ("environment", Self::Environment),
        ("fragment", Self::Fragment),
        ("hub", Self::Hub),
        ("profile", Self::Profile),
        ("output", Self::Output),
        ("installer", Self::Installer),
        ("repo", Self::Repo),
    ];

    /// The keyword that a word is.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, keyword)| *keyword)
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, keyword)| *keyword == self).map_or("", |(word, _)| word)
    }
}

/// A definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// What is defined.
    pub keyword: Spanned<Keyword>,
    /// Its name; the kind for `output`. `None` where the name is missing (then there is a finding).
    pub name: Option<Name>,
    /// `(a, b = 1)` of a fragment.
    pub parameters: Vec<Parameter>,
    /// Further words between name and body: `apt` of `repo egi apt { }`.
    pub words: Vec<Name>,
    /// The word `replace` before it.
    pub replace: Option<Span>,
    /// Its body.
    pub body: Block,
    /// The `##` lines above it, without the marks.
    pub doc: Option<String>,
    /// The whole item, without documentation.
    pub span: Span,
}

/// A parameter of a fragment or of an installer's option.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// Its default.
    pub default: Option<Value>,
}

/// Statements in braces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// What stands between the braces.
    pub statements: Vec<Statement>,
    /// From `{` to `}`, both in.
    pub span: Span,
}

/// What may stand in a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `registry = "ghcr.io"`; also each entry of `env { }`, `override { }` and of a value in braces.
    Field(Field),
    /// `copy "a" to "/b" mode 755`, `variant cpu { … }`, `"latest"`.
    Phrase(Phrase),
    /// `apt { curl }`, `requires { python >=3.10 }`, `provides { … }`, an own installer's list.
    List(PackageList),
    /// `when python >= 3.12 { … }`.
    When(When),
    /// `from base / layer-a onto root`.
    From(Stack),
}

impl Statement {
    /// The whole statement.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Field(field) => field.span,
            Self::Phrase(phrase) => phrase.span,
            Self::List(list) => list.span,
            Self::When(when) => when.span,
            Self::From(stack) => stack.span,
        }
    }
}

/// A word and what follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// The word; dots are allowed (`start.sh "sha256:…"`). `None` where the statement begins with a text.
    pub head: Option<Name>,
    /// What follows, in order.
    pub parts: Vec<Part>,
    /// The whole statement.
    pub span: Span,
}

/// One piece of a phrase.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// A word: `to`, `owner`, `cuda12`, `nvidia.runtime`.
    Word(Name),
    /// A text, number, list, range, boolean, or a reference with arguments.
    Value(Value),
    /// `=` (in `matrix python = […]`, `arg NAME = "x"`, `label "a" = "b"`).
    Equals(Span),
    /// Statements in braces.
    Block(Block),
    /// A package list's body in braces (after `provides` within `run`, and after `without`).
    Packages(ListBody),
}

impl Part {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Word(name) => name.span,
            Self::Value(value) => value.span(),
            Self::Equals(span) => *span,
            Self::Block(block) => block.span,
            Self::Packages(body) => body.span,
        }
    }
}

/// What a definition stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// The parts between `/`, left to right.
    pub parts: Vec<Reference>,
    /// The root after `onto`.
    pub onto: Option<Reference>,
    /// The whole statement.
    pub span: Span,
}

/// Statements under a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    /// The condition.
    pub condition: Condition,
    /// The statements.
    pub body: Block,
    /// The whole statement.
    pub span: Span,
}

/// A package list: `pip index "https://…" { torch ==2.5.1 } then "…"`.
#[derive(Clone, Debug, PartialEq)]
pub struct PackageList {
    /// The manager: `apt`, `conda`; also `requires`, `provides`.
    pub manager: Name,
    /// The words and values before the braces.
    pub options: Vec<Part>,
    /// The body; `None` for `apt upgrade`, `conda file "environment.yaml"`, `provides from "facts.json"`.
    pub body: Option<ListBody>,
    /// The text after `then`.
    pub then: Option<Text>,
    /// The whole statement.
    pub span: Span,
}

/// The entries of a package list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListBody {
    /// What stands between the braces, in order.
    pub items: Vec<ListItem>,
    /// With the braces.
    pub span: Span,
}

/// One thing in a package list.
#[derive(Clone, Debug, PartialEq)]
pub enum ListItem {
    /// A package.
    Entry(Entry),
    /// A list of another manager: `pip { … }` within `conda env`, `conda { … }` within `provides`.
    List(PackageList),
    /// A word of a closed set (`os`, `platform`, `command`, `channel`) and a text: `os "ubuntu 24.04"`.
    Fact(Fact),
}
