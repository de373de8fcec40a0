//! The types of Kubernetes' objects, from a table that a script writes (`tests/consumers/hub/kubernetes.py`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A text.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A quantity: a number, or a text such as `4Gi`.
    Quantity,
    /// A whole number, or the name of a port.
    Port,
    /// Whatever it is.
    Any,
    /// A list of this.
    List(&'static str),
    /// Values of this by name.
    Map(&'static str),
    /// An object of this type.
    Object(&'static Kind),
}

/// A type: its name and its fields.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// `EmptyDirVolumeSource`
    pub(super) name: &'static str,
    fields: Vec<Field>,
}

#[derive(Debug, PartialEq, Eq)]
struct Field {
    name: &'static str,
    needed: bool,
    shape: &'static str,
}

impl Kind {
    /// What the field of this name holds.
    pub(super) fn field(&self, name: &str) -> Option<Shape> {
        self.fields.iter().find(|field| field.name == name).map(|field| shape(field.shape))
    }

    /// The names of its fields.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().map(|field| field.name)
    }

    /// The fields that must be there.
    pub(super) fn needed(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().filter(|field| field.needed).map(|field| field.name)
    }
}

static KINDS: LazyLock<BTreeMap<&'static str, Kind>> = LazyLock::new(|| {
    let table = include_str!("../../data/kubernetes.txt").lines().filter(|line| !line.starts_with('#'));
    let kinds = table.filter_map(|line| {
        let mut words = line.split_ascii_whitespace();
        let name = words.next()?;
        let field = |word: &'static str| {
            let (name, shape) = word.split_once(':')?;
            Some(Field { name: name.trim_end_matches('!'), needed: name.ends_with('!'), shape })
        };
        Some((name, Kind { name, fields: words.filter_map(field).collect() }))
    });
    kinds.collect()
});

/// A shape as the table has it: `text`, `[text]`, `{quantity}`, `Toleration`.
pub(super) fn shape(text: &'static str) -> Shape {
    let inner = |open, close| text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    match text {
        "text" => Shape::Text,
        "whole" => Shape::Whole,
        "number" => Shape::Number,
        "bool" => Shape::Bool,
        "quantity" => Shape::Quantity,
        "port" => Shape::Port,
        _ => match (inner('[', ']'), inner('{', '}')) {
            (Some(item), _) => Shape::List(item),
            (_, Some(item)) => Shape::Map(item),
            _ => KINDS.get(text).map_or(Shape::Any, Shape::Object),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_a_field_names_is_in_the_table() {
        let inner = |shape: &'static str| shape.trim_matches(['[', ']', '{', '}']);
        let known =
            |shape: &str| matches!(shape, "text" | "whole" | "number" | "bool" | "quantity" | "port" | "any") || KINDS.contains_key(shape);
        let fields = KINDS.values().flat_map(|kind| &kind.fields);
        let unknown: Vec<_> = fields.map(|field| inner(field.shape)).filter(|shape| !known(shape)).collect();
        assert_eq!(unknown, [""; 0]);
        assert!(KINDS.len() > 100);
    }

    #[test]
    fn fields_have_their_shapes() {
        let Shape::Object(volume) = shape("Volume") else { panic!("no volume") };
        assert_eq!(volume.needed().collect::<Vec<_>>(), ["name"]);
        assert!(matches!(volume.field("emptyDir"), Some(Shape::Object(kind)) if kind.field("sizeLimit") == Some(Shape::Quantity)));
        assert_eq!(volume.field("emptydir"), None);
    }
}
