//! The values of a document, each with its place.

use crate::base::Place;

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where.
    pub place: Place,
    /// What.
    pub value: Value,
    /// What is written, where that is a plain scalar which is no text.
    pub raw: Option<String>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true`, `yes`, `on`, `y`, and the opposites.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order written; of equal keys the last.
    Map(Vec<Field>),
}

/// One key of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key as Helm reads it.
    pub key: String,
    /// The key as it is written, where Helm reads another one: `3.10`, `yes`.
    pub raw: Option<String>,
    /// Where the key is.
    pub place: Place,
    /// Where the key was before, in the same map.
    pub before: Option<Place>,
    /// What it holds.
    pub value: Node,
}

impl Node {
    /// The field of a map.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields().iter().find(|field| field.key == key)
    }

    /// The value of a field of a map.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.field(key).map(|field| &field.value)
    }

    /// The value at the end of a path of keys: `singleuser.image.name`.
    #[must_use]
    pub fn dig(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |node, key| node.get(key))
    }

    /// The fields; none where it is no map.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        if let Value::Map(fields) = &self.value { fields } else { &[] }
    }

    /// Whether nothing is in it: no value, or a list or a map without entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.value {
            Value::Null => true,
            Value::List(all) => all.is_empty(),
            Value::Map(fields) => fields.is_empty(),
            _ => false,
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    /// A scalar as a text; what Python would print is not asked for.
    #[must_use]
    pub fn shown(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) => Some(text.clone()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Int(number) => Some(number.to_string()),
            Value::Float(number) => Some(decimal(*number)),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// What it is, in words.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a truth value",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// A number as JSON carries it: `1.0` is `1`.
#[must_use]
pub fn decimal(number: f64) -> String {
    format!("{number}")
}
