//! Values while a program is analysed: what a `let`, a parameter or an axis holds.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Enumerator, Object, Value as JinjaValue};

use crate::base::IndexMap;
use crate::versions::{Constraint, loose};

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Val {
    /// A text.
    Text(String),
    /// A number as written: `3.10` stays `3.10`.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A bare word: an axis value, a member of a closed set, the name of a definition.
    Word(String),
    /// Values in order.
    List(Vec<Val>),
    /// Named values in order.
    Map(IndexMap<String, Val>),
    /// A range, both ends as written.
    Range(String, String),
    /// Allowed versions.
    Constraint(Constraint),
}

impl Val {
    /// The minor versions of a range: `3.9..3.12`.
    pub(crate) fn versions_between(&self) -> Option<Vec<String>> {
        let Self::Range(from, to) = self else { return None };
        let parts = |version: &str| version.split_once('.').and_then(|(major, minor)| Some((major.to_owned(), minor.parse::<u32>().ok()?)));
        let ((major, first), (other, last)) = (parts(from)?, parts(to)?);
        (major == other && first < last && last - first < 20).then(|| (first..=last).map(|minor| format!("{major}.{minor}")).collect())
    }

    /// What it is, as messages say it.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::Boolean(_) => "true or false",
            Self::Word(_) => "a bare word",
            Self::List(_) => "a list",
            Self::Map(_) => "a value in braces",
            Self::Range(..) => "a range",
            Self::Constraint(_) => "a version constraint",
        }
    }

    /// Its text where it stands in `{{ }}`; `None` for what has none.
    pub(crate) fn display(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Word(text) => Some(text.clone()),
            Self::Boolean(value) => Some(value.to_string()),
            Self::Range(from, to) => Some(format!("{from}..{to}")),
            Self::Constraint(constraint) => Some(constraint.to_string()),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The value as minijinja sees it.
    pub(crate) fn to_jinja(&self) -> JinjaValue {
        match self {
            Self::Text(text) | Self::Word(text) => JinjaValue::from(text.as_str()),
            Self::Number(text) => JinjaValue::from_object(VersionObject(text.clone())),
            Self::Boolean(value) => JinjaValue::from(*value),
            Self::Range(..) | Self::Constraint(_) => JinjaValue::from(self.display().unwrap_or_default()),
            Self::List(items) => items.iter().map(Self::to_jinja).collect(),
            Self::Map(fields) => {
                JinjaValue::from_object(MapObject(fields.iter().map(|(key, value)| (key.clone(), value.to_jinja())).collect()))
            }
        }
    }
}

/// A version in a template: prints as written, compares as a version, has `major`, `minor`, `patch`.
#[derive(Debug)]
pub(crate) struct VersionObject(pub(crate) String);

impl Object for VersionObject {
    fn get_value(self: &Arc<Self>, key: &JinjaValue) -> Option<JinjaValue> {
        part(&self.0, key.as_str()?).map(JinjaValue::from)
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        Some(loose::compare(&self.0, &other.downcast_ref::<Self>()?.0))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Named values in a template: a key is found by its text, so that a version finds the entry that is written like it.
#[derive(Debug)]
struct MapObject(IndexMap<String, JinjaValue>);

impl Object for MapObject {
    fn get_value(self: &Arc<Self>, key: &JinjaValue) -> Option<JinjaValue> {
        self.0.get(&key.to_string()).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.keys().map(JinjaValue::from).collect())
    }
}

/// A named part of a version: `major`, `minor` or `patch`.
pub(crate) fn part(version: &str, name: &str) -> Option<u64> {
    let (major, minor, patch) = loose::parts(version);
    match name {
        "major" => Some(major),
        "minor" => minor,
        "patch" => patch,
        _ => None,
    }
}
