//! Fields as they are written.

use super::values::Texts;
use crate::import::{Item, quoted};

/// `KEY = "text"`
pub(super) fn field(key: &str, text: &str) -> Item {
    Item::Statement(format!("{key} = {}", quoted(text)))
}

/// A key as the language writes it.
pub(super) fn key(text: &str) -> String {
    Texts::of("", false).key(text)
}
