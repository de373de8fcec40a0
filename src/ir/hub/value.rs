//! Values that keep the place where they were written.

use std::fmt;

use crate::base::Place;

/// A value and where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub place: Place,
}

impl<T> Located<T> {
    /// `value`, written at `place`.
    #[must_use]
    pub fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }
}

/// A value of `override { … }`: whatever YAML can say, with the place of each part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OverrideValue {
    /// `none`: within a map, the key is removed; alone, the trait is reset.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal number, kept as written: `0.5`.
    Decimal(String),
    /// A text.
    Text(String),
    /// `[a, b]`.
    List(Vec<Located<OverrideValue>>),
    /// `{ a = b }`, in the order written.
    Map(Vec<(Located<String>, Located<OverrideValue>)>),
}

impl fmt::Display for OverrideValue {
    /// As the language writes it, on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("none"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Decimal(text) => f.write_str(text),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::List(items) => {
                f.write_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{}", if at == 0 { "" } else { ", " }, item.value)?;
                }
                f.write_str("]")
            }
            Self::Map(fields) => {
                f.write_str("{")?;
                for (key, item) in fields {
                    let plain = key.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                    let quote = if plain { "" } else { "\"" };
                    write!(f, " {quote}{}{quote} = {} ", key.value, item.value)?;
                }
                f.write_str("}")
            }
        }
    }
}

impl OverrideValue {
    /// What it is, as a reader would say it: `a text`, `a list`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "`none`",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a whole number",
            Self::Decimal(_) => "a decimal number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a text in it, or a key, has this piece.
    #[must_use]
    pub fn mentions(&self, piece: &str) -> bool {
        match self {
            Self::Text(text) => text.contains(piece),
            Self::List(items) => items.iter().any(|item| item.value.mentions(piece)),
            Self::Map(fields) => fields.iter().any(|(key, item)| key.value.contains(piece) || item.value.mentions(piece)),
            _ => false,
        }
    }

    /// Whether it is a list that begins with `none`: it takes the place of what a wider place or the chart has.
    #[must_use]
    pub fn begins_anew(&self) -> bool {
        matches!(self, Self::List(items) if items.first().is_some_and(|item| item.value == Self::Null))
    }

    /// The value under a key, where it is a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Located<Self>> {
        match self {
            Self::Map(fields) => fields.iter().find(|(name, _)| name.value == key).map(|(_, value)| value),
            _ => None,
        }
    }
}
