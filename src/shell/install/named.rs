//! One package of a command, in the words of its manager.

use std::ops::Range;

use super::manager::Manager;
use crate::ir::PackageSource;
use crate::requirements::{MatchSpec, Requirement};
use crate::versions::{Bound, Constraint, Op, Scheme};

/// A package that a command names.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// Its name as written.
    pub(crate) name: String,
    /// `[and-cuda]`
    pub(crate) extras: Vec<String>,
    /// The versions.
    pub(crate) constraint: Constraint,
    /// Its channel.
    pub(crate) channel: Option<String>,
    /// The word, in bytes of the script.
    pub(crate) range: Range<usize>,
}

impl Named {
    /// As an entry of a list.
    pub(crate) fn entry(&self) -> String {
        let channel = self.channel.as_ref().map(|channel| format!("{channel}::")).unwrap_or_default();
        let extras = if self.extras.is_empty() { String::new() } else { format!("[{}]", self.extras.join(",")) };
        format!("{channel}{}{extras} {}", self.name, self.constraint).trim_end().to_owned()
    }

    /// What a word asks for; `None` for a path, an address, the tools that install, and what the manager's scheme does not read.
    pub(super) fn read(manager: &Manager, word: &str, range: Range<usize>) -> Option<Self> {
        let plain = |name: &str, constraint| Self { name: name.to_owned(), extras: Vec::new(), constraint, channel: None, range };
        let named = match manager.list {
            "pip" => {
                let read = Requirement::read(word).ok().filter(|read| read.source == PackageSource::Index && read.marker.is_none())?;
                let name = read.name?;
                let tool = matches!(name.as_str(), "pip" | "setuptools" | "wheel" | "uv") && read.constraint.is_any();
                (!tool).then_some(Self { extras: read.extras, ..plain(&name, read.constraint) })?
            }
            "conda" => {
                let read = MatchSpec::read(word).ok().filter(|_| !word.contains('/'))?;
                Self { channel: read.channel, ..plain(&read.name, read.constraint) }
            }
            "npm" => {
                let (name, version) = match word.get(1..)?.find('@') {
                    Some(at) => (word.get(..=at)?, word.get(at + 2..)?),
                    None => (word, ""),
                };
                let known = name.starts_with(|c: char| c == '@' || c.is_ascii_alphanumeric()) && !name.contains(':');
                // `@scope/name` is a package, `folder/name` a repository.
                let repository = !name.starts_with('@') && name.contains('/');
                (known && !repository).then(|| Some(plain(name, npm(version)?)))??
            }
            "apt" | "dnf" => {
                let (name, version) = word.split_once('=').unwrap_or((word, ""));
                let known = name.starts_with(|c: char| c.is_ascii_alphanumeric()) && !name.contains(['/', '*']);
                let constraint = if version.is_empty() { Constraint::default() } else { Constraint::of(Op::Equal, version) };
                known.then(|| plain(name, constraint))?
            }
            _ => plain(word, Constraint::default()),
        };
        manager.scheme.set(&named.constraint).ok()?;
        Some(named)
    }

    /// A package of which another program than a shell reads name and version.
    pub(super) fn plain(manager: &Manager, name: &str, version: Option<(Op, &str)>, range: Range<usize>) -> Option<Self> {
        let constraint = version.map(|(op, version)| Constraint::of(op, version)).unwrap_or_default();
        let legal = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        manager.scheme.set(&constraint).ok().filter(|_| legal)?;
        Some(Self { name: name.to_owned(), extras: Vec::new(), constraint, channel: None, range })
    }
}

/// npm's versions behind `@`: one, a pattern, a caret or tilde, comparisons with blanks between them.
pub(crate) fn npm(text: &str) -> Option<Constraint> {
    if text.is_empty() || text == "*" {
        return Some(Constraint::default());
    }
    let alternatives = text.split("||").map(|part| part.split_whitespace().map(npm_bound).collect::<Option<Vec<_>>>());
    let constraint = Constraint { alternatives: alternatives.collect::<Option<Vec<_>>>()? };
    Scheme::Npm.set(&constraint).ok().map(|_| constraint)
}

fn npm_bound(text: &str) -> Option<Bound> {
    let end = text.find(|c: char| !"=<>^~".contains(c))?;
    let (op, version) = text.split_at(end);
    // Words are tags, such as `latest`.
    let version = version.strip_prefix('v').unwrap_or(version);
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
    let numbers = version.split(['-', '+']).next()?.split('.').filter(|part| !matches!(*part, "x" | "X" | "*")).count();
    Some(match op {
        "" | "=" if numbers == 3 => Bound { op: Op::Equal, version: version.to_owned(), build: None },
        "" | "=" => {
            let head: Vec<&str> = version.split('.').take(numbers).collect();
            Bound { op: Op::Bare, version: format!("{}.*", head.join(".")), build: None }
        }
        op => Bound { op: Op::parse(op)?, version: version.to_owned(), build: None },
    })
}
