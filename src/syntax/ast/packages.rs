//! Package lists as written: entries, their marks, constraints on versions.

use super::conditions::Condition;
use super::constraints::Constraint;
use super::texts::{Name, Text};
use crate::base::Span;

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
    Marker(Box<Condition>),
    /// `git "https://…" rev "…" subdirectory "…"`.
    Git(Box<Git>),
    /// `url "https://…" sha256 "…"`.
    Url(Box<Archive>),
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

/// A git repository that a package comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Git {
    /// The address.
    pub url: Text,
    /// Branch, tag or commit.
    pub rev: Option<Text>,
    /// The folder in it.
    pub subdirectory: Option<Text>,
    /// From the word to the last text.
    pub span: Span,
}

/// An archive that a package comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Archive {
    /// The address.
    pub url: Text,
    /// The checksum, in hexadecimal.
    pub sha256: Option<Text>,
    /// From the word to the last text.
    pub span: Span,
}
