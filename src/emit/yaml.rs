//! YAML that every reader reads alike: those of YAML 1.1 (`PyYAML`, Helm) and of 1.2.
//!
//! Texts are always in double quotes or, where they have several plain lines, literal blocks; keys are quoted where a reader
//! of either version would take them for anything but a text; no anchor, no tag, one document. Maps keep their order.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_saphyr::{DoubleQuoted, LitStr};

/// A document or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Yaml {
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A decimal number.
    Float(f64),
    /// A text, in double quotes.
    Text(String),
    /// A text of several lines, as a literal block where that is safe.
    Block(String),
    /// Nothing: only within overrides, where it removes something.
    Null,
    /// A list.
    List(Vec<Yaml>),
    /// A map, in its order.
    Map(Vec<(Key, Yaml)>),
}

/// A key of a map: bare where every reader takes it for the text it is, else in double quotes.
pub(crate) type Key = Cow<'static, str>;

impl Yaml {
    /// A text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A map with keys of the compiler's own.
    pub(crate) fn map<const N: usize>(fields: [(&'static str, Self); N]) -> Self {
        Self::Map(fields.into_iter().map(|(key, value)| (Key::Borrowed(key), value)).collect())
    }
}

impl Serialize for Yaml {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Block(text) if is_plain_block(text) => LitStr(text).serialize(serializer),
            Self::Text(text) | Self::Block(text) => DoubleQuoted(text).serialize(serializer),
            Self::Null => serializer.serialize_unit(),
            Self::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(item)?;
                }
                list.end()
            }
            Self::Map(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

/// Whether a text can stand in a literal block without any reader taking it for something else: it ends with one line
/// end, begins with neither space, tab nor line end, and holds nothing but printable characters.
fn is_plain_block(text: &str) -> bool {
    let fits =
        |c: char| c == '\n' || !(c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'));
    text.ends_with('\n') && !text.ends_with("\n\n") && !text.starts_with([' ', '\t', '\n']) && text.chars().all(fits)
}

/// The text of one document, ending in one line end.
pub(crate) fn to_text(document: &Yaml) -> String {
    let options = serde_saphyr::ser_options! { prefer_block_scalars: false, compact_list_indent: false };
    // Writing to a string fails only on anchors and keys that are no scalars; there are none here.
    let mut text = serde_saphyr::to_string_with_options(document, options).unwrap_or_default();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What an old reader makes of a document.
    fn old(value: &Yaml) -> serde_yaml::Value {
        match value {
            Yaml::Bool(value) => (*value).into(),
            Yaml::Int(value) => (*value).into(),
            Yaml::Float(value) => (*value).into(),
            Yaml::Text(text) | Yaml::Block(text) => text.as_str().into(),
            Yaml::Null => serde_yaml::Value::Null,
            Yaml::List(items) => items.iter().map(old).collect(),
            Yaml::Map(fields) => {
                serde_yaml::Value::Mapping(fields.iter().map(|(name, value)| (name.as_ref().into(), old(value))).collect())
            }
        }
    }

    #[test]
    fn texts_that_look_like_something_else_stay_texts() {
        let words = [
            "yes",
            "no",
            "on",
            "off",
            "y",
            "n",
            "true",
            "null",
            "~",
            "",
            "3.10",
            "010",
            "1e3",
            "12e03",
            "1_000",
            "0x1F",
            "0o10",
            "12:30:45",
            "2024-01-15",
            ".inf",
            "=",
            "<<",
            "- a",
            "a: b",
            "a #b",
            "{x}",
            "[",
            "*a",
            "&a",
            "!t",
            "%d",
            "@x",
            "`x",
            "\u{85}",
            "\u{2028}",
            "\u{feff}",
            "\t",
            "\r\n",
            "\u{7f}",
            "\0",
            "\\/",
            "\"",
            "😀",
            "${X}",
            "{{ x }}",
            "---",
            "...",
            " a",
            "a ",
            "|",
            ">",
        ];
        for word in words {
            let nested =
                Yaml::Map(vec![(Key::Owned(word.to_owned()), Yaml::List(vec![Yaml::text(word), Yaml::Block(format!("{word}\nx\n"))]))]);
            let document = Yaml::map([("data", nested)]);
            let text = to_text(&document);
            assert_eq!(serde_yaml::from_str::<serde_yaml::Value>(&text).unwrap(), old(&document), "{word:?}: {text}");
        }
    }

    #[test]
    fn the_shape_is_the_one_people_write() {
        let inner = to_text(&Yaml::map([(
            "singleuser",
            Yaml::map([("profileList", Yaml::List(vec![Yaml::map([("default", Yaml::Bool(true))])]))]),
        )]));
        let data = Yaml::Map(vec![(Key::Borrowed("values.yaml"), Yaml::Block(inner))]);
        let text = to_text(&Yaml::map([
            ("kind", Yaml::text("ConfigMap")),
            ("data", data),
            ("none", Yaml::Map(Vec::new())),
            ("cpu", Yaml::Float(0.5)),
        ]));
        assert_eq!(
            text,
            "kind: \"ConfigMap\"\ndata:\n  values.yaml: |\n    singleuser:\n      profileList:\n        - default: true\nnone: {}\ncpu: 0.5\n"
        );
    }

    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![".*", "[ \t\n#:{}|>'\"\\\\-]{0,12}", "[a-z0-9.:_ \n]{0,30}"]
    }

    proptest! {
        #[test]
        fn any_text_survives(key in any_text(), value in any_text(), block in any_text()) {
            let item = Yaml::Map(vec![(Key::Owned(key), Yaml::text(value)), (Key::Borrowed("zz_block"), Yaml::Block(format!("x{block}\n")))]);
            let inner = to_text(&Yaml::map([("list", Yaml::List(vec![item]))]));
            let outer = Yaml::map([("data", Yaml::map([("inner", Yaml::Block(inner.clone()))]))]);
            let read: serde_yaml::Value = serde_yaml::from_str(&to_text(&outer)).unwrap();
            prop_assert_eq!(&read["data"]["inner"], &serde_yaml::Value::from(inner));
            prop_assert_eq!(read, old(&outer));
        }
    }
}
