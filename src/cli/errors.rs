//! What the machine says.

/// What the machine says, without its number: `No space left on device`.
use std::io;

pub(super) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}
