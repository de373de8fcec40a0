//! The tree of one file, as written: names unresolved, values untyped, every node with its span.
//!
//! Comments and blank lines live beside the tree (see `Trivia`). A statement that is no list, condition or stack is a
//! [`Phrase`]: a word and what follows it on its line; which words there are and what they take is `analyse`'s business.

use crate::base::{Span, Spanned};

/// A word, with its place.
pub type Name = Spanned<String>;

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

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Value,
    /// From the key to the end of the value.
    pub span: Span,
}

/// The left side of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its text, unescaped.
    pub text: String,
    /// How it was written.
    pub kind: KeyKind,
    /// Where.
    pub span: Span,
}

/// How a key was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// `registry`
    Name,
    /// `"node.kubernetes.io/instance-type"`
    Quoted,
    /// `3.11`
    Number,
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

/// A name, perhaps with dots, perhaps with arguments: `jupyter.server-extension("x")`, `base(python = 3.11)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The name, with its dots.
    pub path: Name,
    /// The arguments, where there are parentheses.
    pub arguments: Option<Vec<Argument>>,
    /// All of it.
    pub span: Span,
}

/// One argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// Its name, where given.
    pub name: Option<Name>,
    /// Its value.
    pub value: Value,
}

/// A value, its type still open.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text.
    Text(Text),
    /// A number as written: version, count, quantity, mode, duration or date.
    Number(Name),
    /// `2..4`.
    Range(Range),
    /// `true`, `false`.
    Boolean(Spanned<bool>),
    /// `[a, b]`.
    List(List),
    /// `{ a = 1 }`.
    Map(Map),
    /// A name: an axis value, a member of a closed set, a definition, a `let`.
    Reference(Reference),
    /// `==39.2.0`: a constraint as a value.
    Constraint(Constraint),
}

impl Value {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Text(text) => text.span,
            Self::Number(number) => number.span,
            Self::Range(range) => range.span,
            Self::Boolean(boolean) => boolean.span,
            Self::List(list) => list.span,
            Self::Map(map) => map.span,
            Self::Reference(reference) => reference.span,
            Self::Constraint(constraint) => constraint.span,
        }
    }
}

/// `2..4`: the two numbers as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// The lower bound.
    pub from: Name,
    /// The upper bound.
    pub to: Name,
    /// All of it.
    pub span: Span,
}

/// Values in brackets.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// The values.
    pub items: Vec<Value>,
    /// With the brackets.
    pub span: Span,
}

/// Fields in braces, as a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// The fields.
    pub fields: Vec<Field>,
    /// With the braces.
    pub span: Span,
}

/// A string of any of the four kinds.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Literal pieces (unescaped, dedented) and interpolations, in order; no two literals in a row; empty for `""`.
    pub parts: Vec<TextPart>,
    /// How it was written.
    pub kind: TextKind,
    /// With the quotes.
    pub span: Span,
}

impl Text {
    /// The text, where nothing is interpolated.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [TextPart::Literal(text)] => Some(text),
            _ => None,
        }
    }
}

/// A piece of a text or of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPart {
    /// Characters as they are meant.
    Literal(String),
    /// The expression between `{{` and `}}`, trimmed, with its own span.
    Interpolation(Name),
}

/// How a text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// `"…"`
    Plain,
    /// `'…'`
    Raw,
    /// `"""…"""`, dedented
    Block,
    /// `'''…'''`, dedented
    RawBlock,
    /// A bare word in a package list.
    Bare,
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

/// `os "ubuntu 24.04"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The word.
    pub name: Name,
    /// The text.
    pub value: Text,
    /// Both.
    pub span: Span,
}

/// A package in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name, bare or quoted.
    pub name: Text,
    /// `[and-cuda]`.
    pub extras: Vec<Name>,
    /// What follows the name, in order.
    pub parts: Vec<EntryPart>,
    /// From the name to the end of the last part.
    pub span: Span,
    /// The comment at the end of the entry's line or the `##` lines above it, where there is one.
    pub doc: Option<String>,
}

/// What may follow the name of a package.
#[derive(Clone, Debug, PartialEq)]
pub enum EntryPart {
    /// `>=2, <3`.
    Constraint(Constraint),
    /// `; platform == "linux/amd64"`.
    Marker(Condition),
    /// `git "https://…" rev "…" subdirectory "…"`.
    Git {
        /// The address.
        url: Text,
        /// Branch, tag or commit.
        rev: Option<Text>,
        /// The folder in it.
        subdirectory: Option<Text>,
        /// From the word to the last text.
        span: Span,
    },
    /// `url "https://…" sha256 "…"`.
    Url {
        /// The address.
        url: Text,
        /// The checksum, in hexadecimal.
        sha256: Option<Text>,
        /// From the word to the last text.
        span: Span,
    },
    /// `path "wheels/x.whl"`.
    Path(Text),
    /// `resolved "cat /opt/spark/VERSION"`.
    Resolved(Text),
    /// `because "…"`.
    Because(Text),
    /// `until 2026-12-31`, the date as written.
    Until(Name),
    /// `pin`.
    Pin(Span),
    /// `override`.
    Override(Span),
    /// `enable server`: the word after `enable`.
    Enable(Name),
}

/// Alternatives (`|`) of conjunctions (`,`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Constraint {
    /// At least one alternative, each with at least one bound.
    pub alternatives: Vec<Vec<Bound>>,
    /// All of it.
    pub span: Span,
}

/// One bound of a constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The operator as written (`>=`); `None` for a bare version or pattern.
    pub operator: Option<Name>,
    /// The version: literal text (perhaps ending in `.*`, perhaps `*`), interpolations, and names of values, which
    /// come as interpolations, too (`==python.*`).
    pub version: Vec<TextPart>,
    /// The build string after a glued `=`.
    pub build: Option<Name>,
    /// All of it.
    pub span: Span,
}

/// A condition of `when` or of a marker.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `a or b`.
    Or(Box<Self>, Box<Self>),
    /// `a and b`.
    And(Box<Self>, Box<Self>),
    /// `not a`.
    Not(Box<Self>),
    /// `python >= 3.12`.
    Compare {
        /// The left side.
        left: Operand,
        /// The operator.
        operator: Spanned<Comparison>,
        /// The right side.
        right: Operand,
    },
    /// A bare operand.
    Operand(Operand),
}

/// An operator of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `>=`
    GreaterEqual,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `in`
    In,
    /// `not in`
    NotIn,
}

/// An operand of a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A name, perhaps with dots.
    Name(Name),
    /// A number as written.
    Number(Name),
    /// A text.
    Text(Text),
    /// `true`, `false`.
    Boolean(Spanned<bool>),
    /// `[a, b]`.
    List(Vec<Self>, Span),
}

impl Operand {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Self::Name(name) | Self::Number(name) => name.span,
            Self::Text(text) => text.span,
            Self::Boolean(boolean) => boolean.span,
            Self::List(_, span) => *span,
        }
    }
}
