//! What a secret in a script is: a value that is written there, not put in by the shell.

use std::ops::Range;

use crate::base::is_placeholder;

/// A secret in a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Secret {
    /// What holds it, as a message says it.
    pub(crate) said: String,
    /// Its bytes, or those of the word with it.
    pub(crate) range: Range<usize>,
    /// Whether it is the password of a login, which a file can hold.
    pub(crate) login: bool,
}

/// Whether a value can be a secret: no path, no reference, no address, no switch.
pub(crate) fn is_literal(value: &str) -> bool {
    let switch = ["true", "false", "yes", "no", "on", "off", "none", "null"].contains(&value.to_ascii_lowercase().as_str());
    !(value.trim().is_empty()
        || value.starts_with(['/', '~', '$', '<'])
        || value.starts_with("./")
        || value.contains("://")
        || switch
        || value.len() < 3 && value.chars().all(|c| c.is_ascii_digit()))
}

/// Whether a word of a script can be one: nothing that the shell puts in, no code, no placeholder.
pub(super) fn is_written(value: &str) -> bool {
    let code = |c: char| c.is_whitespace() || matches!(c, '$' | '`' | '(' | ')');
    // What is hashed is none.
    let hashed = ["sha1:", "sha256:", "argon2:"].iter().any(|begin| value.starts_with(begin));
    is_literal(value) && !hashed && !is_placeholder(value) && !value.contains(code) && value.chars().any(char::is_alphanumeric)
}

/// The pieces of a text between blanks and the `\n` of `printf`, each with its first byte.
pub(super) fn split(text: &str) -> Vec<(usize, String)> {
    let blank = text.replace("\\n", "  ");
    let parts = blank.split_inclusive(char::is_whitespace).scan(0, |end, part| {
        *end += part.len();
        Some((*end - part.len(), part.trim_end().to_owned()))
    });
    parts.filter(|(_, piece)| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_none() {
        for value in ["", " ", "/run/secrets/token", "${OTHER}", "$OTHER", "~/.token", "true", "off", "0", "https://idp.example.org/token"]
        {
            assert!(!is_literal(value), "{value}");
        }
        for value in ["token-0000", "pass-1234", "1234", "a/b"] {
            assert!(is_literal(value), "{value}");
        }
    }
}
