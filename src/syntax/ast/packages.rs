//! Package lists as written: entries, their marks, constraints on versions.

use super::{Condition, Name, Part, Text, TextPart};
use crate::base::Span;

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
